extension ScatterChart {
  /// Returns the chart as a complete SVG document, 720 units wide and as high as it needs.
  ///
  /// The document refers to nothing outside itself, carries a title and a description for readers
  /// who do not see it, and stays readable in black and white. The same chart gives the same text.
  /// Of more than ``svgPointLimit`` unlabelled points it draws evenly chosen ones, of each group its
  /// part but at least 300, and says how many. Labelled points are always drawn.
  package func svg() -> String {
    var drawing = SVGScatter(chart: self)
    return drawing.document()
  }
}

/// Lays a chart out from the top down.
private struct SVGScatter {
  let chart: ScatterChart
  let contents: ScatterContents
  /// The points to draw without labels, and those with, for each group.
  let plain: [[ScatterPoint]]
  let labelled: [[ScatterPoint]]
  let notices: [String]
  var page: SVGPage

  static let labelSize = 11.0
  static let labelColumns = 36
  /// How many labels without room are listed.
  static let listLimit = 40

  init(chart: ScatterChart) {
    self.chart = chart
    let contents = ScatterContents(chart)
    self.contents = contents
    self.labelled = contents.groups.map { $0.points.filter { $0.label != nil } }
    self.plain = Self.thinned(contents.groups.map { $0.points.filter { $0.label == nil } })
    let drawn = (plain + labelled).reduce(0) { $0 + $1.count }
    self.notices =
      (drawn < contents.pointCount
        ? [
          "drawn: \(ChartNumber.grouped(drawn)) of \(ChartNumber.count(contents.pointCount, "point")),"
            + " evenly chosen"
        ] : []) + contents.notices
    let counts = contents.groups.indices.map { contents.heading($0) }
    let numbers = (counts + chart.numbers + notices).joined(separator: ", ") + "."
    self.page = SVGPage(
      title: chart.title,
      subtitle: chart.subtitle,
      spoken: [chart.subtitle, chart.sentence, numbers]
    )
  }

  /// Returns evenly chosen points where there are more than the limit allows.
  private static func thinned(_ groups: [[ScatterPoint]]) -> [[ScatterPoint]] {
    let total = groups.reduce(0) { $0 + $1.count }
    guard total > ScatterChart.svgPointLimit else { return groups }
    let share = Double(ScatterChart.svgPointLimit) / Double(total)
    return groups.map { points in
      let kept = min(points.count, max(300, Int(share * Double(points.count))))
      return (0..<kept).map { points[$0 * points.count / kept] }
    }
  }

  mutating func document() -> String {
    if contents.pointCount == 0 {
      page.paragraph("(nothing to draw)", SVGWriter.TextStyle(size: 13))
    } else {
      picture()
    }
    page.pieces(chart.numbers)
    page.pieces(notices)
    return page.document(sentence: chart.sentence)
  }

  private mutating func picture() {
    let frame = SVGFrame(
      horizontal: contents.xRange,
      vertical: contents.yRange,
      top: page.y + 16,
      height: 380
    )
    frame.draw(on: &page, xLabel: chart.xLabel, yLabel: chart.yLabel)
    // The largest group lies beneath the others.
    let order = plain.indices.sorted { (-plain[$0].count, $0) < (-plain[$1].count, $1) }
    for index in order {
      let radius = radius(plain[index].count)
      marks(plain[index], index: index, radius: radius, hasHalo: index != order[0], on: frame)
    }
    for index in order {
      marks(labelled[index], index: index, radius: 4, hasHalo: true, on: frame)
    }
    let homeless = labels(on: frame)
    if contents.groups.count > 1 {
      for index in contents.groups.indices { legend(index) }
    } else {
      page.pieces([contents.heading(0)])
    }
    list(homeless, on: frame)
  }

  // MARK: Marks

  /// How large a group's marks are: smaller the more there are, but never so small that shapes look
  /// alike.
  private func radius(_ count: Int) -> Double {
    let smallest = contents.groups.count > 1 ? 2.4 : 1.6
    return count <= 300 ? 4 : count <= 1500 ? 3 : smallest
  }

  private func shape(_ index: Int) -> MarkShape {
    contents.groups.count > 1 ? MarkShape.forGroup(index) : .disc
  }

