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
          guard values.count == mask.count else {
            throw .shapeMismatch(
              "the vector has \(grouped(values.count)) entries and the mask \(grouped(mask.count))",
              at: arguments.place
            )
          }
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
    BuiltIn(
      "balanced_accuracy",
      .statistics,
      "How well the best threshold on a vector tells the mask's two groups apart, the share right "
        + "averaged over the groups, whichever side is up: 0.5 is blind, 1 perfect. Of two masks, "
        + "how well the first tells the second.",
      example: "balanced_accuracy(row_norms(W_E), has_leading_space)",
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
          guard let accuracy = balancedAccuracy(values, mask) else {
            throw .undefined(
              "one of the two groups is empty, or a value is not a number",
              at: arguments.place
            )
          }
          return .number(accuracy)
        },
        Overload([.plain("x", .mask), .plain("where", .mask)], "number") {
          (types) throws(ShapeFault) in
          try types.require(types.vectorLength("x"), equals: types.vectorLength("where")) {
            "the masks have \(grouped($0)) and \(grouped($1)) entries"
          }
          return Typed(.number)
        } evaluate: { (arguments) throws(Diagnostic) in
          let guesses = try arguments.mask("x")
          let mask = try arguments.mask("where")
          let inside = zip(guesses, mask).filter(\.1).map(\.0)
          let outside = zip(guesses, mask).filter { !$0.1 }.map(\.0)
          guard !inside.isEmpty, !outside.isEmpty else {
            throw .undefined("one of the two groups is empty", at: arguments.place)
          }
          let hits = Double(inside.count { $0 }) / Double(inside.count)
          let rejections = Double(outside.count { !$0 }) / Double(outside.count)
          return .number((hits + rejections) / 2)
        },
      ]
    ),
    BuiltIn(
      "autocorrelation",
      .statistics,
      "The correlation of a vector with itself so many entries later; of a matrix, each column's "
        + "down the rows.",
      example: "mean(autocorrelation(W_E[sample(100, seed: 0)], lag: 1))",
      [
        Overload([.plain("x", .vector), .labelled("lag", .number)], "number") {
          (types) throws(ShapeFault) in
          Typed(.number, operations: 10 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let values = try arguments.vector("x")
          return .number(try autocorrelation(values, arguments))
        },
        Overload([.plain("x", .matrix), .labelled("lag", .number)], "vector") {
          (types) throws(ShapeFault) in
          Typed(.vector(types.matrix("x").columns), operations: 10 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let matrix = try arguments.matrix("x")
          var correlations: [Double] = []
          for column in 0..<matrix.columnCount {
            correlations.append(try autocorrelation(matrix.column(column), arguments))
          }
          return .vector(correlations)
        },
      ]
    ),
  ]

  private static func autocorrelation(
    _ values: [Double],
    _ arguments: Arguments
  )
    throws(Diagnostic) -> Double
  {
    let lag = try arguments.integer("lag", in: 1...1_000_000)
    guard lag <= values.count - 2 else {
      throw .undefined(
        "a lag of \(lag) leaves fewer than 2 of the \(values.count) entries to compare",
        at: arguments.place
      )
    }
    return pearsonCorrelation(Array(values.dropLast(lag)), Array(values.dropFirst(lag)))
  }

  /// Returns (1 + |hits − false alarms|) / 2 at the best threshold; `nil` where that is undefined.
  private static func balancedAccuracy(_ values: [Double], _ mask: [Bool]) -> Double? {
    let positives = mask.count { $0 }
    let negatives = mask.count - positives
    guard values.count == mask.count, positives > 0, negatives > 0,
      !values.contains(where: \.isNaN)
    else { return nil }
    let order = values.indices.sorted { values[$0] < values[$1] }
    var below = (positives: 0, negatives: 0)
    var best = 0.0
    for (position, index) in order.enumerated() {
      if mask[index] { below.positives += 1 } else { below.negatives += 1 }
      // Equal values fall on the same side of any threshold.
      if position + 1 < order.count, values[order[position + 1]] == values[index] { continue }
      let gap =
        Double(below.positives) / Double(positives) - Double(below.negatives) / Double(negatives)
      best = max(best, abs(gap))
    }
    return (1 + best) / 2
  }

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
