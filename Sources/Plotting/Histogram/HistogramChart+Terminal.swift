extension HistogramChart {
  /// Returns the chart as lines of text, without a final line break.
  ///
  /// From the top: title, basis, one panel per series (bars, axis, and beneath it a whisker from
  /// the lowest to the highest marker with the mean on it), the labels of the common axis, the
  /// numbers, and the sentence. Nothing depends on colour. A bar that holds anything shows. With the
  /// overlaid layout the panels have one scale, in shares; otherwise each has its own, in counts.
  package func terminalText(_ style: TerminalStyle = TerminalStyle()) -> String {
    let drawing = TerminalHistogram(chart: self, style: style)
    var body = series.indices.flatMap { [""] + drawing.panel($0) }
    if series.allSatisfy({ $0.total == 0 }) { body += ["", "(nothing to draw)"] }
    return style.page(title: title, subtitle: subtitle, body: body, sentence: sentence)
  }
}

/// Draws the panels of one chart on a grid of characters.
private struct TerminalHistogram {
  let chart: HistogramChart
  let style: TerminalStyle
  /// Whether bars are shares of their series' total, on a scale common to all panels.
  let isInShares: Bool
  let horizontal: TerminalAxis
  let rowCount: Int
  let columns: [[Double]]
  let tops: [Double]

  private var axis: ChartAxis { horizontal.axis }
  private var columnCount: Int { horizontal.columnCount }

  init(chart: HistogramChart, style: TerminalStyle) {
    self.chart = chart
    self.style = style
    self.isInShares = chart.layout == .overlaid && chart.series.count > 1
    self.rowCount = chart.series.count < 2 ? 10 : chart.series.count == 2 ? 6 : 4
    let range = chart.axisRange
    let margin = 6  // enough for "1.26B" or "999T"
    let columnCount = style.usableWidth - margin - 2
    self.horizontal = TerminalAxis(
      axis: ChartAxis(range, atMost: max(2, columnCount / 10)),
      style: style,
      margin: margin,
      columnCount: columnCount
    )
    let isInShares = isInShares
    self.columns = chart.series.map {
      isInShares
        ? $0.shares(columnCount: columnCount, over: range)
        : $0.heights(columnCount: columnCount, over: range)
    }
    let common = columns.compactMap { $0.max() }.max() ?? 0
    self.tops = columns.map { ChartAxis.roundTop(isInShares ? common : $0.max() ?? 0) }
  }

  func panel(_ index: Int) -> [String] {
    let series = chart.series[index]
    var lines = heading(index)
    if series.total > 0 {
      lines += bars(index)
      lines.append(horizontal.line(label: "0"))
      lines.append(whisker(series))
    }
    if index == chart.series.lastIndex(where: { $0.total > 0 }) {
      lines.append(horizontal.tickLabels)
      lines.append(horizontal.centred(chart.axisLabel))
    }
    return lines + style.paragraph(numbers(series))
  }

  private func heading(_ index: Int) -> [String] {
    let series = chart.series[index]
    var text = "\(ChartNumber.grouped(series.total)) \(chart.unit)"
    if series.total > 0 {
      let top = columns[index].max() ?? 0
      let tallest = min(1, isInShares ? top : top / Double(series.total))
      text += ", at most \(ChartNumber.percent(tallest)) in one bar"
    }
    if chart.series.count > 1 { text = "\(series.name): \(text)" }
    return PlotText.wrapped(text, width: style.usableWidth).map { style.styled($0, "1") }
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
      let label = isInShares ? ChartNumber.percent(value) : ChartNumber.short(value)
      let line = isLabelled ? style.glyphs.labelledAxis : style.glyphs.verticalAxis
      return style.styled(horizontal.padded(isLabelled ? label : "") + " \(line)", "2")
        + style.styled(TerminalAxis.trimmingEnd(cells), "36")
    }
  }

  private func whisker(_ series: HistogramSeries) -> String {
    var cells = [Character](repeating: " ", count: columnCount)
    let marked = series.markers.compactMap { horizontal.column(of: $0.value) }
    if let first = marked.first, let last = marked.last, first < last {
      for cell in first...last { cells[cell] = style.glyphs.whisker }
    }
    for (index, marker) in series.markers.enumerated() {
      if let column = horizontal.column(of: marker.value) {
        cells[column] = glyph(index, of: series)
      }
    }
    if let mean = series.mean, let column = horizontal.column(of: mean) {
      cells[column] = style.glyphs.mean
    }
    return TerminalAxis.trimmingEnd(
      String(repeating: " ", count: horizontal.margin + 2) + String(cells)
    )
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
}
