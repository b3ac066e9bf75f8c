extension HistogramChart {
  /// Returns the chart as a complete SVG document, 720 units wide and as high as it needs.
  ///
  /// The document refers to nothing outside itself, carries a title and a description for readers
  /// who do not see it, and stays readable in black and white. The same chart gives the same text.
  package func svg() -> String {
    var drawing = SVGHistogram(chart: self)
    return drawing.document()
  }

  /// The title, what it is based on, what it shows, and every series' numbers, as one text.
  fileprivate var spokenDescription: String {
    let axis = ChartAxis(axisRange, atMost: 10)
    let numbers = series.map { series in
      (series.name.isEmpty ? "" : series.name + ": ")
        + series.numbers(unit: unit, axis: axis).joined(separator: ", ") + "."
    }
    return ([subtitle, sentence] + numbers).filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// A name for this chart's parts that two charts in one page do not share.
  fileprivate var identifier: String {
    let text = title + "\u{0}" + spokenDescription
    let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
      (hash ^ UInt64(byte)).multipliedReportingOverflow(by: 0x100_0000_01b3).partialValue
    }
    return "chart-" + String(hash, radix: 16)
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
  let identifier: String
  var writer = SVGWriter()
  /// The next free vertical position.
  var y = 12.0

  static let width = 720.0
  static let edge = 24.0
  /// The horizontal ends of the plotting area.
  static let plot = (left: 72.0, right: 696.0)
  static let mostBars = 208

  init(chart: HistogramChart) {
    self.chart = chart
    self.axis = ChartAxis(chart.axisRange, atMost: 10)
    self.identifier = chart.identifier
  }

  mutating func document() -> String {
    paragraph(chart.title, SVGWriter.TextStyle(size: 18, weight: "bold"))
    paragraph(chart.subtitle, SVGWriter.TextStyle(size: 12, colour: SVGWriter.Palette.faint))
    if chart.layout == .overlaid, chart.series.count > 1 {
      overlay()
    } else {
      for index in chart.series.indices { panel(index) }
    }
    if chart.series.isEmpty { paragraph("(nothing to draw)", SVGWriter.TextStyle(size: 13)) }
    y += 8
    paragraph(chart.sentence, SVGWriter.TextStyle(size: 14))
    return ([opening] + header + writer.lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private var opening: String {
    let height = SVGWriter.number((y + 14).rounded(.up))
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"\(height)\""
      + " viewBox=\"0 0 720 \(height)\" role=\"img\""
      + " aria-labelledby=\"\(identifier)-title \(identifier)-desc\""
      + " font-family=\"system-ui, 'DejaVu Sans', 'Helvetica Neue', Arial, sans-serif\">"
  }

  private var header: [String] {
    [
      "<title id=\"\(identifier)-title\">\(PlotText.xml(chart.title))</title>",
      "<desc id=\"\(identifier)-desc\">\(PlotText.xml(chart.spokenDescription))</desc>",
      "<defs>",
    ]
      + chart.series.indices.map {
        SeriesLook.forSeries($0).pattern(id: "\(identifier)-fill\($0)")
      } + [
        "</defs>",
        "<rect width=\"100%\" height=\"100%\" fill=\"\(SVGWriter.Palette.paper)\"/>",
      ]
  }

  private mutating func paragraph(_ text: String, _ style: SVGWriter.TextStyle) {
    let room = SVGWriter.characters(
      in: Self.width - 2 * Self.edge,
      size: style.size,
      isBold: style.weight == "bold"
    )
    for line in PlotText.wrapped(text, width: room) {
      y += (style.size * 1.4).rounded()
      writer.text(line, x: Self.edge, y: y, style)
    }
  }

  // MARK: Panels

  /// Draws one series in a panel of its own, with its numbers beneath.
  private mutating func panel(_ index: Int) {
    let series = chart.series[index]
    if chart.series.count > 1 {
      y += 10
      paragraph(series.name, SVGWriter.TextStyle(size: 14, weight: "bold"))
    }
    guard series.total > 0 else {
      paragraph("no \(chart.unit)", SVGWriter.TextStyle(size: 13))
      return
    }
    let bars = series.bars(atMost: Self.mostBars)
    let scale = ChartAxis.roundTop(bars.map(\.height).max() ?? 0)
    whisker(series, index: index)
    let top = y
    let bottom = top + (chart.series.count > 1 ? 120 : 230)
    grid(top: top, bottom: bottom) { ChartNumber.short($0 * scale) }
    outline(bars.map { ($0.range, $0.height / scale) }, index: index, top: top, bottom: bottom)
    meanLine(series, index: index, top: top, bottom: bottom)
    horizontalAxis(at: bottom)
    y += 4
    numbersLine(series, prefix: "")
  }

  /// Draws all series over each other, as shares of their own totals in bars of a common width.
  private mutating func overlay() {
    let drawn = chart.series.indices.filter { chart.series[$0].total > 0 }
    let barCount = min(100, max(1, drawn.map { chart.series[$0].counts.count }.max() ?? 1))
    let shares = drawn.map { index in
      let series = chart.series[index]
      return spread(series, barCount: barCount).map { $0 / Double(series.total) }
    }
    let scale = ChartAxis.roundTop(shares.compactMap { $0.max() }.max() ?? 0)
    for index in drawn { whisker(chart.series[index], index: index) }
    let top = y
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
    y += 4
    for (index, series) in chart.series.enumerated() { legend(series, index: index) }
  }

  /// Returns what each of `barCount` bars over the axis holds, however wide the series' bins are.
  private func spread(_ series: HistogramSeries, barCount: Int) -> [Double] {
    let heights = series.heights(columnCount: barCount, over: axis.range)
    let width = (axis.range.upperBound - axis.range.lowerBound) / Double(barCount)
    return heights.map { $0 * min(1, width / series.binWidth) }
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
      writer.line(
        from: (Self.plot.left, height),
        to: (Self.plot.right, height),
        colour: SVGWriter.Palette.grid
      )
      if quarter % 2 == 0 {
        writer.text(
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
    writer.raw(
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
    writer.raw(
      "<path d=\"\(path)\" fill=\"url(#\(identifier)-fill\(index))\" stroke=\"\(look.colour)\""
        + " stroke-width=\"1.2\" stroke-linejoin=\"round\"\(dash)/>"
    )
  }

  /// Draws the strip above a panel: a line from the lowest to the highest marker, a bar at each
  /// marker, and the mean as a diamond with its label.
  private mutating func whisker(_ series: HistogramSeries, index: Int) {
    let look = SeriesLook.forSeries(index)
    y += 16
    if let mean = series.mean, isOnAxis(mean) {
      let isRight = axis.fraction(mean) > 0.5
      let style = SVGWriter.TextStyle(size: 11, anchor: isRight ? "end" : "start")
      writer.text("mean \(axis.text(mean))", x: x(mean) + (isRight ? 4 : -4), y: y, style)
    }
    y += 11
    let marked = series.markers.filter { isOnAxis($0.value) }
    if let first = marked.first, let last = marked.last {
      writer.line(
        from: (x(first.value), y),
        to: (x(last.value), y),
        colour: look.colour,
        width: 1.5,
        dash: look.dash
      )
    }
    for marker in marked {
      let middle = x(marker.value)
      writer.line(from: (middle, y - 5), to: (middle, y + 5), colour: look.colour, width: 1.5)
    }
    if let mean = series.mean, isOnAxis(mean) {
      let (middle, level) = (SVGWriter.number(x(mean)), SVGWriter.number(y - 4.5))
      writer.raw(
        "<path d=\"M\(middle),\(level) l4.5,4.5 l-4.5,4.5 l-4.5,-4.5 z\" fill=\"\(look.colour)\"/>"
      )
    }
    y += 12
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
    writer.line(
      from: (x(mean), top - 6),
      to: (x(mean), bottom),
      colour: colour,
      width: 1.5,
      dash: chart.layout == .overlaid ? look.dash : ""
    )
  }

  private mutating func horizontalAxis(at bottom: Double) {
    writer.line(from: (Self.plot.left, bottom), to: (Self.plot.right, bottom))
    for tick in axis.ticks {
      writer.line(from: (x(tick), bottom), to: (x(tick), bottom + 5))
      writer.text(
        axis.label(tick),
        x: x(tick),
        y: bottom + 18,
        SVGWriter.TextStyle(size: 11, anchor: "middle")
      )
    }
    y = bottom + 36
    writer.text(
      chart.axisLabel,
      x: (Self.plot.left + Self.plot.right) / 2,
      y: y,
      SVGWriter.TextStyle(size: 12, anchor: "middle", colour: SVGWriter.Palette.faint)
    )
  }

  private mutating func numbersLine(_ series: HistogramSeries, prefix: String) {
    let pieces = series.numbers(unit: chart.unit, axis: axis)
    let room = SVGWriter.characters(in: Self.plot.right - Self.plot.left, size: 12)
    let lines = PlotText.lines(
      of: prefix.isEmpty ? pieces : ["\(prefix): \(pieces[0])"] + pieces.dropFirst(),
      separator: " · ",
      width: room
    )
    for line in lines {
      y += 17
      writer.text(line, x: Self.plot.left, y: y)
    }
  }

  /// Writes a series' numbers beside a swatch of its filling.
  private mutating func legend(_ series: HistogramSeries, index: Int) {
    let look = SeriesLook.forSeries(index)
    let dash = look.dash.isEmpty ? "" : " stroke-dasharray=\"\(look.dash)\""
    writer.raw(
      "<rect x=\"36\" y=\"\(SVGWriter.number(y + 6))\" width=\"28\" height=\"12\""
        + " fill=\"url(#\(identifier)-fill\(index))\" stroke=\"\(look.colour)\"\(dash)/>"
    )
    numbersLine(series, prefix: series.name)
  }
}
