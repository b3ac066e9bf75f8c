/// Collects SVG elements as lines of text, escaping whatever they quote.
struct SVGWriter {
  /// The elements so far, one a line.
  private(set) var lines: [String] = []

  /// How text in a chart is set.
  struct TextStyle {
    var size = 12.0
    var anchor = "start"
    var weight = "normal"
    var colour = Palette.ink
  }

  /// The chart's greys, chosen to stay apart when printed without colour.
  enum Palette {
    static let ink = "#1a1a1a"
    static let faint = "#595959"
    static let grid = "#e0e0e0"
    static let paper = "#ffffff"
  }

  mutating func raw(_ line: String) { lines.append(line) }

  mutating func text(_ text: String, x: Double, y: Double, _ style: TextStyle = TextStyle()) {
    let weight = style.weight == "normal" ? "" : " font-weight=\"\(style.weight)\""
    let anchor = style.anchor == "start" ? "" : " text-anchor=\"\(style.anchor)\""
    lines.append(
      "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(style.size))\""
        + "\(anchor)\(weight) fill=\"\(style.colour)\">\(PlotText.xml(text))</text>"
    )
  }

  /// Adds a straight line; `dash` is a dash pattern, empty for a solid line.
  mutating func line(
    from start: (x: Double, y: Double),
    to end: (x: Double, y: Double),
    colour: String = Palette.ink,
    width: Double = 1,
    dash: String = ""
  ) {
    let dashes = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
    lines.append(
      "<line x1=\"\(Self.number(start.x))\" y1=\"\(Self.number(start.y))\""
        + " x2=\"\(Self.number(end.x))\" y2=\"\(Self.number(end.y))\""
        + " stroke=\"\(colour)\" stroke-width=\"\(Self.number(width))\"\(dashes)/>"
    )
  }

  /// Returns a coordinate to a hundredth, without needless zeros.
  static func number(_ value: Double) -> String {
    let text = ChartNumber.fixed(value, decimals: 2)
    if text.hasSuffix(".00") { return String(text.dropLast(3)) }
    return text.hasSuffix("0") ? String(text.dropLast()) : text
  }

  /// Returns how many characters of a given size fit on a line, estimated for a sans-serif face.
  static func characters(in width: Double, size: Double, isBold: Bool = false) -> Int {
    max(8, Int(width / (size * (isBold ? 0.66 : 0.56))))
  }
}
