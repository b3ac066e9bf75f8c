/// A place in a text: a file, perhaps a line, perhaps a column and how much it covers.
///
/// Lines and columns count from 1; columns and lengths count characters as a reader sees them.
package struct SourcePlace: Hashable, Sendable {
  /// The path as the user would type it, or a name in angle brackets such as `<formula>`.
  package var file: String
  package var line: Int?
  package var column: Int?
  /// How many characters the fault covers; at least 1.
  package var length: Int
  /// The line's own text, shown above the caret.
  package var quotedLine: String?

  package init(
    file: String,
    line: Int? = nil,
    column: Int? = nil,
    length: Int = 1,
    quotedLine: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.length = max(1, length)
    self.quotedLine = quotedLine
  }
}

extension SourcePlace: CustomStringConvertible, Comparable {
  package var description: String {
    guard let line else { return file }
    guard let column else { return "\(file):\(line)" }
    return "\(file):\(line):\(column)"
  }

  package static func < (left: SourcePlace, right: SourcePlace) -> Bool {
    (left.file, left.line ?? 0, left.column ?? 0) < (right.file, right.line ?? 0, right.column ?? 0)
  }
}

/// A text with a name, able to turn offsets and lines into places.
package struct SourceText: Sendable {
  package let file: String
  package let text: String
  private let lines: [Substring]

  /// - Parameters:
  ///   - text: The whole text.
  ///   - file: The name that places in it carry.
  package init(_ text: String, file: String) {
    self.file = file
    self.text = text
    self.lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
  }

  /// Returns the text of a line, counted from 1, or `nil` past the end.
  package func line(_ number: Int) -> String? {
    guard number >= 1, number <= lines.count else { return nil }
    return String(lines[number - 1])
  }

  /// Returns the place at a line and column, both counted from 1, with its line quoted.
  package func place(line: Int, column: Int?, length: Int = 1) -> SourcePlace {
    SourcePlace(
      file: file,
      line: line,
      column: column,
      length: length,
      quotedLine: self.line(line)
    )
  }

  /// Returns the place of a range of character offsets, counted from 0.
  ///
  /// A range that runs over a line break is cut at the end of its first line.
  package func place(_ range: Range<Int>) -> SourcePlace {
    var start = 0
    for (index, line) in lines.enumerated() {
      let end = start + line.count
      if range.lowerBound <= end || index == lines.count - 1 {
        let column = min(max(0, range.lowerBound - start), line.count)
        let length = max(1, min(range.upperBound, end) - range.lowerBound)
        return place(line: index + 1, column: column + 1, length: length)
      }
      start = end + 1
    }
    return place(line: 1, column: 1)
  }
}

/// Fits a quoted line and its caret into a terminal's width.
enum CaretLine {
  static let widest = 96

  /// Returns the text to show, the caret's offset in it, and the caret's width.
  ///
  /// Control characters are escaped. A long line is cut around the caret, with `…` where it was cut,
  /// and so is a character of more marks than any writing has.
  static func fit(_ line: String, column: Int, length: Int) -> (String, Int, Int) {
    let characters = Array(line)
    let start = min(max(0, column - 1), characters.count)
    let end = min(start + max(1, length), max(characters.count, start + 1))
    let first = start > widest - 20 ? start - 30 : 0
    let last = min(characters.count, first + widest)
    func shown(_ from: Int, _ to: Int) -> String {
      guard from < to else { return "" }
      return characters[from..<to].map { $0 == "\t" ? " " : escapingControls(fitted($0)) }.joined()
    }
    let lead = (first > 0 ? "…" : "") + shown(first, min(start, last))
    let marked = shown(min(start, last), min(end, last))
    let tail = shown(min(end, last), last) + (last < characters.count ? "…" : "")
    return (lead + marked + tail, lead.count, max(1, marked.count))
  }

  /// Returns a character with at most 16 of its scalars.
  private static func fitted(_ character: Character) -> String {
    String(String.UnicodeScalarView(character.unicodeScalars.prefix(16)))
  }
}
