import Foundation
package import MetricLanguage
import ModelHub
import ModelWeights
import PuzzleRegistry
package import SourceDiagnostics

extension Workbook {
  /// Opens a model by name or path and returns an evaluator of it.
  ///
  /// - Parameters:
  ///   - nameOrPath: A model on the shelf, or the path of a file or folder.
  ///   - lexicon: The word lists formulas may use.
  ///   - limits: What a formula may cost.
  /// - Returns: An evaluator that reads tensors when they are first used.
  /// - Throws: Why the model cannot be opened, or that it holds no embedding.
  package func evaluator(
    model nameOrPath: String,
    lexicon: Lexicon = .empty,
    limits: Evaluator.Limits = .init()
  ) throws(Diagnostic) -> Evaluator {
    let path = try shelf.locate(nameOrPath)
    let loaded = try LoadedModel.open(path: path)
    guard loaded.shape(of: "W_E") != nil else { throw .noEmbedding(shown(path)) }
    return Evaluator(
      // A path stays one, so that no file can pass for a model it only names itself after.
      model: WeightsOnDisk(loaded, name: escapingControls(nameOrPath)),
      lexicon: lexicon,
      limits: limits,
      progress: surroundings.progress,
      isCancelled: surroundings.isCancelled
    )
  }

  /// The names of the models on the shelf.
  package var presentModels: [String] { shelf.models().map(\.name) }

  /// Returns the model a puzzle is to be worked on, by what it wants and what is there.
  func model(for puzzle: Puzzle, given: String?) throws(Diagnostic) -> String {
    if let given {
      _ = try shelf.locate(given)
      return given
    }
    let present = Set(presentModels)
    guard let name = puzzle.models.first(where: present.contains) else {
      throw .noModelForPuzzle(puzzle.id, wanted: puzzle.models, present: present.sorted())
    }
    return name
  }
}
