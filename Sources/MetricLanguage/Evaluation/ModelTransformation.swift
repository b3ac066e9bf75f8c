package import EmbeddingMath
package import SourceDiagnostics

/// A change of the embeddings that a metric may or may not notice.
package enum ModelTransformation: String, Sendable, CaseIterable, Hashable {
  /// The gauge: one vector added to every row of `W_E` and subtracted from every row of `W_pos`.
  /// Every input of the model stays what it was.
  case translation
  /// `W_E` and `W_pos` turned by one random orthogonal matrix.
  case rotation
  /// `W_E` and `W_pos` multiplied by 3.
  case scaling
  /// One number added to every entry of `W_E` and subtracted from every entry of `W_pos`.
  case constant

  /// What was done, for a report.
  package var summary: String {
    switch self {
    case .translation: "one vector added to every embedding and taken from every position"
    case .rotation: "every embedding turned by the same rotation"
    case .scaling: "every embedding multiplied by 3"
    case .constant: "the same number added to every channel, and taken from the positions'"
    }
  }
}

/// A model seen after a transformation of its embeddings.
package struct TransformedModel: ModelAccess {
  private let base: any ModelAccess
  private let transformed: [String: Matrix]

  /// Transforms the embeddings and the positions, if there are any.
  ///
  /// Vectors are as long as a typical row, so that the change is as large as the data.
  ///
  /// - Complexity: One pass over the embeddings; for a rotation O(rows × columns²).
  package init(
    _ base: any ModelAccess,
    by transformation: ModelTransformation,
    seed: UInt64
  )
    throws(Diagnostic)
  {
    let embedding = try base.matrix("W_E")
    let positions = base.shape(of: "W_pos") == nil ? nil : try base.matrix("W_pos")
    var generator = SeededGenerator(seed: seed)
    let width = embedding.columnCount
    let norms = embedding.rowNorms()
    let length = norms.reduce(0, +) / Double(max(1, norms.count))
    func shifted(by vector: [Double]) -> [String: Matrix] {
      var changed = ["W_E": embedding.addingToRows(vector)]
      if let positions, positions.columnCount == width {
        changed["W_pos"] = positions.subtractingFromRows(vector)
      }
      return changed
    }
    self.base = base
    switch transformation {
    case .translation:
      transformed = shifted(by: generator.unitVector(dimension: width).map { $0 * length })
    case .constant:
      let step = length / Double(max(1, width)).squareRoot()
      transformed = shifted(by: Array(repeating: step, count: width))
    case .rotation:
      let rotation = generator.randomOrthogonal(dimension: width)
      var changed = ["W_E": embedding.multiplied(by: rotation)]
      if let positions, positions.columnCount == width {
        changed["W_pos"] = positions.multiplied(by: rotation)
      }
      transformed = changed
    case .scaling:
      var changed = ["W_E": embedding.scaled(by: 3)]
      if let positions { changed["W_pos"] = positions.scaled(by: 3) }
      transformed = changed
    }
  }

  package var modelName: String { base.modelName }
  package var tensorNames: [String] { base.tensorNames }
  package var originalIDs: [Int]? { base.originalIDs }

  package func matrix(_ tensor: String) throws(Diagnostic) -> Matrix {
    if let changed = transformed[tensor] { return changed }
    return try base.matrix(tensor)
  }

  package func shape(of tensor: String) -> [Int]? { base.shape(of: tensor) }
  package func tokenID(_ text: String) -> Int? { base.tokenID(text) }
  package func pieces(of text: String) -> [Int] { base.pieces(of: text) }
  package func wordInitialToken(_ word: String) -> Int? { base.wordInitialToken(word) }
  package func displayName(of token: Int) -> String { base.displayName(of: token) }
  package func tokenLength(_ token: Int) -> Int { base.tokenLength(token) }
  package func hasLeadingSpace(_ token: Int) -> Bool { base.hasLeadingSpace(token) }
  package func startsWord(_ token: Int) -> Bool { base.startsWord(token) }
}
