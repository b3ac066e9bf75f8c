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
          var typed = best(of: types.matrix("of").rows, types, operations: 0)
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
          best(of: types.vectorLength("x"), types, operations: 10 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let values = try arguments.vector("x")
          let k = try arguments.integer("k", in: 1...100_000)
          return result(best(values, k: k, except: []), rows: values.count, arguments)
        }
      ]
    ),
  ]

  /// The type of the best `k` of so many rows: positions among all tokens are tokens, positions
  /// among other rows are numbers.
  static func best(of rows: Dimension, _ types: ArgumentTypes, operations: Double) -> Typed {
    let count = Dimension.atMost(min(rows.most, types.whole("k") ?? rows.most))
    guard rows.exact == types.model.tokenCount else {
      return Typed(.vector(count), operations: operations)
    }
    var typed = Typed(.tokens, operations: operations)
    typed.count = count
    return typed
  }

  static func result(_ positions: [Int], rows: Int, _ arguments: Arguments) -> Value {
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
    let rows = Double(types.matrix("of").rows.most)
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
  static func best(_ values: [Double], k: Int, except: Set<Int>) -> [Int] {
    let candidates = values.indices.filter { !values[$0].isNaN && !except.contains($0) }
    let ordered = candidates.sorted {
      values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
    }
    return Array(ordered.prefix(k))
  }
}
