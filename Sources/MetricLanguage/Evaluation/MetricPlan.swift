import EmbeddingMath
import SourceDiagnostics
import Synchronization

/// How a metric is run.
///
/// A metric of the form `similarity(f(a), f(b))` transforms the rows once and then compares them all
/// with a fused kernel. Any other metric is interpreted pair by pair, on a stated sample of rows.
struct MetricPlan: Sendable {
  enum Form: Sendable {
    case fused(Similarity, RowTransform)
    case general(RowFunction)
  }

  /// How many rows a metric that is interpreted pair by pair is sampled on.
  static let sampledRows = 600

  let form: Form

  var isDistance: Bool {
    if case .fused(let similarity, _) = form { return similarity.isDistance }
    return false
  }

  /// Returns the metric's value on each given pair of rows of a matrix.
  func values(
    pairs: PairSet,
    in matrix: Matrix,
    evaluator: Evaluator
  ) throws(Diagnostic)
    -> [Double]
  {
    guard pairs.left.allSatisfy(matrix.hasRow), pairs.right.allSatisfy(matrix.hasRow) else {
      throw .pairBeyondRows(matrix.rowCount)
    }
    let isWhole = matrix.rowCount == evaluator.model.tokenCount
    switch form {
    case .fused(let similarity, let transform):
      // A row is transformed once, however many pairs it is in.
      let rows = Array(Set(pairs.left).union(pairs.right)).sorted()
      var places: [Int: Int] = [:]
      for (place, row) in rows.enumerated() { places[row] = place }
      func transformed() throws(Diagnostic) -> Matrix {
        try transform.apply(
          to: matrix.selectingRows(rows),
          tokens: isWhole ? rows : nil,
          evaluator: evaluator
        )
      }
      let embedding = try evaluator.embedding(at: transform.place)
      let isKept = transform.bindings.isEmpty && matrix.sharesStorage(with: embedding)
      return evaluator.engine.similarities(
        of: isKept
          ? try evaluator.transformedRows(rows, by: transform.expression, transformed)
          : ComparableRows(try transformed()),
        left: pairs.left.compactMap { places[$0] },
        right: pairs.right.compactMap { places[$0] },
        by: similarity
      )
    case .general(let function):
      let failure = Mutex<Diagnostic?>(nil)
      let column = Matrix.buildingRowsConcurrently(rowCount: pairs.count, columnCount: 2) {
        index,
        values in
        let left = pairs.left[index]
        let right = pairs.right[index]
        do throws(Diagnostic) {
          let value = try function.number(
            a: Row(values: matrix.row(left), token: isWhole ? left : nil),
            b: Row(values: matrix.row(right), token: isWhole ? right : nil)
          )
          // A double's two halves travel as the bits of two floats, unchanged.
          values[0] = Float(bitPattern: UInt32(truncatingIfNeeded: value.bitPattern >> 32))
          values[1] = Float(bitPattern: UInt32(truncatingIfNeeded: value.bitPattern))
        } catch {
          values[0] = .nan
          values[1] = 0
          failure.withLock { $0 = $0 ?? error }
        }
      }
      if let failure = failure.withLock({ $0 }) { throw failure }
      return (0..<pairs.count).map { index in
        Double(
          bitPattern: UInt64(column[index, 0].bitPattern) << 32
            | UInt64(column[index, 1].bitPattern)
        )
      }
    }
  }

  /// Returns ``values(pairs:in:evaluator:)`` with distances negated, so that more is more alike.
  func likeness(
    pairs: PairSet,
    in matrix: Matrix,
    evaluator: Evaluator
  ) throws(Diagnostic)
    -> [Double]
  {
    let values = try values(pairs: pairs, in: matrix, evaluator: evaluator)
    return isDistance ? values.map { -$0 } : values
  }

  /// Returns the metric between each row, as `a`, and one vector, as `b`.
  func values(
    of matrix: Matrix,
    against vector: [Double],
    evaluator: Evaluator
  )
    throws(Diagnostic) -> [Double]
  {
    if case .fused(let similarity, let transform) = form, !transform.needsTokens {
      let rows = try transform.apply(to: matrix, tokens: nil, evaluator: evaluator)
      let query = try transform.apply(to: vector, evaluator: evaluator)
      guard query.count == rows.columnCount else {
        throw .unevenRows(rows.columnCount, query.count, at: transform.place)
      }
      return evaluator.engine.similarity(to: query, of: rows, by: similarity)
    }
    guard case .general(let function) = form else {
      throw .noTokenForClass(at: SourcePlace(file: Formula.file))
    }
    var values: [Double] = []
    values.reserveCapacity(matrix.rowCount)
    for row in 0..<matrix.rowCount {
      values.append(
        try function.number(
          a: Row(
            values: matrix.row(row),
            token: matrix.rowCount == evaluator.model.tokenCount ? row : nil
          ),
          b: Row(values: vector, token: nil)
        )
      )
    }
    return values
  }
}

