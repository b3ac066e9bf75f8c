/// Returns `text` with each ASCII letter moved thirteen places along the alphabet.
///
/// Everything else stays as it is, so lines and columns keep their places. Its own inverse.
package func rot13(_ text: String) -> String {
  String(decoding: text.utf8.map(rot13), as: UTF8.self)
}

/// Returns an ASCII letter's byte moved thirteen places along the alphabet; other bytes unchanged.
package func rot13(_ byte: UInt8) -> UInt8 {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"):
    UInt8(ascii: "a") + (byte - UInt8(ascii: "a") + 13) % 26
  case UInt8(ascii: "A")...UInt8(ascii: "Z"):
    UInt8(ascii: "A") + (byte - UInt8(ascii: "A") + 13) % 26
  default: byte
  }
}
