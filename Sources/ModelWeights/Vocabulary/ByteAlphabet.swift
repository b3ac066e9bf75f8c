/// The printable alphabet in which byte-level encodings spell their tokens.
///
/// Each byte has one character: the printable ones of Latin-1 stand for themselves, the other 68
/// bytes, in order, for the characters from U+0100 on. A space is "Ġ", a line feed "Ċ".
enum ByteAlphabet {
  private static func isPrintable(_ byte: UInt8) -> Bool {
    (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174
  }

  /// The character of each byte.
  private static let characters: [UInt16] = {
    var next: UInt16 = 256
    return (0...255).map { (byte: UInt8) -> UInt16 in
      guard !isPrintable(byte) else { return UInt16(byte) }
      defer { next += 1 }
      return next
    }
  }()

  /// The byte of each character up to U+0143.
  private static let bytes: [UInt8?] = {
    var bytes = [UInt8?](repeating: nil, count: 256 + 68)
    for (byte, character) in characters.enumerated() { bytes[Int(character)] = UInt8(byte) }
    return bytes
  }()

  /// Returns the bytes that a printed token stands for, or `nil` if it is not in the alphabet.
  static func realBytes(_ printed: ArraySlice<UInt8>) -> [UInt8]? {
    var strings = ByteStrings()
    guard appendReal(printed, to: &strings) else { return nil }
    return Array(strings[0])
  }

  /// Adds a printed token's bytes to `strings`; as they stand if it is not in the alphabet.
  ///
  /// - Returns: Whether it was in the alphabet.
  @discardableResult
  static func appendReal(_ printed: ArraySlice<UInt8>, to strings: inout ByteStrings) -> Bool {
    if printed.allSatisfy({ $0 > 32 && $0 < 127 }) {
      strings.append(printed)
      return true
    }
    var real: [UInt8] = []
    real.reserveCapacity(printed.count)
    var position = printed.startIndex
    while position < printed.endIndex {
      let first = printed[position]
      var character = Int(first)
      position += 1
      if first >= 0x80 {
        guard first >= 0xC2, first <= 0xC5, position < printed.endIndex,
          printed[position] & 0xC0 == 0x80
        else { return appendRaw(printed, to: &strings) }
        character = Int(first & 0x1F) << 6 | Int(printed[position] & 0x3F)
        position += 1
      }
      guard character < bytes.count, let byte = bytes[character] else {
        return appendRaw(printed, to: &strings)
      }
      real.append(byte)
    }
    strings.append(real)
    return true
  }

  private static func appendRaw(
    _ printed: ArraySlice<UInt8>,
    to strings: inout ByteStrings
  ) -> Bool {
    strings.append(printed)
    return false
  }

  /// Returns bytes spelled in the alphabet, as UTF-8.
  static func printed(_ real: ArraySlice<UInt8>) -> [UInt8] {
    var printed: [UInt8] = []
    for byte in real {
      let character = characters[Int(byte)]
      if character < 0x80 {
        printed.append(UInt8(character))
      } else {
        printed.append(0xC0 | UInt8(character >> 6))
        printed.append(0x80 | UInt8(character & 0x3F))
      }
    }
    return printed
  }
}
