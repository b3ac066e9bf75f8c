/// How a stretch of text within a paragraph is emphasised.
struct InlineStyle: OptionSet, Hashable, Sendable {
  let rawValue: Int

  static let bold = InlineStyle(rawValue: 1)
  static let italic = InlineStyle(rawValue: 2)
  static let code = InlineStyle(rawValue: 4)
  static let underlined = InlineStyle(rawValue: 8)
  /// Set apart less than the text around it, as an address is.
  static let dim = InlineStyle(rawValue: 16)
}

/// A stretch of text in one style, or the end of a line that the writer asked for.
enum InlineRun: Hashable, Sendable {
  case text(String, InlineStyle)
  case lineBreak
}

/// Reads emphasis, code, links and escapes in the text of one block.
///
/// What opens and never closes is ordinary text. Each failed search is remembered, so the time is
/// proportional to the length for any input.
struct MarkdownInlineParser {
  private static let deepest = 8
  private static let longestAddress = 2000

  private let characters: [Character]
  /// For each position where a code span starts, its content and where it ends.
  private var codeSpans: [Int: (content: Range<Int>, end: Int)] = [:]
  /// For each opening square bracket, its closing one.
  private var brackets: [Int: Int] = [:]
  /// Whether emphasis and code keep their Markdown marks, for output without escape sequences.
  private let keepsMarks: Bool
  private var runs: [InlineRun] = []

  private init(_ text: String, keepsMarks: Bool) {
    self.characters = Array(text)
    self.keepsMarks = keepsMarks
    findCodeSpans()
    findBrackets()
  }

  static func parse(_ text: String, keepsMarks: Bool) -> [InlineRun] {
    var parser = MarkdownInlineParser(text, keepsMarks: keepsMarks)
    parser.parse(0..<parser.characters.count, [], depth: 0)
    return parser.runs
  }

  // MARK: Finding partners

  private mutating func findCodeSpans() {
    var runsByLength: [Int: [Int]] = [:]
    var position = 0
    while position < characters.count {
      let length = runLength(at: position, of: "`")
      if length > 0 { runsByLength[length, default: []].append(position) }
      position += max(1, length)
    }
    for length in runsByLength.keys { runsByLength[length]?.reverse() }
    position = 0
    while position < characters.count {
      if characters[position] == "\\" {
        position += 2
        continue
      }
      let length = runLength(at: position, of: "`")
      guard length > 0 else {
        position += 1
        continue
      }
      while let first = runsByLength[length]?.last, first <= position {
        runsByLength[length]?.removeLast()
      }
      let after = position + length
      if let closing = runsByLength[length]?.last, closing >= after {
        codeSpans[position] = (after..<closing, closing + length)
        position = closing + length
      } else {
        position = after
      }
    }
  }

  private mutating func findBrackets() {
    var open: [Int] = []
    var position = 0
    while position < characters.count {
      if let span = codeSpans[position] {
        position = span.end
        continue
      }
      switch characters[position] {
      case "\\": position += 1
      case "[": open.append(position)
      case "]": if let opening = open.popLast() { brackets[opening] = position }
      default: break
      }
      position += 1
    }
  }

  private func runLength(at position: Int, of character: Character) -> Int {
    var end = position
    while end < characters.count, characters[end] == character { end += 1 }
    return end - position
  }

  private func character(at position: Int) -> Character? {
    characters.indices.contains(position) ? characters[position] : nil
  }

  // MARK: Parsing

  private mutating func parse(_ range: Range<Int>, _ style: InlineStyle, depth: Int) {
    var position = range.lowerBound
    var plain = ""
    var hopeless: Set<String> = []
    func flushed() -> InlineRun { .text(plain, style) }
    while position < range.upperBound {
      let character = characters[position]
      let step: Step?
      switch character {
      case "\\": step = escape(at: position, in: range)
      case "`": step = code(at: position, in: range, style)
      case "*", "_": step = emphasis(at: position, in: range, style, &hopeless, depth: depth)
      case "[" where depth < Self.deepest: step = link(at: position, in: range, style)
      case "!" where self.character(at: position + 1) == "[" && depth < Self.deepest:
        step = link(at: position + 1, in: range, style)
      case "<": step = angle(at: position, in: range, style, &hopeless)
      case "\n": step = lineEnd(at: position, after: plain)
      default: step = nil
      }
      guard let step else {
        // A run of marks that opened nothing stays together, or its tail could open something.
        let count = "*_`".contains(character) ? runLength(at: position, of: character) : 1
        let end = min(position + count, range.upperBound)
        plain += String(characters[position..<end])
        position = end
        continue
      }
      if step.trimsBefore { while plain.last == " " { plain.removeLast() } }
      plain += step.literal
      if !step.runs.isEmpty || step.inner != nil {
        runs.append(flushed())
        plain = ""
        runs += step.runs
        if let inner = step.inner {
          if keepsMarks, !inner.mark.isEmpty { runs.append(.text(inner.mark, inner.style)) }
          parse(inner.range, inner.style, depth: depth + 1)
          if keepsMarks, !inner.mark.isEmpty { runs.append(.text(inner.mark, inner.style)) }
          runs += inner.after
        }
      }
      position = step.end
    }
    runs.append(flushed())
  }

  /// What one construct becomes, and where the text goes on after it.
  private struct Step {
    struct Inner {
      let range: Range<Int>
      let style: InlineStyle
      var mark = ""
      var after: [InlineRun] = []
    }

    let end: Int
    var literal = ""
    var runs: [InlineRun] = []
    var inner: Inner?
    var trimsBefore = false
  }

