/// Values at equal distances of 1 on the horizontal axis.
package struct LineSeries: Hashable, Sendable {
  /// What the series is, shown where there are several.
  package let name: String
  /// Where the first value stands; finite, and no larger than 1e100.
  package let start: Double
  /// The values in order; one that is not finite, or lies beyond ±1e100, breaks the line.
  package let values: [Double]

  /// Creates a series; a `start` that cannot be drawn becomes 0.
  ///
  /// - Parameters:
  ///   - name: What the series is.
  ///   - start: Where the first value stands.
  ///   - values: The values; value `i` stands at `start + i`.
  package init(name: String, start: Double = 0, values: [Double]) {
    self.name = name
    self.start = ChartAxis.isDrawable(start) ? start : 0
    self.values = values
  }

  /// The drawable values with their places.
  var points: some Sequence<(x: Double, y: Double)> {
    values.lazy.enumerated().filter { ChartAxis.isDrawable($0.element) }
      .map { (x: start + Double($0.offset), y: $0.element) }
  }

  /// The runs of drawable values between breaks.
  var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    var first: Int?
    for (index, value) in values.enumerated() {
      if ChartAxis.isDrawable(value) {
        first = first ?? index
      } else if let begun = first {
        runs.append(begun..<index)
        first = nil
      }
    }
    return first.map { runs + [$0..<values.count] } ?? runs
  }
}

/// A highlighted position on the horizontal axis of a line chart.
package struct LineMark: Hashable, Sendable {
  package var x: Double
  /// What is there; it may come from anywhere, and is cut if it is long.
  package var text: String

  package init(x: Double, text: String) {
    self.x = x
    self.text = text
  }
}
