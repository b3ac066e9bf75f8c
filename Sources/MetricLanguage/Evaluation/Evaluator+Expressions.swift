import EmbeddingMath
import SourceDiagnostics

extension Evaluator {
  /// Evaluates an expression that the checker has passed.
  func evaluate(_ expression: Expression, in scope: Scope) throws(Diagnostic) -> Value {
    let place = SourceDiagnostics.SourcePlace(expression.range, in: scope.source)
    switch expression.kind {
    case .number(let value): return .number(value)
    case .text(let value): return .text(value)
    case .name(let name): return try value(of: name, in: scope, place)
    case .list(let elements): return try list(elements, in: scope, place)
    case .call(let name, let arguments):
      return try call(name, arguments, of: expression, in: scope, place)
    case .unary(let symbol, let operand):
      return try negated(symbol, try evaluate(operand, in: scope), place)
    case .binary(let symbol, let left, let right):
      return try Operators.apply(
        symbol,
        try evaluate(left, in: scope),
        try evaluate(right, in: scope),
        at: place
      )
    case .index(let base, let index): return try indexed(base, index, in: scope, place)
    case .member(let base, let member):
      return try self.member(member, of: try evaluate(base, in: scope), place)
    case .binding(let name, let value, let body):
      return try bound(name, value, body, of: expression, in: scope)
    }
  }

  @inline(never)
  private func bound(
    _ name: String,
    _ value: Expression,
    _ body: Expression,
    of expression: Expression,
    in scope: Scope
  ) throws(Diagnostic) -> Value {
    let isClosed = scope.isClosed(expression)
    if isClosed, let known = cached(expression) { return known }
    let notesBefore = noteCount
    var inner = scope
    if scope.a == nil, value.usesRows {
      inner.bindings[name] = .metric(Metric(value, bindings: scope.bindings))
    } else {
      inner.bindings[name] = try evaluate(value, in: scope)
    }
    let result = try evaluate(body, in: inner)
    if isClosed { cache(result, for: expression, notesFrom: notesBefore) }
    return result
  }

  private func value(
    of name: String,
    in scope: Scope,
    _ place: SourcePlace
  ) throws(Diagnostic)
    -> Value
  {
    if let bound = scope.bindings[name] { return bound }
    if name == "a", let row = scope.a { return .vector(row.values) }
    if name == "b", let row = scope.b { return .vector(row.values) }
    switch name {
    case "true": return .truth(true)
    case "false": return .truth(false)
    case "metric":
      guard let learnersMetric else { throw .noLearnersMetric(at: place) }
      return .metric(learnersMetric)
    default: break
    }
    if let similarity = Similarity(rawValue: name) { return .metric(Metric(similarity)) }
    if let shape = model.shape(of: name) {
      let matrix = try tensor(name, at: place)
      return shape.count == 1 ? .vector(matrix.row(0)) : .matrix(matrix)
    }
    guard let builtIn = BuiltInTable.named(name), let overload = builtIn.overloads.first else {
      throw .unknownName(name, among: BuiltInTable.names, at: place)
    }
    let key = Expression(.name(name), 0..<0)
    if let known = cached(key) { return known }
    let value = try overload.evaluate(Arguments(values: [:], evaluator: self, place: place))
    cache(value, for: key, notesFrom: noteCount)
    return value
  }

  private func list(
    _ elements: [Expression],
    in scope: Scope,
    _ place: SourcePlace
  )
    throws(Diagnostic) -> Value
  {
    var numbers: [Double] = []
    var tokens: [Int] = []
    for element in elements {
      switch try evaluate(element, in: scope) {
      case .number(let number): numbers.append(number)
      case .text(let text): tokens.append(try token(text, at: place))
      default: throw .typeMismatch(expected: "numbers or texts", found: "others", at: place)
      }
    }
    return tokens.isEmpty ? .vector(numbers) : .tokens(tokens)
  }

