/// What of a line chart is drawn, within its limits, and its numbers.
struct LineContents {
  let series: [LineSeries]
  /// What the axes need to cover.
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>
  /// The marks on the axis, from the left.
  let marks: [LineMark]
  /// The marks elsewhere.
  let strayMarks: [LineMark]
  /// What was left out, one text each.
  let notices: [String]

  init(_ chart: LineChart) {
    series = Array(chart.series.prefix(LineChart.seriesLimit))
    var (xBounds, yBounds) = (Bounds(), Bounds())
    for series in series {
      for point in series.points {
        xBounds.include(point.x)
        yBounds.include(point.y)
      }
    }
    let xRange = ChartAxis.range(around: xBounds.range, margin: 0)
    self.xRange = xRange
    yRange = ChartAxis.range(around: yBounds.range, margin: 0.05)
    let shown = chart.marks.prefix(LineChart.markLimit)
    marks = shown.filter { xRange.contains($0.x) }.sorted { $0.x < $1.x }
    strayMarks = shown.filter { !xRange.contains($0.x) }
    var notices: [String] = []
    let more = chart.series.count - series.count
    if more > 0 { notices.append("not drawn: \(ChartNumber.grouped(more)) further series") }
    let moreMarks = chart.marks.count - shown.count
    if moreMarks > 0 {
      notices.append("not shown: \(ChartNumber.count(moreMarks, "further mark"))")
    }
    self.notices = notices
  }

  var isEmpty: Bool { series.allSatisfy { $0.runs.isEmpty } }

  /// Returns the numbers of a series: how many values, the lowest and the highest, the breaks.
  func numbers(_ index: Int, horizontal: ChartAxis, vertical: ChartAxis) -> [String] {
    let series = series[index]
    var lowest: (x: Double, y: Double)?
    var highest: (x: Double, y: Double)?
    var drawn = 0
    for point in series.points {
      drawn += 1
      if lowest.map({ point.y < $0.y }) ?? true { lowest = point }
      if highest.map({ point.y > $0.y }) ?? true { highest = point }
    }
    func text(_ point: (x: Double, y: Double)) -> String {
      "\(vertical.text(point.y)) at \(Self.place(point.x, horizontal))"
    }
    var pieces = [ChartNumber.count(drawn, "value")]
    if let lowest { pieces.append("lowest \(text(lowest))") }
    if let highest { pieces.append("highest \(text(highest))") }
    if drawn < series.values.count {
      let missing = ChartNumber.grouped(series.values.count - drawn)
      pieces.append("not drawn: \(missing), not finite or beyond 1e100")
    }
    return pieces
  }

  /// Returns a position on the horizontal axis as exactly as it was given, if that is short.
  static func place(_ x: Double, _ axis: ChartAxis) -> String {
    guard x.isFinite else { return "no finite position" }
    return abs(x) < 1e9 && x == x.rounded() ? ChartNumber.grouped(Int(x)) : axis.text(x)
  }
}
