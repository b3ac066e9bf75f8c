/// A scatter chart of one or more groups of points, ready to be drawn as terminal text or as SVG.
///
/// The groups differ in their marks, not only in colour. Whoever makes a chart also says in
/// ``sentence`` what it shows, so that it can be understood without being seen.
///
/// A point that is not finite, or lies beyond ±1e100, is not drawn but counted, and the chart says
/// how many there are. At most ``groupLimit`` groups are told apart; the points of further ones
/// share the last mark under the name "others". At most ``labelLimit`` labels are used, the first
/// of each group before those of the next.
package struct ScatterChart: Hashable, Sendable {
  /// The most groups that have a mark of their own.
  package static let groupLimit = MarkShape.allCases.count
  /// The most labels a chart takes.
  package static let labelLimit = 200
  /// The unlabelled points an SVG draws; of more points it draws evenly chosen ones and says so.
  package static let svgPointLimit = 5000

  package var title: String
  /// The basis line: what was measured, such as `whisper-tiny.en · all 50,257 rows`.
  package var subtitle: String
  /// What the horizontal axis measures.
  package var xLabel: String
  /// What the vertical axis measures.
  package var yLabel: String
  /// The groups in the order of their marks; an empty one is named but draws nothing.
  package var groups: [ScatterGroup]
  /// The one sentence that says what the chart shows.
  package var sentence: String
  /// Short texts printed with the picture, such as `rank correlation 0.58`.
  package var numbers: [String]

  package init(
    title: String,
    subtitle: String,
    xLabel: String,
    yLabel: String,
    groups: [ScatterGroup],
    sentence: String,
    numbers: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.groups = groups
    self.sentence = sentence
    self.numbers = numbers
  }
}
