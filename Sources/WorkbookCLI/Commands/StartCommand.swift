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
      let opened = try workbook.open(puzzle: puzzle, model: model)
      PuzzlePage(opened, workbook).printPrompt(shell)
      let predictions = try given(opened).merging(asked(opened, shell)) { first, _ in first }
      let started = try workbook.start(opened, predictions: predictions)
      try PuzzlePage(opened, workbook).printPlots(shell)
      let short = workbook.shortName(opened.puzzle.id)
      let count = opened.puzzle.questions.count
      shell.print(
        started.wasKept
          ? "Your answers in \(started.submissionPath) were kept as they are."
          : "\(count) questions wait in \(started.submissionPath)"
      )
      shell.print(
        "Next: answer them there, then \(shell.style.bold("workbook check \(short)"))"
          + "   (stuck? workbook hint \(short))"
      )
    }
  }

  private func given(_ opened: OpenedPuzzle) throws -> [String: Double] {
    var predictions: [String: Double] = [:]
    for text in predict {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
        throw ValidationError("'--predict \(text)' is not of the form id=number, such as guess=0.5")
      }
      predictions[parts[0]] = value
    }
    return predictions
  }

  /// Asks for the predictions that are still open, on a terminal.
  private func asked(_ opened: OpenedPuzzle, _ shell: Shell) -> [String: Double] {
    guard shell.terminal.isInputTerminal, shell.terminal.isOutputTerminal else { return [:] }
    var predictions: [String: Double] = [:]
    let texts = zip(opened.puzzle.questions.map(\.id), opened.asks)
    let asks = Dictionary(texts, uniquingKeysWith: { first, _ in first })
    for question in opened.openPredictions
    where !predict.contains(where: { $0.hasPrefix("\(question.id)=") }) {
      shell.print("Before you look (one number; Enter skips):")
      shell.print(shell.wrapped(asks[question.id] ?? question.ask, indent: 0))
      while let line = Prompt().ask("> ") {
        let text = line.trimmingCharacters(in: .whitespaces)
        if text.isEmpty { break }
        if let value = PredictionText.value(of: text) {
          predictions[question.id] = value
          break
        }
        shell.print("That is not a number. For example: 0.3, or Enter to skip.")
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
