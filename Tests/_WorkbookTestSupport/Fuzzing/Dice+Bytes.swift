extension Dice {
  /// Returns bytes damaged in one to four places, without regard to what they mean.
  ///
  /// - Parameters:
  ///   - bytes: What is damaged.
  ///   - other: Another file, whose pieces may be spliced in.
  /// - Returns: The bytes, of any length.
  package mutating func damaged(_ bytes: [UInt8], splicing other: [UInt8] = []) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(4) { damage(&bytes, splicing: other) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8], splicing other: [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = self.bytes(below(16))
      return
    }
    let place = below(bytes.count)
    switch below(9) {
    case 0, 1: bytes[place] ^= 1 << UInt8(below(8))
    case 2: bytes[place] = byte()
    case 3: overwrite(&bytes, at: place)
    case 4: bytes.removeLast(below(oneIn(2) ? bytes.count : min(16, bytes.count)))
    case 5: bytes.removeSubrange(range(in: bytes.count))
    case 6: bytes.insert(contentsOf: self.bytes(below(12)), at: place)
    case 7:
      let piece = Array(bytes[range(in: bytes.count)])
      let count = oneIn(50) ? min(1000, 200_000 / max(1, piece.count)) : 1 + below(3)
      bytes.insert(contentsOf: Array(repeating: piece, count: count).joined(), at: place)
    default:
      if other.isEmpty {
        bytes.swapAt(place, below(bytes.count))
      } else {
        let start = below(other.count)
        bytes.replaceSubrange(place..., with: other[start...])
      }
    }
  }

  /// Writes an extreme number of 1 to 8 bytes over what is there.
  private mutating func overwrite(_ bytes: inout [UInt8], at place: Int) {
    let value = extreme()
    let width = pick([1, 2, 4, 8])
    for index in 0..<width where place + index < bytes.count {
      bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }
}
