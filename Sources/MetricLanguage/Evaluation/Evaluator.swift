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

  /// What a number rests on beside all rows.
  struct SampleNote: Sendable, Hashable {
    let text: String
    /// Whether rows were drawn at random, rather than chosen by the formula.
    let isDrawn: Bool
  }

  package let model: any ModelAccess
  package let lexicon: Lexicon
  package let learnersMetric: Metric?
  package let limits: Limits
  package let engine: AllPairs
  /// Added to every seed, so that a formula's random draws can be made anew.
  package let seedOffset: UInt64
  /// The same model after transformations of its embeddings, made when first needed.
  let transformed: TransformedEvaluators
  let recentRows: RecentRows
  /// What was computed of the model, shared with evaluators of other metrics on it.
  let memory: ModelMemory
  /// What was computed with the learner's metric.
  let ownMemory = ModelMemory()
  let progress: (@Sendable (Double) -> Void)?
  private let isCancelled: (@Sendable () -> Bool)?
  private let notes = Mutex<[SampleNote]>([])

  /// - Parameters:
  ///   - model: The weights and the vocabulary.
  ///   - lexicon: The word lists that `words` and `word_pairs` read.
  ///   - learnersMetric: What the name `metric` stands for; `nil` outside a key.
  ///   - limits: What a formula may cost.
  ///   - threads: How many threads to use; all cores if `nil`. Results do not depend on it.
  ///   - seedOffset: Added to every seed, those of formulas and those the evaluator chooses itself.
  ///   - progress: Called now and then during long work, with the share that is done.
  ///   - isCancelled: Asked now and then; work stops with an `interrupted` diagnostic.
  package convenience init(
    model: any ModelAccess,
    lexicon: Lexicon = .empty,
    learnersMetric: Metric? = nil,
    limits: Limits = Limits(),
    threads: Int? = nil,
    seedOffset: UInt64 = 0,
    progress: (@Sendable (Double) -> Void)? = nil,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) {
    self.init(
      model: model,
      lexicon: lexicon,
      learnersMetric: learnersMetric,
      limits: limits,
      threads: threads,
      seedOffset: seedOffset,
      transformed: TransformedEvaluators(),
      recentRows: RecentRows(),
      memory: ModelMemory(),
      progress: progress,
      isCancelled: isCancelled
    )
  }

  private init(
    model: any ModelAccess,
    lexicon: Lexicon,
    learnersMetric: Metric?,
    limits: Limits,
    threads: Int?,
    seedOffset: UInt64,
    transformed: TransformedEvaluators,
    recentRows: RecentRows,
    memory: ModelMemory,
    progress: (@Sendable (Double) -> Void)?,
    isCancelled: (@Sendable () -> Bool)?
  ) {
    self.model = model
    self.lexicon = lexicon
    self.learnersMetric = learnersMetric
    self.limits = limits
    self.engine = AllPairs(threads: threads)
    self.seedOffset = seedOffset
    self.transformed = transformed
    self.recentRows = recentRows
    self.memory = memory
    self.progress = progress
    self.isCancelled = isCancelled
  }

  /// Returns an evaluator of the same model where `metric` stands for `metric`.
  ///
  /// What either computes of the model alone is there for the other.
  package func with(learnersMetric metric: Metric) -> Evaluator {
    with(learnersMetric: metric, memory: memory, transformed: transformed, recentRows: recentRows)
  }

  /// Returns an evaluator of another model that is alike in all else, reporting no progress.
  package func with(model other: any ModelAccess) -> Evaluator {
    Evaluator(
      model: other,
      lexicon: lexicon,
      learnersMetric: learnersMetric,
      limits: limits,
      seedOffset: seedOffset,
      isCancelled: isCancelled
    )
  }

  /// Returns an evaluator of the same model whose every random draw is another one.
  ///
  /// The tensors that this one has read, and what it has computed without draws, are shared.
  package func with(seedOffset: UInt64) -> Evaluator {
    with(seedOffset: seedOffset, memory: memory.copy { !$0.drawsAtRandom })
  }

  /// Returns an evaluator of the same model with other word lists.
  ///
  /// What this one has computed without word lists is shared, also of the transformed model.
  package func with(lexicon: Lexicon) -> Evaluator {
    with(
      lexicon: lexicon,
      memory: memory.copy { !$0.readsLexicon },
      transformed: transformed.with(lexicon: lexicon)
    )
  }

  private func with(
    lexicon: Lexicon? = nil,
    learnersMetric: Metric? = nil,
    seedOffset: UInt64? = nil,
    memory: ModelMemory,
    transformed: TransformedEvaluators = TransformedEvaluators(),
    recentRows: RecentRows = RecentRows()
  ) -> Evaluator {
    Evaluator(
      model: model,
      lexicon: lexicon ?? self.lexicon,
      learnersMetric: learnersMetric ?? self.learnersMetric,
      limits: limits,
      threads: nil,
      seedOffset: seedOffset ?? self.seedOffset,
      transformed: transformed,
      recentRows: recentRows,
      memory: memory,
      progress: progress,
      isCancelled: isCancelled
    )
  }

  // MARK: Whole formulas

  /// Checks a formula without running it.
  ///
  /// - Returns: The type of its value; for a metric, an expression of `a` and `b`, ``ValueType/metric``.
  package func check(_ formula: Formula) throws(Diagnostic) -> (type: ValueType, cost: Cost) {
    let typed = try checked(formula)
    return (typed.type, typed.cost + typed.deferred)
  }

  /// What a metric may cost on each pair, in operations; running it on some thousand pairs then
  /// takes seconds.
  package static let mostOperationsPerPair = 5e6

  /// Checks a formula that is to be used as a metric, and what one pair costs with it.
  ///
  /// A similarity's name stands for the similarity of the two rows.
  ///
  /// - Throws: Why it is no metric, or that it costs too much.
  package func metric(from formula: Formula) throws(Diagnostic) -> Metric? {
    if case .name(let name) = formula.root.kind, let similarity = Similarity(rawValue: name) {
      return Metric(similarity)
    }
    let typed = try checked(formula)
    guard case .metric = typed.type, formula.root.isMetric else { return nil }
    if let cost = typed.metric?.operationsPerPair, cost > Self.mostOperationsPerPair {
      throw .costlyMetric(cost, limit: Self.mostOperationsPerPair)
        .at(formula.source.place(formula.root.range))
    }
    return Metric(formula)
  }

  private func checked(_ formula: Formula) throws(Diagnostic) -> Typed {
    let checker = Checker(
      source: formula.source,
      model: model,
      lexicon: lexicon,
      learnersMetric: learnersMetric
    )
    let isMetric = formula.root.isMetric
    let typed =
      isMetric
      ? try checker.checkMetric(formula.root, rowLength: nil, .init())
      : try checker.check(formula.root)
    let place = formula.source.place(formula.root.range)
    var cost = typed.cost
    if case .distribution = typed.type { cost += typed.deferred }
    guard cost.operations <= limits.operations else {
      throw .tooCostly(
        operations: cost.operations,
        limit: limits.operations,
        rows: model.tokenCount,
        at: place
      )
    }
    guard cost.bytes <= limits.bytes else {
      throw .tooLarge(bytes: cost.bytes, limit: limits.bytes, at: place)
    }
    return typed
  }

  /// Checks and runs a formula.
  package func evaluate(_ formula: Formula) throws(Diagnostic) -> Evaluation {
    let (value, type) = try value(of: formula)
    return Evaluation(
      value: value,
      type: type,
      modelName: model.modelName,
      basis: basis(),
      standardError: try standardError(
        of: formula.root,
        value,
        in: Scope(source: formula.source)
      )
    )
  }

  private func value(of formula: Formula) throws(Diagnostic) -> (value: Value, type: ValueType) {
    let typed = try checked(formula)
    notes.withLock { $0 = [] }
    guard !formula.root.isMetric else { return (.metric(Metric(formula)), typed.type) }
    return (try evaluate(formula.root, in: Scope(source: formula.source)), typed.type)
  }

  /// Runs a formula whose value is one number.
  package func number(_ formula: Formula) throws(Diagnostic) -> Double {
    let (value, type) = try value(of: formula)
    guard case .number(let number) = value else {
      throw .typeMismatch(
        expected: "a number",
        found: "\(type)",
        at: formula.source.place(formula.root.range)
      )
    }
    return number
  }

  /// Runs a formula whose value is true or false.
  package func truth(_ formula: Formula) throws(Diagnostic) -> Bool {
    let (value, type) = try value(of: formula)
    guard case .truth(let truth) = value else {
      throw .typeMismatch(
        expected: "true or false",
        found: "\(type)",
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
    let notes = notes.withLock { $0 }
    var texts: [String] = []
    for note in notes where !texts.contains(note.text) { texts.append(note.text) }
    let rows =
      model.originalIDs.map { "the file's \(grouped($0.count)) sampled rows" }
      ?? "all \(grouped(model.tokenCount)) rows"
    return Basis(
      rows: texts.isEmpty ? rows : texts.joined(separator: "; "),
      isExact: !notes.contains(where: \.isDrawn)
    )
  }

  /// Returns the standard error of a formula that is a mean over pairs of sampled rows, or that
  /// distribution itself.
  private func standardError(
    of root: Expression,
    _ value: Value,
    in scope: Scope
  )
    throws(Diagnostic) -> Double?
  {
    if case .distribution(let distribution) = value {
      return try distribution.standardErrorOfMean()
    }
    guard !basis().isExact, root.isMeanOfPairs else { return nil }
    switch root.kind {
    case .binding(let name, let bound, let body) where !bound.usesRows:
      var inner = scope
      inner.bindings[name] = try evaluate(bound, in: scope)
      return try standardError(of: body, value, in: inner)
    case .call("mean", let arguments):
      guard let argument = arguments.first, case .call("pairs", _) = argument.value.kind,
        case .distribution(let distribution) = try evaluate(argument.value, in: scope)
      else { return nil }
      return try distribution.standardErrorOfMean()
    default: return nil
    }
  }

  /// Remembers that a number rests on rows drawn at random, for its basis.
  func note(sampled count: Int, of population: Int, seed: UInt64) {
    add(
      SampleNote(
        text: "sample of \(grouped(count)) of \(grouped(population)) rows, seed \(seed)",
        isDrawn: true
      )
    )
  }

  /// Remembers that a number rests on rows the formula chose.
  func note(chosen count: Int, of population: Int) {
    add(
      SampleNote(
        text: "\(grouped(count)) chosen of \(grouped(population)) rows",
        isDrawn: false
      )
    )
  }

  private func add(_ note: SampleNote) {
    notes.withLock { notes in
      // A metric that is run pair by pair may note the same thing a million times.
      if notes.last != note { notes.append(note) }
    }
  }

  /// Whether rows were drawn at random so far.
  var hasDrawn: Bool { notes.withLock { $0.contains(where: \.isDrawn) } }

  /// How many notes there are, to tell later which were added.
  var noteCount: Int { notes.withLock { $0.count } }

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

  /// Notes again what a kept value rests on.
  func noteAgain(_ notes: [SampleNote]) {
    guard !notes.isEmpty else { return }
    self.notes.withLock { $0 += notes }
  }

  /// The notes that were added after the first `count`.
  func notes(after count: Int) -> [SampleNote] {
    notes.withLock { Array($0.dropFirst(count)) }
  }

  // MARK: The model

  func tensor(_ name: String, at place: SourcePlace) throws(Diagnostic) -> Matrix {
    do throws(Diagnostic) {
      return try memory.tensor(name) { () throws(Diagnostic) in try model.matrix(name) }
    } catch {
      throw error.place == nil ? error.at(place) : error
    }
  }

  /// Returns a tensor's column products, computed when first asked for; `nil` for a tensor that is
  /// wider than high or holds a value that is not finite.
  func columnProducts(of name: String, at place: SourcePlace) throws(Diagnostic) -> ColumnProducts?
  {
    let matrix = try tensor(name, at: place)
    return memory.columnProducts(of: name) {
      matrix.containsOnlyFinite ? ColumnProducts(of: matrix) : nil
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

  /// Returns a row for each token: the mean of the tokens that have a leading space as it has, or
  /// have none.
  func classMeans(ofTokens tokens: [Int], at place: SourcePlace) throws(Diagnostic) -> Matrix {
    let means = try classMeans(at: place)
    let space = means.space.map(Float.init)
    let noSpace = means.noSpace.map(Float.init)
    return Matrix.buildingRowsConcurrently(rowCount: tokens.count, columnCount: space.count) {
      row,
      values in
      let mean = model.hasLeadingSpace(tokens[row]) ? space : noSpace
      for column in 0..<values.count { values[column] = mean[column] }
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

  /// Whether an expression's value depends on the model alone.
  func isClosed(_ expression: Expression) -> Bool {
    a == nil && !expression.usesRows
      && !bindings.keys.contains(where: { expression.mentions($0) })
  }
}

extension Expression {
  /// Whether it is `mean(pairs(…))`, perhaps under `let`s; else there is no standard error to compute.
  fileprivate var isMeanOfPairs: Bool {
    switch kind {
    case .binding(_, let value, let body): !value.usesRows && body.isMeanOfPairs
    case .call("mean", let arguments):
      if case .call("pairs", _)? = arguments.first?.value.kind { true } else { false }
    default: false
    }
  }
}
