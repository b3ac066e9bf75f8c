import SourceDiagnostics
import Yams

/// The checks around the YAML parser: what must not reach it, and what its errors mean.
enum YAMLGuards {
  /// More aliases than this are refused unread.
  ///
  /// Aliases of aliases multiply; hashing one that serves as a key takes exponential time, and the
  /// parser does so before anything can be looked at.
  private static let mostAliases = 16

  /// Refuses characters that YAML forbids, which may also hide text from its reader.
  static func refuseControlCharacters(in source: YAMLSource) throws(Diagnostic) {
    var line = 1
    var column = 1
    for scalar in source.text.unicodeScalars {
      guard isAllowed(scalar) else {
        throw .controlCharacter(
          scalar,
          at: source.place(YAMLNode.Mark(line: line, column: column))
        )
      }
      if scalar == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x20...0x7E, 0xA0...0xD7FF: true
    case 0xFEFF: false
    case 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  /// Refuses texts with so many aliases that they may have been built to exhaust the parser.
  ///
  /// Judged on the raw text, generously enough that prose does not trip it; any single alias that
  /// gets past is refused later, where the nodes show it for what it is.
  static func refuseAliasFloods(in source: YAMLSource) throws(Diagnostic) {
    var anchors: Set<Substring> = []
    var aliasCount = 0
    var line = 1
    for row in source.text.split(separator: "\n", omittingEmptySubsequences: false) {
      for (sigil, name, column) in references(in: row) {
        if sigil == "&" {
          anchors.insert(name)
        } else if anchors.contains(name) {
          aliasCount += 1
          if aliasCount > mostAliases {
            let mark = YAMLNode.Mark(line: line, column: column)
            throw .anchor("*\(name)", at: source.place(mark, length: name.count + 1))
          }
        }
      }
      line += 1
    }
  }

  /// Returns each `&name` and `*name` of a line that starts a word, with its column.
  private static func references(in row: Substring) -> [(Character, Substring, Int)] {
    guard row.utf8.contains(where: { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "*") }) else {
      return []
    }
    var found: [(Character, Substring, Int)] = []
    var column = 0
    var previous: Unicode.Scalar = " "
    for index in row.unicodeScalars.indices {
      let scalar = row.unicodeScalars[index]
      column += 1
      defer { previous = scalar }
      guard scalar == "&" || scalar == "*", " \t[{,:-?".unicodeScalars.contains(previous) else {
        continue
      }
      let rest = row[index...].dropFirst()
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
      if !name.isEmpty { found.append((Character(scalar), name, column)) }
    }
    return found
  }

  /// Returns what a parser's error means for the writer of the file.
  static func diagnostic(for fault: YamlError, in source: YAMLSource) -> Diagnostic {
    switch fault {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _):
      return syntaxFault(problem, at: mark, context: context, in: source)
    case .composer(_, let problem, let mark, _):
      let mark = YAMLNode.Mark(mark)
      guard problem.contains("alias") else { return .severalDocuments(at: source.place(mark)) }
      let word = source.word(at: mark)
      return .anchor(word, at: source.place(mark, length: word.count))
    case .duplicatedKeysInMapping(let keys, let context):
      let key = keys.first ?? ""
      return .duplicateKey(
        key,
        at: source.place(YAMLNode.Mark(context.mark), length: key.count)
      )
    default:
      return .invalidYAML("it cannot be read", help: nil, at: SourcePlace(file: source.file))
    }
  }

  private static func syntaxFault(
    _ problem: String,
    at mark: Mark,
    context: YamlError.Context?,
    in source: YAMLSource
  ) -> Diagnostic {
    if problem.contains("nesting level") {
      return .tooDeep(at: source.place(YAMLNode.Mark(mark)))
    }
    if let tab = indentingTab(near: mark.line, in: source) {
      return .tab(at: source.place(tab))
    }
    // What never ends is noticed at the end of the file; where it begins says more.
    let isAtEnd = source.isEnd(YAMLNode.Mark(mark))
    if let start = context.map({ YAMLNode.Mark($0.mark) }) {
      let place = source.place(start)
      if source.isEnd(start) { return .endsTooEarly(at: place) }
      if problem.contains("expected ':'") {
        return .invalidYAML(problem, help: Diagnostic.yamlHelp(for: problem), at: place)
      }
      if isAtEnd || problem.contains("document indicator") { return .unended(at: place) }
    }
    return .invalidYAML(
      problem,
      help: Diagnostic.yamlHelp(for: problem),
      at: source.place(YAMLNode.Mark(mark))
    )
  }

  /// Returns the first tab in the indentation of a line, or of the line before it that is not blank.
  private static func indentingTab(near line: Int, in source: YAMLSource) -> YAMLNode.Mark? {
    for number in [line, line - 1] {
      guard let text = source.parsedLine(number) else { continue }
      let indent = text.prefix { $0 == " " || $0 == "\t" }
      if let tab = indent.firstIndex(of: "\t"), indent.endIndex < text.endIndex {
        return YAMLNode.Mark(
          line: number,
          column: indent.distance(from: indent.startIndex, to: tab) + 1
        )
      }
    }
    return nil
  }
}

extension YAMLNode.Mark {
  init(_ mark: Mark) {
    self.init(line: max(1, mark.line), column: max(1, mark.column))
  }
}
