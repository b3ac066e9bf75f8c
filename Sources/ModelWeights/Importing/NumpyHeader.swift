import SourceDiagnostics

/// The dictionary at the head of a `.npy` file, read by a grammar of its own.
///
/// Accepted is what numpy writes: the keys `descr`, `fortran_order` and `shape`, each once, with a
/// string, a truth value and a tuple of whole numbers. Nothing is evaluated.
struct NumpyHeader {
  /// How values are stored, always little-endian.
  enum ElementType: String {
    case float16 = "<f2"
    case float32 = "<f4"
    case float64 = "<f8"

    var byteCount: Int {
      switch self {
      case .float16: 2
      case .float32: 4
      case .float64: 8
      }
    }

    /// Returns the value at a byte offset, rounded to nearest.
    func value(at offset: Int, in bytes: RawSpan) -> Float {
      switch self {
      case .float16: HalfFloat.float(bytes.littleEndian(at: offset, as: UInt16.self))
      case .float32: Float(bitPattern: bytes.littleEndian(at: offset, as: UInt32.self))
      case .float64: Float(Double(bitPattern: bytes.littleEndian(at: offset, as: UInt64.self)))
      }
    }
  }

  static let longest = 1 << 16

  let type: ElementType
  let shape: [Int]

  /// - Throws: If the text is not such a dictionary, or the values are not floats in rows.
  init(_ text: [UInt8]) throws(Diagnostic) {
    var scanner = Scanner(text)
    var description: String?
    var isFortran: Bool?
    var shape: [Int]?
    try scanner.expect("{")
    while !scanner.takes("}") {
      let key = try scanner.string()
      try scanner.expect(":")
      switch key {
      case "descr" where description == nil: description = try scanner.type()
      case "fortran_order" where isFortran == nil: isFortran = try scanner.truth()
      case "shape" where shape == nil: shape = try scanner.tuple()
      case "descr", "fortran_order", "shape": throw .duplicateKey(key)
      default: throw .unknownNumpyKey(key)
      }
      if !scanner.takes(",") {
        try scanner.expect("}")
        break
      }
    }
    try scanner.end()
    guard let description, let isFortran, let shape else { throw .incompleteNumpyHeader }
    if description.dropFirst().hasPrefix("O") || description == "O" { throw .numpyObjects }
    guard let type = ElementType(rawValue: description) else {
      throw description.hasPrefix(">") ? .bigEndianArray(description) : .wrongArrayType(description)
    }
    if isFortran { throw .fortranOrder }
    self.type = type
    self.shape = shape
  }

  private struct Scanner {
    private let text: [UInt8]
    private var position = 0

    init(_ text: [UInt8]) { self.text = text }

    private mutating func next() -> UInt8? {
      while position < text.count, text[position] == 0x20 || text[position] == 0x0A {
        position += 1
      }
      return position < text.count ? text[position] : nil
    }

    private func malformed(_ expected: String) -> Diagnostic {
      .malformedNumpyHeader(at: position, expected: expected)
    }

    mutating func takes(_ mark: Unicode.Scalar) -> Bool {
      guard next() == UInt8(ascii: mark) else { return false }
      position += 1
      return true
    }

    mutating func expect(_ mark: Unicode.Scalar) throws(Diagnostic) {
      guard takes(mark) else { throw malformed("'\(mark)'") }
    }

    /// Reads a string in single or double quotes, printable ASCII without escapes.
    mutating func string() throws(Diagnostic) -> String {
      guard let quote = next(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
        throw malformed("a string")
      }
      position += 1
      let start = position
      while position < text.count, text[position] != quote {
        let byte = text[position]
        guard (0x20..<0x7F).contains(byte), byte != UInt8(ascii: "\\") else {
          throw malformed("a plain string")
        }
        position += 1
      }
      guard position < text.count else { throw malformed("the end of a string") }
      position += 1
      return String(decoding: text[start..<position - 1], as: UTF8.self)
    }

    /// Reads a type; a list of fields is refused with its own message.
    mutating func type() throws(Diagnostic) -> String {
      if next() == UInt8(ascii: "[") { throw .structuredArray }
      return try string()
    }

    mutating func truth() throws(Diagnostic) -> Bool {
      _ = next()
      for (word, value) in [("True", true), ("False", false)]
      where text[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw malformed("True or False")
    }

    /// Reads a tuple of whole numbers: `()`, `(3,)`, `(3, 4)`.
    mutating func tuple() throws(Diagnostic) -> [Int] {
      try expect("(")
      var numbers: [Int] = []
      while !takes(")") {
        numbers.append(try wholeNumber())
        guard numbers.count <= 32 else { throw malformed("at most 32 dimensions") }
        if takes(",") { continue }
        guard numbers.count > 1 else { throw malformed("','") }
        try expect(")")
        break
      }
      return numbers
    }

    private mutating func wholeNumber() throws(Diagnostic) -> Int {
      guard let first = next() else { throw malformed("a whole number") }
      let start = position
      var value = 0
      while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position])
      {
        value = value * 10 + Int(text[position] & 0x0F)
        position += 1
        guard value < 1 << 48 else { throw malformed("a number below 2^48") }
      }
      let length = position - start
      guard length > 0, length == 1 || first != UInt8(ascii: "0") else {
        throw malformed("a whole number")
      }
      return value
    }

    mutating func end() throws(Diagnostic) {
      guard next() == nil else { throw malformed("nothing but spaces") }
    }
  }
}
