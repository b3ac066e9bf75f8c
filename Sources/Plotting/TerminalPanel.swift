/// A picture of characters between a vertical and a horizontal axis.
struct TerminalPanel {
  /// One character of the picture; the right half of a wide character is a cell without text.
  struct Cell: Equatable {
    var text = " "
    /// The ANSI style, empty for none.
    var style = ""
  }

  let horizontal: TerminalAxis
  let vertical: ChartAxis
  let rowCount: Int
  private var cells: [Cell]

  private var columnCount: Int { horizontal.columnCount }
  private var style: TerminalStyle { horizontal.style }

  /// The columns that the labels of a vertical axis take.
  static func margin(_ vertical: ChartAxis) -> Int {
    max(4, vertical.ticks.map { vertical.label($0).count }.max() ?? 0)
  }

  init(horizontal: TerminalAxis, vertical: ChartAxis, rowCount: Int) {
    self.horizontal = horizontal
    self.vertical = vertical
    self.rowCount = rowCount
    self.cells = Array(repeating: Cell(), count: rowCount * horizontal.columnCount)
  }

  subscript(index: Int) -> Cell {
    get { cells[index] }
    set { cells[index] = newValue }
  }

  /// Writes a text into a row; what does not fit is left out.
  mutating func write(_ text: String, row: Int, column: Int, style: String = "") {
    var column = column
    for character in text {
      let width = PlotText.columns(character)
      guard (0..<rowCount).contains(row), column >= 0, column + width <= columnCount else { return }
      let index = row * columnCount + column
      cells[index] = Cell(text: String(character), style: style)
      if width == 2 { cells[index + 1] = Cell(text: "", style: style) }
      column += width
    }
  }

  /// The rows of the picture and the horizontal axis beneath, each of the full width.
  var lines: [String] {
    var labels = [String?](repeating: nil, count: rowCount)
    for tick in vertical.ticks.reversed() {
      let row = min(Int((1 - vertical.fraction(tick)) * Double(rowCount)), rowCount - 1)
      if labels[row] == nil { labels[row] = vertical.label(tick) }
    }
    return labels.enumerated().map { row, label in
      let axis = label == nil ? style.glyphs.verticalAxis : style.glyphs.labelledAxis
      return style.styled(horizontal.padded(label ?? "") + " \(axis)", "2") + text(ofRow: row)
    } + [horizontal.line(label: "")]
  }

  /// The rows of the picture with an empty margin and without axes.
  var pictureLines: [String] {
    let indent = String(repeating: " ", count: horizontal.margin + 2)
    return (0..<rowCount).map { indent + text(ofRow: $0) }
  }

  /// Returns a row with neighbours of one style in one escape sequence.
  private func text(ofRow row: Int) -> String {
    var line = ""
    var run = Cell(text: "")
    for cell in cells[(row * columnCount)..<((row + 1) * columnCount)] {
      let cell = cell.text == " " ? Cell() : cell
      if cell.style == run.style {
        run.text += cell.text
      } else {
        line += style.styled(run.text, run.style)
        run = cell
      }
    }
    return line + style.styled(run.text, run.style)
  }
}
