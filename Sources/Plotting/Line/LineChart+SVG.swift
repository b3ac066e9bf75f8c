extension LineChart {
  /// Returns the chart as a complete SVG document, 720 units wide and as high as it needs.
  ///
  /// The document refers to nothing outside itself, carries a title and a description for readers
  /// who do not see it, and stays readable in black and white. The same chart gives the same text.
  /// Of values closer together than the picture can show, the lowest and the highest are drawn.
  package func svg() -> String {
    var drawing = SVGLines(chart: self)
    return drawing.document()
  }
}

/// Lays a chart out from the top down.
private struct SVGLines {
  let chart: LineChart
  let contents: LineContents
  /// The numbers of every series.
  let numbers: [[String]]
  var page: SVGPage

  static let markColumns = 36
  static let markSize = 11.0
  static let rowHeight = 15.0
  /// The lines of text there are for marks.
  static let markRows = 3
  /// The most values of a series that get a dot each.
  static let dotLimit = 50

  init(chart: LineChart) {
    self.chart = chart
    let contents = LineContents(chart)
    self.contents = contents
    let horizontal = ChartAxis.labelled(contents.xRange, atMost: 10)
    let vertical = ChartAxis.labelled(contents.yRange, atMost: 6)
    let numbers = contents.series.indices.map { index in
      contents.numbers(index, horizontal: horizontal, vertical: vertical)
    }
    self.numbers = numbers
    let spoken = zip(contents.series, numbers).map { series, pieces in
      (series.name.isEmpty ? "" : series.name + ": ") + pieces.joined(separator: ", ") + "."
    }
    let marks = chart.marks.prefix(LineChart.markLimit).map {
      "\($0.text) at \(LineContents.place($0.x, horizontal))"
    }
    let rest = (marks + chart.numbers + contents.notices).joined(separator: ", ")
    self.page = SVGPage(
      title: chart.title,
      subtitle: chart.subtitle,
      spoken: [chart.subtitle, chart.sentence] + spoken + (rest.isEmpty ? [] : [rest + "."])
    )
  }

  mutating func document() -> String {
    var homeless = contents.strayMarks
    if contents.isEmpty {
      page.paragraph("(nothing to draw)", SVGWriter.TextStyle(size: 13))
      homeless = contents.marks + homeless
    } else {
      homeless = picture() + homeless
    }
    for index in contents.series.indices { legend(index) }
    list(homeless)
    page.pieces(chart.numbers)
    page.pieces(contents.notices)
    return page.document(sentence: chart.sentence)
  }

  /// Draws axes, marks and lines, and returns the marks whose texts found no room.
  private mutating func picture() -> [LineMark] {
    func frame(top: Double) -> SVGFrame {
      SVGFrame(
        horizontal: contents.xRange,
        vertical: contents.yRange,
        top: top,
        height: 300
      )
    }
    let places = placesOfMarks(on: frame(top: 0))
    let rows = places.compactMap(\.?.row).max().map { $0 + 1 } ?? 0
    let area = frame(top: page.y + 16 + Self.rowHeight * Double(rows))
    area.draw(on: &page, xLabel: chart.xLabel, yLabel: chart.yLabel)
    marks(places, on: area)
    for index in contents.series.indices { line(index, on: area) }
    return zip(contents.marks, places).filter { $0.1 == nil }.map(\.0)
  }

  // MARK: Lines

  private mutating func line(_ index: Int, on frame: SVGFrame) {
    let series = contents.series[index]
    let look = SeriesLook.forSeries(index)
    let dash = look.dash.isEmpty ? "" : " stroke-dasharray=\"\(look.dash)\""
    let path = series.runs.filter { $0.count > 1 }.map { self.path(series, $0, on: frame) }.joined()
    if !path.isEmpty {
      page.writer.raw(
        "<path d=\"\(path)\" fill=\"none\" stroke=\"\(look.colour)\" stroke-width=\"1.6\""
          + " stroke-linejoin=\"round\"\(dash)/>"
      )
    }
    let isDotted = series.values.count <= Self.dotLimit
    let dots = series.runs.filter { isDotted || $0.count == 1 }.flatMap { $0 }
      .prefix(ScatterChart.svgPointLimit).map { place in
        MarkShape.disc.path(
          x: frame.x(series.start + Double(place)),
          y: frame.y(series.values[place]),
          radius: 2.2
        )
      }
    if !dots.isEmpty {
      page.writer.raw("<path d=\"\(dots.joined())\" fill=\"\(look.colour)\"/>")
    }
  }