  /// Draws points of a group; many of them in several paths that let each other show through, few
  /// with a pale rim that sets them off from what lies beneath.
  private mutating func marks(
    _ points: [ScatterPoint],
    index: Int,
    radius: Double,
    hasHalo: Bool,
    on frame: SVGFrame
  ) {
    let isDense = points.count > 300
    let layers = isDense ? 8 : min(1, points.count)
    for layer in 0..<layers {
      let path = stride(from: layer, to: points.count, by: layers).map { place in
        let point = points[place]
        return shape(index).path(x: frame.x(point.x), y: frame.y(point.y), radius: radius)
      }
      if hasHalo, !isDense {
        page.writer.raw(
          "<path d=\"\(path.joined())\" fill=\"none\" stroke=\"\(SVGWriter.Palette.paper)\""
            + " stroke-width=\"4\"/>"
        )
      }
      page.writer.raw(element(path.joined(), index: index, isDense: isDense))
    }
  }

  private func element(_ path: String, index: Int, isDense: Bool) -> String {
    let colour = SeriesLook.forSeries(index).colour
    let isFilled = shape(index).isFilled
    let paint =
      isFilled
      ? "fill=\"\(colour)\"" : "fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.4\""
    let opacity = isDense ? " opacity=\"0.5\"" : ""
    return "<path d=\"\(path)\" \(paint)\(opacity)/>"
  }

  /// Writes what a group's mark means.
  private mutating func legend(_ index: Int) {
    let path = shape(index).path(x: 56, y: page.y + 13, radius: 4)
    page.writer.raw(element(path, index: index, isDense: false))
    page.pieces([contents.heading(index)])
  }

  // MARK: Labels

  /// Writes the labels beside their points and returns the points whose labels found no room.
  private mutating func labels(on frame: SVGFrame) -> [ScatterPoint] {
    var placer = LabelPlacer(
      frame: .init(
        x: frame.left,
        y: frame.top,
        width: frame.right - frame.left,
        height: frame.bottom - frame.top
      ),
      gap: 2
    )
    let points = labelled.flatMap { $0 }
    for (index, point) in points.enumerated() {
      let (x, y) = (frame.x(point.x), frame.y(point.y))
      placer.reserve(.init(x: x - 4, y: y - 4, width: 8, height: 8), owner: index)
    }
    return points.indices.compactMap { index in
      let point = points[index]
      let text = PlotText.label(point.label ?? "", limit: Self.labelColumns, ellipsis: "…")
      let place = (x: frame.x(point.x), y: frame.y(point.y))
      let width = Double(PlotText.columns(text)) * Self.labelSize * 0.62
      let boxes = [7.0, 24].flatMap { distance in
        LabelPlacer.Box.around(
          x: place.x,
          y: place.y,
          distance: (distance, distance == 7 ? 5 : 16),
          width: width,
          height: 14
        )
      }
      guard let found = placer.place(boxes, owner: index) else { return point }
      label(text, in: boxes[found], of: place)
      return nil
    }
  }

  /// Writes one label on a pale ground, with a line to its point if it stands apart.
  private mutating func label(
    _ text: String,
    in box: LabelPlacer.Box,
    of point: (x: Double, y: Double)
  ) {
    let nearest = (
      x: min(max(point.x, box.x), box.x + box.width),
      y: min(max(point.y, box.y), box.y + box.height)
    )
    if abs(nearest.x - point.x) + abs(nearest.y - point.y) > 13 {
      page.writer.line(from: point, to: nearest, colour: SVGWriter.Palette.faint, width: 0.8)
    }
    page.writer.raw(
      "<rect x=\"\(SVGWriter.number(box.x - 1))\" y=\"\(SVGWriter.number(box.y))\""
        + " width=\"\(SVGWriter.number(box.width + 2))\" height=\"14\""
        + " fill=\"\(SVGWriter.Palette.paper)\" fill-opacity=\"0.75\"/>"
    )
    // The box is an estimate: the text keeps to the side where its point is.
    let side = box.x > point.x ? 0 : box.x + box.width < point.x ? 1 : 0.5
    page.writer.text(
      text,
      x: box.x + box.width * side,
      y: box.y + 11,
      SVGWriter.TextStyle(
        size: Self.labelSize,
        anchor: side == 0 ? "start" : side == 1 ? "end" : "middle"
      )
    )
  }

  private mutating func list(_ points: [ScatterPoint], on frame: SVGFrame) {
    guard !points.isEmpty else { return }
    var pieces = points.prefix(Self.listLimit).map { point in
      let text = PlotText.label(point.label ?? "", limit: Self.labelColumns, ellipsis: "…")
      return "\(text) (\(frame.horizontal.text(point.x)), \(frame.vertical.text(point.y)))"
    }
    pieces[0] = "labels without room: " + pieces[0]
    if points.count > Self.listLimit {
      pieces.append("and \(ChartNumber.grouped(points.count - Self.listLimit)) more")
    }
    page.pieces(pieces)
  }
}
