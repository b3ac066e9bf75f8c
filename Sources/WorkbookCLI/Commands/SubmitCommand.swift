import ArgumentParser
import SourceDiagnostics
import WorkbookKit

struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Bundle your answers into one file to hand in.",
    discussion: """
      The file holds your answers to every puzzle you started, or to those you name, with your \
      predictions, checks, hints and reveals and their times. It is plain text: look at what you \
      hand in. Hand it in as it is; 'workbook grade' reads it.
      """
  )

  @Argument(help: "The puzzles; else all you started.")
  var puzzles: [String] = []

  @Option(help: "Your name, or what your course calls you; it names the file.")
  var name: String?

  @Option(
    help: ArgumentHelp("The file to write; else NAME.workbook.json.", valueName: "file"),
    completion: .file()
  )
  var out: String?

  @OptionGroup var options: ReadingOptions

  func validate() throws {
    if let name, name.isEmpty { throw ValidationError("--name is empty") }
  }

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let result = try workbook.submit(puzzles, learner: name, to: out)
      for warning in result.warnings { shell.complain(warning) }
      guard !options.json else { return shell.print(Self.json(result)) }
      for puzzle in result.puzzles {
        let revealed = puzzle.isRevealed ? ", the answer was shown" : ""
        shell.print(
          "\(shell.style.bold(puzzle.id)): \(counted(puzzle.attempts, "check")), "
            + "\(counted(puzzle.hints, "hint"))\(revealed)"
        )
      }
      if !result.warnings.isEmpty {
        shell.print("What cannot be read is in it as it is; mend it and submit again.")
      }
      shell.print("Hand in \(result.path)")
    }
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func json(_ result: SubmitResult) -> JSONValue {
    .object([
      "path": .text(result.path),
      "puzzles": .array(
        result.puzzles.map {
          .object([
            "id": .text($0.id), "attempts": .integer($0.attempts), "hints": .integer($0.hints),
            "revealed": .bool($0.isRevealed),
          ])
        }
      ),
      "warnings": .array(result.warnings.map { .text($0.rendered()) }),
    ])
  }
}
