/// The horizontal axis beneath a picture made of characters, and the columns it gives to values.
struct TerminalAxis {
  let axis: ChartAxis
  let style: TerminalStyle
  /// The columns left of the vertical axis.
  let margin: Int
  let columnCount: Int

  /// The columns of the whole picture, with the margin and the vertical axis.
  var width: Int { margin + 2 + columnCount }

  /// Returns the column of a value, or `nil` if the axis does not cover it.
  func column(of value: Double) -> Int? {
    let fraction = axis.fraction(value)
    guard fraction >= -1e-9, fraction <= 1 + 1e-9 else { return nil }
    return min(max(0, Int(fraction * Double(columnCount))), columnCount - 1)
  }

  /// Returns the axis itself; `label` stands in the margin.
  func line(label: String) -> String {
    var cells = [Character](repeating: style.glyphs.horizontalAxis, count: columnCount)
    for tick in axis.ticks {
      if let column = column(of: tick) { cells[column] = style.glyphs.tick }
    }
    return style.styled(padded(label) + " \(style.glyphs.corner)" + String(cells), "2")
  }

  /// The tick labels, each centred under its tick; one that would touch its neighbour is left out.
  var tickLabels: String {
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
    return Self.trimmingEnd(String(cells))
  }

  /// Returns a text in the middle beneath the picture, cut to its width.
  func centred(_ text: String) -> String {
    let text = PlotText.label(text, limit: columnCount, ellipsis: style.glyphs.ellipsis)
    let indent = margin + 2 + max(0, (columnCount - PlotText.columns(text)) / 2)
    return style.styled(String(repeating: " ", count: indent) + text, "2")
  }

  /// Returns a label at the right end of the margin.
  func padded(_ label: String) -> String {
    String(repeating: " ", count: max(0, margin - label.count)) + label
  }

  static func trimmingEnd(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