  /// Returns the path of a run: of the values in a column half a unit wide, the first, the lowest,
  /// the highest and the last.
  private func path(_ series: LineSeries, _ run: Range<Int>, on frame: SVGFrame) -> String {
    var kept: [Int] = []
    var first = run.lowerBound
    func column(_ index: Int) -> Double {
      (frame.x(series.start + Double(index)) * 2).rounded(.down)
    }
    while first < run.upperBound {
      var (low, high, end) = (first, first, first)
      let place = column(first)
      while end < run.upperBound, column(end) == place {
        if series.values[end] < series.values[low] { low = end }
        if series.values[end] > series.values[high] { high = end }
        end += 1
      }
      for index in [first, min(low, high), max(low, high), end - 1] where kept.last != index {
        kept.append(index)
      }
      first = end
    }
    return kept.enumerated().map { order, index in
      let x = SVGWriter.number(frame.x(series.start + Double(index)))
      let y = SVGWriter.number(frame.y(series.values[index]))
      return (order == 0 ? "M" : order == 1 ? "L" : " ") + "\(x),\(y)"
    }.joined()
  }

  // MARK: Marks

  /// Where the text of a mark stands: in which row above the picture, and where it begins.
  private struct MarkPlace: Equatable {
    let row: Int
    let left: Double
    let width: Double
  }

  private func text(_ mark: LineMark) -> String {
    PlotText.label(mark.text, limit: Self.markColumns, ellipsis: "…")
  }

  /// Returns where each mark's text stands, `nil` for one without room.
  private func placesOfMarks(on frame: SVGFrame) -> [MarkPlace?] {
    var placer = LabelPlacer(
      frame: .init(
        x: SVGPage.edge,
        y: 0,
        width: frame.right - SVGPage.edge,
        height: Double(Self.markRows)
      ),
      gap: 2
    )
    for (index, mark) in contents.marks.enumerated() {
      placer.reserve(.init(x: frame.x(mark.x), y: 0, width: 1, height: 1), owner: index)
    }
    var places = [MarkPlace?](repeating: nil, count: contents.marks.count)
    // From the right, as most texts stand to the right of their positions.
    for (index, mark) in contents.marks.enumerated().reversed() {
      let x = frame.x(mark.x)
      let width = Double(PlotText.columns(text(mark))) * Self.markSize * 0.62
      let lefts = [x, min(x, frame.right - width), x - width]
      let boxes = (0..<Self.markRows).flatMap { row in
        lefts.map { LabelPlacer.Box(x: $0, y: Double(row), width: width, height: 1) }
      }
      guard let found = placer.place(boxes, owner: index) else { continue }
      let row = Int(boxes[found].y)
      places[index] = MarkPlace(row: row, left: boxes[found].x, width: width)
      // The line down from the text keeps other texts away too.
      placer.reserve(.init(x: x, y: 0, width: 1, height: Double(row)), owner: index)
    }
    return places
  }

  /// Draws a line at every mark, then the texts over the lines of others.
  private mutating func marks(_ places: [MarkPlace?], on frame: SVGFrame) {
    for (mark, place) in zip(contents.marks, places) {
      let x = frame.x(mark.x)
      page.writer.line(
        from: (x, frame.top - 3 - Self.rowHeight * Double(place?.row ?? 0)),
        to: (x, frame.bottom),
        colour: SVGWriter.Palette.faint,
        dash: "3 3"
      )
    }
    for (mark, place) in zip(contents.marks, places) {
      guard let place else { continue }
      let top = frame.top - 3 - Self.rowHeight * Double(place.row + 1)
      let isAtEnd = place.left + place.width < frame.x(mark.x) + 1
      page.writer.raw(
        "<rect x=\"\(SVGWriter.number(place.left))\" y=\"\(SVGWriter.number(top))\""
          + " width=\"\(SVGWriter.number(place.width))\" height=\"14\""
          + " fill=\"\(SVGWriter.Palette.paper)\"/>"
      )
      page.writer.text(
        text(mark),
        x: isAtEnd ? place.left + place.width : place.left,
        y: top + 11,
        SVGWriter.TextStyle(size: Self.markSize, anchor: isAtEnd ? "end" : "start")
      )
    }
  }

  // MARK: Texts

  /// Writes a series' numbers, beside a piece of its line if there are others.
  private mutating func legend(_ index: Int) {
    guard contents.series.count > 1 else { return page.pieces(numbers[index]) }
    let look = SeriesLook.forSeries(index)
    page.writer.line(
      from: (24, page.y + 13),
      to: (66, page.y + 13),
      colour: look.colour,
      width: 1.6,
      dash: look.dash
    )
    let name = contents.series[index].name
    page.pieces(["\(name): \(numbers[index][0])"] + numbers[index].dropFirst())
  }

  private mutating func list(_ marks: [LineMark]) {
    guard !marks.isEmpty else { return }
    let axis = ChartAxis.labelled(contents.xRange, atMost: 10)
    var pieces = marks.map { mark in
      "\(text(mark)) (\(LineContents.place(mark.x, axis)))"
    }
    pieces[0] = "not in the picture: " + pieces[0]
    page.pieces(pieces)
  }
}
