import Foundation
package import MetricLanguage
import ModelHub
package import Plotting
import ProgressStore
package import PuzzleRegistry
package import SourceDiagnostics

/// A puzzle made ready to be met: its text with the numbers filled in, on one model.
package struct OpenedPuzzle: Sendable {
  package let puzzle: Puzzle
  package let model: String
  /// The prompt in Markdown, formulas evaluated.
  package let prompt: String
  /// Each question's text, formulas evaluated, in the puzzle's order.
  package let asks: [String]
  /// A model the puzzle would rather have, which is not here.
  package let missingModel: String?
  package let evaluator: Evaluator
  /// The predictions that can still be made: nothing was looked at yet.
  package let openPredictions: [Question]
}

/// What starting a puzzle wrote.
package struct StartedPuzzle: Sendable {
  package let submissionPath: String
  /// Whether the submission was there before and was left alone.
  package let wasKept: Bool
}

extension Workbook {
  /// Reads a puzzle and prepares its text.
  ///
  /// - Parameters:
  ///   - name: The puzzle's id or an unambiguous prefix; `nil` for the current or first unsolved.
  ///   - model: A model's name or path; `nil` for the submission's, or the first that is wanted.
  /// - Returns: The puzzle with its text filled in and the predictions that are still open.
  /// - Throws: Why the puzzle, a model for it or the store cannot be read.
  package func open(puzzle name: String?, model: String?) throws -> OpenedPuzzle {
    let store = try openStore()
    let id =
      try name.map { (name) throws(Diagnostic) in try folder.resolve(name) }
      ?? suggestedPuzzle(store)
    let puzzle = try folder.loadPuzzle(id)
    let progress = try store.progress(of: id)
    let chosen = try self.model(for: puzzle, given: model ?? submissionModel(puzzle))
    let evaluator = try evaluator(model: chosen, for: puzzle)
    if isMisnamed(chosen) { surroundings.notice(.misnamedModel(chosen)) }
    let wanted = puzzle.models.first
    return OpenedPuzzle(
      puzzle: puzzle,
      model: chosen,
      prompt: rendered(puzzle.promptTemplate, with: evaluator),
      asks: puzzle.questions.map { rendered($0.askTemplate, with: evaluator) },
      missingModel: wanted == chosen || model != nil ? nil : wanted,
      evaluator: evaluator,
      openPredictions: progress.wasLookedAt ? [] : puzzle.questions.filter(\.isPrediction)
    )
  }

  /// Records the first look with its predictions and writes the starter submission.
  ///
  /// The submission is written first: a crash in between leaves a file and no record, and the next
  /// start goes on from there. A file that is already there is kept as it is.
  package func start(
    _ opened: OpenedPuzzle,
    predictions: [String: Double]
  ) throws(Diagnostic)
    -> StartedPuzzle
  {
    let asked = opened.puzzle.questions.filter(\.isPrediction).map(\.id)
    for id in predictions.keys.sorted() where !asked.contains(id) {
      throw .noPredictionAsked(id, asked: asked)
    }
    var text = StarterSubmission.text(for: opened.puzzle, model: opened.model) { template in
      rendered(template, with: opened.evaluator)
    }
    for (id, value) in predictions {
      text = StarterSubmission.settingAnswer(id, to: "\(value)", in: text) ?? text
    }
    // What is predicted after a look, a hint or the answer is no prediction.
    let open = Set(opened.openPredictions.map(\.id))
    for id in predictions.keys.sorted() where !open.contains(id) {
      surroundings.notice(.latePrediction(id))
    }
    let path = folder.submissionPath(opened.puzzle.id)
    let store = try openStore()
    let now = surroundings.now()
    // The moment of a prediction is that of the first look it comes before.
    let written = try FileWriting.create(text, at: path)
    for (id, value) in predictions.sorted(by: { $0.key < $1.key }) where open.contains(id) {
      try store.recordPrediction(puzzle: opened.puzzle.id, question: id, value: value, at: now)
    }
    try store.recordStart(puzzle: opened.puzzle.id, model: opened.model, at: now)
    return StartedPuzzle(submissionPath: shown(path), wasKept: !written)
  }

  /// Draws a puzzle's plots on its model.
  package func plots(of opened: OpenedPuzzle) throws(Diagnostic) -> [Chart] {
    var charts: [Chart] = []
    for plot in opened.puzzle.plots {
      charts.append(try chart(plot, with: opened.evaluator))
    }
    return charts
  }

  /// Draws a puzzle's first plot, if it is a histogram, on the models it compares with, as far as
  /// they are here.
  ///
  /// - Returns: The chart, or `nil` if there is nothing to compare; and the models that are missing.
  package func comparison(
    of opened: OpenedPuzzle
  ) throws(Diagnostic)
    -> (chart: HistogramChart?, missing: [String])
  {
    guard let plot = opened.puzzle.plots.first, case .histogram(let formula) = plot.kind,
      !opened.puzzle.compare.isEmpty
    else { return (nil, []) }
    let present = Set(presentModels)
    let names = opened.puzzle.compare.filter {
      present.contains($0) && $0 != opened.model && !isMisnamed($0)
    }
    let missing = opened.puzzle.compare.filter { !present.contains($0) }
    guard !names.isEmpty else { return (nil, missing) }
    var series: [HistogramSeries] = []
    var unit = ""
    for name in names {
      let evaluator = try evaluator(model: name, for: opened.puzzle)
      let chart = try chart(of: formula, titled: plot.title, with: evaluator)
      series += chart.series
      unit = chart.unit
    }
    let chart = HistogramChart(
      title: "\(plot.title), other models",
      subtitle: "the same plot, each from its own weights",
      series: series,
      axisLabel: Charts.label(formula),
      unit: unit,
      sentence: Charts.comparison(series)
    )
    return (chart, missing)
  }

  /// Returns a text with its formulas replaced by their values; one that fails shows as not a number.
  func rendered(_ template: ProseTemplate, with evaluator: Evaluator) -> String {
    template.rendered { formula in
      do throws(Diagnostic) {
        return try evaluator.number(formula)
      } catch {
        surroundings.notice(.notANumberForProse(error))
        return .nan
      }
    }
  }

  /// The model a submission to the puzzle names, if there is one that can be read.
  package func submissionModel(_ puzzle: Puzzle) -> String? {
    let path = folder.submissionPath(puzzle.id)
    return (try? folder.loadSubmission(path: path, puzzle: puzzle))?.model
  }

  /// Returns the puzzle that `name` names, or the one that a command without a name is about.
  package func puzzleID(_ name: String?) throws -> String {
    guard let name else { return try suggestedPuzzle(try openStore()) }
    return try folder.resolve(name)
  }

  /// The current puzzle if it is unsolved, else the first unsolved one, else the current or first.
  func suggestedPuzzle(_ store: ProgressStore) throws -> String {
    let progress = try store.allProgress()
    let ids = folder.puzzleIDs()
    let current = try store.currentPuzzle()
    if let current, ids.contains(current), progress[current]?.solvedAt == nil { return current }
    guard let id = ids.first(where: { progress[$0]?.solvedAt == nil }) ?? ids.first else {
      throw Diagnostic("no-puzzles", "this workbook has no puzzles", at: SourcePlace(file: root))
    }
    return id
  }
}
