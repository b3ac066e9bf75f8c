extension HistogramChart {
  /// Returns the chart as a complete SVG document, 720 units wide and as high as it needs.
  ///
  /// The document refers to nothing outside itself, carries a title and a description for readers
  /// who do not see it, and stays readable in black and white. The same chart gives the same text.
  package func svg() -> String {
    var drawing = SVGHistogram(chart: self)
    return drawing.document()
  }

  /// What it is based on, what it shows, and every series' numbers.
  fileprivate var spoken: [String] {
    let axis = ChartAxis(axisRange, atMost: 10)
    let numbers = series.map { series in
      (series.name.isEmpty ? "" : series.name + ": ")
        + series.numbers(unit: unit, axis: axis).joined(separator: ", ") + "."
    }
    return [subtitle, sentence] + numbers
  }
}

extension HistogramSeries {
  /// Returns the numbers line: how many, the mean, the deviation, each marker.
  fileprivate func numbers(unit: String, axis: ChartAxis) -> [String] {
    var pieces = ["\(ChartNumber.grouped(total)) \(unit)"]
    if let mean { pieces.append("mean \(axis.text(mean))") }
    if let standardDeviation { pieces.append("sd \(axis.text(standardDeviation))") }
    return pieces + markers.map { "\($0.label) \(axis.text($0.value))" }
  }
}

/// Lays a chart out from the top down.
private struct SVGHistogram {
  let chart: HistogramChart
  let axis: ChartAxis
  var page: SVGPage

  static let plot = SVGPage.plot
  static let mostBars = 208

  init(chart: HistogramChart) {
    self.chart = chart
    self.axis = ChartAxis(chart.axisRange, atMost: 10)
    self.page = SVGPage(title: chart.title, subtitle: chart.subtitle, spoken: chart.spoken)
  }

  mutating func document() -> String {
    if chart.layout == .overlaid, chart.series.count > 1 {
      overlay()
    } else {
      for index in chart.series.indices { panel(index) }
    }
    if chart.series.isEmpty {
      page.paragraph("(nothing to draw)", SVGWriter.TextStyle(size: 13))
    }
    let fillings = chart.series.indices.map {
      SeriesLook.forSeries($0).pattern(id: "\(page.identifier)-fill\($0)")
    }
    return page.document(sentence: chart.sentence, definitions: fillings)
  }

  // MARK: Panels

  /// Draws one series in a panel of its own, with its numbers beneath.
  private mutating func panel(_ index: Int) {
    let series = chart.series[index]
    if chart.series.count > 1 {
      page.y += 10
      page.paragraph(series.name, SVGWriter.TextStyle(size: 14, weight: "bold"))
    }
    guard series.total > 0 else {
      page.paragraph("no \(chart.unit)", SVGWriter.TextStyle(size: 13))
      return
    }
    let bars = series.bars(atMost: Self.mostBars)
    let scale = ChartAxis.roundTop(bars.map(\.height).max() ?? 0)
    whisker(series, index: index)
    let top = page.y
    let bottom = top + (chart.series.count > 1 ? 120 : 230)
    grid(top: top, bottom: bottom) { ChartNumber.short($0 * scale) }
    outline(bars.map { ($0.range, $0.height / scale) }, index: index, top: top, bottom: bottom)
    meanLine(series, index: index, top: top, bottom: bottom)
    horizontalAxis(at: bottom)
    page.y += 4
    numbersLine(series, prefix: "")
  }

