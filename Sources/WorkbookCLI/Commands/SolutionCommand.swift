import ArgumentParser
import Foundation
import SourceDiagnostics
import WorkbookKit

struct SolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solution",
    abstract: "Read and write a puzzle's key, hints and answer.",
    discussion: "For authors: everything here is a spoiler.",
    subcommands: [Show.self, Edit.self, Encode.self, Decode.self]
  )

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print it in plain text.")

    @Argument(help: "The puzzle.") var puzzle: String
    @OptionGroup var global: GlobalOptions

    func run() throws {
      try Shell.run(global) { shell, workbook in
        for file in try workbook.solution(of: puzzle) {
          shell.print(shell.style.bold("# \(workbook.shown(file.path))"))
          shell.print(file.text)
        }
      }
    }
  }

  struct Edit: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Edit one of its files in $EDITOR and store it as it was stored, if it brings no fault."
    )

    @Argument(help: "The puzzle.") var puzzle: String

    @Option(help: ArgumentHelp("key.yaml, hints.yaml or answer.md.", valueName: "name"))
    var file = "key.yaml"

    @OptionGroup var global: GlobalOptions

    func run() throws {
      try Shell.run(global) { shell, workbook in
        let files = try workbook.solution(of: puzzle)
        guard let file = files.first(where: { $0.name == self.file }) else {
          throw Diagnostic(
            "no-solution-file",
            "'\(self.file)' is not a file of this solution",
            help: Suggestion.help(for: self.file, among: files.map(\.name))
          )
        }
        let (edited, draft) = try Editor.edit(file.text, named: file.name)
        guard edited != file.text else {
          Editor.discard(draft)
          shell.print("Nothing was changed.")
          return
        }
        let faults = try workbook.store(edited, as: file, of: puzzle)
        guard faults.isEmpty else {
          for fault in faults { shell.complain(fault) }
          shell.note("It was not stored. Your text is kept in \(draft)")
          throw ExitCode(1)
        }
        Editor.discard(draft)
        shell.print("Stored in \(workbook.shown(file.path))")
      }
    }
  }

  struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Turn its files into rot13.")

    @Argument(help: "The puzzle.") var puzzle: String
    @OptionGroup var global: GlobalOptions

    func run() throws { try recode(puzzle, global, encoding: true) }
  }

  struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turn its files into plain text; encode them again before sharing."
    )

    @Argument(help: "The puzzle.") var puzzle: String
    @OptionGroup var global: GlobalOptions

    func run() throws { try recode(puzzle, global, encoding: false) }
  }

  private static func recode(_ puzzle: String, _ global: GlobalOptions, encoding: Bool) throws {
    try Shell.run(global) { shell, workbook in
      let written = try workbook.recode(puzzle, encoding: encoding)
      if written.isEmpty { shell.print("Nothing to do.") }
      for path in written { shell.print(path) }
    }
  }
}

/// Hands a text to the user's editor.
private enum Editor {
  /// Opens `$VISUAL` or `$EDITOR` on a private draft and returns what was saved, and the draft.
  static func edit(_ text: String, named name: String) throws -> (text: String, draft: String) {
    let environment = ProcessInfo.processInfo.environment
    let editors = [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }
    guard let editor = editors.first(where: { !$0.isEmpty }) else {
      throw Diagnostic(
        "no-editor",
        "neither VISUAL nor EDITOR names an editor",
        help: "for example: EDITOR=nano"
      )
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("workbook-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
    let draft = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: draft)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    // The editor may carry arguments, so the shell splits it; the path is passed beside it.
    process.arguments = ["-c", "\(editor) \"$1\"", "sh", draft.path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Diagnostic(
        "editor-failed",
        "the editor ended with status \(process.terminationStatus)",
        help: "your text is kept in \(draft.path)"
      )
    }
    let data = try Data(contentsOf: draft)
    guard let edited = String(bytes: data, encoding: .utf8) else {
      throw Diagnostic(
        "editor-failed",
        "what was saved is not UTF-8",
        help: "it is kept in \(draft.path)"
      )
    }
    return (edited, draft.path)
  }

  static func discard(_ draft: String) {
    try? FileManager.default.removeItem(
      at: URL(fileURLWithPath: draft).deletingLastPathComponent()
    )
  }
}
