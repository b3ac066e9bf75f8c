import ArgumentParser
import PuzzleRegistry
import WorkbookKit

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a puzzle's prompt and questions again.",
    discussion: """
      The plots are shown once the puzzle was started, so that a prediction stays a prediction.
      """
  )

  @Argument(
    help:
      "The puzzle's id or an unambiguous beginning of it; else the current or first unsolved one."
  )
  var puzzle: String?

  @Option(help: ArgumentHelp("The model to show it on, by name or path.", valueName: "model"))
  var model: String?

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global, title: "drawing") { shell, workbook in
      let opened = try workbook.open(puzzle: puzzle, model: model)
      if options.json {
        shell.print(json(opened))
        return
      }
      let page = PuzzlePage(opened, workbook)
      page.printPrompt(shell)
      if opened.openPredictions.isEmpty { try page.printPlots(shell) }
      page.printQuestions(shell)
    }
  }

  private func json(_ opened: OpenedPuzzle) -> JSONValue {
    .object([
      "id": .text(opened.puzzle.id), "title": .text(opened.puzzle.title),
      "model": .text(opened.model), "prompt": .text(opened.prompt),
      "questions": .array(
        zip(opened.puzzle.questions, opened.asks).map { question, ask in
          .object([
            "id": .text(question.id), "kind": .text(question.kind.rawValue), "ask": .text(ask),
            "points": .number(question.points), "prediction": .bool(question.isPrediction),
            "options": .array(
              question.options.map { option in
                .object(["id": .text(option.id), "text": .text(option.text)])
              }
            ),
          ])
        }
      ),
    ])
  }
}
