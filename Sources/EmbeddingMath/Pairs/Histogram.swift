/// Counts of values in equal bins.
///
/// Each bin includes its lower edge and the last one its upper edge too.
public struct Histogram: Sendable, Codable, Equatable {
  public var lower: Double
  public var upper: Double
  public var counts: [Int]

  public init(lower: Double, upper: Double, counts: [Int]) {
    self.lower = lower
    self.upper = upper
    self.counts = counts
  }

  /// The number of values in all bins.
  public var total: Int { counts.reduce(0, +) }

  public var binWidth: Double { (upper - lower) / Double(counts.count) }

  /// The value in the middle of a bin.
  public func centre(ofBin index: Int) -> Double { lower + (Double(index) + 0.5) * binWidth }

  /// The index of the fullest bin, the lowest of equals; `nil` when all are empty.
  public var fullestBin: Int? {
    guard let most = counts.max(), most > 0 else { return nil }
    return counts.firstIndex(of: most)
  }

  /// Returns the bin of a value, the nearest end bin for one outside.
  func bin(of value: Double) -> Int {
    let position = (value - lower) / binWidth
    return position >= 1 ? Int(min(position, Double(counts.count - 1))) : 0
  }
}

/// The running total of a histogram, its values taken as spread evenly in each bin.
struct CumulativeHistogram {
  private let histogram: Histogram
  private let before: [Int]
  /// The integral of the running total from the lower edge to each edge, in bins.
  private let areas: [Double]

  init(_ histogram: Histogram) {
    self.histogram = histogram
    var before = [0]
    var areas = [0.0]
    var total = 0
    var area = 0.0
    for count in histogram.counts {
      area += Double(total) + Double(count) / 2
      total += count
      before.append(total)
      areas.append(area)
    }
    self.before = before
    self.areas = areas
  }

  /// The number of all values.
  var total: Int { before.last ?? 0 }

  /// Returns how many values lie below `value`.
  func count(below value: Double) -> Double {
    let (bin, fraction) = place(of: value)
    guard bin < histogram.counts.count else { return Double(total) }
    return Double(before[bin]) + fraction * Double(histogram.counts[bin])
  }

  /// Returns the mean of `count(below:)` over an interval.
  func meanCount(below interval: (lower: Double, upper: Double)) -> Double {
    guard interval.upper > interval.lower else { return count(below: interval.lower) }
    return (area(to: interval.upper) - area(to: interval.lower)) / (interval.upper - interval.lower)
  }

  /// Returns the value that `target` of the values lie below.
  func value(countBelow target: Double) -> Double {
    // The first bin whose end reaches the target.
    var low = 0
    var high = histogram.counts.count - 1
    while low < high {
      let middle = (low + high) / 2
      if Double(before[middle + 1]) >= target { high = middle } else { low = middle + 1 }
    }
    let count = Double(histogram.counts[low])
    let fraction = count > 0 ? (target - Double(before[low])) / count : 0
    return histogram.lower + (Double(low) + min(1, max(0, fraction))) * histogram.binWidth
  }

  private func area(to value: Double) -> Double {
    let width = histogram.binWidth
    let (bin, fraction) = place(of: value)
    guard bin < histogram.counts.count else {
      return areas[bin] * width + Double(total) * (value - histogram.upper)
    }
    let inBin =
      Double(before[bin]) * fraction
      + Double(histogram.counts[bin]) * fraction * fraction / 2
    return (areas[bin] + inBin) * width
  }

  /// The bin of a value and how far it lies into it; one past the last bin from the upper edge on.
  private func place(of value: Double) -> (bin: Int, fraction: Double) {
    guard value > histogram.lower else { return (0, 0) }
    guard value < histogram.upper else { return (histogram.counts.count, 0) }
    let position = (value - histogram.lower) / histogram.binWidth
    let bin = min(Int(position), histogram.counts.count - 1)
    return (bin, min(1, position - Double(bin)))
  }
}
