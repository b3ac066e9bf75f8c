import ArgumentParser
import WorkbookKit

struct ResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Start a puzzle's answers over; the old ones are kept.",
    discussion: "Moves submissions/PUZZLE.yaml to a dated backup beside it. Attempts stay recorded."
  )

  @Argument(help: "The puzzle's id or an unambiguous beginning of it.")
  var puzzle: String

  @OptionGroup var global: GlobalOptions

  func run() throws {
    try Shell.run(global) { shell, workbook in
      let (id, backup) = try workbook.reset(puzzle: puzzle)
      shell.print("Your answers are kept in \(backup)")
      shell.print("Next: workbook start \(workbook.shortName(id))")
    }
  }
}
