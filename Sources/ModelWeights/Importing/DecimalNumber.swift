/// Reads numbers as embedding files write them.
enum DecimalNumber {
  /// Returns the `Float` nearest to a decimal number, or NaN or infinity if the text says so; `nil` if
  /// it is no number, or a finite one too large for a `Float`.
  ///
  /// Accepted are digits with a sign, a point and an exponent; "nan", "inf" and "infinity" with a
  /// sign and in any case; nothing else.
  static func float(_ text: ArraySlice<UInt8>) -> Float? {
    guard let parts = Parts(text) else { return special(text) }
    if let value = parts.float { return value }
    // More digits than a machine word holds exactly, or a result halfway between two floats.
    guard let value = Float(String(decoding: text, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }

  /// Returns whether the text is a number, of any size.
  static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    Parts(text) != nil || special(text) != nil
  }

  private static func special(_ text: ArraySlice<UInt8>) -> Float? {
    guard let first = text.first, text.count <= 9 else { return nil }
    let isNegative = first == UInt8(ascii: "-")
    let isSigned = isNegative || first == UInt8(ascii: "+")
    let word = text.dropFirst(isSigned ? 1 : 0).map { $0 | 0x20 }
    if word == Array("nan".utf8) { return .nan }
    guard word == Array("inf".utf8) || word == Array("infinity".utf8) else { return nil }
    return isNegative ? -.infinity : .infinity
  }

  /// A number's sign, digits and power of ten.
  private struct Parts {
    private var isNegative = false
    private var digits: UInt64 = 0
    private var exponent = 0
    /// Whether `digits` holds all of them.
    private var isWhole = true

    init?(_ text: ArraySlice<UInt8>) {
      var position = text.startIndex
      let end = text.endIndex
      if position < end, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+")
      {
        isNegative = text[position] == UInt8(ascii: "-")
        position += 1
      }
      var count = 0
      var isFraction = false
      while position < end {
        let byte = text[position]
        if byte == UInt8(ascii: "."), !isFraction {
          isFraction = true
        } else if let digit = Self.digit(byte) {
          count += 1
          if digits < 1 << 56 {
            digits = digits * 10 + digit
            if isFraction { exponent -= 1 }
          } else {
            isWhole = false
          }
        } else {
          break
        }
        position += 1
      }
      guard count > 0 else { return nil }
      guard position < end else { return }
      guard text[position] | 0x20 == UInt8(ascii: "e") else { return nil }
      guard readExponent(text[(position + 1)...]) else { return nil }
    }

    private mutating func readExponent(_ text: ArraySlice<UInt8>) -> Bool {
      var text = text
      let isNegative = text.first == UInt8(ascii: "-")
      if isNegative || text.first == UInt8(ascii: "+") { text.removeFirst() }
      guard !text.isEmpty else { return false }
      var value = 0
      for byte in text {
        guard let digit = Self.digit(byte) else { return false }
        value = min(value * 10 + Int(digit), 100_000)
      }
      exponent += isNegative ? -value : value
      return true
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? UInt64(byte & 0x0F) : nil
    }

    private static let powers: [Double] = (0...22).map { (power: Int) -> Double in
      (0..<power).reduce(1.0) { product, _ in product * 10 }
    }

    /// The nearest float, where one operation on doubles is sure to give it.
    ///
    /// Digits below 2⁵³ and powers up to 10²² are exact doubles, so that their product or quotient
    /// is the nearest double; rounding that again is right unless it lies by the middle of two
    /// floats.
    var float: Float? {
      guard isWhole, digits < 1 << 53, abs(exponent) <= 22 else { return nil }
      let power = Self.powers[abs(exponent)]
      let value = exponent < 0 ? Double(digits) / power : Double(digits) * power
      let rest = value.bitPattern & 0x1FFF_FFFF
      guard value == 0 || value > 1e-37, value < 3e38, rest < 0x0FFF_FFFF || rest > 0x1000_0001
      else { return nil }
      return Float(isNegative ? -value : value)
    }
  }
}
