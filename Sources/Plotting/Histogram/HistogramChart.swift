/// A histogram of one or more series, ready to be drawn as terminal text or as SVG.
///
/// Several series are drawn as small multiples on one common horizontal axis, or, in SVG, on top of
/// each other when ``layout`` says so. Whoever makes a chart also says in ``sentence`` what it
/// shows, so that it can be understood without being seen.
package struct HistogramChart: Hashable, Sendable {
  /// How several series share the chart.
  package enum Layout: Hashable, Sendable {
    /// One panel under the other; each has its own vertical scale, in counts.
    case stacked
    /// One panel for all, in shares of each series' own total, so that 40 pairs can be compared
    /// with a billion.
    ///
    /// Terminal text stacks panels in that case too: a cell of a terminal holds one character, so
    /// where two series overlap one would hide the other, and telling outlines apart would take
    /// colour. The panels have a common axis and a common scale in shares, so that heights and
    /// positions compare from panel to panel as they would in one.
    case overlaid
  }

  /// Which values the horizontal axis covers.
  package enum Extent: Hashable, Sendable {
    /// From the lowest `lower` to the highest `upper` of all series.
    case whole
    /// Only where some series has counts, and a margin of a twentieth on both sides.
    case occupied
  }

  package var title: String
  /// The basis line: what was measured, such as `whisper-tiny.en · all 50,257 rows`.
  package var subtitle: String
  package var series: [HistogramSeries]
  /// What the horizontal axis measures, such as `cosine similarity`.
  package var axisLabel: String
  /// What is counted, in the plural, such as `pairs`.
  package var unit: String
  /// The one sentence that says what the chart shows.
  package var sentence: String
  package var layout: Layout
  package var extent: Extent

  package init(
    title: String,
    subtitle: String,
    series: [HistogramSeries],
    axisLabel: String,
    unit: String = "pairs",
    sentence: String,
    layout: Layout = .stacked,
    extent: Extent = .whole
  ) {
    self.title = title
    self.subtitle = subtitle
    self.series = series
    self.axisLabel = axisLabel
    self.unit = unit
    self.sentence = sentence
    self.layout = layout
    self.extent = extent
  }

  /// The values the horizontal axis covers; 0 to 1 when there is no series.
  var axisRange: ClosedRange<Double> {
    let whole = Self.union(series.map { $0.lower...$0.upper }) ?? 0...1
    guard extent == .occupied, let occupied = Self.union(series.compactMap(\.occupiedRange)) else {
      return whole
    }
    let margin = (occupied.upperBound - occupied.lowerBound) / 20
    return max(
      whole.lowerBound,
      occupied.lowerBound - margin
    )...min(
      whole.upperBound,
      occupied.upperBound + margin
    )
  }

  private static func union(_ ranges: [ClosedRange<Double>]) -> ClosedRange<Double>? {
    guard var union = ranges.first else { return nil }
    for range in ranges {
      union =
        min(union.lowerBound, range.lowerBound)...max(union.upperBound, range.upperBound)
    }
    return union
  }
}