  private func negated(
    _ symbol: UnaryOperator,
    _ value: Value,
    _ place: SourcePlace
  )
    throws(Diagnostic) -> Value
  {
    switch (symbol, value) {
    case (.negate, .number(let number)): return .number(-number)
    case (.negate, .vector(let vector)): return .vector(vector.map { -$0 })
    case (.negate, .matrix(let matrix)): return .matrix(matrix.scaled(by: -1))
    case (.not, .truth(let truth)): return .truth(!truth)
    case (.not, .mask(let mask)): return .mask(mask.map { !$0 })
    default:
      throw .typeMismatch(
        expected: "a value that '\(symbol.rawValue)' goes with",
        found: value.kind.rawValue,
        at: place
      )
    }
  }

  // MARK: Calls

  private func call(
    _ name: String,
    _ arguments: [Expression.Argument],
    of expression: Expression,
    in scope: Scope,
    _ place: SourcePlace
  ) throws(Diagnostic) -> Value {
    guard let builtIn = BuiltInTable.named(name) else {
      throw .unknownFunction(name, among: BuiltInTable.names, at: place)
    }
    // What depends on the model alone is computed once.
    let isClosed = scope.isClosed(expression)
    if isClosed, let known = cached(expression) { return known }
    let notesBefore = noteCount
    if scope.a == nil, arguments.count == 1, arguments[0].label == nil,
      let (left, right) = arguments[0].value.fusableProduct(in: name),
      case .matrix(let first) = try evaluate(left, in: scope),
      case .matrix(let second) = try evaluate(right, in: scope),
      first.columnCount == second.rowCount, first.rowCount > 0,
      let reduced = ProductReduction.reduce(name, first, second)
    {
      let value = Value.vector(reduced)
      if isClosed { cache(value, for: expression, notesFrom: notesBefore) }
      return value
    }
    var values: [Value] = []
    for (position, argument) in arguments.enumerated() {
      if builtIn.takesMetric(at: position, label: argument.label) {
        values.append(try metric(argument.value, in: scope))
      } else {
        values.append(try evaluate(argument.value, in: scope))
      }
    }
    let match: CallMatch
    do throws(CallMismatch) {
      match = try CallMatch.resolve(
        builtIn,
        labels: arguments.map(\.label),
        kinds: values.map(\.kind)
      )
    } catch {
      throw .wrongArguments(builtIn, error.message, at: place)
    }
    var named: [String: Value] = [:]
    for (position, parameter) in match.assignment {
      if parameter.kind == .tokens, case .text(let text) = values[position] {
        named[parameter.name] = .tokens([try token(text, at: place)])
      } else {
        named[parameter.name] = values[position]
      }
    }
    var bundle = Arguments(values: named, evaluator: self, place: place)
    if case .name(let row)? = arguments.first?.value.kind {
      bundle.token = row == "a" ? scope.a?.token : row == "b" ? scope.b?.token : nil
    }
    do throws(Diagnostic) {
      let value = try match.overload.evaluate(bundle)
      if isClosed { cache(value, for: expression, notesFrom: notesBefore) }
      return value
    } catch {
      throw error.place == nil ? error.at(place) : error
    }
  }

  private func metric(_ expression: Expression, in scope: Scope) throws(Diagnostic) -> Value {
    if case .name(let name) = expression.kind {
      if let bound = scope.bindings[name] { return bound }
      if name == "metric" || Similarity(rawValue: name) != nil {
        return try evaluate(expression, in: scope)
      }
    }
    return .metric(Metric(expression, bindings: scope.bindings))
  }

  // MARK: Indexing

