package import EmbeddingMath
package import SourceDiagnostics
import Synchronization

/// A metric's values over many pairs, computed only as far as they are asked for.
///
/// The mean over all pairs of rows has a closed form for most similarities and never visits the
/// pairs; anything else walks them all once and keeps a histogram and moments.
package final class LazyDistribution: Sendable {
  private enum Source: Sendable {
    case values([Double])
    case rows(Matrix, Similarity, Evaluator, SourcePlace)
  }

  /// The rows the pairs were drawn from, when they are a sample of a larger set.
  package struct Sample: Sendable, Hashable {
    let count: Int
    let population: Int
  }

  private let source: Source
  package let sample: Sample?
  package let isDistance: Bool
  private let computed = Mutex<PairDistribution?>(nil)

  /// Makes the distribution of an explicit list.
  init(values: [Double], isDistance: Bool = false, sample: Sample? = nil) {
    self.source = .values(values)
    self.isDistance = isDistance
    self.sample = sample
  }

  /// Makes the distribution of all unordered distinct pairs of rows.
  init(
    rows: Matrix,
    by similarity: Similarity,
    sample: Sample?,
    evaluator: Evaluator,
    place: SourcePlace
  ) {
    self.source = .rows(rows, similarity, evaluator, place)
    self.isDistance = similarity.isDistance
    self.sample = sample
  }

  /// Returns histogram and moments over every pair.
  ///
  /// - Complexity: O(rows² × columns) the first time, then O(1).
  package func full() throws(Diagnostic) -> PairDistribution {
    if let known = computed.withLock({ $0 }) { return known }
    let result: PairDistribution
    switch source {
    case .values(let values):
      guard !values.isEmpty else { throw Diagnostic("undefined", "there are no pairs") }
      result = PairDistribution(values: values)
    case .rows(let rows, let similarity, let evaluator, let place):
      guard rows.rowCount >= 2 else {
        throw .undefined("pairs need at least 2 rows, and there are \(rows.rowCount)", at: place)
      }
      result = try evaluator.run(at: place) { progress, isCancelled in
        try evaluator.engine.distribution(
          of: rows,
          by: similarity,
          progress: progress,
          isCancelled: isCancelled
        )
      }
    }
    computed.withLock { $0 = result }
    return result
  }

  /// Returns the mean over every pair, by its closed form where there is one.
  func mean() throws(Diagnostic) -> Double {
    if let closed = closedMean(), closed.isFinite { return closed }
    return try full().mean
  }

  /// Returns the standard deviation over every pair.
  func standardDeviation() throws(Diagnostic) -> Double {
    if computed.withLock({ $0 }) == nil, case .rows(let rows, .cosine, _, _) = source,
      rows.rowCount >= 2
    {
      let variance = ClosedForm.variancePairwiseCosine(of: rows)
      // Where nearly everything cancels, the closed form has no digits left.
      if variance.isFinite, variance > 1e-6 { return variance.squareRoot() }
    }
    return try full().standardDeviation
  }

  /// The standard error of the mean: 2·sd(per-row means)/√n, with the correction for a finite
  /// population; `nil` when every row was used.
  func standardErrorOfMean() throws(Diagnostic) -> Double? {
    guard let sample, sample.population > 1, sample.count > 1,
      let spread = try rowMeanSpread()
    else { return nil }
    let count = Double(sample.count)
    let correction = max(0, 1 - count / Double(sample.population))
    return 2 * spread / count.squareRoot() * correction.squareRoot()
  }

  /// The standard deviation over rows of each row's mean over its pairs, by the closed form where
  /// the mean has one.
  private func rowMeanSpread() throws(Diagnostic) -> Double? {
    guard computed.withLock({ $0 }) == nil, case .rows(let rows, let similarity, _, _) = source,
      similarity.hasClosedMean, rows.rowCount >= 2
    else { return try full().rowMeanStandardDeviation }
    let prepared: Matrix
    switch similarity {
    case .cosine: prepared = rows.unitRows()
    case .pearson: prepared = rows.centredRows().unitRows()
    case .spearman: prepared = rows.rankedRows().centredRows().unitRows()
    default: prepared = rows
    }
    let means = ClosedForm.rowMeansOfPairwiseDot(of: prepared)
    let centre = means.reduce(0, +) / Double(means.count)
    let variance =
      means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(means.count)
    return variance.isFinite ? variance.squareRoot() : try full().rowMeanStandardDeviation
  }

  private func closedMean() -> Double? {
    guard computed.withLock({ $0 }) == nil, case .rows(let rows, let similarity, _, _) = source,
      rows.rowCount >= 2
    else { return nil }
    switch similarity {
    case .dot: return ClosedForm.meanPairwiseDot(of: rows)
    case .cosine: return ClosedForm.meanPairwiseCosine(of: rows)
    case .pearson: return ClosedForm.meanPairwisePearson(of: rows)
    case .spearman: return ClosedForm.meanPairwisePearson(of: rows.rankedRows())
    case .euclidean, .manhattan, .kendall: return nil
    }
  }
}
