package import EmbeddingMath
package import SourceDiagnostics

/// A model with some of its rows or with other values, for telling how firmly a number stands.
package struct AlteredModel: ModelAccess {
  /// How the values are changed.
  package enum Alteration: Sendable, Hashable {
    /// None.
    case none
    /// Rows of `W_E` rounded to 4 bits in blocks of 32 with a common scale, as in GGUF's Q4_0.
    case fourBits
    /// Values of every tensor moved by chance to a neighbouring float.
    case rounding(seed: UInt64)
  }

  private let base: any ModelAccess
  private let alteration: Alteration
  /// The rows of the base's `W_E` that are kept, ascending; `nil` for all.
  private let rows: [Int]?
  private let places: [Int: Int]
  /// A row number that no matrix has, for tokens that are not kept.
  private static let nowhere = Int.max

  /// - Parameters:
  ///   - base: The model.
  ///   - rows: The rows of `W_E` to keep; all if `nil`. Tokens are renumbered in ascending order.
  ///   - alteration: How the values are changed.
  package init(_ base: any ModelAccess, rows: [Int]? = nil, alteration: Alteration = .none) {
    self.base = base
    self.alteration = alteration
    self.rows = rows.map { Array(Set($0)).sorted() }
    var places: [Int: Int] = [:]
    for (place, row) in (self.rows ?? []).enumerated() { places[row] = place }
    self.places = places
  }

  package var modelName: String { base.modelName }
  package var tensorNames: [String] { base.tensorNames }
  package var originalIDs: [Int]? {
    guard let rows else { return base.originalIDs }
    return rows.map { row in
      base.originalIDs.flatMap { $0.indices.contains(row) ? $0[row] : nil } ?? row
    }
  }

  package func shape(of tensor: String) -> [Int]? {
    guard let shape = base.shape(of: tensor) else { return nil }
    guard let rows, tensor == "W_E" else { return shape }
    return [rows.count] + shape.dropFirst()
  }

  package func matrix(_ tensor: String) throws(Diagnostic) -> Matrix {
    var matrix = try base.matrix(tensor)
    if tensor == "W_E", let rows { matrix = matrix.selectingRows(rows) }
    switch alteration {
    case .none: return matrix
    case .fourBits: return tensor == "W_E" ? matrix.roundedToFourBits() : matrix
    case .rounding(let seed): return matrix.jittered(seed: seed)
    }
  }

  package func tokenID(_ text: String) -> Int? {
    guard let token = base.tokenID(text) else { return nil }
    return rows == nil ? token : places[token]
  }

  package func pieces(of text: String) -> [Int] {
    let pieces = base.pieces(of: text)
    return rows == nil ? pieces : pieces.map { places[$0] ?? Self.nowhere }
  }

  package func wordInitialToken(_ word: String) -> Int? {
    guard let token = base.wordInitialToken(word) else { return nil }
    return rows == nil ? token : places[token]
  }

  package func displayName(of token: Int) -> String { base.displayName(of: original(token)) }
  package func tokenLength(_ token: Int) -> Int { base.tokenLength(original(token)) }
  package func hasLeadingSpace(_ token: Int) -> Bool { base.hasLeadingSpace(original(token)) }
  package func startsWord(_ token: Int) -> Bool { base.startsWord(original(token)) }

  /// The base's number of a token; out of its range for a token that is not kept.
  private func original(_ token: Int) -> Int {
    guard let rows else { return token }
    return rows.indices.contains(token) ? rows[token] : Self.nowhere
  }
}
