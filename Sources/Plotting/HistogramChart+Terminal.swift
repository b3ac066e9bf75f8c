extension HistogramChart {
  /// Returns the chart as lines of text, without a final line break.
  ///
  /// From the top: title, basis, one panel per series (bars, axis, and beneath it a whisker from
  /// the lowest to the highest marker with the mean on it), the labels of the common axis, the
  /// numbers, and the sentence. Nothing depends on colour. A bar that holds anything shows.
  package func terminalText(_ style: TerminalStyle = TerminalStyle()) -> String {
    let width = max(40, style.width)
    var lines = PlotText.wrapped(title, width: width).map { style.styled($0, "1") }
    lines += PlotText.wrapped(subtitle, width: width).map { style.styled($0, "2") }
    let drawing = TerminalHistogram(chart: self, width: width, style: style)
    for index in series.indices {
      lines += [""] + drawing.panel(index)
    }
    if series.allSatisfy({ $0.total == 0 }) { lines += ["", "(nothing to draw)"] }
    lines.append("")
    lines += PlotText.wrapped(sentence, width: width)
    return lines.joined(separator: "\n")
  }
}

/// Draws the panels of one chart on a grid of characters.
private struct TerminalHistogram {
  let chart: HistogramChart
  let style: TerminalStyle
  let width: Int
  let axis: ChartAxis
  /// The columns left of the vertical axis.
  let margin: Int
  let columnCount: Int
  let rowCount: Int
  let columns: [[Double]]
  let tops: [Double]

  init(chart: HistogramChart, width: Int, style: TerminalStyle) {
    self.chart = chart
    self.style = style
    self.width = width
    self.rowCount = chart.series.count < 2 ? 10 : chart.series.count == 2 ? 6 : 4
    let range = chart.axisRange
    self.margin = 6  // enough for "1.26B" or "999T"
    self.columnCount = width - margin - 2
    self.axis = ChartAxis(range, atMost: max(2, columnCount / 10))
    let columnCount = columnCount
    self.columns = chart.series.map { $0.heights(columnCount: columnCount, over: range) }
    self.tops = columns.map { ChartAxis.roundTop($0.max() ?? 0) }
  }

  func panel(_ index: Int) -> [String] {
    let series = chart.series[index]
    var lines = heading(index)
    if series.total > 0 {
      lines += bars(index)
      lines.append(axisLine)
      lines.append(whisker(series))
    }
    if index == chart.series.lastIndex(where: { $0.total > 0 }) {
      lines.append(tickLabels)
      lines.append(centred(PlotText.printable(chart.axisLabel)))
    }
    lines += PlotText.lines(
      of: numbers(series),
      separator: style.glyphs.separator,
      width: width - 2
    ).map { "  " + $0 }
    return lines
  }

  private func heading(_ index: Int) -> [String] {
    let series = chart.series[index]
    var text = "\(ChartNumber.grouped(series.total)) \(chart.unit)"
    if series.total > 0 {
      let tallest = min(1, (columns[index].max() ?? 0) / Double(series.total))
      text += ", at most \(ChartNumber.percent(tallest)) in one bar"
    }
    if chart.series.count > 1 { text = "\(series.name): \(text)" }
    return PlotText.wrapped(text, width: width).map { style.styled($0, "1") }
  }

  private func bars(_ index: Int) -> [String] {
    let top = tops[index]
    let levels = style.glyphs.levels
    let full = rowCount * levels.count
    let filled = columns[index].map { height in
      let level = Int((height / top * Double(full)).rounded())
      return height > 0 ? min(max(1, level), full) : 0
    }
    return (0..<rowCount).map { row in
      let below = (rowCount - 1 - row) * levels.count
      let cells = String(
        filled.map { level in
          level <= below ? " " : levels[min(level - below, levels.count) - 1]
        }
      )
      let isLabelled = row == 0 || row * 2 == rowCount
      let value = top * Double(rowCount - row) / Double(rowCount)
      let label = isLabelled ? ChartNumber.short(value) : ""
      let line = isLabelled ? style.glyphs.labelledAxis : style.glyphs.verticalAxis
      return style.styled(padded(label) + " \(line)", "2") + style.styled(trimmingEnd(cells), "36")
    }
  }

  private var axisLine: String {
    var cells = [Character](repeating: style.glyphs.horizontalAxis, count: columnCount)
    for tick in axis.ticks {
      if let column = column(of: tick) { cells[column] = style.glyphs.tick }
    }
    return style.styled(padded("0") + " \(style.glyphs.corner)" + String(cells), "2")
  }

  private func whisker(_ series: HistogramSeries) -> String {
    var cells = [Character](repeating: " ", count: columnCount)
    let marked = series.markers.compactMap { column(of: $0.value) }
    if let first = marked.first, let last = marked.last, first < last {
      for cell in first...last { cells[cell] = style.glyphs.whisker }
    }
    for (index, marker) in series.markers.enumerated() {
      if let column = column(of: marker.value) { cells[column] = glyph(index, of: series) }
    }
    if let mean = series.mean, let column = column(of: mean) { cells[column] = style.glyphs.mean }
    return trimmingEnd(String(repeating: " ", count: margin + 2) + String(cells))
  }

  /// The tick labels, each centred under its tick; one that would touch its neighbour is left out.
  private var tickLabels: String {
    var cells = [Character](repeating: " ", count: width)
    var free = 0
    for tick in axis.ticks {
      guard let column = column(of: tick) else { continue }
      let label = axis.label(tick)
      let start = min(max(free, margin + 2 + column - label.count / 2), width - label.count)
      let isMoved = abs(start - (margin + 2 + column - label.count / 2)) > label.count / 2
      guard start >= free, !isMoved else { continue }
      for (offset, character) in label.enumerated() { cells[start + offset] = character }
      free = start + label.count + 1
    }
    return trimmingEnd(String(cells))
  }

  private func numbers(_ series: HistogramSeries) -> [String] {
    var pieces: [String] = []
    if let mean = series.mean { pieces.append("\(style.glyphs.mean) mean \(axis.text(mean))") }
    if let deviation = series.standardDeviation { pieces.append("sd \(axis.text(deviation))") }
    for (index, marker) in series.markers.enumerated() {
      let label = PlotText.printable(marker.label)
      pieces.append("\(glyph(index, of: series)) \(label) \(axis.text(marker.value))")
    }
    return pieces
  }

  private func glyph(_ index: Int, of series: HistogramSeries) -> Character {
    if series.markers.count > 1, index == 0 { return style.glyphs.lowest }
    if series.markers.count > 1, index == series.markers.count - 1 { return style.glyphs.highest }
    return style.glyphs.middle
  }

  private func column(of value: Double) -> Int? {
    let fraction = axis.fraction(value)
    guard fraction >= -1e-9, fraction <= 1 + 1e-9 else { return nil }
    return min(max(0, Int(fraction * Double(columnCount))), columnCount - 1)
  }

  private func padded(_ label: String) -> String {
    String(repeating: " ", count: max(0, margin - label.count)) + label
  }

  private func centred(_ text: String) -> String {
    let indent = margin + 2 + max(0, (columnCount - PlotText.columns(text)) / 2)
    return style.styled(String(repeating: " ", count: indent) + text, "2")
  }

  private func trimmingEnd(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
