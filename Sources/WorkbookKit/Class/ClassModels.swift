import MetricLanguage
import ModelHub
import PuzzleRegistry
import SourceDiagnostics
import Synchronization

/// The models that a class is graded on: each is found, hashed and opened once in a run, when it is
/// first needed, and what one puzzle computes of it is there for the next.
final class ClassModels: Sendable {
  let workbook: Workbook
  /// The names of the models that are here.
  let names: Set<String>

  private struct State {
    /// The model for each puzzle and name in a submission.
    var chosen: [[String?]: String] = [:]
    var digests: [String: String] = [:]
    var evaluators: [String: Evaluator] = [:]
  }

  private let state = Mutex(State())

  init(_ workbook: Workbook) {
    self.workbook = workbook
    names = Set(workbook.presentModels)
  }

  /// Returns the model a submission is graded on.
  ///
  /// - Throws: That none of those the puzzle wants is here.
  func name(for puzzle: Puzzle, given: String?) throws(Diagnostic) -> String {
    try state.withLock { (state) throws(Diagnostic) in
      if let known = state.chosen[[puzzle.id, given]] { return known }
      let found = try workbook.model(for: puzzle, given: given)
      state.chosen[[puzzle.id, given]] = found
      return found
    }
  }

  /// Returns the digest of a model's weights.
  func digest(of model: String) throws(Diagnostic) -> String {
    try state.withLock { (state) throws(Diagnostic) in
      if let known = state.digests[model] { return known }
      let found = try workbook.shelf.digest(of: workbook.shelf.locate(model))
      state.digests[model] = found
      return found
    }
  }

  /// Returns an evaluator of a model with a puzzle's word lists.
  ///
  /// - Throws: That the model cannot be opened.
  func evaluator(of model: String, for puzzle: Puzzle) throws(Diagnostic) -> Evaluator {
    try state.withLock { (state) throws(Diagnostic) in
      let evaluator: Evaluator
      if let known = state.evaluators[model] {
        evaluator = known.with(lexicon: puzzle.lexicon ?? .empty)
      } else {
        evaluator = try workbook.evaluator(model: model, for: puzzle, reportsProgress: false)
      }
      state.evaluators[model] = evaluator
      return evaluator
    }
  }
}
