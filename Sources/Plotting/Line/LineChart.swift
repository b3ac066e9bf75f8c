/// A line chart of one or more series over a common axis, ready to be drawn as terminal text or as
/// SVG.
///
/// Series differ in the dashes of their lines, not only in colour; on a terminal each has a panel
/// of its own. All have one vertical scale. Whoever makes a chart also says in ``sentence`` what it
/// shows, so that it can be understood without being seen.
///
/// A value that is not finite, or lies beyond ±1e100, breaks its line and is counted; the chart
/// says how many there are. Of more than ``seriesLimit`` series, or ``markLimit`` marks, the first
/// are drawn, and the chart says how many are not.
package struct LineChart: Hashable, Sendable {
  /// The most series that are drawn.
  package static let seriesLimit = SeriesLook.count
  /// The most marks that are shown.
  package static let markLimit = 40

  package var title: String
  /// The basis line: what was measured, such as `gpt-neo-125m · all 2,048 positions`.
  package var subtitle: String
  /// What the horizontal axis measures.
  package var xLabel: String
  /// What the vertical axis measures.
  package var yLabel: String
  package var series: [LineSeries]
  /// Highlighted positions; one that is not on the axis is listed beneath the picture.
  package var marks: [LineMark]
  /// The one sentence that says what the chart shows.
  package var sentence: String
  /// Short texts printed with the picture, such as `period 1,024`.
  package var numbers: [String]

  package init(
    title: String,
    subtitle: String,
    xLabel: String,
    yLabel: String,
    series: [LineSeries],
    marks: [LineMark] = [],
    sentence: String,
    numbers: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.marks = marks
    self.sentence = sentence
    self.numbers = numbers
  }
}
