import EmbeddingMath
import SourceDiagnostics

/// What a metric does, as the checker sees it.
package struct MetricShape: Sendable, Hashable {
  /// The similarity, when the metric is `similarity(f(a), f(b))`.
  var similarity: Similarity?
  /// Operations on each row before rows are compared.
  var operationsPerRow: Double
  /// Operations on each pair, when the metric is interpreted pair by pair.
  var operationsPerPair: Double
}

/// Checks names, types, shapes and cost against a model, before anything is computed.
struct Checker {
  let source: SourceText
  let model: any ModelAccess
  /// The word lists, whose lengths bound what `words` and `word_pairs` give.
  let lexicon: Lexicon
  let learnersMetric: Metric?
  /// Where calls are noted for an explanation; `nil` to check only.
  var trace: ExplanationTrace?
  /// What is computed once and kept by the evaluator is paid for once.
  let ledger = Ledger()

  final class Ledger {
    var paid: Set<Expression> = []
    /// The tensors named so far.
    var held: Set<String> = []
  }

  init(
    source: SourceText,
    model: any ModelAccess,
    lexicon: Lexicon,
    learnersMetric: Metric?,
    trace: ExplanationTrace? = nil
  ) {
    self.source = source
    self.model = model
    self.lexicon = lexicon
    self.learnersMetric = learnersMetric
    self.trace = trace
  }

  /// The names in sight and their types.
  struct Environment {
    var bindings: [String: Typed] = [:]
    /// The length of `a` and `b`, inside a metric.
    var rowLength = Dimension.unknown
    var isInsideMetric = false
    /// Inside a metric, the names that stand for a row or for something computed from one.
    var rowNames: Set<String> = ["a", "b"]
  }

  func place(_ expression: Expression) -> SourcePlace { source.place(expression.range) }

  /// Checks an expression and all its parts.
  func check(
    _ expression: Expression,
    in environment: Environment = Environment()
  )
    throws(Diagnostic) -> Typed
  {
    var typed = try checkNode(expression, in: environment)
    // Outside a metric, and in its parts that speak of no row, everything is computed once.
    if !environment.isInsideMetric || !expression.usesAny(of: environment.rowNames) {
      typed.fixedCost = typed.cost
    }
    return typed
  }

  @inline(never)
  private func checkNode(
    _ expression: Expression,
    in environment: Environment
  )
    throws(Diagnostic) -> Typed
  {
    switch expression.kind {
    case .number(let value):
      var typed = Typed(.number)
      typed.number = value
      return typed
    case .text(let value):
      var typed = Typed(.text)
      typed.text = value
      return typed
    case .name(let name): return try checkName(name, expression, environment)
    case .list(let elements): return try checkList(elements, expression, environment)
    case .call(let name, let arguments):
      return try checkCall(name, arguments, expression, environment)
    case .unary(let symbol, let operand):
      return try checkUnary(symbol, operand, environment)
    case .binary(let symbol, let left, let right):
      return try checkBinary(symbol, left, right, expression, environment)
    case .index(let base, let index): return try checkIndex(base, index, expression, environment)
    case .member(let base, let member):
      return try checkMember(base, member, expression, environment)
    case .binding(let name, let value, let body):
      return try checkBinding(name, value, body, expression, environment)
    }
  }

  // Each kind of node has a function of its own, none inlined: a chain of a hundred nodes is as many
  // calls deep, and a thread's stack may be 512 kB.

  @inline(never)
  private func checkBinary(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression,
    _ expression: Expression,
    _ environment: Environment
  ) throws(Diagnostic) -> Typed {
    let leftType = try check(left, in: environment)
    let rightType = try check(right, in: environment)
    var typed = try at(expression) { () throws(ShapeFault) in
      try Operators.check(symbol, leftType.type, rightType.type)
    }
    if let first = leftType.number, let second = rightType.number,
      let combine = Operators.arithmetic(symbol)
    {
      typed.number = combine(first, second)
    }
    typed.add(leftType)
    typed.add(rightType)
    return typed
  }