  private func indexed(
    _ expression: Expression,
    _ index: Expression,
    in scope: Scope,
    _ place: SourcePlace
  ) throws(Diagnostic) -> Value {
    if case .name(let name) = expression.kind, scope.bindings[name] == nil,
      model.shape(of: name) == nil, let tensorName = index.layerName(of: name),
      let shape = model.shape(of: tensorName)
    {
      let matrix = try tensor(tensorName, at: place)
      return shape.count == 1 ? .vector(matrix.row(0)) : .matrix(matrix)
    }
    let position = try evaluate(index, in: scope)
    let place = SourcePlace(index.range, in: scope.source)
    let base: Value
    if case .member(let inner, let part) = expression.kind {
      if case .number(let number) = position, part != "s" {
        if let direction = try direction(number, part, of: expression, inner, in: scope, place) {
          return direction
        }
      }
      base = try member(part, of: try evaluate(inner, in: scope), place)
    } else {
      base = try evaluate(expression, in: scope)
    }
    switch (base, position) {
    case (.matrix(let matrix), .number(let number)):
      return .vector(matrix.row(try row(number, of: matrix.rowCount, place)))
    case (.matrix(let matrix), .text(let text)):
      let token = try token(text, at: place)
      return .vector(matrix.row(try row(Double(token), of: matrix.rowCount, place)))
    case (.matrix(let matrix), .mask(let mask)):
      guard mask.count == matrix.rowCount else {
        throw .shapeMismatch(
          "the mask has \(mask.count) entries and there are \(matrix.rowCount) rows",
          at: place
        )
      }
      let rows = mask.indices.filter { mask[$0] }
      noteChoice(rows.count, of: matrix)
      return .matrix(matrix.selectingRows(rows))
    case (.matrix(let matrix), .tokens(let tokens)):
      for token in tokens { _ = try row(Double(token), of: matrix.rowCount, place) }
      noteChoice(tokens.count, of: matrix)
      return .matrix(matrix.selectingRows(tokens))
    case (.vector(let vector), .number(let number)):
      return .number(vector[try row(number, of: vector.count, place)])
    case (.vector(let vector), .text(let text)):
      return .number(vector[try row(Double(try token(text, at: place)), of: vector.count, place)])
    case (.vector(let vector), .mask(let mask)) where mask.count == vector.count:
      return .vector(zip(vector, mask).filter(\.1).map(\.0))
    case (.vector(let vector), .tokens(let tokens)):
      var selected: [Double] = []
      for token in tokens {
        selected.append(vector[try row(Double(token), of: vector.count, place)])
      }
      return .vector(selected)
    case (.mask(let values), .tokens(let tokens)):
      var selected: [Bool] = []
      for token in tokens {
        selected.append(values[try row(Double(token), of: values.count, place)])
      }
      return .mask(selected)
    case (.mask(let values), .mask(let mask)) where mask.count == values.count:
      return .mask(zip(values, mask).filter(\.1).map(\.0))
    case (.tokens(let tokens), .number(let number)):
      return .number(Double(tokens[try row(number, of: tokens.count, place)]))
    default:
      throw .shapeMismatch("the index does not fit what it selects from", at: place)
    }
  }

  /// How many leading directions are kept of a decomposition that depends on the model alone; the
  /// decomposition itself holds its matrix and is mostly too large to keep.
  private static let keptDirections = 8

  /// Returns one vector of a decomposition, `expression` being `inner.part`.
  ///
  /// - Returns: The vector, or `nil` if `inner` is no decomposition.
  @inline(never)
  private func direction(
    _ number: Double,
    _ part: String,
    of expression: Expression,
    _ inner: Expression,
    in scope: Scope,
    _ place: SourcePlace
  ) throws(Diagnostic) -> Value? {
    func key(_ number: Double) -> Expression {
      Expression(.index(expression, Expression(.number(number), 0..<0)), 0..<0)
    }
    let isKept =
      part == "v" && scope.isClosed(inner)
    if isKept, let known = cached(key(number)) { return known }
    let notesBefore = noteCount
    func keep(_ directions: [[Double]]) {
      for (index, leading) in directions.enumerated() {
        cache(.vector(leading), for: key(Double(index)), notesFrom: notesBefore)
      }
    }
    if isKept, let directions = try movedDirections(of: inner, in: scope, place),
      let index = Int(exactly: number), directions.indices.contains(index)
    {
      keep(directions)
      return .vector(directions[index])
    }
    guard case .decomposition(let decomposition) = try evaluate(inner, in: scope) else {
      return nil
    }
    let vector = try decomposition.part(part, number, at: place)
    if isKept { keep(decomposition.leadingDirections(Self.keptDirections)) }
    return .vector(vector)
  }

