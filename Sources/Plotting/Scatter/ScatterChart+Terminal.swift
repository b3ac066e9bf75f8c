extension ScatterChart {
  /// Returns the chart as lines of text, without a final line break.
  ///
  /// From the top: title, basis, the picture, labels that found no room in it, the numbers, and the
  /// sentence. Nothing depends on colour. One group is drawn in braille dots. Several groups share
  /// one picture, each with its own character, unless that would hide one of them among the others
  /// or there are more points than it can show; then each has a panel of its own on common axes.
  /// A picture that would hold more points than dots shows how many points there are in each place
  /// instead, and so does plain ASCII.
  ///
  /// - Complexity: O(points + labels²).
  package func terminalText(_ style: TerminalStyle = TerminalStyle()) -> String {
    let drawing = TerminalScatter(chart: self, style: style)
    return style.page(title: title, subtitle: subtitle, body: drawing.body(), sentence: sentence)
  }
}

/// Draws the picture of one chart on a grid of characters.
private struct TerminalScatter {
  let chart: ScatterChart
  let contents: ScatterContents
  let style: TerminalStyle

  /// How many labels without room are listed.
  static let listLimit = 20

  private var width: Int { style.usableWidth }

  init(chart: ScatterChart, style: TerminalStyle) {
    self.chart = chart
    self.contents = ScatterContents(chart)
    self.style = style
  }

  func body() -> [String] {
    let lines =
      contents.pointCount == 0
      ? ["", "(nothing to draw)"]
      : contents.groups.count == 1 ? single() : several()
    return lines + style.paragraph(contents.notices) + style.paragraph(chart.numbers)
  }

  // MARK: Layouts

  private func single() -> [String] {
    let frame = frame(width: width, rowCount: 16)
    let field = ScatterField([contents.groups[0]], frame: frame, style: style)
    let isDense = !style.unicode || field.isCrowded
    let picture = field.picture(isDense ? .densities : .dots)
    return ["", style.styled(contents.heading(0), "1")] + yLabel + picture.panel.lines.map(trimmed)
      + foot(frame) + key(isDense ? [field] : []) + list(picture.homeless, frame)
  }

  private func several() -> [String] {
    let frame = frame(width: width, rowCount: 16)
    let field = ScatterField(contents.groups, frame: frame, style: style)
    guard !field.hidesGroup, !field.isCrowded else { return panels() }
    let picture = field.picture(.groups)
    var key = contents.groups.indices.map { index in
      "\(MarkShape.forGroup(index).glyph(isUnicode: style.unicode)) \(contents.heading(index))"
    }
    if field.isMixed { key.append("\(style.glyphs.mixed) several groups") }
    return [""]
      + PlotText.lines(
        of: key.map(PlotText.printable),
        separator: style.glyphs.separator,
        width: width
      ).map { style.styled($0, "1") } + yLabel + picture.panel.lines.map(trimmed) + foot(frame)
      + list(picture.homeless, frame)
  }

  /// Draws each group in a panel of its own, two beside each other where there is room.
  private func panels() -> [String] {
    let perLine = width >= 72 ? 2 : 1
    let lineCount = (contents.groups.count + perLine - 1) / perLine
    let rowCount = [12, 6, 4].dropFirst(lineCount - 1).first ?? 3
    let frame = frame(width: (width - 2 * (perLine - 1)) / perLine, rowCount: rowCount)
    let fields = contents.groups.map { ScatterField([$0], frame: frame, style: style) }
    let isDense = !style.unicode || fields.contains(where: \.isCrowded)
    let pictures = fields.map { $0.picture(isDense ? .densities : .dots) }
    var lines: [String] = []
    for first in stride(from: 0, to: fields.count, by: perLine) {
      let indices = first..<min(first + perLine, fields.count)
      let blocks = indices.map { index -> [String] in
        let heading = PlotText.label(
          contents.heading(index),
          limit: frame.horizontal.width,
          ellipsis: style.glyphs.ellipsis
        )
        let padding = frame.horizontal.width - PlotText.columns(heading)
        return [style.styled(heading, "1") + String(repeating: " ", count: padding)]
          + pictures[index].panel.lines
      }
      lines += blocks[0].indices.map { row in
        trimmed(blocks.map { $0[row] }.joined(separator: "  "))
      }
    }
    let labels = frame.horizontal.tickLabels
    let gap = String(repeating: " ", count: frame.horizontal.width - labels.count + 2)
    lines.append(
      fields.count.isMultiple(of: perLine) && perLine == 2 ? labels + gap + labels : labels
    )
    lines.append(wholeAxis.centred(chart.xLabel))
    let homeless = pictures.flatMap(\.homeless)
    return [""] + yLabel + lines + key(isDense ? fields : []) + list(homeless, frame)
  }

  private func frame(width: Int, rowCount: Int) -> TerminalPanel {
    let vertical = ChartAxis.labelled(contents.yRange, atMost: max(2, rowCount / 3))
    let margin = TerminalPanel.margin(vertical)
    let columnCount = width - margin - 2
    let horizontal = TerminalAxis(
      axis: ChartAxis.labelled(contents.xRange, atMost: max(2, columnCount / 10)),
      style: style,
      margin: margin,
      columnCount: columnCount
    )
    return TerminalPanel(horizontal: horizontal, vertical: vertical, rowCount: rowCount)
  }

  // MARK: Parts

  private var wholeAxis: TerminalAxis {
    TerminalAxis(
      axis: ChartAxis(contents.xRange, atMost: 2),
      style: style,
      margin: 0,
      columnCount: width - 2
    )
  }

  private var yLabel: [String] {
    guard !chart.yLabel.isEmpty else { return [] }
    let text = PlotText.label(chart.yLabel, limit: width, ellipsis: style.glyphs.ellipsis)
    return [style.styled(text, "2")]
  }

  private func foot(_ frame: TerminalPanel) -> [String] {
    [frame.horizontal.tickLabels, frame.horizontal.centred(chart.xLabel)]
  }

  /// Says what the characters mean that show how many points a place holds.
  private func key(_ fields: [ScatterField]) -> [String] {
    let most = fields.map(\.most).max() ?? 0
    guard most > 0 else { return [] }
    let levels = style.glyphs.densities
    let dash = style.glyphs.dash
    let meanings = ["1", "2\(dash)9", "10\(dash)99", "100\(dash)999", "1,000 or more"]
    let used = zip(levels, meanings).prefix(ScatterField.level(of: most) + 1)
    var pieces = used.map { "\($0) \($1)" }
    pieces[0] = "points in one place: " + pieces[0]
    return style.paragraph(pieces, separator: ", ")
  }

  private func list(_ points: [ScatterPoint], _ frame: TerminalPanel) -> [String] {
    guard !points.isEmpty else { return [] }
    var pieces = points.prefix(Self.listLimit).map { point in
      let text = PlotText.label(
        point.label ?? "",
        limit: ScatterField.labelColumns,
        ellipsis: style.glyphs.ellipsis
      )
      return "\(text) (\(frame.horizontal.axis.text(point.x)), \(frame.vertical.text(point.y)))"
    }
    pieces[0] = "labels without room: " + pieces[0]
    if points.count > Self.listLimit {
      pieces.append("and \(ChartNumber.grouped(points.count - Self.listLimit)) more")
    }
    return style.paragraph(pieces)
  }

  private func trimmed(_ line: String) -> String { TerminalAxis.trimmingEnd(line) }
}
