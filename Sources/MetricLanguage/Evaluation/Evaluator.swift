package import EmbeddingMath
package import SourceDiagnostics
import Synchronization

/// Runs formulas on a model.
///
/// Every formula is checked for names, shapes and cost before it runs. Values that depend on the
/// model alone, such as `mean(W_E)`, are computed once in an evaluator's life.
package final class Evaluator: Sendable {
  /// What a formula may cost.
  package struct Limits: Sendable, Hashable {
    /// Floating-point operations; the default is about a minute on a laptop.
    package var operations: Double
    /// Bytes of matrices made on the way.
    package var bytes: Double

    package init(operations: Double = 4e12, bytes: Double = 1e9) {
      self.operations = operations
      self.bytes = bytes
    }
  }

  package let model: any ModelAccess
  package let lexicon: Lexicon
  package let learnersMetric: Metric?
  package let limits: Limits
  package let engine: AllPairs
  private let progress: (@Sendable (Double) -> Void)?
  private let isCancelled: (@Sendable () -> Bool)?
  private let state = Mutex(State())

  private struct State: Sendable {
    var cache: [Expression: Value] = [:]
    var samples: [String] = []
    var tensors: [String: Matrix] = [:]
  }

  /// - Parameters:
  ///   - model: The weights and the vocabulary.
  ///   - lexicon: The word lists that `words` and `word_pairs` read.
  ///   - learnersMetric: What the name `metric` stands for; `nil` outside a key.
  ///   - limits: What a formula may cost.
  ///   - threads: How many threads to use; all cores if `nil`. Results do not depend on it.
  ///   - progress: Called now and then during long work, with the share that is done.
  ///   - isCancelled: Asked now and then; work stops with an `interrupted` diagnostic.
  package init(
    model: any ModelAccess,
    lexicon: Lexicon = .empty,
    learnersMetric: Metric? = nil,
    limits: Limits = Limits(),
    threads: Int? = nil,
    progress: (@Sendable (Double) -> Void)? = nil,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) {
    self.model = model
    self.lexicon = lexicon
    self.learnersMetric = learnersMetric
    self.limits = limits
    self.engine = AllPairs(threads: threads)
    self.progress = progress
    self.isCancelled = isCancelled
  }

  /// Returns an evaluator of the same model where `metric` stands for `metric`.
  ///
  /// What this one has computed is shared.
  package func with(learnersMetric metric: Metric) -> Evaluator {
    let other = Evaluator(
      model: model,
      lexicon: lexicon,
      learnersMetric: metric,
      limits: limits,
      progress: progress,
      isCancelled: isCancelled
    )
    let known = state.withLock { $0 }
    other.state.withLock { state in
      state.tensors = known.tensors
      state.cache = known.cache.filter { !$0.key.mentions("metric") }
    }
    return other
  }

  // MARK: Whole formulas

  /// Checks a formula without running it.
  ///
  /// - Returns: The type of its value; for a metric, an expression of `a` and `b`, ``ValueType/metric``.
  package func check(_ formula: Formula) throws(Diagnostic) -> (type: ValueType, cost: Cost) {
    let typed = try checked(formula)
    return (typed.type, typed.cost + typed.deferred)
  }

  private func checked(_ formula: Formula) throws(Diagnostic) -> Typed {
    let checker = Checker(source: formula.source, model: model, learnersMetric: learnersMetric)
    let isMetric = formula.root.isMetric
    let typed =
      isMetric
      ? try checker.checkMetric(formula.root, rowLength: nil, .init())
      : try checker.check(formula.root)
    let place = formula.source.place(formula.root.range)
    var cost = typed.cost
    if case .distribution = typed.type { cost += typed.deferred }
    guard cost.operations <= limits.operations else {
      throw .tooCostly(operations: cost.operations, limit: limits.operations, at: place)
    }
    guard cost.bytes <= limits.bytes else {
      throw .tooLarge(bytes: cost.bytes, limit: limits.bytes, at: place)
    }
    return typed
  }

  /// Checks and runs a formula.
  package func evaluate(_ formula: Formula) throws(Diagnostic) -> Evaluation {
    let typed = try checked(formula)
    state.withLock { $0.samples = [] }
    let value: Value
    if formula.root.isMetric {
      value = .metric(Metric(formula))
    } else {
      value = try evaluate(formula.root, in: Scope(source: formula.source))
    }
    return Evaluation(
      value: value,
      type: typed.type,
      modelName: model.modelName,
      basis: basis(),
      standardError: try standardError(of: formula.root, value)
    )
  }

  /// Runs a formula whose value is one number.
  package func number(_ formula: Formula) throws(Diagnostic) -> Double {
    let evaluation = try evaluate(formula)
    guard case .number(let number) = evaluation.value else {
      throw .typeMismatch(
        expected: "a number",
        found: "\(evaluation.type)",
        at: formula.source.place(formula.root.range)
      )
    }
    return number
  }

  /// Runs a formula whose value is true or false.
  package func truth(_ formula: Formula) throws(Diagnostic) -> Bool {
    let evaluation = try evaluate(formula)
    guard case .truth(let truth) = evaluation.value else {
      throw .typeMismatch(
        expected: "true or false",
        found: "\(evaluation.type)",
        at: formula.source.place(formula.root.range)
      )
    }
    return truth
  }

  /// Returns a metric's values on pairs of rows of `W_E`.
  package func values(of metric: Metric, pairs: PairSet) throws(Diagnostic) -> [Double] {
    let place = SourcePlace(file: Formula.file)
    return try plan(metric, place: place)
      .values(pairs: pairs, in: try embedding(at: place), evaluator: self)
  }

  private func basis() -> Basis {
    let samples = state.withLock { $0.samples }
    let rows =
      model.originalIDs.map { "the file's \(grouped($0.count)) sampled rows" }
      ?? "all \(grouped(model.tokenCount)) rows"
    return Basis(
      rows: samples.isEmpty ? rows : samples.joined(separator: "; "),
      isExact: samples.isEmpty
    )
  }

  private func standardError(of root: Expression, _ value: Value) throws(Diagnostic) -> Double? {
    guard !basis().isExact else { return nil }
    guard case .call("mean", let arguments) = root.kind, let argument = arguments.first,
      case .call("pairs", _) = argument.value.kind,
      case .distribution(let distribution) = try evaluate(argument.value, in: Scope())
    else {
      if case .distribution(let distribution) = value {
        return try distribution.standardErrorOfMean()
      }
      return nil
    }
    return try distribution.standardErrorOfMean()
  }

  /// Remembers that a number rests on a sample, for its basis.
  func note(sampled count: Int, of population: Int, seed: UInt64) {
    let note = "sample of \(grouped(count)) of \(grouped(population)) rows, seed \(seed)"
    state.withLock { state in
      if !state.samples.contains(note) { state.samples.append(note) }
    }
  }

  /// Runs engine work with progress and cancellation, turning its errors into diagnostics.
  func run<Result>(
    at place: SourcePlace,
    _ body: ((@Sendable (Double) -> Void)?, (@Sendable () -> Bool)?) throws -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try body(progress, isCancelled)
    } catch let diagnostic as Diagnostic {
      throw diagnostic
    } catch is CancellationError {
      throw Diagnostic("interrupted", "the computation was interrupted", at: place)
    } catch {
      throw Diagnostic("undefined", "\(error)", at: place)
    }
  }

  // MARK: The model

  func tensor(_ name: String, at place: SourcePlace) throws(Diagnostic) -> Matrix {
    if let known = state.withLock({ $0.tensors[name] }) { return known }
    do throws(Diagnostic) {
      let matrix = try model.matrix(name)
      state.withLock { $0.tensors[name] = matrix }
      return matrix
    } catch {
      throw error.place == nil ? error.at(place) : error
    }
  }

  func embedding(at place: SourcePlace) throws(Diagnostic) -> Matrix {
    try tensor("W_E", at: place)
  }

  func classMeans(
    at place: SourcePlace
  ) throws(Diagnostic)
    -> (space: [Double], noSpace: [Double])
  {
    func mean(_ text: String) throws(Diagnostic) -> [Double] {
      let formula = try Formula(parsing: text)
      guard case .vector(let mean) = try evaluate(formula.root, in: Scope(source: formula.source))
      else { return [] }
      return mean
    }
    return (
      try mean("mean(W_E[has_leading_space])"), try mean("mean(W_E[not has_leading_space])")
    )
  }

  // MARK: Word lists

  func wordPairs(_ list: String, place: SourcePlace) throws(Diagnostic) -> PairSet {
    guard let pairs = lexicon.pairs[list] else {
      throw .unknownList(
        list,
        kind: "pair list",
        among: lexicon.pairs.keys.sorted(),
        at: place
      )
    }
    var left: [Int] = []
    var right: [Int] = []
    for pair in pairs {
      guard let first = model.wordInitialToken(pair.left),
        let second = model.wordInitialToken(pair.right), first != second
      else { continue }
      left.append(first)
      right.append(second)
    }
    guard left.count >= Lexicon.fewest else {
      throw .tooFewMapped(list, mapped: left.count, listed: pairs.count, at: place)
    }
    return PairSet(left: left, right: right, listed: pairs.count)
  }

  func words(_ list: String, place: SourcePlace) throws(Diagnostic) -> [Int] {
    guard let words = lexicon.words[list] else {
      throw .unknownList(list, kind: "word list", among: lexicon.words.keys.sorted(), at: place)
    }
    var tokens: [Int] = []
    for word in words {
      if let token = model.wordInitialToken(word), !tokens.contains(token) { tokens.append(token) }
    }
    guard !tokens.isEmpty else {
      throw .tooFewMapped(list, mapped: 0, listed: words.count, at: place)
    }
    return tokens
  }

  // MARK: Metrics

  /// Plans a metric: fused where it has the form `similarity(f(a), f(b))`.
  func plan(_ metric: Metric, place: SourcePlace) throws(Diagnostic) -> MetricPlan {
    var expression = metric.expression
    var bindings = metric.bindings
    while case .binding(let name, let value, let body) = expression.kind, !value.usesRows {
      bindings[name] = try evaluate(value, in: Scope(bindings: bindings))
      expression = body
    }
    if let (similarity, transform) = expression.fusedForm {
      // The transform is kept as an expression of `a`, whichever side it was written on.
      return MetricPlan(
        form: .fused(
          similarity,
          RowTransform(expression: transform, bindings: bindings, place: place)
        )
      )
    }
    return MetricPlan(
      form: .general(try RowFunction(expression, bindings: bindings, evaluator: self))
    )
  }

  /// Returns a metric's distribution over the pairs of a matrix's rows.
  ///
  /// - Parameters:
  ///   - metric: The metric; interpreted pair by pair, it is run on a sample of rows.
  ///   - matrix: The rows.
  ///   - rows: Which rows; all if `nil`.
  ///   - place: Where faults are reported.
  /// - Returns: A distribution that is computed when it is asked for.
  /// - Throws: Why the metric cannot be run, or that a row does not exist.
  func distribution(
    of metric: Metric,
    in matrix: Matrix,
    rows: [Int]?,
    place: SourcePlace
  )
    throws(Diagnostic) -> LazyDistribution
  {
    let plan = try plan(metric, place: place)
    if let outside = rows?.first(where: { $0 < 0 || $0 >= matrix.rowCount }) {
      throw .outOfRange("\(outside)", count: matrix.rowCount, of: "row", at: place)
    }
    let population = matrix.rowCount
    var chosen = rows
    if case .general = plan.form, (rows?.count ?? population) > MetricPlan.sampledRows {
      var generator = SeededGenerator(seed: 0)
      let from = rows ?? Array(0..<population)
      chosen = generator.sample(MetricPlan.sampledRows, of: from.count).map { from[$0] }
      note(sampled: MetricPlan.sampledRows, of: population, seed: 0)
    }
    let sample = chosen.flatMap { chosen in
      chosen.count < population
        ? LazyDistribution.Sample(count: chosen.count, population: population) : nil
    }
    switch plan.form {
    case .fused(let similarity, let transform):
      let selected = chosen.map { matrix.selectingRows($0) } ?? matrix
      let transformed = try transform.apply(to: selected, tokens: chosen, evaluator: self)
      return LazyDistribution(
        rows: transformed,
        by: similarity,
        sample: sample,
        evaluator: self,
        place: place
      )
    case .general:
      let indices = chosen ?? Array(0..<population)
      var left: [Int] = []
      var right: [Int] = []
      for (position, first) in indices.enumerated() {
        for second in indices.dropFirst(position + 1) {
          left.append(first)
          right.append(second)
        }
      }
      let pairs = PairSet(left: left, right: right, listed: left.count)
      return LazyDistribution(
        values: try plan.values(pairs: pairs, in: matrix, evaluator: self),
        sample: sample
      )
    }
  }
}

/// What names stand for while an expression is evaluated.
struct Scope: Sendable {
  var bindings: [String: Value] = [:]
  var a: Row?
  var b: Row?
  /// The text the expression's ranges refer to.
  var source = SourceText("", file: Formula.file)

  init(bindings: [String: Value] = [:], a: Row? = nil, b: Row? = nil) {
    self.bindings = bindings
    self.a = a
    self.b = b
  }

  init(source: SourceText) {
    self.source = source
  }
}

extension Evaluator {
  /// The values worth keeping: small, and used again and again.
  func cached(_ expression: Expression) -> Value? { state.withLock { $0.cache[expression] } }

  func cache(_ value: Value, for expression: Expression) {
    switch value {
    case .number, .truth, .vector, .mask, .decomposition, .pairSet:
      state.withLock { $0.cache[expression] = value }
    case .distribution(let distribution):
      // One over all rows holds a copy of the matrix: too large to keep.
      if distribution.sample != nil { state.withLock { $0.cache[expression] = value } }
    case .matrix, .tokens, .metric, .text: break
    }
  }
}
