import ArgumentParser
import Grading
import WorkbookKit

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check your answers against the weights.",
    discussion: """
      Grades submissions/PUZZLE.yaml on the model it names and shows what your answers produce. \
      One answer that cannot be read does not stop the others. Exit status 0 once solved, 1 until \
      then, 2 if the submission cannot be read at all.
      """
  )

  @Argument(
    help:
      "The puzzle's id or an unambiguous beginning of it; else the current or first unsolved one."
  )
  var puzzle: String?

  @OptionGroup var options: ReadingOptions

  func run() throws {
    var isSolved = false
    try Shell.run(options.global, title: "checking") { shell, workbook in
      let result = try workbook.check(puzzle: puzzle)
      isSolved = result.report.solved
      if options.json {
        shell.print(try JSONValue(result.report))
      } else {
        VerdictPage(result, workbook).print(shell)
      }
    }
    if !isSolved { throw ExitCode(1) }
  }
}
