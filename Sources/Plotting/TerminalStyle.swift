/// What the terminal that a chart is drawn on can show.
package struct TerminalStyle: Hashable, Sendable {
  /// The columns a line may take; at least 40 are used.
  package var width: Int
  package var colour: Bool
  /// Whether block and line characters may be used; otherwise the chart is plain ASCII except for
  /// the texts it was given.
  package var unicode: Bool

  package init(width: Int = 80, colour: Bool = false, unicode: Bool = true) {
    self.width = width
    self.colour = colour
    self.unicode = unicode
  }

  var glyphs: ChartGlyphs { unicode ? .blocks : .ascii }

  /// Returns `text` in an ANSI style such as `1` or `36`, or unchanged without colour.
  func styled(_ text: String, _ code: String) -> String {
    colour && !text.isEmpty && !code.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// The columns a chart makes its lines of.
  var usableWidth: Int { max(40, width) }

  /// Returns a whole chart: its title, what it is based on, its body, and what it shows.
  func page(title: String, subtitle: String, body: [String], sentence: String) -> String {
    var lines = PlotText.wrapped(title, width: usableWidth).map { styled($0, "1") }
    lines += PlotText.wrapped(subtitle, width: usableWidth).map { styled($0, "2") }
    lines += body + [""]
    lines += PlotText.wrapped(sentence, width: usableWidth)
    return lines.joined(separator: "\n")
  }

  /// Returns `pieces` in lines indented by two columns.
  func paragraph(_ pieces: [String], separator: String? = nil) -> [String] {
    PlotText.lines(
      of: pieces.map(PlotText.printable),
      separator: separator ?? glyphs.separator,
      width: usableWidth - 2
    ).map { "  " + $0 }
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
  /// A labelled point.
  let point: Character
  /// Places that hold 1, 2 to 9, 10 to 99, 100 to 999, and more points.
  let densities: [Character]
  /// Where points of several groups meet.
  let mixed: Character
  /// Points down at a marked value.
  let mark: Character
  /// Leads through a picture at a marked value.
  let guide: Character
  let ellipsis: String
  let dash: String
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
    point: "●",
    densities: ["·", "░", "▒", "▓", "█"],
    mixed: "*",
    mark: "▼",
    guide: "┊",
    ellipsis: "…",
    dash: "–",
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
    point: "O",
    densities: [".", ":", "+", "#", "@"],
    mixed: "*",
    mark: "v",
    guide: ":",
    ellipsis: "...",
    dash: "-",
    separator: ", "
  )
}
