import ArgumentParser
import WorkbookKit

struct HintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hint",
    abstract: "Show the next hint, one at a time.",
    discussion: "Hints are recorded. They never change which puzzle is current."
  )

  @Argument(
    help:
      "The puzzle's id or an unambiguous beginning of it; else the current or first unsolved one."
  )
  var puzzle: String?

  @Option(help: ArgumentHelp("Show an earlier hint again.", valueName: "n"))
  var number: Int?

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let hint = try workbook.hint(puzzle: puzzle, number: number)
      if options.json {
        shell.print(
          .object([
            "puzzle": .text(hint.puzzleID), "number": .integer(hint.number),
            "count": .integer(hint.count), "text": .text(hint.text),
          ]) as JSONValue
        )
        return
      }
      HintPage(hint).print(shell)
      guard number == nil else { return }
      shell.print()
      let short = workbook.shortName(hint.puzzleID)
      let left = hint.count - hint.number
      if hint.isRepeated || left == 0 {
        shell.print(
          shell.style.dim(
            "That was the last one. workbook answer \(short) shows the answer, in rot13."
          )
        )
      } else {
        shell.print(shell.style.dim("\(left) more. Try workbook check \(short) first."))
      }
    }
  }
}
