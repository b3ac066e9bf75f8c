import EmbeddingMath
package import SourceDiagnostics
import Synchronization

/// How far a metric's values move when the embeddings are transformed.
package struct Invariance: Sendable, Hashable {
  /// A metric is invariant when no value moves by more than this share of the values' spread.
  ///
  /// Metrics of ranks amplify float32 rounding to some thousandths, and to 0.015 on weights of 4 bits,
  /// whose many ties it breaks; what truly moves, moves by a tenth and more.
  package static let tolerance = 3e-2
  /// How many random pairs of rows are compared.
  package static let pairCount = 1_000

  package let transformation: ModelTransformation
  /// The largest move of a value.
  package let largestMove: Double
  /// The spread of the values before the transformation: see ``Evaluator/spread(of:)``.
  package let spread: Double

  /// Compares a metric's values before and after; a value that is no longer a number has moved
  /// without limit.
  init(
    transformation: ModelTransformation,
    from before: [Double],
    to after: [Double],
    spread: Double
  ) {
    let moves = zip(before, after).map { abs($0 - $1) }
    self.transformation = transformation
    self.largestMove = moves.contains(where: \.isNaN) ? .infinity : moves.max() ?? 0
    self.spread = spread
  }

  /// The largest move as a share of the spread.
  package var relativeMove: Double { largestMove / spread }

  package var holds: Bool {
    largestMove.isFinite && spread > 0 && relativeMove <= Self.tolerance
  }
}

extension Evaluator {
  /// Returns pairs of distinct random rows of `W_E`.
  package func randomPairs(count: Int, seed: UInt64) -> PairSet {
    var generator = SeededGenerator(seed: seed &+ seedOffset)
    var left: [Int] = []
    var right: [Int] = []
    let rows = model.tokenCount
    guard rows >= 2 else { return PairSet(left: [], right: [], listed: 0) }
    for _ in 0..<count {
      let first = generator.integer(below: rows)
      let second = (first + 1 + generator.integer(below: rows - 1)) % rows
      left.append(first)
      right.append(second)
    }
    return PairSet(left: left, right: right, listed: count)
  }

  /// Re-evaluates a metric on transformed embeddings.
  ///
  /// Nothing is read off the metric's text: it is run before and after, on the same pairs.
  ///
  /// - Throws: A diagnostic when the metric cannot be run, or has no spread or values that are not
  ///   finite, so that invariance would mean nothing.
  package func invariance(
    of metric: Metric,
    under transformation: ModelTransformation,
    seed: UInt64 = 1
  ) throws(Diagnostic) -> Invariance {
    let pairs = randomPairs(count: Invariance.pairCount, seed: seed)
    let before = try values(of: metric, pairs: pairs)
    let spread = try Self.spread(of: before)
    let after = try moved(by: transformation, seed: seed).values(of: metric, pairs: pairs)
    return Invariance(transformation: transformation, from: before, to: after, spread: spread)
  }

  /// Returns an evaluator of the same model after a transformation of its embeddings.
  func moved(by transformation: ModelTransformation, seed: UInt64) throws(Diagnostic) -> Evaluator {
    try transformed.evaluator(of: self, by: transformation, seed: seed &+ seedOffset)
  }

  /// Returns the spread of a metric's values: their standard deviation or, where a few far values
  /// inflate it, the interquartile range as a standard deviation of a normal distribution.
  ///
  /// - Throws: A diagnostic when some value is not finite, or all are the same.
  package static func spread(of values: [Double]) throws(Diagnostic) -> Double {
    let bad = values.count { !$0.isFinite }
    guard bad == 0 else { throw .nonFiniteMetric(bad, of: values.count) }
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    let variance =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))
    var spread = variance.squareRoot()
    let quartiles = quantile(0.75, of: values) - quantile(0.25, of: values)
    if quartiles > 0 { spread = min(spread, quartiles / 1.349) }
    guard spread > 1e-9 * max(abs(mean), 1e-30) else { throw .constantMetric(mean) }
    return spread
  }
}

/// The evaluators of one model's transformations, so that each is made once.
final class TransformedEvaluators: Sendable {
  private struct Key: Hashable {
    let transformation: ModelTransformation
    let seed: UInt64
  }

  private let known: Mutex<[Key: Evaluator]>

  convenience init() {
    self.init([:])
  }

  private init(_ known: [Key: Evaluator]) {
    self.known = Mutex(known)
  }

  /// Returns the evaluators there are with other word lists.
  func with(lexicon: Lexicon) -> TransformedEvaluators {
    TransformedEvaluators(known.withLock { $0 }.mapValues { $0.with(lexicon: lexicon) })
  }

  func evaluator(
    of original: Evaluator,
    by transformation: ModelTransformation,
    seed: UInt64
  ) throws(Diagnostic) -> Evaluator {
    let key = Key(transformation: transformation, seed: seed)
    if let evaluator = known.withLock({ $0[key] }) { return evaluator }
    let evaluator = Evaluator(
      model: try TransformedModel(original.model, by: transformation, seed: seed),
      lexicon: original.lexicon,
      limits: original.limits
    )
    return known.withLock { known in
      if let first = known[key] { return first }
      known[key] = evaluator
      return evaluator
    }
  }
}
