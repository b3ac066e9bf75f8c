import Foundation
import Synchronization

/// What Ctrl-C does during long work: it says how far the work had come and ends the program with
/// status 130, leaving no half-drawn bar before the shell's prompt.
///
/// Nothing is lost by it: what was recorded is committed, and files are written whole.
package enum Interruption {
  /// What becomes of the work done so far.
  package enum Loss: Sendable {
    case nothingRecorded, goesOnLater
  }

  /// Starts handling interrupts; does nothing where the program handles or ignores them already.
  static func begin(clearingLine: Bool, loss: Loss) {
    // Made now, since making it takes a lock that a signal handler must not wait for.
    _ = digits.count
    percentDone.store(-1, ordering: .relaxed)
    clearsLine.store(clearingLine, ordering: .relaxed)
    isKept.store(loss == .goesOnLater, ordering: .relaxed)
    let previous = signal(SIGINT) { _ in Interruption.end(withMessage: ()) }
    if let previous { _ = signal(SIGINT, previous) }
    isInstalled.store(previous == nil, ordering: .relaxed)
  }

  /// Notes the share of the work that is done, for the message.
  static func note(_ fraction: Double) {
    percentDone.store(Int(min(1, max(0, fraction)) * 100), ordering: .relaxed)
  }

  /// Gives interrupts their default meaning back, if ``begin(clearingLine:)`` changed it.
  static func end() {
    if isInstalled.exchange(false, ordering: .relaxed) { _ = signal(SIGINT, SIG_DFL) }
  }

  private static let isInstalled = Atomic(false)
  private static let clearsLine = Atomic(false)
  private static let isKept = Atomic(false)
  /// The share done in percent; −1 while nothing was reported.
  private static let percentDone = Atomic(-1)

  /// Says how far the work had come and ends the program; only calls what a signal handler may.
  private static func end(withMessage: Void) {
    if clearsLine.load(ordering: .relaxed) { put("\r\u{1B}[K") }
    let percent = percentDone.load(ordering: .relaxed)
    if percent < 0 {
      put("interrupted\n")
    } else {
      put("interrupted with ")
      if percent >= 100 {
        put("100")
      } else {
        if percent >= 10 { put(digits[percent / 10]) }
        put(digits[percent % 10])
      }
      if isKept.load(ordering: .relaxed) {
        put("% done; the same command goes on from there\n")
      } else {
        put("% done; nothing was recorded of it\n")
      }
    }
    _exit(130)
  }

  private static let digits: [StaticString] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]

  private static func put(_ text: StaticString) {
    text.withUTF8Buffer { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
