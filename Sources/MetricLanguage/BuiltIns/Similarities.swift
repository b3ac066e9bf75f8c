import EmbeddingMath
import SourceDiagnostics

extension BuiltInTable {
  static let similarities: [BuiltIn] = [
    similarity(.dot, "The inner product."),
    similarity(
      .cosine,
      "The cosine of the angle seen from the origin; 0 where a vector is all zeros."
    ),
    similarity(
      .euclidean,
      "The straight-line distance; where values are ranked it counts by likeness, negated."
    ),
    similarity(
      .manhattan,
      "The sum of the absolute differences; where values are ranked it counts by likeness, negated."
    ),
    similarity(
      .pearson,
      "The correlation over channels: the cosine after each vector's own average is removed."
    ),
    similarity(.spearman, "The correlation of the channels' ranks, ties averaged."),
    similarity(.kendall, "Kendall's tau-b over channels."),
  ]

  private static func similarity(_ similarity: Similarity, _ summary: String) -> BuiltIn {
    let name = similarity.rawValue
    return BuiltIn(
      name,
      .similarity,
      summary,
      example: "\(name)(mean(W_E), W_E[0])",
      [
        Overload([.plain("x", .vector), .plain("y", .vector)], "number") {
          (types) throws(ShapeFault) in
          try types.require(types.vectorLength("x"), equals: types.vectorLength("y")) {
            "\(name) compares vectors of equal length, and these have \(grouped($0)) and "
              + "\(grouped($1)) entries"
          }
          return Typed(
            .number,
            operations: similarity.weight * 2 * types.type("x").entryCount
          )
        } evaluate: { (arguments) throws(Diagnostic) in
          let x = try arguments.vector("x")
          let y = try arguments.vector("y")
          guard x.count == y.count else {
            throw .shapeMismatch(
              "\(name) compares vectors of equal length, and these have \(x.count) and "
                + "\(y.count) entries",
              at: arguments.place
            )
          }
          return .number(similarity.value(x, y))
        }
      ]
    )
  }
}

extension Similarity {
  /// How many times the work of an inner product one comparison takes.
  var weight: Double {
    switch self {
    case .dot, .cosine, .euclidean, .pearson, .spearman: 1
    case .manhattan: 40
    case .kendall: 3_000
    }
  }

  /// Whether the mean over all pairs has a closed form over the rows.
  var hasClosedMean: Bool {
    switch self {
    case .dot, .cosine, .pearson, .spearman: true
    case .euclidean, .manhattan, .kendall: false
    }
  }
}
