import Foundation
import SourceDiagnostics

/// The editor the user chose.
struct Editor {
  /// May carry arguments, as in `code --wait`.
  private let command: String

  /// - Throws: That no editor was chosen.
  init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(Diagnostic) {
    let editors = [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }
    guard let editor = editors.first(where: { !$0.isEmpty }) else {
      throw Diagnostic(
        "no-editor",
        "neither VISUAL nor EDITOR names an editor",
        help: "for example: EDITOR=nano"
      )
    }
    self.command = editor
  }

  /// Opens a file and waits until the editor is closed.
  ///
  /// - Throws: That the editor cannot be run or did not end well.
  func edit(_ path: String) throws(Diagnostic) {
    // The shell splits the command; the path is passed beside it.
    let status = try ForegroundProgram.run(["/bin/sh", "-c", "\(command) \"$1\"", "sh", path])
    guard status == 0 else {
      throw Diagnostic("editor-failed", "the editor ended with status \(status)")
    }
  }
}