  /// Draws all series over each other, as shares of their own totals in bars of a common width.
  private mutating func overlay() {
    let drawn = chart.series.indices.filter { chart.series[$0].total > 0 }
    let barCount = min(100, max(1, drawn.map { chart.series[$0].counts.count }.max() ?? 1))
    let shares = drawn.map { chart.series[$0].shares(columnCount: barCount, over: axis.range) }
    let scale = ChartAxis.roundTop(shares.compactMap { $0.max() }.max() ?? 0)
    for index in drawn { whisker(chart.series[index], index: index) }
    let top = page.y
    let bottom = top + 230
    grid(top: top, bottom: bottom) { ChartNumber.percent($0 * scale) }
    let range = axis.range
    let width = (range.upperBound - range.lowerBound) / Double(barCount)
    for (index, heights) in zip(drawn, shares) {
      let bars = heights.enumerated().map { bar, height in
        let lower = range.lowerBound + Double(bar) * width
        return (lower...(lower + width), height / scale)
      }
      outline(bars, index: index, top: top, bottom: bottom)
    }
    for index in drawn { meanLine(chart.series[index], index: index, top: top, bottom: bottom) }
    horizontalAxis(at: bottom)
    page.y += 4
    for (index, series) in chart.series.enumerated() { legend(series, index: index) }
  }

  // MARK: Parts

  private func x(_ value: Double) -> Double {
    Self.plot.left + axis.fraction(value) * (Self.plot.right - Self.plot.left)
  }

  private func isOnAxis(_ value: Double) -> Bool {
    (-1e-9...(1 + 1e-9)).contains(axis.fraction(value))
  }

  /// Draws horizontal lines at the quarters of the scale, labelled at the left, and what they count.
  private mutating func grid(top: Double, bottom: Double, label: (Double) -> String) {
    for quarter in 0...4 {
      let height = bottom - (bottom - top) * Double(quarter) / 4
      page.writer.line(
        from: (Self.plot.left, height),
        to: (Self.plot.right, height),
        colour: SVGWriter.Palette.grid
      )
      if quarter % 2 == 0 {
        page.writer.text(
          label(Double(quarter) / 4),
          x: Self.plot.left - 8,
          y: height + 4,
          SVGWriter.TextStyle(size: 11, anchor: "end", colour: SVGWriter.Palette.faint)
        )
      }
    }
    let middle = SVGWriter.number((top + bottom) / 2)
    let isShare = chart.layout == .overlaid && chart.series.count > 1
    let what = isShare ? "share of \(chart.unit) per bar" : "\(chart.unit) per bar"
    page.writer.raw(
      "<text transform=\"translate(22 \(middle)) rotate(-90)\" font-size=\"11\""
        + " text-anchor=\"middle\" fill=\"\(SVGWriter.Palette.faint)\">\(PlotText.xml(what))</text>"
    )
  }

  /// Draws bars as one filled outline; heights are parts of the panel's height.
  private mutating func outline(
    _ bars: [(range: ClosedRange<Double>, height: Double)],
    index: Int,
    top: Double,
    bottom: Double
  ) {
    var path = ""
    var end: Double?
    for bar in bars where bar.height > 0 {
      let left = min(max(x(bar.range.lowerBound), Self.plot.left), Self.plot.right)
      let right = min(max(x(bar.range.upperBound), Self.plot.left), Self.plot.right)
      // What holds anything shows, however little.
      let height = bottom - max(0.75, bar.height * (bottom - top))
      let (l, r, h) = (SVGWriter.number(left), SVGWriter.number(right), SVGWriter.number(height))
      if let previous = end, abs(previous - left) < 0.01 {
        path += " V\(h) H\(r)"
      } else {
        if end != nil { path += " V\(SVGWriter.number(bottom))" }
        path += "\(path.isEmpty ? "" : " ")M\(l),\(SVGWriter.number(bottom)) V\(h) H\(r)"
      }
      end = right
    }
    guard !path.isEmpty else { return }
    path += " V\(SVGWriter.number(bottom))"
    let look = SeriesLook.forSeries(index)
    let dash = look.dash.isEmpty ? "" : " stroke-dasharray=\"\(look.dash)\""
    page.writer.raw(
      "<path d=\"\(path)\" fill=\"url(#\(page.identifier)-fill\(index))\" stroke=\"\(look.colour)\""
        + " stroke-width=\"1.2\" stroke-linejoin=\"round\"\(dash)/>"
    )
  }

