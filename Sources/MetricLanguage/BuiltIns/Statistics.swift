import EmbeddingMath
import SourceDiagnostics

extension BuiltInTable {
  static let statistics: [BuiltIn] = [
    twoVectors(
      "correlation",
      "Pearson's correlation of two vectors, entry by entry.",
      example: "correlation(row_norms(W_E), token_length)"
    ) { pearsonCorrelation($0, $1) },
    twoVectors(
      "rank_correlation",
      "Spearman's correlation of two vectors, ties averaged.",
      example: "rank_correlation(row_norms(W_E), token_id)"
    ) { spearmanCorrelation($0, $1) },
    BuiltIn(
      "auc",
      .statistics,
      "The chance that a value from the first group is above one from the second, ties counting "
        + "half. Distances count by likeness.",
      example: "auc(row_norms(W_E), has_leading_space)",
      [
        Overload([.plain("x", .vector), .plain("where", .mask)], "number") {
          (types) throws(ShapeFault) in
          try types.require(types.vectorLength("x"), equals: types.vectorLength("where")) {
            "the vector has \(grouped($0)) entries and the mask \(grouped($1))"
          }
          return Typed(.number, operations: 20 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let values = try arguments.vector("x")
          let mask = try arguments.mask("where")
          let inside = zip(values, mask).filter { $0.1 }.map(\.0)
          let outside = zip(values, mask).filter { !$0.1 }.map(\.0)
          guard !inside.isEmpty, !outside.isEmpty else {
            throw .undefined("one of the two groups is empty", at: arguments.place)
          }
          return .number(areaUnderCurve(positives: inside, negatives: outside))
        },
        Overload([.plain("x", .distribution), .plain("y", .distribution)], "number") {
          (types) throws(ShapeFault) in
          var typed = Typed(.number)
          typed.cost += (types["x"]?.deferred ?? Cost()) + (types["y"]?.deferred ?? Cost())
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          let first = try arguments.distribution("x")
          let second = try arguments.distribution("y")
          let above = try first.full().areaUnderCurve(against: try second.full())
          return .number(first.isDistance && second.isDistance ? 1 - above : above)
        },
      ]
    ),
  ]

  private static func twoVectors(
    _ name: String,
    _ summary: String,
    example: String,
    _ body: @escaping @Sendable ([Double], [Double]) -> Double
  ) -> BuiltIn {
    BuiltIn(
      name,
      .statistics,
      summary,
      example: example,
      [
        Overload([.plain("x", .vector), .plain("y", .vector)], "number") {
          (types) throws(ShapeFault) in
          try types.require(types.vectorLength("x"), equals: types.vectorLength("y")) {
            "\(name) compares vectors of equal length, and these have \(grouped($0)) and "
              + "\(grouped($1)) entries"
          }
          return Typed(.number, operations: 40 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let x = try arguments.vector("x")
          let y = try arguments.vector("y")
          guard x.count == y.count, x.count >= 2 else {
            throw .shapeMismatch(
              "\(name) needs two vectors of equal length, at least 2; these have \(x.count) and "
                + "\(y.count) entries",
              at: arguments.place
            )
          }
          return .number(body(x, y))
        }
      ]
    )
  }
}
