import SourceDiagnostics

/// A word of a formula.
struct Token: Equatable {
  enum Kind: Equatable {
    case number(Double)
    case text(String)
    case name(String)
    case symbol(String)
    case end
  }

  let kind: Kind
  let range: Range<Int>
}

/// Cuts a formula's text into tokens.
///
/// Names are letters, digits and `_`, not starting with a digit. Numbers are decimal, with an
/// optional fraction and exponent. Texts stand in single or double quotes and know the escapes
/// `\\`, `\"`, `\'`, `\n`, `\r` and `\t`. `#` starts a comment that ends with its line.
struct Lexer {
  private let characters: [Character]
  private let source: SourceText
  private var position = 0

  init(_ source: SourceText) {
    self.source = source
    self.characters = Array(source.text)
  }

  /// Returns all tokens, closed by one of kind `end`.
  static func tokens(of source: SourceText) throws(Diagnostic) -> [Token] {
    var lexer = Lexer(source)
    var tokens: [Token] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private mutating func next() throws(Diagnostic) -> Token {
    skipBlanks()
    let start = position
    guard let first = peek() else { return Token(kind: .end, range: start..<start) }
    if first.isDigit || (first == "." && peek(1)?.isDigit == true) { return try number() }
    if first.isNameStart {
      while let character = peek(), character.isNamePart { position += 1 }
      return Token(kind: .name(String(characters[start..<position])), range: start..<position)
    }
    if first == "\"" || first == "'" { return try text(closedBy: first) }
    for symbol in Self.symbols where matches(symbol) {
      position += symbol.count
      return Token(kind: .symbol(symbol), range: start..<position)
    }
    if first == "=" {
      position += 1
      return Token(kind: .symbol("="), range: start..<position)
    }
    throw .unexpectedCharacter(first, at: source.place(start..<start + 1))
  }

  /// Longer symbols first, so that `<=` is never read as `<`.
  private static let symbols = [
    "<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "@", "^", "(", ")", "[", "]", ",", ":",
    ";", ".",
  ]

  private mutating func number() throws(Diagnostic) -> Token {
    let start = position
    func digits(_ lexer: inout Lexer) {
      while lexer.peek()?.isDigit == true { lexer.position += 1 }
    }
    digits(&self)
    if peek() == ".", peek(1)?.isDigit == true {
      position += 1
      digits(&self)
    }
    if let mark = peek(), mark == "e" || mark == "E" {
      let sign = peek(1) == "-" || peek(1) == "+" ? 1 : 0
      if peek(1 + sign)?.isDigit == true {
        position += 1 + sign
        digits(&self)
      }
    }
    let written = String(characters[start..<position])
    guard let value = Double(written), value.isFinite else {
      throw .numberTooLarge(written, at: source.place(start..<position))
    }
    if let following = peek(), following.isNamePart {
      throw .numberRunsIntoName(at: source.place(start..<position + 1))
    }
    return Token(kind: .number(value), range: start..<position)
  }

  private mutating func text(closedBy quote: Character) throws(Diagnostic) -> Token {
    let start = position
    position += 1
    var value = ""
    while let character = peek() {
      position += 1
      if character == quote {
        return Token(kind: .text(value), range: start..<position)
      }
      guard character == "\\" else {
        value.append(character)
        continue
      }
      guard let escaped = peek() else { break }
      position += 1
      switch escaped {
      case "n": value.append("\n")
      case "t": value.append("\t")
      case "r": value.append("\r")
      case "\\", "\"", "'": value.append(escaped)
      default: throw .unknownEscape(escaped, at: source.place(position - 2..<position))
      }
    }
    throw .unclosedText(at: source.place(start..<start + 1))
  }

  private mutating func skipBlanks() {
    while let character = peek() {
      if character == "#" {
        while let inside = peek(), !inside.isNewline { position += 1 }
      } else if character.isWhitespace {
        position += 1
      } else {
        return
      }
    }
  }

  private func peek(_ ahead: Int = 0) -> Character? {
    position + ahead < characters.count ? characters[position + ahead] : nil
  }

  private func matches(_ symbol: String) -> Bool {
    for (offset, character) in symbol.enumerated() where peek(offset) != character { return false }
    return true
  }
}

extension Character {
  fileprivate var isDigit: Bool { isASCII && isNumber }
  fileprivate var isNameStart: Bool { (isASCII && isLetter) || self == "_" }
  fileprivate var isNamePart: Bool { isNameStart || isDigit }
}