/// A row a metric is evaluated on, with the token it stands for where that is known.
struct Row: Sendable {
  let values: [Double]
  let token: Int?
}

/// What is done to each row before rows are compared: an expression of `a`.
struct RowTransform: Sendable {
  let expression: Expression
  let bindings: [String: Value]
  let place: SourcePlace

  var isIdentity: Bool { expression.kind == .name("a") }

  /// Whether the transform depends on which token a row is, not only on its values.
  var needsTokens: Bool { expression.calls("class_mean") }

  /// Returns the transform of every row.
  ///
  /// - Parameters:
  ///   - matrix: The rows.
  ///   - tokens: The token of each row; `nil` for a whole embedding matrix, where row number and
  ///     token are the same, and for rows that stand for no token.
  ///   - evaluator: What computes the parts that depend on no row.
  /// - Returns: A matrix of as many rows, in the same order.
  /// - Throws: Why a row cannot be transformed.
  /// - Complexity: One pass over the matrix for each operation where the expression can be applied
  ///   to all rows at once; otherwise it is interpreted row by row, on all cores.
  func apply(
    to matrix: Matrix,
    tokens: [Int]?,
    evaluator: Evaluator
  ) throws(Diagnostic)
    -> Matrix
  {
    if isIdentity { return matrix }
    let isWhole = matrix.rowCount == evaluator.model.tokenCount
    let tokens = tokens ?? (isWhole ? Array(0..<matrix.rowCount) : nil)
    if tokens != nil || !needsTokens,
      let lifted = try lift(expression, over: matrix, tokens: tokens, evaluator: evaluator)
    {
      return lifted
    }
    let function = try RowFunction(expression, bindings: bindings, evaluator: evaluator)
    guard matrix.rowCount > 0 else { return matrix }
    let width = try function.vector(a: row(0, of: matrix, tokens: tokens)).count
    let failure = Mutex<Diagnostic?>(nil)
    let result = Matrix.buildingRowsConcurrently(rowCount: matrix.rowCount, columnCount: width) {
      index,
      values in
      do throws(Diagnostic) {
        let transformed = try function.vector(a: row(index, of: matrix, tokens: tokens))
        guard transformed.count == width else {
          throw .unevenRows(width, transformed.count, at: place)
        }
        for column in 0..<width { values[column] = Float(transformed[column]) }
      } catch {
        for column in 0..<width { values[column] = .nan }
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return result
  }

  /// Returns the transform of one vector that stands for no token.
  func apply(to vector: [Double], evaluator: Evaluator) throws(Diagnostic) -> [Double] {
    if isIdentity { return vector }
    let function = try RowFunction(expression, bindings: bindings, evaluator: evaluator)
    return try function.vector(a: Row(values: vector, token: nil))
  }

  private func row(_ index: Int, of matrix: Matrix, tokens: [Int]?) -> Row {
    Row(values: matrix.row(index), token: tokens.map { $0[index] })
  }

  /// Returns the expression with the matrix's rows for `a`, all at once; `nil` where some operation
  /// gives something else for a matrix than it gives row by row.
  private func lift(
    _ expression: Expression,
    over matrix: Matrix,
    tokens: [Int]?,
    evaluator: Evaluator
  )
    throws(Diagnostic) -> Matrix?
  {
    let scope = Scope(bindings: bindings)
    func side(_ expression: Expression) throws(Diagnostic) -> Value? {
      guard expression.usesRows else { return try evaluator.evaluate(expression, in: scope) }
      return try lift(expression, over: matrix, tokens: tokens, evaluator: evaluator)
        .map { .matrix($0) }
    }
    switch expression.kind {
    case .name("a"): return matrix
    case .unary(.negate, let operand):
      return try lift(operand, over: matrix, tokens: tokens, evaluator: evaluator)?
        .scaled(by: -1)
    case .binary(let symbol, let left, let right):
      guard !symbol.isComparison, !symbol.isLogical,
        // A product with rows on its right, or on both sides, is not row by row.
        symbol != .product || !right.usesRows,
        let left = try side(left), let right = try side(right)
      else { return nil }
      guard case .matrix(let result)? = try? Operators.apply(symbol, left, right, at: place) else {
        return nil
      }
      return result
    case .call("class_mean", let arguments):
      guard let tokens, tokens.count == matrix.rowCount, arguments.map(\.value.kind) == [.name("a")]
      else { return nil }
      return try evaluator.classMeans(ofTokens: tokens, at: place)
    case .call(let name, let arguments):
      guard let builtIn = BuiltInTable.named(name), let first = arguments.first,
        let overload = builtIn.overloads.first(where: \.isRowwise), first.label == nil,
        arguments.dropFirst().allSatisfy({ !$0.value.usesRows && $0.label == nil }),
        arguments.count <= overload.parameters.count,
        let lifted = try lift(first.value, over: matrix, tokens: tokens, evaluator: evaluator)
      else { return nil }
      var values: [String: Value] = [overload.parameters[0].name: .matrix(lifted)]
      for (parameter, argument) in zip(overload.parameters, arguments).dropFirst() {
        values[parameter.name] = try evaluator.evaluate(argument.value, in: scope)
      }
      let result = try overload.evaluate(
        Arguments(values: values, evaluator: evaluator, place: place)
      )
      guard case .matrix(let matrix) = result else { return nil }
      return matrix
    default: return nil
    }
  }
}

/// An expression of `a`, or of `a` and `b`, with everything that depends on neither computed once.
struct RowFunction: Sendable {
  private let expression: Expression
  private let bindings: [String: Value]
  private let evaluator: Evaluator

  init(
    _ expression: Expression,
    bindings: [String: Value],
    evaluator: Evaluator
  )
    throws(Diagnostic)
  {
    var folding = Folding(bindings: bindings, evaluator: evaluator)
    self.expression = try folding.fold(expression, rows: ["a", "b"])
    self.bindings = folding.bindings
    self.evaluator = evaluator
  }

  func number(a: Row, b: Row) throws(Diagnostic) -> Double {
    guard case .number(let value) = try evaluate(a: a, b: b) else {
      throw Diagnostic(
        "type",
        "a metric gives one number for two rows, and this gives another kind"
      )
    }
    return value
  }

  func vector(a: Row) throws(Diagnostic) -> [Double] {
    guard case .vector(let value) = try evaluate(a: a, b: nil) else {
      throw Diagnostic("type", "a row's transform gives a vector, and this gives another kind")
    }
    return value
  }

  private func evaluate(a: Row, b: Row?) throws(Diagnostic) -> Value {
    try evaluator.evaluate(expression, in: Scope(bindings: bindings, a: a, b: b))
  }

  /// Replaces every part that does not depend on the rows by its value.
  private struct Folding {
    var bindings: [String: Value]
    let evaluator: Evaluator
    /// How many parts were replaced so far; numbers their names, which no formula can write.
    private var constants = 0

    init(bindings: [String: Value], evaluator: Evaluator) {
      self.bindings = bindings
      self.evaluator = evaluator
    }

    mutating func fold(
      _ expression: Expression,
      rows: Set<String>
    ) throws(Diagnostic)
      -> Expression
    {
      if !expression.usesAny(of: rows) {
        if case .number = expression.kind { return expression }
        if case .text = expression.kind { return expression }
        constants += 1
        let name = "%\(constants)"
        bindings[name] = try evaluator.evaluate(expression, in: Scope(bindings: bindings))
        return Expression(.name(name), expression.range)
      }
      let kind: Expression.Kind
      switch expression.kind {
      case .number, .text, .name: return expression
      case .list(let elements):
        var folded: [Expression] = []
        for element in elements { folded.append(try fold(element, rows: rows)) }
        kind = .list(folded)
      case .call(let name, let arguments):
        var folded: [Expression.Argument] = []
        for argument in arguments {
          folded.append(.init(label: argument.label, value: try fold(argument.value, rows: rows)))
        }
        kind = .call(name: name, arguments: folded)
      case .unary(let symbol, let operand): kind = .unary(symbol, try fold(operand, rows: rows))
      case .binary(let symbol, let left, let right):
        kind = .binary(symbol, try fold(left, rows: rows), try fold(right, rows: rows))
      case .index(let base, let index):
        kind = .index(try fold(base, rows: rows), try fold(index, rows: rows))
      case .member(let base, let member): kind = .member(try fold(base, rows: rows), member)
      case .binding(let name, let value, let body):
        if value.usesAny(of: rows) {
          kind = .binding(
            name: name,
            value: try fold(value, rows: rows),
            body: try fold(body, rows: rows.union([name]))
          )
        } else {
          let outer = bindings[name]
          bindings[name] = try evaluator.evaluate(value, in: Scope(bindings: bindings))
          let folded = try fold(body, rows: rows.subtracting([name]))
          bindings[name] = outer
          return folded
        }
      }
      return Expression(kind, expression.range)
    }
  }
}

extension Matrix {
  fileprivate func hasRow(_ index: Int) -> Bool { index >= 0 && index < rowCount }
}
