/// Many short byte strings in one array, cheaper than an array of arrays.
struct ByteStrings: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  init() {}

  init(reservingCount count: Int, byteCount: Int) {
    bytes.reserveCapacity(byteCount)
    ends.reserveCapacity(count)
  }

  var count: Int { ends.count }

  /// The string at an index, sharing the storage.
  subscript(index: Int) -> ArraySlice<UInt8> {
    bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }

  mutating func append(_ string: some Sequence<UInt8>) {
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
  }

  mutating func append(_ string: RawSpan) {
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
  }

  /// Adds one byte to the string being built; ``endString()`` finishes it.
  mutating func extend(_ byte: UInt8) { bytes.append(byte) }

  mutating func extend(_ part: some Sequence<UInt8>) { bytes.append(contentsOf: part) }

  mutating func endString() { ends.append(bytes.count) }
}
