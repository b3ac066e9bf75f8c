extension LineChart {
  /// Returns the chart as lines of text, without a final line break.
  ///
  /// From the top: title, basis, one panel per series on common axes, marks that found no room, the
  /// numbers, and the sentence. Nothing depends on colour. Where several values share a column the
  /// line covers all of them, so that no spike is lost.
  ///
  /// - Complexity: O(values × rows).
  package func terminalText(_ style: TerminalStyle = TerminalStyle()) -> String {
    let drawing = TerminalLines(chart: self, style: style)
    return style.page(title: title, subtitle: subtitle, body: drawing.body(), sentence: sentence)
  }
}

/// Draws the panels of one chart on a grid of characters.
private struct TerminalLines {
  let chart: LineChart
  let contents: LineContents
  let style: TerminalStyle
  let frame: TerminalPanel

  static let markColumns = 30

  private var columnCount: Int { frame.horizontal.columnCount }

  init(chart: LineChart, style: TerminalStyle) {
    self.chart = chart
    self.contents = LineContents(chart)
    self.style = style
    let count = contents.series.count
    let rowCount = count < 2 ? 14 : count == 2 ? 7 : count == 3 ? 5 : 3
    let vertical = ChartAxis.labelled(contents.yRange, atMost: max(2, rowCount / 3))
    let margin = TerminalPanel.margin(vertical)
    let columnCount = style.usableWidth - margin - 2
    let horizontal = TerminalAxis(
      axis: ChartAxis.labelled(contents.xRange, atMost: max(2, columnCount / 10)),
      style: style,
      margin: margin,
      columnCount: columnCount
    )
    self.frame = TerminalPanel(horizontal: horizontal, vertical: vertical, rowCount: rowCount)
  }

  func body() -> [String] {
    var lines = [""]
    var homeless = contents.strayMarks
    if contents.isEmpty {
      lines.append("(nothing to draw)")
      for index in contents.series.indices { lines += heading(index) }
      homeless = contents.marks + homeless
    } else {
      let (top, unplaced) = markLines()
      homeless = unplaced + homeless
      for index in contents.series.indices {
        lines += heading(index) + (index == 0 ? yLabel + top : []) + panel(index)
      }
      lines += [frame.horizontal.tickLabels, frame.horizontal.centred(chart.xLabel)]
    }
    return lines + list(homeless) + style.paragraph(contents.notices)
      + style.paragraph(chart.numbers)
  }

  // MARK: Panels

  private var yLabel: [String] {
    guard !chart.yLabel.isEmpty else { return [] }
    let limit = style.usableWidth
    let text = PlotText.label(chart.yLabel, limit: limit, ellipsis: style.glyphs.ellipsis)
    return [style.styled(text, "2")]
  }

  private func heading(_ index: Int) -> [String] {
    let series = contents.series[index]
    let pieces = contents.numbers(
      index,
      horizontal: frame.horizontal.axis,
      vertical: frame.vertical
    )
    let text = pieces.joined(separator: ", ")
    let named = contents.series.count > 1 ? "\(series.name): \(text)" : text
    return PlotText.wrapped(named, width: style.usableWidth).map { style.styled($0, "1") }
  }

  private func panel(_ index: Int) -> [String] {
    let series = contents.series[index]
    var grid = DotGrid(
      columnCount: columnCount,
      rowCount: frame.rowCount,
      isUnicode: style.unicode
    )
    for run in series.runs {
      var previous: (x: Int, y: Int)?
      for index in run {
        let dot = grid.dot(
          frame.horizontal.axis.fraction(series.start + Double(index)),
          frame.vertical.fraction(series.values[index])
        )
        grid.connect(previous ?? dot, dot)
        previous = dot
      }
    }
    var panel = frame
    let marked = Set(contents.marks.compactMap { frame.horizontal.column(of: $0.x) })
    for cell in 0..<(frame.rowCount * columnCount) {
      if !grid.isEmpty(cell) {
        panel[cell] = .init(text: String(grid.character(cell)), style: "36")
      } else if marked.contains(cell % columnCount) {
        panel[cell] = .init(text: String(style.glyphs.guide), style: "2")
      }
    }
    return panel.lines.map(TerminalAxis.trimmingEnd)
  }

  // MARK: Marks

  /// Returns the marks' texts above their positions, and the marks whose texts found no room.
  private func markLines() -> (lines: [String], homeless: [LineMark]) {
    guard !contents.marks.isEmpty else { return ([], []) }
    var rows = TerminalPanel(horizontal: frame.horizontal, vertical: frame.vertical, rowCount: 3)
    var placer = LabelPlacer(
      frame: .init(x: 0, y: 0, width: Double(columnCount), height: 2),
      gap: 1
    )
    for mark in contents.marks {
      guard let column = frame.horizontal.column(of: mark.x) else { continue }
      placer.reserve(.init(x: Double(column), y: 1, width: 1, height: 1), owner: column)
    }
    var homeless: [LineMark] = []
    // From the right, as most texts stand to the right of their positions.
    for mark in contents.marks.reversed() {
      guard let column = frame.horizontal.column(of: mark.x) else { continue }
      rows.write(String(style.glyphs.mark), row: 2, column: column, style: "1")
      let text = PlotText.label(
        mark.text,
        limit: Self.markColumns,
        ellipsis: style.glyphs.ellipsis
      )
      let width = PlotText.columns(text)
      let starts = [column, min(column, columnCount - width), column - width + 1]
      let boxes = [1.0, 0].flatMap { row in
        starts.map {
          LabelPlacer.Box(x: Double($0), y: row, width: Double(width), height: 1)
        }
      }
      guard let found = placer.place(boxes, owner: column) else {
        homeless.append(mark)
        continue
      }
      let (row, start) = (Int(boxes[found].y), Int(boxes[found].x))
      let between = columnCount + column
      if row == 0, rows[between].text == " " {
        rows[between] = .init(text: String(style.glyphs.guide), style: "2")
      }
      rows.write(text, row: row, column: start, style: "1")
    }
    let lines = rows.pictureLines.map(TerminalAxis.trimmingEnd)
    return (lines[0].isEmpty ? Array(lines.dropFirst()) : lines, homeless.reversed())
  }

  private func list(_ marks: [LineMark]) -> [String] {
    guard !marks.isEmpty else { return [] }
    var pieces = marks.map { mark in
      let text = PlotText.label(
        mark.text,
        limit: Self.markColumns,
        ellipsis: style.glyphs.ellipsis
      )
      return "\(text) (\(LineContents.place(mark.x, frame.horizontal.axis)))"
    }
    pieces[0] = "not in the picture: " + pieces[0]
    return style.paragraph(pieces)
  }
}
