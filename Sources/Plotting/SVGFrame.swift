/// A plotting area between two labelled axes, with lines at their ticks.
struct SVGFrame {
  let horizontal: ChartAxis
  let vertical: ChartAxis
  let left: Double
  let right = SVGPage.plot.right
  let top: Double
  let bottom: Double

  /// Lays out an area that begins at `top`; longer labels of the vertical axis make it narrower.
  init(
    horizontal: ClosedRange<Double>,
    vertical: ClosedRange<Double>,
    top: Double,
    height: Double
  ) {
    self.horizontal = ChartAxis.labelled(horizontal, atMost: 10)
    self.vertical = ChartAxis.labelled(vertical, atMost: 6)
    let axis = self.vertical
    let widest = axis.ticks.map { axis.label($0).count }.max() ?? 0
    self.left = min(max(SVGPage.plot.left, 42 + 6.6 * Double(widest)), 200)
    self.top = top
    self.bottom = top + height
  }

  func x(_ value: Double) -> Double { left + horizontal.fraction(value) * (right - left) }

  func y(_ value: Double) -> Double { bottom - vertical.fraction(value) * (bottom - top) }

  /// Draws the axes and their labels and moves the page on beneath them.
  func draw(on page: inout SVGPage, xLabel: String, yLabel: String) {
    for tick in vertical.ticks {
      let level = y(tick)
      page.writer.line(from: (left, level), to: (right, level), colour: SVGWriter.Palette.grid)
      page.writer.text(
        vertical.label(tick),
        x: left - 8,
        y: level + 4,
        SVGWriter.TextStyle(size: 11, anchor: "end", colour: SVGWriter.Palette.faint)
      )
    }
    for tick in horizontal.ticks {
      let place = x(tick)
      page.writer.line(from: (place, top), to: (place, bottom), colour: SVGWriter.Palette.grid)
      page.writer.line(from: (place, bottom), to: (place, bottom + 5))
      page.writer.text(
        horizontal.label(tick),
        x: place,
        y: bottom + 18,
        SVGWriter.TextStyle(size: 11, anchor: "middle")
      )
    }
    page.writer.line(from: (left, bottom), to: (right, bottom))
    page.writer.line(from: (left, top), to: (left, bottom))
    names(on: &page, xLabel: xLabel, yLabel: yLabel)
    page.y = bottom + 40
  }

  private func names(on page: inout SVGPage, xLabel: String, yLabel: String) {
    let across = SVGWriter.characters(in: right - left, size: 12)
    page.writer.text(
      PlotText.label(xLabel, limit: across, ellipsis: "…"),
      x: (left + right) / 2,
      y: bottom + 36,
      SVGWriter.TextStyle(size: 12, anchor: "middle", colour: SVGWriter.Palette.faint)
    )
    let up = SVGWriter.characters(in: bottom - top, size: 12)
    let name = PlotText.xml(PlotText.label(yLabel, limit: up, ellipsis: "…"))
    page.writer.raw(
      "<text transform=\"translate(22 \(SVGWriter.number((top + bottom) / 2))) rotate(-90)\""
        + " font-size=\"12\" text-anchor=\"middle\" fill=\"\(SVGWriter.Palette.faint)\">\(name)</text>"
    )
  }
}