  @inline(never)
  private func checkBinding(
    _ name: String,
    _ value: Expression,
    _ body: Expression,
    _ expression: Expression,
    _ environment: Environment
  ) throws(Diagnostic) -> Typed {
    guard model.shape(of: name) == nil, Similarity(rawValue: name) == nil, name != "metric" else {
      throw .reservedName(name, at: place(expression))
    }
    var inner = environment
    var bound: Typed
    if !environment.isInsideMetric, value.usesRows {
      bound = try checkMetric(value, rowLength: nil, environment)
    } else {
      bound = try check(value, in: environment)
      let isOfRows = environment.isInsideMetric && value.usesAny(of: environment.rowNames)
      if isOfRows { inner.rowNames.insert(name) } else { inner.rowNames.remove(name) }
    }
    let part = bound
    bound.cost = Cost()
    bound.fixedCost = Cost()
    inner.bindings[name] = bound
    var typed = try check(body, in: inner)
    typed.add(part)
    return typed
  }

  // MARK: Metrics

  /// Checks an expression in a place where a metric is wanted.
  ///
  /// - Parameters:
  ///   - expression: The metric, a name that stands for one, or a similarity's name.
  ///   - rowLength: The length of the rows it will compare; the model's width if `nil`.
  ///   - environment: The names in sight.
  /// - Returns: A metric's type, with what it does to each row and each pair.
  /// - Throws: Why it is none.
  func checkMetric(
    _ expression: Expression,
    rowLength: Dimension?,
    _ environment: Environment
  )
    throws(Diagnostic) -> Typed
  {
    if case .name(let name) = expression.kind {
      if let bound = environment.bindings[name], case .metric = bound.type { return bound }
      if name == "metric" {
        guard let learnersMetric else { throw .noLearnersMetric(at: place(expression)) }
        return try checkMetric(learnersMetric.expression, rowLength: rowLength, Environment())
      }
      if let similarity = Similarity(rawValue: name) {
        return try checkMetric(
          Metric(similarity).expression,
          rowLength: rowLength,
          Environment()
        )
      }
    }
    var inner = environment
    inner.isInsideMetric = true
    inner.rowNames = ["a", "b"]
    inner.rowLength = rowLength ?? .exactly(model.width)
    let body = try check(expression, in: inner)
    guard case .number = body.type else {
      throw .typeMismatch(
        expected: "a metric, which gives one number for two rows a and b",
        found: "\(body.type)",
        at: place(expression)
      )
    }
    for row in ["a", "b"] where !expression.mentions(row) {
      throw .typeMismatch(
        expected: "a metric, which compares the rows a and b",
        found: "an expression that ignores \(row)",
        at: place(expression)
      )
    }
    var typed = Typed(.metric)
    typed.cost = body.fixedCost
    typed.fixedCost = body.fixedCost
    let perPair = max(0, body.cost.operations - body.fixedCost.operations)
    // Interpreting a row costs far more than its arithmetic: a thousand operations a node.
    let overhead = 1_000 * Double(expression.nodeCount)
    typed.metric = MetricShape(
      similarity: expression.fusedForm?.similarity,
      operationsPerRow: perPair / 2,
      operationsPerPair: perPair + overhead
    )
    return typed
  }

  // MARK: Names

  private func checkName(
    _ name: String,
    _ expression: Expression,
    _ environment: Environment
  ) throws(Diagnostic) -> Typed {
    if let bound = environment.bindings[name] { return bound }
    if name == "a" || name == "b" {
      guard environment.isInsideMetric else {
        throw .rowsOutsideMetric(name, at: place(expression))
      }
      return Typed(.vector(environment.rowLength))
    }
    if name == "true" || name == "false" { return Typed(.truth) }
    if name == "metric" || Similarity(rawValue: name) != nil {
      if name == "metric", learnersMetric == nil {
        throw .noLearnersMetric(at: place(expression))
      }
      return try checkMetric(expression, rowLength: nil, Environment())
    }
    if let shape = model.shape(of: name) { return tensor(name, shape) }
    let layers = model.layerCount(of: name)
    if layers > 0 { throw .layerNeeded(name, layers: layers, at: place(expression)) }
    if let builtIn = BuiltInTable.named(name) {
      guard builtIn.isValue, let overload = builtIn.overloads.first else {
        throw .functionWithoutCall(builtIn, at: place(expression))
      }
      return try at(expression) { () throws(ShapeFault) in
        try overload.check(ArgumentTypes(types: [:], model: model, lexicon: lexicon))
      }
    }
    if TensorVocabulary.names.contains(name) {
      throw .absentTensor(name, model: model.modelName, at: place(expression))
    }
    throw .unknownName(name, among: knownNames(environment), at: place(expression))
  }

