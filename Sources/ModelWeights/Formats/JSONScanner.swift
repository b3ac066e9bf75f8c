import SourceDiagnostics

/// A strict, streaming reader of JSON from strangers.
///
/// It builds no tree: the caller pulls what it expects. Duplicate keys are refused (byte for byte,
/// after unescaping), nesting is capped, and only whole numbers are read as numbers.
struct JSONScanner {
  private let bytes: [UInt8]
  private var position: Int
  private var depth = 0
  private static let deepest = 32

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    self.position = 0
  }

  /// What the next value is, by its first byte.
  enum Kind { case object, array, text, number, word }

  mutating func kind() throws(Diagnostic) -> Kind {
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .text
    case let byte? where Self.numberBytes.contains(byte): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): return .word
    default: throw malformed("a value")
    }
  }

  /// Reads an object; `body` is called at each value and must read it.
  mutating func object(
    _ body: (inout JSONScanner, _ key: [UInt8]) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    try open(UInt8(ascii: "{"), expecting: "an object")
    var seen: Set<[UInt8]> = []
    if !closes(UInt8(ascii: "}")) {
      repeat {
        let key = try text()
        guard seen.insert(key).inserted else {
          throw .duplicateKey(String(decoding: key.prefix(80), as: UTF8.self))
        }
        try expect(UInt8(ascii: ":"), "a colon after a key")
        try body(&self, key)
      } while try continues(until: UInt8(ascii: "}"))
    }
    depth -= 1
  }

  /// Reads an array; `body` is called at each element and must read it.
  mutating func array(
    _ body: (inout JSONScanner) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    try open(UInt8(ascii: "["), expecting: "an array")
    if !closes(UInt8(ascii: "]")) {
      repeat { try body(&self) } while try continues(until: UInt8(ascii: "]"))
    }
    depth -= 1
  }

  /// Reads a string, unescaped, as UTF-8 bytes.
  ///
  /// A lone surrogate escape is refused.
  mutating func text() throws(Diagnostic) -> [UInt8] {
    try expect(UInt8(ascii: "\""), "a string")
    var result: [UInt8] = []
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return result
      case UInt8(ascii: "\\"): try unescape(into: &result)
      case 0..<0x20: throw malformed("no bare control byte in a string")
      default: result.append(byte)
      }
    }
    throw malformed("the end of a string")
  }

  /// Reads a whole number without sign, fraction or exponent, below 2⁴⁸.
  mutating func wholeNumber() throws(Diagnostic) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      position += 1
      guard value < 1 << 48 else { throw malformed("a number below 2^48") }
    }
    let length = position - start
    let next = current
    guard length > 0, length == 1 || bytes[start] != UInt8(ascii: "0"),
      next != UInt8(ascii: "."), next != UInt8(ascii: "e"), next != UInt8(ascii: "E")
    else { throw malformed("a whole number, not negative") }
    return value
  }

  /// Reads a number of any kind and returns whether it is zero.
  mutating func isZero() throws(Diagnostic) -> Bool {
    guard try kind() == .number else { throw malformed("a number") }
    let start = position
    try skip()
    let significand = bytes[start..<position].prefix { $0 | 0x20 != UInt8(ascii: "e") }
    return !significand.contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
  }

  /// Reads `true`, `false` or `null` (which gives `nil`).
  mutating func word() throws(Diagnostic) -> Bool? {
    skipSpace()
    for (text, value) in [("true", true), ("false", false), ("null", nil)] as [(String, Bool?)] {
      if bytes[position...].starts(with: text.utf8) {
        position += text.utf8.count
        return value
      }
    }
    throw malformed("true, false or null")
  }

  /// Reads and forgets one value of any kind.
  mutating func skip() throws(Diagnostic) {
    switch try kind() {
    case .object: try object { (scanner, _) throws(Diagnostic) in try scanner.skip() }
    case .array: try array { (scanner) throws(Diagnostic) in try scanner.skip() }
    case .text: _ = try text()
    case .word: _ = try word()
    case .number:
      while let byte = current, Self.numberBytes.contains(byte) { position += 1 }
    }
  }

  /// Throws unless only space follows.
  mutating func end() throws(Diagnostic) {
    skipSpace()
    guard current == nil else { throw malformed("the end of the text") }
  }

  // MARK: Parts

  private static let numberBytes = Set("0123456789+-.eE".utf8)

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func malformed(_ expected: String) -> Diagnostic {
    .malformedJSON(at: position, expected: expected)
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func expect(_ byte: UInt8, _ expected: String) throws(Diagnostic) {
    skipSpace()
    guard current == byte else { throw malformed(expected) }
    position += 1
  }

  private mutating func open(_ byte: UInt8, expecting: String) throws(Diagnostic) {
    try expect(byte, expecting)
    depth += 1
    guard depth <= Self.deepest else { throw .jsonTooDeep(Self.deepest) }
  }

  private mutating func closes(_ byte: UInt8) -> Bool {
    skipSpace()
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func continues(until byte: UInt8) throws(Diagnostic) -> Bool {
    if closes(byte) { return false }
    try expect(UInt8(ascii: ","), "a comma or the closing bracket")
    return true
  }

  private mutating func unescape(into result: inout [UInt8]) throws(Diagnostic) {
    guard let byte = current else { throw malformed("the end of a string") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(8)
    case UInt8(ascii: "f"): result.append(12)
    case UInt8(ascii: "n"): result.append(10)
    case UInt8(ascii: "r"): result.append(13)
    case UInt8(ascii: "t"): result.append(9)
    case UInt8(ascii: "u"): result += Array(String(try escapedScalar()).utf8)
    default: throw malformed("a known escape")
    }
  }

  private mutating func escapedScalar() throws(Diagnostic) -> Unicode.Scalar {
    let first = try fourDigits()
    var value = UInt32(first)
    if (0xD800..<0xDC00).contains(first), bytes[position...].starts(with: [0x5C, 0x75]) {
      position += 2
      let second = try fourDigits()
      guard (0xDC00..<0xE000).contains(second) else { throw malformed("a surrogate pair") }
      value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw malformed("a surrogate pair") }
    return scalar
  }

  private mutating func fourDigits() throws(Diagnostic) -> UInt16 {
    guard position + 4 <= bytes.count else { throw malformed("four hexadecimal digits") }
    var value: UInt16 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw malformed("four hexadecimal digits")
      }
      value = value << 4 | UInt16(digit)
    }
    position += 4
    return value
  }
}
