/// The counts of one distribution in bins of equal width, with the few numbers that summarise it.
package struct HistogramSeries: Hashable, Sendable {
  /// A value worth marking on the axis, such as the median.
  package struct Marker: Hashable, Sendable {
    package var label: String
    package var value: Double

    package init(_ label: String, _ value: Double) {
      self.label = label
      self.value = value
    }
  }

  package let name: String
  /// The lower edge of the first bin; finite and below ``upper``.
  package let lower: Double
  /// The upper edge of the last bin.
  package let upper: Double
  /// How many values each bin holds, from the lowest bin up; never empty, never negative.
  package let counts: [Int]
  package let mean: Double?
  package let standardDeviation: Double?
  /// Marked values from the lowest up, usually the quantiles 5%, median and 95%.
  package let markers: [Marker]

  /// The sum of all counts, held at `Int.max` if it is larger.
  package let total: Int

  /// Creates a series, mending what cannot be drawn.
  ///
  /// Negative counts become 0. Bounds that are not finite, or do not leave room for the bins
  /// between them, are replaced by a single bin around the lower bound (around 0 if that is not
  /// finite). A mean, deviation or marker that is not finite is left out.
  ///
  /// - Parameters:
  ///   - name: What the series is, shown where there are several.
  ///   - lower: The lower edge of the first bin.
  ///   - upper: The upper edge of the last bin.
  ///   - counts: How many values each bin holds.
  ///   - mean: The mean of the values themselves, not of the bins.
  ///   - standardDeviation: The standard deviation of the values.
  ///   - markers: Values to mark, in any order.
  package init(
    name: String,
    lower: Double,
    upper: Double,
    counts: [Int],
    mean: Double? = nil,
    standardDeviation: Double? = nil,
    markers: [Marker] = []
  ) {
    self.name = name
    let counts = counts.map { max(0, $0) }
    let total = counts.reduce(0) { sum, count in
      let (next, overflowed) = sum.addingReportingOverflow(count)
      return overflowed ? Int.max : next
    }
    let middle = lower.isFinite ? min(max(lower, -1e100), 1e100) : 0
    let room = 1e-9 * max(abs(lower), abs(upper))
    if lower.isFinite, upper.isFinite, abs(lower) <= 1e100, abs(upper) <= 1e100,
      upper - lower > room, !counts.isEmpty
    {
      (self.lower, self.upper, self.counts) = (lower, upper, counts)
    } else {
      let half = max(0.5, abs(middle) / 2)
      (self.lower, self.upper, self.counts) = (middle - half, middle + half, [total])
    }
    self.total = total
    self.mean = mean.flatMap { $0.isFinite ? $0 : nil }
    self.standardDeviation = standardDeviation.flatMap { $0.isFinite ? $0 : nil }
    self.markers = markers.filter(\.value.isFinite).sorted { $0.value < $1.value }
  }

  var binWidth: Double { (upper - lower) / Double(counts.count) }

  /// The values from the first to the last bin that holds anything, or `nil` if none does.
  var occupiedRange: ClosedRange<Double>? {
    guard let first = counts.firstIndex(where: { $0 > 0 }),
      let last = counts.lastIndex(where: { $0 > 0 })
    else { return nil }
    return edge(first)...edge(last + 1)
  }

  /// Returns the lower edge of the bin at `index`, which may be the end of the last bin.
  private func edge(_ index: Int) -> Double {
    index == counts.count ? upper : lower + Double(index) * binWidth
  }

  /// Returns the heights of `columnCount` bars of equal width over `axis`.
  ///
  /// A bin that covers several bars, or parts of them, counts as spread evenly over its width.
  /// Where bins are wider than bars each bar has the height of its whole bin, so that a height
  /// always reads as a count of values.
  ///
  /// - Complexity: O(bins + bars).
  func heights(columnCount: Int, over axis: ClosedRange<Double>) -> [Double] {
    var heights = [Double](repeating: 0, count: columnCount)
    let columnWidth = (axis.upperBound - axis.lowerBound) / Double(columnCount)
    guard columnCount > 0, columnWidth > 0 else { return heights }
    let scale = max(1, binWidth / columnWidth)
    for (index, count) in counts.enumerated() where count > 0 {
      let start = (edge(index) - axis.lowerBound) / columnWidth
      let end = (edge(index + 1) - axis.lowerBound) / columnWidth
      let first = Int(min(max(0, start), Double(columnCount)))
      let last = Int(min(max(0, end), Double(columnCount - 1)))
      guard first <= last, end > start else { continue }
      for column in first...last {
        let covered = min(end, Double(column + 1)) - max(start, Double(column))
        if covered > 0 { heights[column] += Double(count) * covered / (end - start) * scale }
      }
    }
    return heights
  }

  /// Returns which share of all values each of `columnCount` bars over `axis` holds.
  ///
  /// However wide the bins of two series are, their shares compare: a bin that is wider than a bar
  /// gives each bar its part only. A series without values has shares of 0.
  func shares(columnCount: Int, over axis: ClosedRange<Double>) -> [Double] {
    let columnWidth = (axis.upperBound - axis.lowerBound) / Double(max(1, columnCount))
    let part = min(1, columnWidth / binWidth) / Double(max(1, total))
    return heights(columnCount: columnCount, over: axis).map { $0 * part }
  }

  /// Returns the bins themselves, neighbours joined so that at most `limit` remain.
  func bars(atMost limit: Int) -> [(range: ClosedRange<Double>, height: Double)] {
    let joined = (counts.count + max(1, limit) - 1) / max(1, limit)
    return stride(from: 0, to: counts.count, by: joined).map { first in
      let end = min(first + joined, counts.count)
      let sum = counts[first..<end].reduce(0.0) { $0 + Double($1) }
      return (edge(first)...edge(end), sum)
    }
  }
}
