/// Builds the header of a GGUF file, version 3.
struct GGUFWriter {
  static let alignment = 32

  private var pairs: [UInt8] = []
  private var pairCount = 0
  private var entries: [UInt8] = []
  private var entryCount = 0
  private var dataSize = 0

  // MARK: Metadata

  mutating func set(_ key: String, text: String) {
    begin(key, .string)
    append(Array(text.utf8)[...], to: &pairs)
  }

  mutating func set(_ key: String, unsigned value: UInt32) {
    begin(key, .uint32)
    pairs.append(littleEndian: value)
  }

  mutating func set(_ key: String, truth: Bool) {
    begin(key, .bool)
    pairs.append(truth ? 1 : 0)
  }

  mutating func set(_ key: String, unsigned values: [UInt32]) {
    begin(key, array: .uint32, count: values.count)
    for value in values { pairs.append(littleEndian: value) }
  }

  mutating func set(_ key: String, signed values: [Int32]) {
    begin(key, array: .int32, count: values.count)
    for value in values { pairs.append(littleEndian: value) }
  }

  mutating func set(_ key: String, strings: ByteStrings) {
    begin(key, array: .string, count: strings.count)
    for index in 0..<strings.count { append(strings[index], to: &pairs) }
  }

  private mutating func begin(_ key: String, _ type: GGUFValueType) {
    append(Array(key.utf8)[...], to: &pairs)
    pairs.append(littleEndian: type.rawValue)
    pairCount += 1
  }

  private mutating func begin(_ key: String, array type: GGUFValueType, count: Int) {
    begin(key, .array)
    pairs.append(littleEndian: type.rawValue)
    pairs.append(littleEndian: UInt64(count))
  }

  // MARK: Tensors

  /// Declares the next tensor; its data must be written in the same order, each padded.
  ///
  /// - Parameters:
  ///   - name: Its name, at most 63 bytes.
  ///   - shape: Rows first; the file has it reversed.
  ///   - code: GGUF's number for its type.
  ///   - byteCount: The size of its data.
  mutating func declare(_ name: String, shape: [Int], code: UInt32, byteCount: Int) {
    append(Array(name.utf8)[...], to: &entries)
    entries.append(littleEndian: UInt32(shape.count))
    for dimension in shape.reversed() { entries.append(littleEndian: UInt64(dimension)) }
    entries.append(littleEndian: code)
    entries.append(littleEndian: UInt64(dataSize))
    entryCount += 1
    dataSize += byteCount + Self.padding(after: byteCount)
  }

  /// Returns the header, padded to where the data begins.
  func header() -> [UInt8] {
    var bytes = GGUFReader.magic
    bytes.append(littleEndian: UInt32(3))
    bytes.append(littleEndian: UInt64(entryCount))
    bytes.append(littleEndian: UInt64(pairCount))
    bytes += pairs
    bytes += entries
    bytes += [UInt8](repeating: 0, count: Self.padding(after: bytes.count))
    return bytes
  }

  /// Returns how many zeros follow so many bytes.
  static func padding(after byteCount: Int) -> Int {
    (alignment - byteCount % alignment) % alignment
  }

  private func append(_ string: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(littleEndian: UInt64(string.count))
    bytes += string
  }
}
