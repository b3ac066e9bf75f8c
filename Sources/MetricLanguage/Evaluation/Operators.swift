import EmbeddingMath
import Foundation
import SourceDiagnostics

/// What the operators mean, for types and for values.
///
/// A number goes with anything, entry by entry; vectors go with vectors of the same length; a vector
/// goes with a matrix column by column, so `W_E - mean(W_E)` subtracts it from every row; matrices
/// go with matrices of the same shape. `@` is the inner or matrix product.
enum Operators {
  static func check(
    _ symbol: BinaryOperator,
    _ left: ValueType,
    _ right: ValueType
  )
    throws(ShapeFault) -> Typed
  {
    if symbol == .product { return try checkProduct(left, right) }
    if symbol.isLogical { return try checkLogical(symbol, left, right) }
    let shape = try broadcast(symbol, left, right)
    guard symbol.isComparison else {
      return Typed(shape, operations: shape.entryCount)
    }
    switch shape {
    case .number: return Typed(.truth)
    case .vector(let count): return Typed(.mask(count), operations: shape.entryCount)
    default: throw ShapeFault("'\(symbol.rawValue)' compares numbers and vectors, not a \(shape)")
    }
  }

  private static func broadcast(
    _ symbol: BinaryOperator,
    _ left: ValueType,
    _ right: ValueType
  )
    throws(ShapeFault) -> ValueType
  {
    switch (left, right) {
    case (.number, .number): return .number
    case (.number, .vector), (.number, .matrix): return right
    case (.vector, .number), (.matrix, .number): return left
    case (.vector(let first), .vector(let second)):
      guard !first.differs(from: second) else {
        throw ShapeFault(
          "'\(symbol.rawValue)' needs equal lengths, and these are \(left) and \(right)"
        )
      }
      return .vector(first.agreeing(with: second))
    case (.matrix(let rows, let columns), .vector(let count)),
      (.vector(let count), .matrix(let rows, let columns)):
      guard !columns.differs(from: count) else {
        throw ShapeFault(
          "'\(symbol.rawValue)' needs one entry for each column, and these are \(left) and \(right)",
          help: rows.exact == count.exact && rows.exact != nil
            ? "the vector has one entry for each row; per row there are unit(M) and centre_rows(M)"
            : nil
        )
      }
      return .matrix(rows: rows, columns: columns.agreeing(with: count))
    case (.matrix(let rows, let columns), .matrix(let otherRows, let otherColumns)):
      guard !rows.differs(from: otherRows), !columns.differs(from: otherColumns) else {
        throw ShapeFault(
          "'\(symbol.rawValue)' needs equal shapes, and these are \(left) and \(right)"
        )
      }
      return .matrix(
        rows: rows.agreeing(with: otherRows),
        columns: columns.agreeing(with: otherColumns)
      )
    default:
      throw ShapeFault("'\(symbol.rawValue)' does not go with a \(left) and a \(right)")
    }
  }

  private static func checkProduct(
    _ left: ValueType,
    _ right: ValueType
  ) throws(ShapeFault)
    -> Typed
  {
    func inner(_ first: Dimension, _ second: Dimension) throws(ShapeFault) -> Double {
      guard !first.differs(from: second) else {
        throw ShapeFault("'@' needs matching inner sizes, and these are \(left) and \(right)")
      }
      return Double(first.agreeing(with: second).most)
    }
    switch (left, right) {
    case (.vector(let first), .vector(let second)):
      return Typed(.number, operations: 2 * (try inner(first, second)))
    case (.matrix(let rows, let columns), .vector(let count)):
      let size = try inner(columns, count)
      return Typed(.vector(rows), operations: 2 * Double(rows.most) * size)
    case (.vector(let count), .matrix(let rows, let columns)):
      let size = try inner(count, rows)
      return Typed(.vector(columns), operations: 2 * Double(columns.most) * size)
    case (.matrix(let rows, let columns), .matrix(let otherRows, let otherColumns)):
      let size = try inner(columns, otherRows)
      return Typed(
        .matrix(rows: rows, columns: otherColumns),
        operations: 2 * Double(rows.most) * size * Double(otherColumns.most)
      )
    default:
      throw ShapeFault("'@' multiplies vectors and matrices, not a \(left) and a \(right)")
    }
  }

  private static func checkLogical(
    _ symbol: BinaryOperator,
    _ left: ValueType,
    _ right: ValueType
  ) throws(ShapeFault) -> Typed {
    switch (left, right) {
    case (.truth, .truth): return Typed(.truth)
    case (.mask(let first), .mask(let second)):
      guard !first.differs(from: second) else {
        throw ShapeFault(
          "'\(symbol.rawValue)' needs equal lengths, and these are \(left) and \(right)"
        )
      }
      return Typed(.mask(first.agreeing(with: second)))
    default:
      throw ShapeFault("'\(symbol.rawValue)' joins truths or masks, not a \(left) and a \(right)")
    }
  }

