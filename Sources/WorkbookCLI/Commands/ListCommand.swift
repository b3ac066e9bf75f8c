import ArgumentParser
import WorkbookKit

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the puzzles and how far you are."
  )

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let puzzles = try workbook.list()
      if options.json {
        shell.print(
          .array(
            puzzles.map { puzzle in
              .object([
                "id": .text(puzzle.id), "title": .text(puzzle.title),
                "difficulty": .integer(puzzle.difficulty), "minutes": .integer(puzzle.minutes),
                "state": .text(puzzle.state.rawValue),
                "score": puzzle.score.map { .number($0) } ?? .null,
                "possible": .number(puzzle.possible),
              ])
            }
          ) as JSONValue
        )
        return
      }
      guard !puzzles.isEmpty else {
        shell.print("This workbook has no puzzles yet.")
        return
      }
      shell.printTable(
        puzzles.map { puzzle in
          [
            puzzle.isCurrent ? shell.symbol("→", plain: ">") : " ",
            puzzle.id,
            state(puzzle, shell),
            puzzle.score.map { "\(Numbers.points($0))/\(Numbers.points(puzzle.possible))" } ?? "",
            "\(puzzle.minutes) min",
            puzzle.title,
          ]
        }
      )
    }
  }

  private func state(_ puzzle: ListedPuzzle, _ shell: Shell) -> String {
    switch puzzle.state {
    case .solved: shell.style.green("solved")
    case .revealed: shell.style.yellow("answer seen")
    case .started: "started"
    case .new: shell.style.dim("new")
    case .broken: shell.style.red("broken")
    }
  }
}
