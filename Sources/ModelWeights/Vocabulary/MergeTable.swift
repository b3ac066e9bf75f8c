/// What two neighbouring tokens become, and how early that is done.
struct MergeTable: Sendable {
  struct Merge: Sendable {
    let rank: Int
    let result: Int32
  }

  private let merges: [UInt64: Merge]

  /// - Parameters:
  ///   - lines: "left right" in the printed alphabet, best first. Those with a part that is no
  ///     token, in a file that holds some of the rows, are passed over. Of two that are equal the later
  ///     counts, as in the reference implementations.
  ///   - index: The tokens.
  init(_ lines: ByteStrings, index: TokenIndex) {
    var merges: [UInt64: Merge] = [:]
    merges.reserveCapacity(lines.count)
    for rank in 0..<lines.count {
      let line = lines[rank]
      guard let gap = line.dropFirst().firstIndex(of: 0x20),
        let left = ByteAlphabet.realBytes(line[..<gap]),
        let right = ByteAlphabet.realBytes(line[(gap + 1)...]),
        let leftID = index.text(left[...]), let rightID = index.text(right[...]),
        let result = index.text((left + right)[...])
      else { continue }
      merges[Self.key(leftID, rightID)] = Merge(rank: rank, result: result)
    }
    self.merges = merges
  }

  var isEmpty: Bool { merges.isEmpty }

  subscript(left: Int32, right: Int32) -> Merge? { merges[Self.key(left, right)] }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }
}
