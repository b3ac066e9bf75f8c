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
        "Edit one of its files in $EDITOR and store it as it was stored, if it brings no fault.",
      discussion: """
        You edit a private draft. It is kept until it was stored: after a crash, or a fault in it, \
        the next edit of the same file says where it is and asks for --resume or --discard.
        """
    )

    @Argument(help: "The puzzle.") var puzzle: String

    @Option(help: ArgumentHelp("key.yaml, hints.yaml or answer.md.", valueName: "name"))
    var file = "key.yaml"

    @Flag(help: "Go on with the draft that an earlier edit left.")
    var resume = false

    @Flag(help: "Drop the draft that an earlier edit left, and start from the stored text.")
    var discard = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
      guard !(resume && discard) else {
        throw ValidationError("--resume and --discard exclude each other")
      }
    }

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
        let editor = try Editor()
        let draft = try workbook.draft(
          of: file,
          puzzle: puzzle,
          leftover: resume ? .resume : discard ? .discard : .report
        )
        do {
          try editor.edit(draft.path)
          try store(draft, as: file, in: workbook, shell)
        } catch {
          if (try? draft.text()) == file.text {
            draft.discard()
          } else {
            shell.note("It was not stored. Your text is kept in \(draft.path)")
            shell.note(
              "Go on with it: workbook solution edit \(puzzle) --file \(file.name) --resume"
            )
          }
          throw error
        }
      }
    }

    private func store(
      _ draft: SolutionDraft,
      as file: SolutionText,
      in workbook: Workbook,
      _ shell: Shell
    ) throws {
      let edited = try draft.text()
      guard edited != file.text else {
        draft.discard()
        shell.print("Nothing was changed.")
        return
      }
      let faults = try workbook.store(edited, as: file, of: puzzle)
      guard faults.isEmpty else {
        for fault in faults { shell.complain(fault) }
        throw ExitCode(1)
      }
      draft.discard()
      shell.print("Stored in \(workbook.shown(file.path))")
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
