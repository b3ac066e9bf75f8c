import ArgumentParser
import Foundation
import PuzzleRegistry
import SourceDiagnostics
import WorkbookKit

struct StartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Meet a puzzle: its question, your prediction, the real data.",
    discussion: """
      Writes submissions/PUZZLE.yaml to answer in; a file that is there already is kept. On a \
      terminal it asks for your prediction before it shows any data; Enter skips.
      """
  )

  @Argument(help: "The puzzle's id or an unambiguous beginning of it, such as puzzle1.")
  var puzzle: String?

  @Option(help: ArgumentHelp("The model to work on, by name or path.", valueName: "model"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "A prediction made before looking, given here instead of being asked for.",
      valueName: "id=number"
    )
  )
  var predict: [String] = []

  @OptionGroup var global: GlobalOptions

  func run() throws {
    try Shell.run(global, title: "drawing") { shell, workbook in
      let given = try given()
      let opened = try workbook.open(puzzle: puzzle, model: model)
      let page = PuzzlePage(opened, workbook)
      page.printPrompt(shell)
      let predictions = try given.merging(asked(opened, shell)) { first, _ in first }
      let started = try workbook.start(opened, predictions: predictions)
      try page.printPlots(shell)
      let short = workbook.shortName(opened.puzzle.id)
      printFile(started, opened, shell, workbook)
      shell.print(
        shell.wrapped(
          "Next: answer there, then \(shell.style.bold("workbook check \(short)"))",
          indent: 6
        )
      )
      shell.print("Stuck? workbook hint \(short)")
    }
  }

  private func printFile(
    _ started: StartedPuzzle,
    _ opened: OpenedPuzzle,
    _ shell: Shell,
    _ workbook: Workbook
  ) {
    guard started.wasKept else {
      shell.print("\(opened.puzzle.questions.count) questions wait in \(started.submissionPath)")
      return
    }
    shell.print(
      shell.wrapped("Your answers in \(started.submissionPath) were kept as they are.", indent: 0)
    )
    if let written = workbook.submissionModel(opened.puzzle), written != opened.model {
      shell.print(
        shell.wrapped(
          "They name \(written), which check will use; change 'model:' there to work on "
            + "\(opened.model).",
          indent: 0
        )
      )
    }
  }

  /// Returns the predictions of the command line.
  private func given() throws -> [String: Double] {
    var predictions: [String: Double] = [:]
    for text in predict {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let value = PredictionText.value(of: parts[1]) else {
        throw ValidationError("'--predict \(text)' is not of the form id=number, such as guess=0.5")
      }
      predictions[parts[0]] = value
    }
    return predictions
  }

  /// Asks for the predictions that are still open, on a terminal.
  private func asked(_ opened: OpenedPuzzle, _ shell: Shell) throws -> [String: Double] {
    guard shell.terminal.isInputTerminal, shell.terminal.isOutputTerminal else { return [:] }
    var predictions: [String: Double] = [:]
    let texts = zip(opened.puzzle.questions.map(\.id), opened.asks)
    let asks = Dictionary(texts, uniquingKeysWith: { first, _ in first })
    for question in opened.openPredictions
    where !predict.contains(where: { $0.hasPrefix("\(question.id)=") }) {
      shell.print(
        shell.wrapped(
          "Before you look (one number; Enter skips, and it cannot be made up for):",
          indent: 0
        )
      )
      shell.print(shell.wrapped(asks[question.id] ?? question.ask, indent: 0))
      while true {
        // The end of input means leaving, not skipping: nothing is recorded.
        guard let line = shell.ask(">") else {
          shell.print()
          throw ExitCode(130)
        }
        let text = line.trimmingCharacters(in: .whitespaces)
        if text.isEmpty { break }
        if let value = PredictionText.value(of: text) {
          predictions[question.id] = value
          break
        }
        shell.print(
          text.contains(",")
            ? "Write a decimal point, as in 0.3, or Enter to skip."
            : "That is not a number. For example: 0.3, or Enter to skip."
        )
      }
      shell.print()
    }
    return predictions
  }
}

/// Reads a number as a person types it: `0.3`, `30%`, `.3`, `-1`.
enum PredictionText {
  static func value(of text: String) -> Double? {
    let isPercent = text.hasSuffix("%")
    let digits = (isPercent ? String(text.dropLast()) : text).replacing("−", with: "-")
    guard let value = Double(digits.trimmingCharacters(in: .whitespaces)), value.isFinite else {
      return nil
    }
    return isPercent ? value / 100 : value
  }
}
