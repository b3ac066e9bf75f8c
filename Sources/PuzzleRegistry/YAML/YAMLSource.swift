import SourceDiagnostics

/// A YAML text and the text its diagnostics quote, which differ for an encoded key.
///
/// rot13 moves no character, so a position in one is the same position in the other.
struct YAMLSource: Sendable {
  /// Lines longer than this are not quoted, which bounds what a one-line file costs.
  private static let longestQuotedLine = 1000

  let file: String
  /// The text that is parsed; line ends are `\n` only.
  let text: String
  private let parsed: SourceText
  private let display: SourceText
  /// The lengths of the lines in bytes, so that a long one is never copied.
  private let lineLengths: [Int]

  /// - Parameters:
  ///   - text: The text as stored.
  ///   - file: The name that places in it carry.
  ///   - isEncoded: Whether `text` is rot13.
  ///   - revealing: Whether diagnostics may quote the decoded text.
  init(_ text: String, file: String, isEncoded: Bool = false, revealing: Bool = true) {
    let stored = YAMLSource.singleLineEnds(text)
    self.file = file
    let decoded = isEncoded ? rot13(stored) : stored
    self.text = decoded
    self.parsed = SourceText(decoded, file: file)
    self.lineLengths = decoded.utf8
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(\.count)
    self.display = isEncoded && !revealing ? SourceText(stored, file: file) : parsed
  }

  /// Returns the place of a mark, with its line quoted unless that is very long.
  ///
  /// - Parameters:
  ///   - mark: A position counted in Unicode scalars.
  ///   - length: How many characters are at fault; cut at the end of the line.
  /// - Returns: A place with lines and columns as a reader counts them.
  func place(_ mark: YAMLNode.Mark, length: Int = 1) -> SourcePlace {
    guard isQuotable(mark.line), let line = display.line(mark.line) else {
      return SourcePlace(file: file, line: mark.line, column: mark.column, length: length)
    }
    let before = String(line.unicodeScalars.prefix(mark.column - 1)).count
    return display.place(
      line: mark.line,
      column: before + 1,
      length: max(1, min(length, line.count - before))
    )
  }

  /// Returns the place of a node: a scalar's own text on its first line, or where a list starts.
  func place(_ node: YAMLNode) -> SourcePlace {
    guard case .scalar(let text, let style) = node.content else { return place(node.mark) }
    switch style {
    case .plain: return place(node.mark, length: text.count)
    case .quoted: return place(node.mark, length: text.count + 2)
    case .block: return place(node.mark)
    }
  }

  /// Returns the place of a field's key.
  func place(keyOf field: YAMLNode.Field) -> SourcePlace {
    place(field.keyMark, length: field.key.count)
  }

  /// Returns where a scalar's first character stands, if it stands on one line as it reads.
  func innerPlace(_ node: YAMLNode) -> SourcePlace? {
    guard case .scalar(let text, let style) = node.content, style != .block,
      isQuotable(node.mark.line), let line = parsedLine(node.mark.line)
    else { return nil }
    let skipped = node.mark.column - 1 + (style == .quoted ? 1 : 0)
    guard line.unicodeScalars.dropFirst(skipped).starts(with: text.unicodeScalars) else {
      return nil
    }
    return place(YAMLNode.Mark(line: node.mark.line, column: skipped + 1))
  }

  /// Returns a line of the text that was parsed, counted from 1.
  func parsedLine(_ number: Int) -> String? {
    parsed.line(number)
  }

  /// Returns whether nothing stands between a mark and the end of the text.
  func isEnd(_ mark: YAMLNode.Mark) -> Bool {
    mark.line >= lineLengths.count && word(at: mark).isEmpty
  }

  /// Returns what stands from a mark to the next space, bracket or comma; empty at a line's end.
  func word(at mark: YAMLNode.Mark) -> String {
    guard isQuotable(mark.line), let line = parsedLine(mark.line) else { return "" }
    let rest = line.unicodeScalars.dropFirst(mark.column - 1)
    return String(Substring(rest.prefix { !" \t,[]{}".unicodeScalars.contains($0) }))
  }

  private func isQuotable(_ line: Int) -> Bool {
    lineLengths.indices.contains(line - 1)
      && lineLengths[line - 1] <= YAMLSource.longestQuotedLine
  }

  /// Returns `text` with Windows' and old Mac line ends made single line feeds.
  ///
  /// The other characters that YAML 1.1 takes for line ends become spaces: editors do not show
  /// them as such, so positions would differ from what the reader sees.
  private static func singleLineEnds(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isUnusualLineEnd($0) }) else { return text }
    var scalars = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\r": scalars.append("\n")
      case "\n" where previous == "\r": break
      case _ where isUnusualLineEnd(scalar): scalars.append(" ")
      default: scalars.append(scalar)
      }
      previous = scalar
    }
    return String(scalars)
  }

  private static func isUnusualLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\r" || scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}"
  }
}
