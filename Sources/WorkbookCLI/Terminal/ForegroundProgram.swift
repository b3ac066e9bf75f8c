import Foundation
import SourceDiagnostics

/// Runs a program that takes over the terminal, such as an editor.
///
/// Foundation's `Process` puts a program into a process group of its own, in the background of the
/// terminal, where it is stopped as soon as it reads a key.
enum ForegroundProgram {
  /// Runs a program to its end.
  ///
  /// Interrupts from the keyboard meanwhile are the program's, not ours.
  ///
  /// - Parameter words: The program's path and its arguments.
  /// - Returns: Its exit status; 128 and the signal's number if one ended it.
  /// - Throws: Why it cannot be started.
  static func run(_ words: [String]) throws(Diagnostic) -> Int32 {
    var arguments = words.map { strdup($0) }
    var variables = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") }
    arguments.append(nil)
    variables.append(nil)
    defer { for text in arguments + variables { free(text) } }
    var child = pid_t()
    let failure = posix_spawn(&child, words.first ?? "", nil, nil, arguments, variables)
    guard failure == 0 else {
      throw Diagnostic(
        "cannot-run",
        "'\(words.first ?? "")' cannot be run: \(String(cString: strerror(failure)).lowercased())"
      )
    }
    let handlers = [SIGINT, SIGQUIT].map { ($0, signal($0, SIG_IGN)) }
    defer { for (number, handler) in handlers { _ = signal(number, handler) } }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { return 128 }
    }
    let endingSignal = status & 0x7F
    return endingSignal == 0 ? (status >> 8) & 0xFF : 128 + endingSignal
  }
}