  private func knownNames(_ environment: Environment) -> [String] {
    environment.bindings.keys.sorted()
      + model.tensorNames.map { String($0.prefix { $0 != "[" }) } + BuiltInTable.names
  }

  /// The type of a tensor; it is held once, however often a formula names it.
  func tensor(_ name: String, _ shape: [Int]) -> Typed {
    var typed = Typed(Self.type(ofShape: shape))
    if !ledger.held.insert(name).inserted { typed.cost = Cost() }
    return typed
  }

  private static func type(ofShape shape: [Int]) -> ValueType {
    func length(_ count: Int?) -> Dimension { count.map { .exactly($0) } ?? .unknown }
    return shape.count == 1
      ? .vector(length(shape.first))
      : .matrix(rows: length(shape.first), columns: length(shape.last))
  }

  private func checkList(
    _ elements: [Expression],
    _ expression: Expression,
    _ environment: Environment
  ) throws(Diagnostic) -> Typed {
    var kinds: Set<TypeKind> = []
    var parts: [Typed] = []
    for element in elements { parts.append(try check(element, in: environment)) }
    for part in parts { kinds.insert(part.type.kind) }
    var typed: Typed
    switch kinds {
    case [.text]:
      typed = Typed(.tokens)
      typed.count = .exactly(elements.count)
    case [.number]: typed = Typed(.vector(.exactly(elements.count)))
    default:
      let found = kinds.map(\.rawValue).sorted().joined(separator: " and ")
      throw .typeMismatch(
        expected: "a list of numbers or of texts",
        found: kinds.isEmpty ? "an empty list" : "a list of \(found)",
        at: place(expression)
      )
    }
    for part in parts { typed.add(part) }
    return typed
  }

  @inline(never)
  private func checkUnary(
    _ symbol: UnaryOperator,
    _ operand: Expression,
    _ environment: Environment
  ) throws(Diagnostic) -> Typed {
    var typed = try check(operand, in: environment)
    typed.number = typed.number.map { -$0 }
    switch (symbol, typed.type) {
    case (.negate, .number), (.negate, .vector), (.negate, .matrix), (.not, .truth), (.not, .mask):
      return typed
    case (.negate, _):
      throw .typeMismatch(
        expected: "a number, vector or matrix after '-'",
        found: "\(typed.type)",
        at: place(operand)
      )
    case (.not, _):
      throw .typeMismatch(
        expected: "a truth or a mask after 'not'",
        found: "\(typed.type)",
        at: place(operand)
      )
    }
  }
}

extension Expression {
  var nodeCount: Int { children.reduce(1) { $0 + $1.nodeCount } }

  /// Returns `name[k]` when this expression is a plain whole number k.
  func layerName(of name: String) -> String? {
    guard case .number(let value) = kind, let layer = Int(exactly: value) else { return nil }
    return "\(name)[\(layer)]"
  }

  /// The similarity and the transform of `a`, when the expression is `similarity(f(a), f(b))`,
  /// perhaps under `let`s that do not speak of the rows.
  var fusedForm: (similarity: Similarity, transform: Expression)? {
    guard case .call(let name, let arguments) = kind, let similarity = Similarity(rawValue: name),
      arguments.count == 2, arguments.allSatisfy({ $0.label == nil })
    else { return nil }
    for (own, other) in [(0, 1), (1, 0)] {
      let first = arguments[own].value
      let second = arguments[other].value
      if first.mentions("a"), !first.mentions("b"), second.mentions("b"),
        !second.mentions("a"), first.replacing("a", with: .name("b")) == second
      {
        return (similarity, first)
      }
    }
    return nil
  }
}
