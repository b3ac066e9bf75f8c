/// A way to compare two vectors.
public enum Similarity: String, CaseIterable, Sendable, Codable {
  case dot, cosine, euclidean, manhattan, pearson, spearman, kendall

  /// Whether a larger value means less alike.
  public var isDistance: Bool { self == .euclidean || self == .manhattan }

  /// Whether the values lie from -1 to 1.
  var isCorrelation: Bool {
    switch self {
    case .cosine, .pearson, .spearman, .kendall: true
    case .dot, .euclidean, .manhattan: false
    }
  }

  /// Returns the similarity, or distance, of two vectors, computed in double.
  ///
  /// A vector of zeros has cosine 0 with everything; a constant vector has Pearson, Spearman and
  /// Kendall correlation 0. A NaN in either vector gives NaN.
  ///
  /// - Precondition: `a.count == b.count`.
  /// - Complexity: O(*d*); Spearman and Kendall O(*d* log *d*).
  public func value(_ a: [Double], _ b: [Double]) -> Double {
    requireEqualLengths(a, b)
    switch self {
    case .dot: return dotProduct(a, b)
    case .cosine: return EmbeddingMath.cosine(a, b)
    case .euclidean:
      var squares = 0.0
      for index in a.indices { squares += (a[index] - b[index]) * (a[index] - b[index]) }
      return squares.squareRoot()
    case .manhattan:
      var sum = 0.0
      for index in a.indices { sum += abs(a[index] - b[index]) }
      return sum
    case .pearson: return pearsonCorrelation(a, b)
    case .spearman: return spearmanCorrelation(a, b)
    case .kendall: return kendallTauB(a, b)
    }
  }
}
