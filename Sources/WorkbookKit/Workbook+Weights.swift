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
  ///   - requiresFinite: Whether a tensor that holds NaN or infinity is a fault.
  ///   - reportsProgress: Whether each long formula reports how far it has come.
  /// - Returns: An evaluator that reads tensors when they are first used.
  /// - Throws: Why the model cannot be opened, or that it holds no embedding.
  package func evaluator(
    model nameOrPath: String,
    lexicon: Lexicon = .empty,
    limits: Evaluator.Limits = .init(),
    requiresFinite: Bool = false,
    reportsProgress: Bool = true
  ) throws(Diagnostic) -> Evaluator {
    let path = try shelf.locate(nameOrPath)
    let loaded = try LoadedModel.open(path: path)
    guard loaded.shape(of: "W_E") != nil else { throw .noEmbedding(shown(path)) }
    return Evaluator(
      // A path stays one, so that no file can pass for a model it only names itself after.
      model: WeightsOnDisk(
        loaded,
        name: escapingControls(nameOrPath),
        requiresFinite: requiresFinite
      ),
      lexicon: lexicon,
      limits: limits,
      progress: reportsProgress ? surroundings.progress : nil,
      isCancelled: surroundings.isCancelled
    )
  }

  /// Opens a model to work a puzzle on.
  ///
  /// No verdict can rest on weights that are not numbers, so those are a fault here.
  func evaluator(
    model name: String,
    for puzzle: Puzzle,
    reportsProgress: Bool = true
  ) throws(Diagnostic) -> Evaluator {
    try evaluator(
      model: name,
      lexicon: puzzle.lexicon ?? .empty,
      requiresFinite: true,
      reportsProgress: reportsProgress
    )
  }

  /// Whether a model here has a published model's name but embeddings of another shape.
  func isMisnamed(_ name: String) -> Bool { (try? shelf.entry(name).isMisnamed) ?? false }

  /// The names of the models on the shelf.
  package var presentModels: [String] { shelf.names }

  /// Returns the model a puzzle is to be worked on, by what it wants and what is there.
  func model(for puzzle: Puzzle, given: String?) throws(Diagnostic) -> String {
    if let given {
      _ = try shelf.locate(given)
      return given
    }
    let present = Set(presentModels)
    guard let name = puzzle.models.first(where: { present.contains($0) && !isMisnamed($0) }) else {
      throw .noModelForPuzzle(
        puzzle.id,
        wanted: puzzle.models,
        present: present.sorted(),
        fetchable: puzzle.models.first { Catalogue.row(named: $0)?.weights != nil }
      )
    }
    return name
  }
}