  /// Returns the leading directions of `svd(T)` or `svd(T - v)`, for a tensor and a vector, from what
  /// is kept of the tensor; `nil` for any other expression.
  private func movedDirections(
    of expression: Expression,
    in scope: Scope,
    _ place: SourcePlace
  ) throws(Diagnostic) -> [[Double]]? {
    guard case .call("svd", let arguments) = expression.kind, let argument = arguments.first else {
      return nil
    }
    var matrix = argument.value
    var origin: Expression?
    if case .binary(.subtract, let left, let right) = matrix.kind {
      guard case .vector? = try? check(Formula(root: right)).type else { return nil }
      (matrix, origin) = (left, right)
    }
    guard case .name(let name) = matrix.kind, scope.bindings[name] == nil,
      let shape = model.shape(of: name), shape.count == 2,
      let products = try columnProducts(of: name, at: place)
    else { return nil }
    var zero = [Double](repeating: 0, count: shape[1])
    if let origin {
      guard case .vector(let vector) = try evaluate(origin, in: scope), vector.count == zero.count,
        vector.allSatisfy(\.isFinite)
      else { return nil }
      zero = vector
    }
    return products.leadingDirections(from: zero, count: Self.keptDirections)
  }

  /// Notes that a formula uses some rows of the embeddings only, unless they were drawn.
  private func noteChoice(_ count: Int, of matrix: Matrix) {
    if matrix.rowCount == model.tokenCount, count < matrix.rowCount, !hasDrawn {
      note(chosen: count, of: matrix.rowCount)
    }
  }

  private func row(
    _ number: Double,
    of count: Int,
    _ place: SourcePlace
  ) throws(Diagnostic)
    -> Int
  {
    guard let index = Int(exactly: number), index >= 0, index < count else {
      throw .outOfRange("\(number)", count: count, of: "row or entry", at: place)
    }
    return index
  }

  private func token(_ text: String, at place: SourcePlace) throws(Diagnostic) -> Int {
    if let token = model.tokenID(text) { return token }
    let pieces = model.pieces(of: text)
    guard pieces.count > 1 else {
      let other = text.hasPrefix(" ") ? String(text.dropFirst()) : " " + text
      let meant = model.tokenID(other) == nil ? nil : other
      throw .unknownToken(text, meant: meant, at: place)
    }
    throw .notOneToken(text, pieces: pieces.map { model.displayName(of: $0) }, at: place)
  }

  private func member(
    _ member: String,
    of value: Value,
    _ place: SourcePlace
  )
    throws(Diagnostic) -> Value
  {
    guard case .decomposition(let decomposition) = value else {
      throw .typeMismatch(expected: "a decomposition", found: value.kind.rawValue, at: place)
    }
    let parts = decomposition.decomposition
    switch member {
    case "s": return .vector(parts.singularValues)
    case "v":
      let directions = parts.rightVectors
      return .matrix(
        Matrix(
          rowCount: directions.count,
          columnCount: directions.first?.count ?? 0,
          values: directions.flatMap { $0.map(Float.init) }
        )
      )
    default:
      throw .undefined("take left vectors one at a time: .u[0]", at: place)
    }
  }
}

extension Decomposition {
  fileprivate func leadingDirections(_ count: Int) -> [[Double]] {
    Array(decomposition.rightVectors.prefix(count))
  }

  fileprivate func part(
    _ name: String,
    _ number: Double,
    at place: SourcePlace
  )
    throws(Diagnostic) -> [Double]
  {
    let count = decomposition.rightVectors.count
    guard let index = Int(exactly: number), index >= 0, index < count else {
      throw .outOfRange("\(number)", count: count, of: "direction", at: place)
    }
    return name == "v" ? decomposition.rightVectors[index] : decomposition.leftVector(index)
  }
}

extension SourcePlace {
  /// A place in a formula; without its line while a row's expression is interpreted, where making
  /// one for every node would cost more than the work.
  fileprivate init(_ range: Range<Int>, in source: SourceText) {
    self = source.text.isEmpty ? SourcePlace(file: Formula.file) : source.place(range)
  }
}
