/// What is known of the values of a metric over unordered pairs of distinct rows.
///
/// Moments and extremes are of the values themselves; quantiles, shares and the mode come from
/// the histogram, to within its bin width, unless the values were kept. Without values, the
/// moments are NaN.
public struct PairDistribution: Sendable, Codable, Equatable {
  /// The most values that are kept.
  public static let keptValuesLimit = 1_000_000

  /// The number of finite values.
  public var count: Int
  public var mean: Double
  /// The population variance.
  public var variance: Double
  public var minimum: Double
  public var maximum: Double
  /// The number of values that are NaN or infinite, which nothing else here includes.
  public var nonFiniteCount: Int
  public var histogram: Histogram
  /// The population standard deviation over rows of each row's mean over its pairs.
  ///
  /// The standard error of a mean over pairs of `n` sampled rows is `2 / n.squareRoot()` times
  /// this. `nil` for an explicit list, which has no rows.
  public var rowMeanStandardDeviation: Double?
  /// The finite values, where they were given as a list of at most `keptValuesLimit`.
  public var values: [Double]?

  public var standardDeviation: Double { variance.squareRoot() }

  public init(
    count: Int,
    mean: Double,
    variance: Double,
    minimum: Double,
    maximum: Double,
    nonFiniteCount: Int,
    histogram: Histogram,
    rowMeanStandardDeviation: Double? = nil
  ) {
    self.count = count
    self.mean = mean
    self.variance = variance
    self.minimum = minimum
    self.maximum = maximum
    self.nonFiniteCount = nonFiniteCount
    self.histogram = histogram
    self.rowMeanStandardDeviation = rowMeanStandardDeviation
  }

  /// Creates the distribution of a list of values, its histogram from the least to the greatest.
  ///
  /// - Precondition: `bins > 0`.
  public init(values: [Double], bins: Int = 4_096) {
    let finite = values.filter(\.isFinite)
    let minimum = finite.min() ?? .nan
    let maximum = finite.max() ?? .nan
    let count = Double(finite.count)
    let mean = min(maximum, max(minimum, finite.reduce(0, +) / count))
    self.init(
      count: finite.count,
      mean: mean,
      variance: finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count,
      minimum: minimum,
      maximum: maximum,
      nonFiniteCount: values.count - finite.count,
      histogram: Self.emptyHistogram(from: minimum, to: maximum, bins: bins)
    )
    for value in finite { histogram.counts[histogram.bin(of: value)] += 1 }
    self.values = finite.count <= Self.keptValuesLimit ? finite : nil
  }

  /// Returns the value that a share `q` of the values lie below.
  ///
  /// Interpolated between values where they were kept, otherwise within a bin; the exact minimum
  /// and maximum at 0 and 1. NaN without values.
  ///
  /// - Precondition: `0...1` contains `q`.
  public func quantile(_ q: Double) -> Double {
    precondition(q >= 0 && q <= 1, "quantile \(q) is not from 0 to 1")
    guard count > 0 else { return .nan }
    if let values { return EmbeddingMath.quantile(q, of: values) }
    if q == 0 { return minimum }
    if q == 1 { return maximum }
    let value = CumulativeHistogram(histogram).value(countBelow: q * Double(count))
    return min(maximum, max(minimum, value))
  }

  /// Returns the share of values above a threshold, from 0 to 1; NaN without values.
  public func share(above threshold: Double) -> Double {
    guard count > 0, !threshold.isNaN else { return .nan }
    if let values {
      return Double(values.count { $0 > threshold }) / Double(count)
    }
    if threshold < minimum { return 1 }
    if threshold >= maximum { return 0 }
    return 1 - CumulativeHistogram(histogram).count(below: threshold) / Double(count)
  }

  /// The centre of the fullest of 200 equal bins from the minimum to the maximum.
  ///
  /// The lowest of equally full bins wins; NaN without values.
  public var mode: Double {
    guard count > 0 else { return .nan }
    guard minimum < maximum else { return minimum }
    let coarse = rebinned(to: 200)
    guard let fullest = coarse.fullestBin else { return .nan }
    return coarse.centre(ofBin: fullest)
  }

  /// Returns a histogram of `bins` equal bins, by default from the minimum to the maximum.
  ///
  /// Values outside are left out. Unless the values were kept, a fine bin that lies across a new
  /// edge is divided in proportion.
  ///
  /// - Precondition: `bins > 0`.
  public func rebinned(to bins: Int, lower: Double? = nil, upper: Double? = nil) -> Histogram {
    var result = Self.emptyHistogram(from: lower ?? minimum, to: upper ?? maximum, bins: bins)
    guard count > 0 else { return result }
    if let values {
      for value in values where value >= result.lower && value <= result.upper {
        result.counts[result.bin(of: value)] += 1
      }
      return result
    }
    let cumulative = CumulativeHistogram(histogram)
    let edges = (0...bins).map { edge -> Int in
      let value = result.lower + Double(edge) * result.binWidth
      if value <= minimum { return 0 }
      if value >= maximum || (edge == bins && upper == nil) { return count }
      return Int(cumulative.count(below: value).rounded())
    }
    for bin in 0..<bins { result.counts[bin] = edges[bin + 1] - edges[bin] }
    return result
  }

  /// Returns the chance that one of these values exceeds one of the other's, a tie counting half.
  ///
  /// Exact when both kept their values, otherwise to within the bin widths. NaN when either is
  /// empty.
  public func areaUnderCurve(against other: PairDistribution) -> Double {
    guard count > 0 && other.count > 0 else { return .nan }
    if let values, let others = other.values {
      return EmbeddingMath.areaUnderCurve(positives: values, negatives: others)
    }
    let below = CumulativeHistogram(other.histogram)
    var sum = 0.0
    for (bin, count) in histogram.counts.enumerated() where count > 0 {
      let lower = histogram.lower + Double(bin) * histogram.binWidth
      sum += Double(count) * below.meanCount(below: (lower, lower + histogram.binWidth))
    }
    return sum / Double(count) / Double(other.count)
  }

  /// Returns empty bins, half a unit to either side where the ends do not lie apart.
  static func emptyHistogram(from lower: Double, to upper: Double, bins: Int) -> Histogram {
    precondition(bins > 0, "\(bins) bins")
    let counts = [Int](repeating: 0, count: bins)
    guard lower.isFinite && upper.isFinite else {
      return Histogram(lower: 0, upper: 1, counts: counts)
    }
    let margin = max(0.5, abs(lower) * 0x1p-40)
    return upper > lower
      ? Histogram(lower: lower, upper: upper, counts: counts)
      : Histogram(lower: lower - margin, upper: lower + margin, counts: counts)
  }
}