  /// Draws the strip above a panel: a line from the lowest to the highest marker, a bar at each
  /// marker, and the mean as a diamond with its label.
  private mutating func whisker(_ series: HistogramSeries, index: Int) {
    let look = SeriesLook.forSeries(index)
    page.y += 16
    if let mean = series.mean, isOnAxis(mean) {
      let isRight = axis.fraction(mean) > 0.5
      let style = SVGWriter.TextStyle(size: 11, anchor: isRight ? "end" : "start")
      page.writer.text("mean \(axis.text(mean))", x: x(mean) + (isRight ? 4 : -4), y: page.y, style)
    }
    page.y += 11
    let marked = series.markers.filter { isOnAxis($0.value) }
    if let first = marked.first, let last = marked.last {
      page.writer.line(
        from: (x(first.value), page.y),
        to: (x(last.value), page.y),
        colour: look.colour,
        width: 1.5,
        dash: look.dash
      )
    }
    for marker in marked {
      let middle = x(marker.value)
      page.writer.line(
        from: (middle, page.y - 5),
        to: (middle, page.y + 5),
        colour: look.colour,
        width: 1.5
      )
    }
    if let mean = series.mean, isOnAxis(mean) {
      let (middle, level) = (SVGWriter.number(x(mean)), SVGWriter.number(page.y - 4.5))
      page.writer.raw(
        "<path d=\"M\(middle),\(level) l4.5,4.5 l-4.5,4.5 l-4.5,-4.5 z\" fill=\"\(look.colour)\"/>"
      )
    }
    page.y += 12
  }

  private mutating func meanLine(
    _ series: HistogramSeries,
    index: Int,
    top: Double,
    bottom: Double
  ) {
    guard let mean = series.mean, isOnAxis(mean) else { return }
    let look = SeriesLook.forSeries(index)
    let colour = chart.layout == .overlaid ? look.colour : SVGWriter.Palette.ink
    page.writer.line(
      from: (x(mean), top - 6),
      to: (x(mean), bottom),
      colour: colour,
      width: 1.5,
      dash: chart.layout == .overlaid ? look.dash : ""
    )
  }

  private mutating func horizontalAxis(at bottom: Double) {
    page.writer.line(from: (Self.plot.left, bottom), to: (Self.plot.right, bottom))
    for tick in axis.ticks {
      page.writer.line(from: (x(tick), bottom), to: (x(tick), bottom + 5))
      page.writer.text(
        axis.label(tick),
        x: x(tick),
        y: bottom + 18,
        SVGWriter.TextStyle(size: 11, anchor: "middle")
      )
    }
    page.y = bottom + 36
    page.writer.text(
      chart.axisLabel,
      x: (Self.plot.left + Self.plot.right) / 2,
      y: page.y,
      SVGWriter.TextStyle(size: 12, anchor: "middle", colour: SVGWriter.Palette.faint)
    )
  }

  private mutating func numbersLine(_ series: HistogramSeries, prefix: String) {
    let pieces = series.numbers(unit: chart.unit, axis: axis)
    page.pieces(prefix.isEmpty ? pieces : ["\(prefix): \(pieces[0])"] + pieces.dropFirst())
  }

  /// Writes a series' numbers beside a swatch of its filling.
  private mutating func legend(_ series: HistogramSeries, index: Int) {
    let look = SeriesLook.forSeries(index)
    let dash = look.dash.isEmpty ? "" : " stroke-dasharray=\"\(look.dash)\""
    page.writer.raw(
      "<rect x=\"36\" y=\"\(SVGWriter.number(page.y + 6))\" width=\"28\" height=\"12\""
        + " fill=\"url(#\(page.identifier)-fill\(index))\" stroke=\"\(look.colour)\"\(dash)/>"
    )
    numbersLine(series, prefix: series.name)
  }
}
