/// A chart as a document, laid out from the top down.
struct SVGPage {
  /// A name for this chart's parts that two charts in one page do not share.
  let identifier: String
  let title: String
  let description: String
  var writer = SVGWriter()
  /// The next free vertical position.
  var y = 12.0

  static let width = 720.0
  static let edge = 24.0
  /// The horizontal ends of the plotting area where its labels are short.
  static let plot = (left: 72.0, right: 696.0)

  /// Starts a page.
  ///
  /// - Parameters:
  ///   - title: The chart's title.
  ///   - subtitle: What the chart is based on.
  ///   - spoken: What to say to readers who do not see the chart, besides the title.
  init(title: String, subtitle: String, spoken: [String]) {
    self.title = title
    self.description = spoken.filter { !$0.isEmpty }.joined(separator: " ")
    let hash = (title + "\u{0}" + description).utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)).multipliedReportingOverflow(by: 0x100_0000_01b3).partialValue
    }
    self.identifier = "chart-" + String(hash, radix: 16)
    paragraph(title, SVGWriter.TextStyle(size: 18, weight: "bold"))
    paragraph(subtitle, SVGWriter.TextStyle(size: 12, colour: SVGWriter.Palette.faint))
  }

  /// Sets a text in lines over the whole width.
  mutating func paragraph(_ text: String, _ style: SVGWriter.TextStyle) {
    let room = SVGWriter.characters(
      in: Self.width - 2 * Self.edge,
      size: style.size,
      isBold: style.weight == "bold"
    )
    for line in PlotText.wrapped(text, width: room) {
      y += (style.size * 1.4).rounded()
      writer.text(line, x: Self.edge, y: y, style)
    }
  }

  /// Sets short texts one after the other beneath the plotting area, starting at `left`.
  mutating func pieces(_ pieces: [String], left: Double = Self.plot.left) {
    let room = SVGWriter.characters(in: Self.plot.right - left, size: 12)
    for line in PlotText.lines(of: pieces, separator: " · ", width: room) {
      y += 17
      writer.text(line, x: left, y: y)
    }
  }

  /// Ends the page with what the chart shows and returns the document.
  ///
  /// - Parameters:
  ///   - sentence: What the chart shows.
  ///   - definitions: Elements that others refer to.
  /// - Returns: The whole document.
  mutating func document(sentence: String, definitions: [String] = []) -> String {
    y += 8
    paragraph(sentence, SVGWriter.TextStyle(size: 14))
    return ([opening] + header(definitions) + writer.lines + ["</svg>", ""])
      .joined(separator: "\n")
  }

  private var opening: String {
    let height = SVGWriter.number((y + 14).rounded(.up))
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"\(height)\""
      + " viewBox=\"0 0 720 \(height)\" role=\"img\""
      + " aria-labelledby=\"\(identifier)-title \(identifier)-desc\""
      + " font-family=\"system-ui, 'DejaVu Sans', 'Helvetica Neue', Arial, sans-serif\">"
  }

  private func header(_ definitions: [String]) -> [String] {
    [
      "<title id=\"\(identifier)-title\">\(PlotText.xml(title))</title>",
      "<desc id=\"\(identifier)-desc\">\(PlotText.xml(description))</desc>",
    ]
      + (definitions.isEmpty ? [] : ["<defs>"] + definitions + ["</defs>"])
      + ["<rect width=\"100%\" height=\"100%\" fill=\"\(SVGWriter.Palette.paper)\"/>"]
  }
}
