import EmbeddingMath
import SourceDiagnostics

extension BuiltInTable {
  static let reductions: [BuiltIn] = [
    reduction(
      "mean",
      "The average; of a matrix, each column's, so mean(W_E) is the mean embedding.",
      example: "norm(mean(W_E))",
      vector: { $0.reduce(0, +) / Double($0.count) },
      matrix: { $0.columnMeans() },
      distribution: { (distribution, _) throws(Diagnostic) in try distribution.mean() },
      mask: { Double($0.count { $0 }) / Double($0.count) }
    ),
    reduction(
      "median",
      "The middle value; of a matrix, each column's.",
      example: "median(row_norms(W_E))",
      vector: { EmbeddingMath.median($0) },
      matrix: { $0.columnMedians() },
      distribution: { (distribution, _) throws(Diagnostic) in try distribution.full().quantile(0.5)
      }
    ),
    reduction(
      "mode",
      "The middle of the fullest of 200 equal bins.",
      example: "mode(similarity_to(mean(W_E), by: cosine))",
      vector: { PairDistribution(values: $0).mode },
      distribution: { (distribution, _) throws(Diagnostic) in try distribution.full().mode }
    ),
    reduction(
      "std",
      "The standard deviation of the population; of a matrix, each column's.",
      example: "std(pairs(cosine(a, b), rows: sample(2000, seed: 0)))",
      vector: { values in
        let mean = values.reduce(0, +) / Double(values.count)
        return
          (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
          .squareRoot()
      },
      matrix: { $0.columnStandardDeviations() },
      distribution: { (distribution, _) throws(Diagnostic) in try distribution.standardDeviation() }
    ),
    reduction(
      "min",
      "The smallest value; of a matrix, each column's.",
      example: "min(row_norms(W_E))",
      vector: { $0.reduce(.infinity) { $1.isNaN || $1 < $0 ? $1 : $0 } },
      matrix: { $0.columnMinima() },
      distribution: { (distribution, _) throws(Diagnostic) in try distribution.full().minimum }
    ),
    reduction(
      "max",
      "The largest value; of a matrix, each column's.",
      example: "max(row_norms(W_E))",
      vector: { $0.reduce(-.infinity) { $1.isNaN || $1 > $0 ? $1 : $0 } },
      matrix: { $0.columnMaxima() },
      distribution: { (distribution, _) throws(Diagnostic) in try distribution.full().maximum }
    ),
    reduction(
      "quantile",
      "The value below which the given share lies, interpolated between neighbours.",
      example: "quantile(row_norms(W_E), 0.95)",
      extra: [.plain("share", .number)],
      vector: { EmbeddingMath.quantile($1, of: $0) },
      matrix: { $0.columnQuantiles($1) },
      distribution: { (distribution, share) throws(Diagnostic) in
        try distribution.full().quantile(share)
      }
    ),
    BuiltIn(
      "sum",
      .reduction,
      "The sum; of a matrix, each column's; of a mask, how many are true.",
      example: "sum(mean(W_E) ^ 2)",
      [
        Overload([.plain("x", .vector)], "number") { (types) throws(ShapeFault) in
          Typed(.number, operations: types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .number(try arguments.vector("x").reduce(0, +))
        },
        Overload([.plain("x", .matrix)], "vector") { (types) throws(ShapeFault) in
          Typed(.vector(types.matrix("x").columns), operations: types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .vector(try arguments.matrix("x").columnSums())
        },
        maskOverload { Double($0.count { $0 }) },
      ]
    ),
    BuiltIn(
      "count",
      .reduction,
      "How many entries, tokens or pairs there are.",
      example: "count(W_E[\" the\"])",
      [
        Overload([.plain("x", .vector)], "number") { (_) throws(ShapeFault) in
          Typed(.number)
        } evaluate: { (arguments) throws(Diagnostic) in
          .number(Double(try arguments.vector("x").count))
        },
        Overload([.plain("x", .tokens)], "number") { (_) throws(ShapeFault) in
          Typed(.number)
        } evaluate: { (arguments) throws(Diagnostic) in
          .number(Double(try arguments.tokens("x")?.count ?? 0))
        },
        Overload([.plain("x", .pairSet)], "number") { (_) throws(ShapeFault) in
          Typed(.number)
        } evaluate: { (arguments) throws(Diagnostic) in
          .number(Double(try arguments.pairSet("x").count))
        },
        maskOverload { Double($0.count { $0 }) },
      ]
    ),
    BuiltIn(
      "share",
      .reduction,
      "The share of a mask that is true, or of a distribution above a value (to within a bin, at "
        + "most 1/2048 for correlations), from 0 to 1.",
      example: "share(has_leading_space)",
      [
        maskOverload { Double($0.count { $0 }) / Double($0.count) },
        Overload([.plain("x", .distribution), .labelled("above", .number)], "number") {
          (types) throws(ShapeFault) in
          var typed = Typed(.number)
          typed.cost += types["x"]?.deferred ?? Cost()
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          let distribution = try arguments.distribution("x").full()
          return .number(distribution.share(above: try arguments.number("above")))
        },
      ]
    ),
  ]

  private static func maskOverload(_ body: @escaping @Sendable ([Bool]) -> Double) -> Overload {
    Overload([.plain("x", .mask)], "number") { (_) throws(ShapeFault) in
      Typed(.number)
    } evaluate: { (arguments) throws(Diagnostic) in
      let mask = try arguments.mask("x")
      guard !mask.isEmpty else { throw .undefined("the mask is empty", at: arguments.place) }
      return .number(body(mask))
    }
  }

  /// A reduction without further arguments.
  private static func reduction(
    _ name: String,
    _ summary: String,
    example: String,
    vector: @escaping @Sendable ([Double]) -> Double,
    matrix: (@Sendable (Matrix) -> [Double])? = nil,
    distribution: @escaping @Sendable (LazyDistribution, Double) throws(Diagnostic) -> Double,
    mask: (@Sendable ([Bool]) -> Double)? = nil
  ) -> BuiltIn {
    var columns: (@Sendable (Matrix, Double) -> [Double])?
    if let matrix { columns = { values, _ in matrix(values) } }
    return reduction(
      name,
      summary,
      example: example,
      extra: [],
      vector: { values, _ in vector(values) },
      matrix: columns,
      distribution: distribution,
      mask: mask
    )
  }

  /// A reduction of a vector, a matrix's columns and a distribution, perhaps with one number.
  private static func reduction(
    _ name: String,
    _ summary: String,
    example: String,
    extra: [Parameter],
    vector: @escaping @Sendable ([Double], Double) -> Double,
    matrix: (@Sendable (Matrix, Double) -> [Double])? = nil,
    distribution: @escaping @Sendable (LazyDistribution, Double) throws(Diagnostic) -> Double,
    mask: (@Sendable ([Bool]) -> Double)? = nil
  ) -> BuiltIn {
    @Sendable func share(_ arguments: Arguments) throws(Diagnostic) -> Double {
      guard !extra.isEmpty else { return 0 }
      let share = try arguments.number("share")
      guard share >= 0, share <= 1 else {
        throw .typeMismatch(
          expected: "a share from 0 to 1",
          found: "\(share)",
          at: arguments.place
        )
      }
      return share
    }
    var overloads = [
      Overload([.plain("x", .vector)] + extra, "number") { (types) throws(ShapeFault) in
        Typed(.number, operations: types.type("x").entryCount * 2)
      } evaluate: { (arguments) throws(Diagnostic) in
        let values = try arguments.vector("x")
        guard !values.isEmpty else {
          throw .undefined("the \(name) of no values is undefined", at: arguments.place)
        }
        return .number(vector(values, try share(arguments)))
      },
      Overload([.plain("x", .distribution)] + extra, "number") { (types) throws(ShapeFault) in
        var typed = Typed(.number)
        let distribution = types["x"]
        if name != "mean" || distribution?.hasClosedMean != true {
          typed.cost += distribution?.deferred ?? Cost()
        }
        return typed
      } evaluate: { (arguments) throws(Diagnostic) in
        .number(try distribution(try arguments.distribution("x"), try share(arguments)))
      },
    ]
    if let matrix {
      overloads.append(
        Overload([.plain("x", .matrix)] + extra, "vector") { (types) throws(ShapeFault) in
          Typed(.vector(types.matrix("x").columns), operations: types.type("x").entryCount * 2)
        } evaluate: { (arguments) throws(Diagnostic) in
          let values = try arguments.matrix("x")
          guard values.rowCount > 0 else {
            throw .undefined("the \(name) of no rows is undefined", at: arguments.place)
          }
          return .vector(matrix(values, try share(arguments)))
        }
      )
    }
    if let mask { overloads.append(maskOverload(mask)) }
    return BuiltIn(name, .reduction, summary, example: example, overloads)
  }
}
