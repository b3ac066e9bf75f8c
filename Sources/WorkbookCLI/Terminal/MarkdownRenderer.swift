import SourceDiagnostics

/// Turns Markdown into text for a terminal.
///
/// Understands the part of CommonMark that prompts, hints and answers use: headings, paragraphs,
/// emphasis, code, nested lists, quotes, links (shown as `text <address>`), thematic breaks, and
/// pipe tables. Comments are dropped, entities are left alone. Control characters in the text are
/// written out, so that no file can drive the terminal; without escape sequences emphasis and code
/// keep their Markdown marks, so that nothing is lost.
package struct MarkdownRenderer: Sendable {
  /// The columns to wrap to; code is never wrapped.
  package var width: Int
  package var style: TextStyle

  package init(width: Int = 80, style: TextStyle = .plain) {
    self.width = width
    self.style = style
  }

  /// Returns the text as lines, without a final line break.
  package func render(_ markdown: String) -> String {
    let lines = markdown.split(omittingEmptySubsequences: false) {
      $0 == "\n" || $0 == "\r\n" || $0 == "\r"
    }
    let blocks = MarkdownBlockParser.parse(lines.map(Self.safe))
    return render(blocks, width: max(20, width)).joined(separator: "\n")
  }

  /// Returns a line with tabs set as spaces and every other control character written out.
  private static func safe(_ line: Substring) -> String {
    var column = 0
    var expanded = ""
    for character in line {
      if character == "\t" {
        let count = 4 - column % 4
        expanded += String(repeating: " ", count: count)
        column += count
      } else {
        expanded.append(character)
        column += 1
      }
    }
    return escapingControls(expanded)
  }

  // MARK: Blocks

  private func render(_ blocks: [MarkdownBlock], width: Int, isTight: Bool = false) -> [String] {
    var lines: [String] = []
    for (index, block) in blocks.enumerated() {
      if index > 0, !isTight { lines.append("") }
      lines += render(block, width: width)
    }
    return lines
  }

  private func render(_ block: MarkdownBlock, width: Int) -> [String] {
    switch block {
    case .heading(let level, let text): heading(level, text, width: width)
    case .paragraph(let text): inline(text, width: width)
    case .code(let code): code.map { "    " + style.cyan($0) }
    case .thematicBreak: [style.dim(String(repeating: "-", count: width))]
    case .quote(let inner):
      render(inner, width: max(10, width - 2)).map { style.dim("|") + ($0.isEmpty ? "" : " ") + $0 }
    case .list(let start, let isTight, let items):
      list(items, start: start, isTight: isTight, width: width)
    case .table(let header, let alignments, let rows):
      MarkdownTable(header: header, alignments: alignments, rows: rows, style: style)
        .lines(width: width)
    }
  }

  private func inline(_ text: String, width: Int) -> [String] {
    let runs = MarkdownInlineParser.parse(text, keepsMarks: !style.isANSI)
    return MarkdownWrapping(style: style).lines(runs, width: width)
  }

  /// Without escape sequences the first two levels are underlined with characters.
  private func heading(_ level: Int, _ text: String, width: Int) -> [String] {
    guard !style.isANSI else {
      return inline(text, width: width).map { line in
        level == 1 ? style.bold(style.underlined(line)) : style.bold(line)
      }
    }
    guard level <= 2 else {
      return inline(String(repeating: "#", count: level) + " " + text, width: width)
    }
    let lines = inline(text, width: width)
    let length = lines.map { DisplayWidth.of($0) }.max() ?? 0
    return lines + [String(repeating: level == 1 ? "=" : "-", count: length)]
  }

  private func list(
    _ items: [[MarkdownBlock]],
    start: Int?,
    isTight: Bool,
    width: Int
  ) -> [String] {
    let last = (start ?? 0).addingReportingOverflow(items.count - 1).partialValue
    let indent = start == nil ? 2 : String(last).count + 2
    var lines: [String] = []
    for (index, item) in items.enumerated() {
      if index > 0, !isTight { lines.append("") }
      let marker = start.map { "\($0 + index)." } ?? "-"
      let padded = String(repeating: " ", count: max(0, indent - 1 - marker.count)) + marker
      let inner = render(item, width: max(10, width - indent), isTight: isTight && !isLong(item))
      lines.append(padded + (inner.first.map { $0.isEmpty ? "" : " " + $0 } ?? ""))
      lines += inner.dropFirst().map {
        $0.isEmpty ? "" : String(repeating: " ", count: indent) + $0
      }
    }
    return lines
  }

  /// Whether an item has more than a paragraph and perhaps a list beneath it.
  private func isLong(_ item: [MarkdownBlock]) -> Bool {
    item.dropFirst().contains { block in
      if case .list = block { return false }
      return true
    }
  }
}
