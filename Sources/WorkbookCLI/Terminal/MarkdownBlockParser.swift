/// Splits Markdown lines into blocks.
///
/// Every text has a reading, so nothing is ever refused. Nesting deeper than ``deepest`` is read as
/// plain paragraphs, which bounds the time and the stack that a hostile file can take.
struct MarkdownBlockParser {
  static let deepest = 12

  private let lines: [String]
  private let depth: Int
  private var next = 0
  private var blocks: [MarkdownBlock] = []

  private init(_ lines: [String], depth: Int) {
    self.lines = lines
    self.depth = depth
  }

  /// Returns the blocks of a text whose lines hold no tabs and no control characters.
  static func parse(_ lines: [String], depth: Int = 0) -> [MarkdownBlock] {
    var parser = MarkdownBlockParser(lines, depth: depth)
    while parser.next < lines.count { parser.parseBlock() }
    return parser.blocks
  }

  private mutating func parseBlock() {
    let line = MarkdownLine(lines[next])
    if line.isBlank {
      next += 1
    } else if line.indent >= 4 {
      parseIndentedCode()
    } else if line.content.hasPrefix("<!--") {
      skipComment()
    } else if let fence = line.openingFence {
      parseFencedCode(fence, indent: line.indent)
    } else if let heading = line.heading {
      blocks.append(.heading(level: heading.level, text: heading.text))
      next += 1
    } else if line.isThematicBreak {
      blocks.append(.thematicBreak)
      next += 1
    } else if line.content.hasPrefix(">"), depth < Self.deepest {
      parseQuote()
    } else if let marker = line.listMarker, depth < Self.deepest {
      parseList(marker)
    } else if !parseTable() {
      parseParagraph()
    }
  }

  // MARK: Leaves

  private mutating func parseIndentedCode() {
    var code: [String] = []
    while next < lines.count {
      let line = MarkdownLine(lines[next])
      guard line.isBlank || line.indent >= 4 else { break }
      code.append(line.dropping(4))
      next += 1
    }
    while code.last?.isEmpty == true { code.removeLast() }
    blocks.append(.code(code))
  }

  private mutating func parseFencedCode(_ fence: MarkdownLine.Fence, indent: Int) {
    next += 1
    var code: [String] = []
    while next < lines.count {
      let line = MarkdownLine(lines[next])
      next += 1
      if line.closes(fence) { break }
      code.append(line.dropping(indent))
    }
    blocks.append(.code(code))
  }

  /// Skips a comment; like a browser, takes one that is never closed to run to the end.
  private mutating func skipComment() {
    var rest = MarkdownLine(lines[next]).content.dropFirst(4)[...]
    next += 1
    while true {
      if let end = rest.firstRange(of: "-->") {
        let after = String(rest[end.upperBound...])
        if !MarkdownLine(after).isBlank { blocks.append(.paragraph(after)) }
        return
      }
      guard next < lines.count else { return }
      rest = lines[next][...]
      next += 1
    }
  }

  private mutating func parseParagraph() {
    var text: [String] = []
    while next < lines.count {
      let line = MarkdownLine(lines[next])
      if line.isBlank { break }
      if !text.isEmpty {
        if let level = line.setextLevel {
          next += 1
          blocks.append(.heading(level: level, text: text.joined(separator: " ")))
          return
        }
        if line.interruptsParagraph(isNestable: depth < Self.deepest) { break }
      }
      text.append(line.content)
      next += 1
    }
    blocks.append(.paragraph(text.joined(separator: "\n")))
  }

  /// Reads a table if one starts here: a header row, and a row of dashes with as many cells.
  private mutating func parseTable() -> Bool {
    guard next + 1 < lines.count, lines[next].contains("|") else { return false }
    let header = MarkdownLine(lines[next]).cells
    guard let alignments = MarkdownLine(lines[next + 1]).tableAlignments,
      alignments.count == header.count
    else { return false }
    next += 2
    var rows: [[String]] = []
    while next < lines.count {
      let line = MarkdownLine(lines[next])
      if line.isBlank || line.interruptsParagraph(isNestable: true) { break }
      let cells = line.cells.prefix(header.count)
      rows.append(cells + Array(repeating: "", count: header.count - cells.count))
      next += 1
    }
    blocks.append(.table(header: header, alignments: alignments, rows: rows))
    return true
  }

  // MARK: Containers

  private mutating func parseQuote() {
    var inner: [String] = []
    while next < lines.count {
      let line = MarkdownLine(lines[next])
      if line.indent < 4, line.content.hasPrefix(">") {
        let rest = line.content.dropFirst()
        inner.append(String(rest.hasPrefix(" ") ? rest.dropFirst() : rest))
      } else if continuesLazily(line, after: inner.last) {
        inner.append(line.content)
      } else {
        break
      }
      next += 1
    }
    blocks.append(.quote(Self.parse(inner, depth: depth + 1)))
  }

  private mutating func parseList(_ first: MarkdownLine.ListMarker) {
    var items: [[MarkdownBlock]] = []
    var isTight = true
    var marker = first
    while true {
      let (item, endsBlank) = takeItem(marker)
      items.append(Self.parse(item, depth: depth + 1))
      guard next < lines.count else { break }
      let line = MarkdownLine(lines[next])
      guard line.indent < 4, !line.isThematicBreak, let following = line.listMarker,
        following.kind == first.kind
      else { break }
      if endsBlank { isTight = false }
      marker = following
    }
    blocks.append(.list(start: first.number, isTight: isTight, items: items))
  }

  /// Takes the lines of one list item, without their indentation, and whether blank lines ended it.
  private mutating func takeItem(
    _ marker: MarkdownLine.ListMarker
  ) -> (lines: [String], endsBlank: Bool) {
    var item = [String(lines[next].dropFirst(marker.contentIndent))]
    next += 1
    while next < lines.count {
      let line = MarkdownLine(lines[next])
      let isInside = line.isBlank || line.indent >= marker.contentIndent
      guard isInside || continuesLazily(line, after: item.last) else { break }
      item.append(isInside ? line.dropping(marker.contentIndent) : line.content)
      next += 1
    }
    var endsBlank = false
    while item.count > 1, item.last.map({ MarkdownLine($0).isBlank }) == true {
      item.removeLast()
      endsBlank = true
    }
    return (item, endsBlank)
  }

  /// Whether an unmarked line goes on with the paragraph that a container's last line is part of.
  private func continuesLazily(_ line: MarkdownLine, after last: String?) -> Bool {
    guard let last, !line.isBlank, line.listMarker == nil,
      !line.interruptsParagraph(isNestable: true)
    else { return false }
    let previous = MarkdownLine(last)
    return !previous.isBlank && previous.indent < 4 && previous.openingFence == nil
      && previous.heading == nil && !previous.isThematicBreak
  }
}
