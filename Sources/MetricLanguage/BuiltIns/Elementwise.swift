import EmbeddingMath
import Foundation
import SourceDiagnostics

extension BuiltInTable {
  static let elementwise: [BuiltIn] = [
    each("abs", "The absolute value.", example: "mean(abs(mean(W_E)))") { abs($0) },
    each("sqrt", "The square root; NaN below 0.", example: "sqrt(2)") { $0.squareRoot() },
    each("log", "The natural logarithm; NaN below 0.", example: "log(row_norms(W_E))[0]") {
      Foundation.log($0)
    },
    each("exp", "The exponential.", example: "exp(1)") { Foundation.exp($0) },
    rowwise(
      "rank",
      .elementwise,
      "Ranks from 1, ties averaged; of a matrix, within each row.",
      example: "rank(mean(W_E))[0]",
      vector: { averageRanks($0) },
      matrix: { $0.rankedRows() }
    ),
    rowwise(
      "sort",
      .elementwise,
      "The entries from the smallest to the largest, NaN last; of a matrix, within each row.",
      example: "correlation(sort(W_E[0]), sort(W_E[1]))",
      vector: { $0.sorted(by: precedes) },
      matrix: { $0.sortedRows() }
    ),
    BuiltIn(
      "indicator",
      .elementwise,
      "1 where the mask is true and 0 elsewhere.",
      example: "correlation(row_norms(W_E), indicator(has_leading_space))",
      [
        Overload([.plain("x", .mask)], "vector") { (types) throws(ShapeFault) in
          Typed(.vector(types.vectorLength("x")))
        } evaluate: { (arguments) throws(Diagnostic) in
          .vector(try arguments.mask("x").map { $0 ? 1 : 0 })
        }
      ]
    ),
    BuiltIn(
      "softmax",
      .elementwise,
      "Exponentials scaled to sum 1.",
      example: "max(softmax(mean(W_E)))",
      [
        Overload([.plain("x", .vector)], "vector") { (types) throws(ShapeFault) in
          Typed(types.type("x"), operations: 10 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let values = try arguments.vector("x")
          let top = values.max() ?? 0
          let powers = values.map { Foundation.exp($0 - top) }
          let sum = powers.reduce(0, +)
          return .vector(powers.map { $0 / sum })
        }
      ]
    ),
    BuiltIn(
      "diff",
      .elementwise,
      "Each entry, or row, minus the one before; one fewer than there were.",
      example: "argmax(row_norms(diff(W_E[sample(100, seed: 0)])))",
      [
        Overload([.plain("x", .vector)], "vector") { (types) throws(ShapeFault) in
          Typed(.vector(types.vectorLength("x").oneFewer))
        } evaluate: { (arguments) throws(Diagnostic) in
          let values = try arguments.vector("x")
          return .vector(zip(values.dropFirst(), values).map { $0 - $1 })
        },
        Overload([.plain("x", .matrix)], "matrix") { (types) throws(ShapeFault) in
          let matrix = types.matrix("x")
          return Typed(
            .matrix(rows: matrix.rows.oneFewer, columns: matrix.columns),
            operations: types.type("x").entryCount
          )
        } evaluate: { (arguments) throws(Diagnostic) in
          let matrix = try arguments.matrix("x")
          let rows = max(0, matrix.rowCount - 1)
          let later = matrix.selectingRows(Array(1..<rows + 1))
          let earlier = matrix.selectingRows(Array(0..<rows))
          return .matrix(Matrix.combining(later, earlier) { $0 - $1 })
        },
      ]
    ),
  ]

  /// A function of one number that is applied to every entry.
  private static func each(
    _ name: String,
    _ summary: String,
    example: String,
    _ body: @escaping @Sendable (Double) -> Double
  ) -> BuiltIn {
    BuiltIn(
      name,
      .elementwise,
      summary,
      example: example,
      [
        Overload([.plain("x", .number)], "number") { (_) throws(ShapeFault) in
          Typed(.number, operations: 1)
        } evaluate: { (arguments) throws(Diagnostic) in
          .number(body(try arguments.number("x")))
        },
        Overload([.plain("x", .vector)], "vector") { (types) throws(ShapeFault) in
          Typed(types.type("x"), operations: 4 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .vector(try arguments.vector("x").map(body))
        },
        Overload([.plain("x", .matrix)], "matrix", isRowwise: true) {
          (types) throws(ShapeFault) in
          Typed(types.type("x"), operations: 4 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .matrix(try arguments.matrix("x").mapValues(body))
        },
      ]
    )
  }
}
