/// What the terminal that a chart is drawn on can show.
package struct TerminalStyle: Hashable, Sendable {
  /// The columns a line may take; at least 40 are used.
  package var width: Int
  package var colour: Bool
  /// Whether block and line characters may be used; otherwise the chart is plain ASCII except for
  /// its titles.
  package var unicode: Bool

  package init(width: Int = 80, colour: Bool = false, unicode: Bool = true) {
    self.width = width
    self.colour = colour
    self.unicode = unicode
  }

  var glyphs: ChartGlyphs { unicode ? .blocks : .ascii }

  /// Returns `text` in an ANSI style such as `1` or `36`, or unchanged without colour.
  func styled(_ text: String, _ code: String) -> String {
    colour && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// The characters a chart is made of.
struct ChartGlyphs {
  /// The parts of a bar's top character, from the lowest that shows at all to a full cell.
  let levels: [Character]
  let verticalAxis: Character
  let labelledAxis: Character
  let corner: Character
  let horizontalAxis: Character
  let tick: Character
  let mean: Character
  let lowest: Character
  let middle: Character
  let highest: Character
  let whisker: Character
  let separator: String

  static let blocks = ChartGlyphs(
    levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    verticalAxis: "│",
    labelledAxis: "┤",
    corner: "└",
    horizontalAxis: "─",
    tick: "┬",
    mean: "▲",
    lowest: "├",
    middle: "┼",
    highest: "┤",
    whisker: "─",
    separator: " · "
  )

  static let ascii = ChartGlyphs(
    levels: [".", "#"],
    verticalAxis: "|",
    labelledAxis: "|",
    corner: "+",
    horizontalAxis: "-",
    tick: "+",
    mean: "^",
    lowest: "[",
    middle: "|",
    highest: "]",
    whisker: "-",
    separator: ", "
  )
}
