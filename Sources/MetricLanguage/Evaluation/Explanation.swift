import EmbeddingMath
package import SourceDiagnostics

/// How a formula will be run and what it costs, told before it runs.
package struct Explanation: Sendable, Hashable {
  /// One part of the work.
  package struct Step: Sendable, Hashable {
    package let expression: String
    /// How it is done, as a clause.
    package let plan: String
    package let operations: Double
    /// Bytes of the matrix it makes, if it makes one.
    package let bytes: Double
  }

  package let steps: [Step]
  package let operations: Double
  package let bytes: Double
  package let limits: Evaluator.Limits
  /// Whether every pair and row that is asked for is used.
  package let isExact: Bool
  /// What would differ under TransformerLens's default loading.
  package let loading: String
}

/// Collects the steps while the checker walks a formula.
final class ExplanationTrace {
  var steps: [Explanation.Step] = []
  var isExact = true

  /// What is too little to be worth a line.
  static let fewestOperations = 1e5

  func note(_ expression: Expression, name: String, arguments: [String: Typed], result: Typed) {
    let own = result.cost.operations
    if name == "sample" { isExact = false }
    if name == "pairs", let shape = arguments["metric"]?.metric {
      notePairs(expression, shape, arguments, result)
    } else if name == "mean" || name == "std" || name == "median" || name == "quantile",
      let distribution = arguments["x"], case .distribution = distribution.type
    {
      let closed = name == "mean" && distribution.hasClosedMean
      add(
        expression,
        closed
          ? "by the closed form over the rows; no pair is visited"
          : "one pass over the pairs in cache-sized tiles; a histogram and moments are kept",
        operations: own,
        bytes: 0
      )
    } else if own > Self.fewestOperations || result.cost.bytes > 0 {
      add(expression, result.type.description, operations: own, bytes: result.cost.bytes)
    }
  }

  private func notePairs(
    _ expression: Expression,
    _ shape: MetricShape,
    _ arguments: [String: Typed],
    _ result: Typed
  ) {
    if arguments["among"] != nil {
      add(
        expression,
        "on the listed pairs, each by itself",
        operations: result.cost.operations,
        bytes: 0
      )
    } else if let similarity = shape.similarity {
      add(
        expression,
        "fused: each row is transformed once, then compared by \(similarity.rawValue); all pairs "
          + "together would take \(Diagnostic.scientific(result.deferred.operations)) operations",
        operations: result.cost.operations,
        bytes: result.cost.bytes
      )
    } else {
      isExact = false
      add(
        expression,
        "not of the form similarity(f(a), f(b)): interpreted pair by pair on a sample of "
          + "\(MetricPlan.sampledRows) rows, seed 0",
        operations: result.cost.operations,
        bytes: 0
      )
    }
  }

  private func add(_ expression: Expression, _ plan: String, operations: Double, bytes: Double) {
    steps.append(
      .init(expression: expression.text, plan: plan, operations: operations, bytes: bytes)
    )
  }

}

extension Evaluator {
  /// Explains how a formula will be run, without running it.
  ///
  /// - Parameter formula: A formula, or a metric.
  /// - Returns: Its steps in the order they are checked, and the whole cost.
  /// - Throws: Why the formula does not fit the model. One that costs too much is explained too.
  package func explain(_ formula: Formula) throws(Diagnostic) -> Explanation {
    let trace = ExplanationTrace()
    let checker = Checker(
      source: formula.source,
      model: model,
      lexicon: lexicon,
      learnersMetric: learnersMetric,
      trace: trace
    )
    let typed =
      formula.root.isMetric
      ? try checker.checkMetric(formula.root, rowLength: nil, .init())
      : try checker.check(formula.root)
    var cost = typed.cost
    if case .distribution = typed.type { cost += typed.deferred }
    return Explanation(
      steps: trace.steps,
      operations: cost.operations,
      bytes: cost.bytes,
      limits: limits,
      isExact: trace.isExact && originalRowsAreAll,
      loading: loading
    )
  }

  private var originalRowsAreAll: Bool { model.originalIDs == nil }

  private var loading: String {
    "These are the checkpoint's own weights. TransformerLens's from_pretrained subtracts each "
      + "row's mean over channels from W_E and W_pos when it loads a LayerNorm model, so a cosine "
      + "there is a Pearson here; from_pretrained_no_processing does not."
  }
}
