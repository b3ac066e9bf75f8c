/// One line of Markdown, and what it could be the start of.
struct MarkdownLine {
  struct Fence {
    let character: Character
    let length: Int
  }

  struct ListMarker: Equatable {
    /// The bullet, or what follows the number; a list goes on only with the same.
    let kind: Character
    let number: Int?
    /// Where the item's text starts, counted from the start of the line.
    let contentIndent: Int
  }

  let text: String
  /// The number of spaces the line starts with.
  let indent: Int
  /// The line without those spaces.
  let content: String

  init(_ text: String) {
    self.text = text
    self.indent = text.prefix { $0 == " " }.count
    self.content = String(text.dropFirst(indent))
  }

  var isBlank: Bool { content.isEmpty }

  /// Returns the line without the first `count` of the spaces it starts with.
  func dropping(_ count: Int) -> String { String(text.dropFirst(min(count, indent))) }

  var openingFence: Fence? {
    guard indent < 4, let character = content.first, character == "`" || character == "~" else {
      return nil
    }
    let length = content.prefix { $0 == character }.count
    guard length >= 3, character == "~" || !content.dropFirst(length).contains("`") else {
      return nil
    }
    return Fence(character: character, length: length)
  }

  func closes(_ fence: Fence) -> Bool {
    guard indent < 4 else { return false }
    let length = content.prefix { $0 == fence.character }.count
    return length >= fence.length && content.dropFirst(length).allSatisfy { $0 == " " }
  }

  var heading: (level: Int, text: String)? {
    let level = content.prefix { $0 == "#" }.count
    let rest = content.dropFirst(level)
    guard indent < 4, (1...6).contains(level), rest.isEmpty || rest.first == " " else { return nil }
    var text = rest.trimmingSpaces
    let closing = text.reversed().prefix { $0 == "#" }.count
    let before = text.dropLast(closing)
    if closing > 0, before.isEmpty || before.last == " " { text = before.trimmingSpaces }
    return (level, String(text))
  }

  /// The heading level that this line gives to the paragraph above it.
  var setextLevel: Int? {
    let marks = content.trimmingSpaces
    guard indent < 4, let mark = marks.first, marks.allSatisfy({ $0 == mark }) else { return nil }
    return mark == "=" ? 1 : mark == "-" ? 2 : nil
  }

  var isThematicBreak: Bool {
    guard indent < 4, let mark = content.first, "*-_".contains(mark) else { return false }
    let marks = content.filter { $0 != " " }
    return marks.count >= 3 && marks.allSatisfy { $0 == mark }
  }

  var listMarker: ListMarker? {
    guard indent < 4, let first = content.first else { return nil }
    let digits = content.prefix { $0.isASCII && $0.isNumber }
    let width = "-+*".contains(first) ? 1 : digits.count + 1
    guard width == 1 || (1...9).contains(digits.count) else { return nil }
    let kind = content.dropFirst(width - 1).first
    guard let kind, width == 1 ? "-+*".contains(kind) : ".)".contains(kind) else { return nil }
    let rest = content.dropFirst(width)
    let spaces = rest.prefix { $0 == " " }.count
    guard rest.isEmpty || spaces > 0 else { return nil }
    let gap = rest.isEmpty || spaces == rest.count || spaces > 4 ? 1 : spaces
    return ListMarker(
      kind: kind,
      number: width == 1 ? nil : Int(digits),
      contentIndent: indent + width + gap
    )
  }

  /// Whether a paragraph ends before this line even without a blank line between them.
  func interruptsParagraph(isNestable: Bool) -> Bool {
    if indent >= 4 { return false }
    if openingFence != nil || heading != nil || isThematicBreak { return true }
    if content.hasPrefix("<!--") { return true }
    guard isNestable else { return false }
    if content.hasPrefix(">") { return true }
    guard let marker = listMarker else { return false }
    let isEmptyItem = marker.contentIndent > text.count
    return !isEmptyItem && (marker.number ?? 1) == 1
  }

  // MARK: Tables

  /// The cells of a table row: split at bars that are not escaped and not within code.
  var cells: [String] {
    var cells = [""]
    var isEscaped = false
    var isCode = false
    for character in content.trimmingSpaces {
      if character == "|", !isEscaped, !isCode {
        cells.append("")
      } else {
        if character == "|", isEscaped { cells[cells.count - 1].removeLast() }
        if character == "`", !isEscaped { isCode.toggle() }
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    var trimmed = cells.map { String($0.trimmingSpaces) }
    if trimmed.count > 1, trimmed.first?.isEmpty == true { trimmed.removeFirst() }
    if trimmed.count > 1, trimmed.last?.isEmpty == true { trimmed.removeLast() }
    return trimmed
  }

  /// The alignments in the row of dashes beneath a table's header, or `nil` if this is none.
  var tableAlignments: [MarkdownBlock.Alignment]? {
    guard content.contains("-"), content.allSatisfy({ "|:- ".contains($0) }) else { return nil }
    let cells = cells
    guard cells.allSatisfy({ $0.contains("-") && !$0.contains(" ") }) else { return nil }
    return cells.map { cell in
      switch (cell.hasPrefix(":"), cell.hasSuffix(":")) {
      case (true, true): .centre
      case (false, true): .right
      default: .left
      }
    }
  }
}

extension StringProtocol {
  /// The text without spaces at its ends.
  var trimmingSpaces: SubSequence {
    guard let first = firstIndex(where: { $0 != " " }),
      let last = lastIndex(where: { $0 != " " })
    else { return self[startIndex..<startIndex] }
    return self[first...last]
  }
}
