import EmbeddingMath
import SourceDiagnostics

extension BuiltInTable {
  static let searches: [BuiltIn] = [
    BuiltIn(
      "similarity_to",
      .search,
      "The metric between the vector and each row, in row order.",
      example: "mean(similarity_to(mean(W_E), by: cosine))",
      [
        Overload(
          [
            .plain("x", .vector), .labelled("of", .matrix, standIn: "W_E"),
            .labelled("by", .metric),
          ],
          "vector"
        ) { (types) throws(ShapeFault) in
          try checkRows(types)
          var typed = Typed(.vector(types.matrix("of").rows))
          typed.cost = rowCost(types)
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          .vector(try compare(arguments).values)
        }
      ]
    ),
    BuiltIn(
      "nearest",
      .search,
      "The k rows most like the vector, best first; ties go to the lower row. Tokens where the rows are "
        + "all tokens, else row numbers.",
      example: "nearest(W_E[0], k: 5, by: cosine)",
      [
        Overload(
          [
            .plain("x", .vector), .labelled("of", .matrix, standIn: "W_E"),
            .labelled("k", .number), .labelled("by", .metric),
            .labelled("except", .tokens, standIn: "none"),
          ],
          "tokens or vector"
        ) { (types) throws(ShapeFault) in
          try checkRows(types)
          var typed = Typed(resultType(rows: types.matrix("of").rows, in: types.model))
          typed.cost = rowCost(types)
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          let (values, isDistance) = try compare(arguments)
          let k = try arguments.integer("k", in: 1...100_000)
          let excluded = Set(try arguments.tokens("except") ?? [])
          let likeness = isDistance ? values.map { -$0 } : values
          return result(best(likeness, k: k, except: excluded), rows: values.count, arguments)
        }
      ]
    ),
    BuiltIn(
      "best_match",
      .search,
      "For each row the row most like it. With self: true a row may match itself, and ties within "
        + "1e-6 go to itself.",
      example: "share(best_match(W_E[sample(500, seed: 0)], by: dot) != row_number(500))",
      [
        Overload(
          [
            .plain("m", .matrix), .labelled("by", .metric),
            .labelled("self", .truth, standIn: "true"),
          ],
          "vector"
        ) { (types) throws(ShapeFault) in
          let matrix = types.matrix("m")
          var typed = Typed(.vector(matrix.rows))
          let rows = types.costedRows("m")
          let weight = types["by"]?.metric?.similarity?.weight ?? 1
          typed.cost.operations = 2 * rows * rows * Double(matrix.columns ?? 1) * weight
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          let evaluator = arguments.evaluator
          let matrix = try arguments.matrix("m")
          let plan = try evaluator.plan(try arguments.metric("by"), place: arguments.place)
          let includesSelf = try arguments.truth("self", or: true)
          guard matrix.rowCount > (includesSelf ? 0 : 1) else {
            throw .undefined("there is no other row to match", at: arguments.place)
          }
          guard case .fused(let similarity, let transform) = plan.form else {
            throw .undefined(
              "best_match needs a similarity of two rows treated alike, such as cosine(a - v, b - v)",
              at: arguments.place
            )
          }
          let rows = try transform.apply(to: matrix, tokens: nil, evaluator: evaluator)
          let matches = try evaluator.run(at: arguments.place) { progress, isCancelled in
            try evaluator.engine.bestMatch(
              of: rows,
              by: similarity,
              includingSelf: includesSelf,
              progress: progress,
              isCancelled: isCancelled
            )
          }
          return .vector(matches.map(Double.init))
        }
      ]
    ),
    BuiltIn(
      "argmax",
      .search,
      "The position of the largest entry, from 0; ties go to the first.",
      example: "argmax(abs(mean(W_E)))",
      [
        Overload([.plain("x", .vector)], "number") { (types) throws(ShapeFault) in
          Typed(.number, operations: types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let values = try arguments.vector("x")
          guard let first = best(values, k: 1, except: []).first else {
            throw .undefined("an empty vector has no largest entry", at: arguments.place)
          }
          return .number(Double(first))
        }
      ]
    ),
    BuiltIn(
      "top",
      .search,
      "The positions of the k largest entries, best first; ties go to the lower. Tokens where there is "
        + "an entry for each token.",
      example: "top(row_norms(W_E), 5)",
      [
        Overload([.plain("x", .vector), .plain("k", .number)], "tokens or vector") {
          (types) throws(ShapeFault) in
          Typed(
            resultType(rows: types.vectorLength("x"), in: types.model),
            operations: 10 * types.type("x").entryCount
          )
        } evaluate: { (arguments) throws(Diagnostic) in
          let values = try arguments.vector("x")
          let k = try arguments.integer("k", in: 1...100_000)
          return result(best(values, k: k, except: []), rows: values.count, arguments)
        }
      ]
    ),
  ]

  /// Positions among all tokens are tokens; positions among other rows are numbers.
  private static func resultType(rows: Int?, in model: any ModelAccess) -> ValueType {
    rows == model.tokenCount ? .tokens : .vector(nil)
  }

  private static func result(_ positions: [Int], rows: Int, _ arguments: Arguments) -> Value {
    rows == arguments.evaluator.model.tokenCount
      ? .tokens(positions) : .vector(positions.map(Double.init))
  }

  private static func checkRows(_ types: ArgumentTypes) throws(ShapeFault) {
    try types.require(types.vectorLength("x"), equals: types.matrix("of").columns) {
      "the vector has \(grouped($0)) entries and the rows \(grouped($1))"
    }
  }

  private static func rowCost(_ types: ArgumentTypes) -> Cost {
    let shape = types["by"]?.metric
    let rows = types.costedRows("of")
    return Cost(
      operations: rows * ((shape?.operationsPerRow ?? 0) + (shape?.operationsPerPair ?? 0))
    )
  }

  /// Returns the metric between the vector (as `b`) and each row (as `a`), and whether it is a
  /// distance.
  private static func compare(
    _ arguments: Arguments
  ) throws(Diagnostic)
    -> (values: [Double], isDistance: Bool)
  {
    let evaluator = arguments.evaluator
    let vector = try arguments.vector("x")
    let matrix = try arguments.matrix("of")
    guard vector.count == matrix.columnCount else {
      throw .shapeMismatch(
        "the vector has \(vector.count) entries and the rows \(matrix.columnCount)",
        at: arguments.place
      )
    }
    let plan = try evaluator.plan(try arguments.metric("by"), place: arguments.place)
    return (
      try plan.values(of: matrix, against: vector, evaluator: evaluator), plan.isDistance
    )
  }

  /// Returns the positions of the k largest entries, best first; NaN never ranks.
  private static func best(_ values: [Double], k: Int, except: Set<Int>) -> [Int] {
    let candidates = values.indices.filter { !values[$0].isNaN && !except.contains($0) }
    let ordered = candidates.sorted {
      values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
    }
    return Array(ordered.prefix(k))
  }
}