  private func escape(at position: Int, in range: Range<Int>) -> Step? {
    guard position + 1 < range.upperBound else { return nil }
    let next = characters[position + 1]
    if next == "\n" { return Step(end: position + 2, runs: [.lineBreak]) }
    guard next.isASCII, next.isPunctuation || next.isSymbol else { return nil }
    return Step(end: position + 2, literal: String(next))
  }

  private func lineEnd(at position: Int, after plain: String) -> Step? {
    if plain.hasSuffix("  ") {
      return Step(end: position + 1, runs: [.lineBreak], trimsBefore: true)
    }
    return Step(end: position + 1, literal: " ")
  }

  private func code(at position: Int, in range: Range<Int>, _ style: InlineStyle) -> Step? {
    guard let span = codeSpans[position], span.end <= range.upperBound else { return nil }
    var text = String(characters[span.content].map { $0 == "\n" ? " " : $0 })
    if text.count > 2, text.hasPrefix(" "), text.hasSuffix(" "), text.contains(where: { $0 != " " })
    {
      text = String(text.dropFirst().dropLast())
    }
    if keepsMarks { text = "`\(text)`" }
    return Step(end: span.end, runs: [.text(text, style.union(.code))])
  }

  /// Reads `*emphasis*`, `**strong**` and `***both***`, also with underscores.
  private func emphasis(
    at position: Int,
    in range: Range<Int>,
    _ style: InlineStyle,
    _ hopeless: inout Set<String>,
    depth: Int
  ) -> Step? {
    guard depth < Self.deepest else { return nil }
    let mark = characters[position]
    let length = min(runLength(at: position, of: mark), range.upperBound - position)
    guard let next = character(at: position + length), position + length < range.upperBound,
      !next.isWhitespace
    else { return nil }
    if mark == "_", position > 0, let before = character(at: position - 1),
      before.isLetter || before.isNumber
    {
      return nil
    }
    for count in length == 3 ? [3, 1, 2] : length < 3 ? [length] : [] {
      let marks = String(repeating: mark, count: count)
      guard !hopeless.contains(marks) else { continue }
      guard let closing = closing(mark, count, from: position + count, in: range) else {
        hopeless.insert(marks)
        continue
      }
      let added: InlineStyle = count == 3 ? [.bold, .italic] : count == 2 ? .bold : .italic
      return Step(
        end: closing + count,
        inner: .init(
          range: (position + count)..<closing,
          style: style.union(added),
          mark: String(repeating: "*", count: count)
        )
      )
    }
    return nil
  }

  /// Returns where `count` marks close what was opened before `start`.
  private func closing(
    _ mark: Character,
    _ count: Int,
    from start: Int,
    in range: Range<Int>
  )
    -> Int?
  {
    var position = start
    while position < range.upperBound {
      if let span = codeSpans[position] {
        position = span.end
      } else if characters[position] == "\\" {
        position += 2
      } else if characters[position] == mark {
        let length = min(runLength(at: position, of: mark), range.upperBound - position)
        let after = character(at: position + length)
        let isInWord = mark == "_" && (after?.isLetter == true || after?.isNumber == true)
        let closes = !characters[position - 1].isWhitespace && !isInWord && position > start
        if closes, length == count || length == 3 { return position + length - count }
        position += length
      } else {
        position += 1
      }
    }
    return nil
  }

  /// Reads `[text](address)` into the text and the address in angle brackets.
  private func link(at position: Int, in range: Range<Int>, _ style: InlineStyle) -> Step? {
    guard let closing = brackets[position], closing + 1 < range.upperBound,
      characters[closing + 1] == "("
    else { return nil }
    let limit = min(range.upperBound, closing + 2 + Self.longestAddress)
    var end = closing + 2
    var depth = 0
    while end < limit, characters[end] != "\n", depth > 0 || characters[end] != ")" {
      if characters[end] == "(" { depth += 1 }
      if characters[end] == ")" { depth -= 1 }
      end += 1
    }
    guard end < limit, characters[end] == ")" else { return nil }
    let target = String(characters[(closing + 2)..<end]).split(separator: " ").first ?? ""
    let address = String(target.drop { $0 == "<" }.prefix { $0 != ">" })
    let text = String(characters[(position + 1)..<closing])
    let shown = InlineRun.text("<\(address)>", style.union(.dim))
    if text.isEmpty || text == address { return Step(end: end + 1, runs: [shown]) }
    return Step(
      end: end + 1,
      inner: .init(
        range: (position + 1)..<closing,
        style: style.union(.underlined),
        after: address.isEmpty ? [] : [.text(" ", style), shown]
      )
    )
  }

  /// Drops a comment and keeps `<https://…>` as it is.
  private func angle(
    at position: Int,
    in range: Range<Int>,
    _ style: InlineStyle,
    _ hopeless: inout Set<String>
  ) -> Step? {
    if characters[position..<min(position + 4, range.upperBound)].elementsEqual("<!--") {
      guard !hopeless.contains("<!--") else { return nil }
      var end = position + 4
      while end + 3 <= range.upperBound {
        if characters[end..<(end + 3)].elementsEqual("-->") { return Step(end: end + 3) }
        end += 1
      }
      hopeless.insert("<!--")
      return nil
    }
    let limit = min(range.upperBound, position + Self.longestAddress)
    var end = position + 1
    while end < limit, !"<>".contains(characters[end]), !characters[end].isWhitespace { end += 1 }
    guard end < limit, characters[end] == ">" else { return nil }
    let address = String(characters[(position + 1)..<end])
    guard address.contains("://") || address.contains("@") else { return nil }
    return Step(end: end + 1, runs: [.text("<\(address)>", style.union(.dim))])
  }
}