  static func apply(
    _ symbol: BinaryOperator,
    _ left: Value,
    _ right: Value,
    at place: SourcePlace
  )
    throws(Diagnostic) -> Value
  {
    func mismatch() -> Diagnostic {
      .shapeMismatch(
        "'\(symbol.rawValue)' does not go with these: a \(left.kind.rawValue) and a "
          + "\(right.kind.rawValue), or their sizes differ",
        at: place
      )
    }
    if symbol == .product {
      switch (left, right) {
      case (.vector(let x), .vector(let y)) where x.count == y.count:
        return .number(BuiltInTable.inner(x, y))
      case (.matrix(let m), .vector(let x)) where m.columnCount == x.count:
        return .vector(m.multiplied(by: x))
      case (.vector(let x), .matrix(let m)) where m.rowCount == x.count:
        return .vector(m.transposed().multiplied(by: x))
      case (.matrix(let m), .matrix(let n)) where m.columnCount == n.rowCount:
        return .matrix(m.multiplied(by: n))
      default: throw mismatch()
      }
    }
    if symbol.isLogical {
      let join: (Bool, Bool) -> Bool = symbol == .and ? { $0 && $1 } : { $0 || $1 }
      switch (left, right) {
      case (.truth(let x), .truth(let y)): return .truth(join(x, y))
      case (.mask(let x), .mask(let y)) where x.count == y.count:
        return .mask(zip(x, y).map(join))
      default: throw mismatch()
      }
    }
    if let compare = comparison(symbol) {
      switch (left, right) {
      case (.number(let x), .number(let y)): return .truth(compare(x, y))
      case (.vector(let x), .number(let y)): return .mask(x.map { compare($0, y) })
      case (.number(let x), .vector(let y)): return .mask(y.map { compare(x, $0) })
      case (.vector(let x), .vector(let y)) where x.count == y.count:
        return .mask(zip(x, y).map { compare($0, $1) })
      default: throw mismatch()
      }
    }
    guard let combine = arithmetic(symbol) else { throw mismatch() }
    switch (left, right) {
    case (.number(let x), .number(let y)): return .number(combine(x, y))
    case (.vector(let x), .number(let y)): return .vector(x.map { combine($0, y) })
    case (.number(let x), .vector(let y)): return .vector(y.map { combine(x, $0) })
    case (.vector(let x), .vector(let y)) where x.count == y.count:
      return .vector(zip(x, y).map { combine($0, $1) })
    case (.matrix(let m), .number(let y)): return .matrix(m.mapValues { combine($0, y) })
    case (.number(let x), .matrix(let m)): return .matrix(m.mapValues { combine(x, $0) })
    case (.matrix(let m), .vector(let y)) where m.columnCount == y.count:
      switch symbol {
      case .add: return .matrix(m.addingToRows(y))
      case .subtract: return .matrix(m.subtractingFromRows(y))
      case .multiply: return .matrix(m.scalingColumns(by: y))
      default: return .matrix(columnwise(m) { combine($0, y[$1]) })
      }
    case (.vector(let x), .matrix(let m)) where m.columnCount == x.count:
      switch symbol {
      case .add: return .matrix(m.addingToRows(x))
      case .multiply: return .matrix(m.scalingColumns(by: x))
      default: return .matrix(columnwise(m) { combine(x[$1], $0) })
      }
    case (.matrix(let m), .matrix(let n))
    where m.rowCount == n.rowCount && m.columnCount == n.columnCount:
      return .matrix(Matrix.combining(m, n, combine))
    default: throw mismatch()
    }
  }

  private static func columnwise(
    _ matrix: Matrix,
    _ body: @escaping @Sendable (Double, Int) -> Double
  ) -> Matrix {
    Matrix.buildingRowsConcurrently(rowCount: matrix.rowCount, columnCount: matrix.columnCount) {
      row,
      values in
      matrix.withRow(row) { source in
        for column in 0..<source.count {
          values[column] = Float(body(Double(source[column]), column))
        }
      }
    }
  }

  /// The arithmetic an operator stands for; `nil` for the others.
  static func arithmetic(
    _ symbol: BinaryOperator
  )
    -> (@Sendable (Double, Double) -> Double)?
  {
    switch symbol {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide: { $0 / $1 }
    case .power: { Foundation.pow($0, $1) }
    default: nil
    }
  }

  private static func comparison(_ symbol: BinaryOperator) -> ((Double, Double) -> Bool)? {
    switch symbol {
    case .less: { $0 < $1 }
    case .lessOrEqual: { $0 <= $1 }
    case .greater: { $0 > $1 }
    case .greaterOrEqual: { $0 >= $1 }
    case .equal: { $0 == $1 }
    case .notEqual: { $0 != $1 }
    default: nil
    }
  }
}
