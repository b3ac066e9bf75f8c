/// Spells byte strings so that any terminal shows them and none obeys them.
enum PrintedBytes {
  /// Returns the bytes in double quotes.
  ///
  /// Line feed, tab, return, quote and backslash are escaped as in Swift; other control characters
  /// and bytes that are not UTF-8 as `\x07`; invisible, unassigned and private characters and
  /// spaces other than the usual one as `\u{200B}`.
  static func quoted(_ bytes: some Collection<UInt8>) -> String {
    var result = "\""
    var decoder = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = bytes.startIndex
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let encoded):
        bytes.formIndex(&position, offsetBy: encoded.count)
        append(UTF8.decode(encoded), to: &result)
      case .error(let length):
        for byte in bytes[position...].prefix(length) { result += hex(byte) }
        bytes.formIndex(&position, offsetBy: length)
      case .emptyInput:
        return result + "\""
      }
    }
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case " ": result += " "
    case _ where scalar.isASCII && (scalar.value < 0x20 || scalar.value == 0x7F):
      result += hex(UInt8(scalar.value))
    case _ where isShown(scalar): result.unicodeScalars.append(scalar)
    default: result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      false
    default: true
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "\\x" + (byte < 16 ? "0" : "") + digits
  }
}
