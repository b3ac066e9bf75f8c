/// The lines of a Swift file without its comments and string literals.
///
/// A scan, not a parser: it knows line comments, nested block comments, and strings of every
/// quoting, raw ones included. What is interpolated into a string goes with the string.
struct SwiftCode {
  /// One entry for every line of the file, in order.
  let lines: [String]

  init(_ text: String) {
    var scanner = Scanner(text)
    scanner.run()
    lines = scanner.code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// One module import.
  struct Import: Hashable {
    let line: Int
    let module: String
  }

  /// The imports, whatever attributes, access levels and declaration kinds they carry.
  ///
  /// `@preconcurrency package import struct X.Y` is an import of `X`; so is `import X.Y`.
  var imports: [Import] {
    lines.enumerated().flatMap { index, line in
      line.split(separator: ";").compactMap { statement in
        module(in: statement).map { Import(line: index + 1, module: $0) }
      }
    }
  }

  private static let modifiers: Set = ["public", "package", "internal", "fileprivate", "private"]
  private static let kinds: Set = [
    "struct", "class", "enum", "protocol", "typealias", "func", "var", "let", "actor",
  ]

  private func module(in statement: Substring) -> String? {
    var words = statement.split { $0 == " " || $0 == "\t" }[...]
    while let word = words.first, word.hasPrefix("@") || Self.modifiers.contains(String(word)) {
      words.removeFirst()
    }
    guard words.popFirst() == "import" else { return nil }
    if let kind = words.first, Self.kinds.contains(String(kind)) { words.removeFirst() }
    return words.first?.split(separator: ".").first.map(String.init)
  }

  /// Walks over the bytes once, keeping the code and every line break.
  private struct Scanner {
    private let bytes: [UInt8]
    private var position = 0
    private var kept: [UInt8] = []

    init(_ text: String) { bytes = Array(text.utf8) }

    var code: String { String(decoding: kept, as: UTF8.self) }

    mutating func run() {
      while position < bytes.count {
        if isNext("//") {
          while position < bytes.count, !isLineBreak { advance() }
        } else if isNext("/*") {
          skipBlockComment()
        } else if let hashes = stringStart {
          skipString(hashes)
        } else {
          kept.append(bytes[position])
          position += 1
        }
      }
    }

    private func isNext(_ text: String) -> Bool {
      let end = position + text.utf8.count
      return end <= bytes.count && bytes[position..<end].elementsEqual(text.utf8)
    }

    private var isLineBreak: Bool { bytes[position] == UInt8(ascii: "\n") }

    private mutating func advance(_ count: Int = 1) {
      for _ in 0..<count where position < bytes.count {
        if isLineBreak { kept.append(bytes[position]) }
        position += 1
      }
    }

    private mutating func skipBlockComment() {
      var depth = 0
      repeat {
        if isNext("/*") {
          depth += 1
          advance(2)
        } else if isNext("*/") {
          depth -= 1
          advance(2)
        } else {
          advance()
        }
      } while depth > 0 && position < bytes.count
    }

    /// How many `#` stand before the quote of a string that starts here, if one does.
    private var stringStart: Int? {
      var end = position
      while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
      return end < bytes.count && bytes[end] == UInt8(ascii: "\"") ? end - position : nil
    }

    private mutating func skipString(_ hashes: Int) {
      advance(hashes)
      let quote = isNext("\"\"\"") ? "\"\"\"" : "\""
      let pounds = String(repeating: "#", count: hashes)
      advance(quote.count)
      while position < bytes.count, !isNext(quote + pounds) {
        // A line break ends a string of one line: the text is not Swift, but the scan goes on.
        if quote.count == 1, isLineBreak { return }
        advance(isNext("\\" + pounds) ? 2 + hashes : 1)
      }
      advance(quote.count + hashes)
    }
  }
}
