import SourceDiagnostics

/// Reads the header of a GGUF file, versions 2 and 3, and checks all of it.
///
/// The rules are those of the format's specification and, where ggml is stricter, ggml's: a file
/// from a stranger is refused before anything is allocated for what it claims to hold.
struct GGUFReader {
  static let magic = Array("GGUF".utf8)

  /// The most of each thing a file may declare.
  ///
  /// Real files stay far below.
  enum Limit {
    static let pairs = 100_000
    static let tensors = 100_000
    static let arrayElements = 1_000_000
    static let textBytes = 1 << 20
    static let keyBytes = 65_535
    static let tensorNameBytes = 63
    static let alignment = 1 << 20
  }

  private let file: MappedFile
  private var position = 0

  /// Reads a file that starts with the magic bytes.
  static func read(_ file: MappedFile) throws(Diagnostic) -> WeightFile {
    var reader = GGUFReader(file: file)
    return try reader.read()
  }

  private init(file: MappedFile) { self.file = file }

  private mutating func read() throws(Diagnostic) -> WeightFile {
    position = Self.magic.count
    let version = try integer(UInt32.self, in: "the version")
    if version != 0, version & 0xFFFF == 0 { throw .bigEndian }
    guard version == 2 || version == 3 else { throw .unsupportedVersion(Int(version)) }
    let tensorCount = try count(
      of: "tensors",
      atMost: Limit.tensors,
      smallest: 33
    )
    let pairCount = try count(of: "metadata pairs", atMost: Limit.pairs, smallest: 13)
    let metadata = try pairs(pairCount)
    let alignment = try alignment(metadata)
    let tensors = try tensors(tensorCount, alignment: alignment)
    return WeightFile(
      format: "GGUF v\(version)",
      byteCount: file.byteCount,
      tensors: tensors,
      metadata: .gguf(metadata, file)
    )
  }

  // MARK: Metadata

  private mutating func pairs(_ count: Int) throws(Diagnostic) -> GGUFMetadata {
    var metadata = GGUFMetadata()
    for _ in 0..<count {
      let key = try key()
      let type = try valueType(key)
      let value = try value(type, key: key)
      guard metadata.values.updateValue(value, forKey: key) == nil else {
        throw .duplicateKey(key)
      }
    }
    return metadata
  }

  private mutating func key() throws(Diagnostic) -> String {
    let bytes = try string(atMost: Limit.keyBytes, in: "a metadata key")
    let allowed = bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
      default: false
      }
    }
    let key = String(decoding: bytes, as: UTF8.self)
    guard allowed, !bytes.isEmpty else { throw .badKey(key) }
    return key
  }

  private mutating func valueType(_ key: String) throws(Diagnostic) -> GGUFValueType {
    let code = try integer(UInt32.self, in: "the type of '\(key)'")
    guard let type = GGUFValueType(rawValue: code) else {
      throw .unknownMetadataType(key: key, code: Int(code))
    }
    return type
  }

  private mutating func value(
    _ type: GGUFValueType,
    key: String
  ) throws(Diagnostic) -> GGUFValue {
    let place = "the value of '\(key)'"
    switch type {
    case .uint8: return .integer(Int(try integer(UInt8.self, in: place)))
    case .int8: return .integer(Int(try integer(Int8.self, in: place)))
    case .uint16: return .integer(Int(try integer(UInt16.self, in: place)))
    case .int16: return .integer(Int(try integer(Int16.self, in: place)))
    case .uint32: return .integer(Int(try integer(UInt32.self, in: place)))
    case .int32: return .integer(Int(try integer(Int32.self, in: place)))
    case .int64: return .integer(Int(try integer(Int64.self, in: place)))
    case .uint64:
      let unsigned = try integer(UInt64.self, in: place)
      return Int(exactly: unsigned).map(GGUFValue.integer) ?? .hugeInteger(unsigned)
    case .float32:
      return .number(Double(Float(bitPattern: try integer(UInt32.self, in: place))))
    case .float64: return .number(Double(bitPattern: try integer(UInt64.self, in: place)))
    case .bool:
      let byte = try integer(UInt8.self, in: place)
      guard byte < 2 else { throw .badTruth(key: key, byte: Int(byte)) }
      return .truth(byte == 1)
    case .string:
      let bytes = try string(atMost: Limit.textBytes, in: place)
      guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(place) }
      return .text(text)
    case .array: return .array(try array(key))
    }
  }

  private mutating func array(_ key: String) throws(Diagnostic) -> GGUFArray {
    let place = "the array '\(key)'"
    let type = try valueType(key)
    guard type != .array else { throw .nestedArray(key) }
    let count = try count(
      of: "elements of \(place)",
      atMost: Limit.arrayElements,
      smallest: type.byteCount ?? 8
    )
    let start = position
    if let size = type.byteCount {
      // `count` made sure that so many elements fit the file, so this cannot overflow.
      position += count * size
      if type == .bool { try requireTruths(key, in: start..<position) }
    } else {
      for _ in 0..<count { try skipString(atMost: Limit.textBytes, in: place) }
    }
    return GGUFArray(elementType: type, count: count, range: start..<position)
  }

  private func requireTruths(_ key: String, in range: Range<Int>) throws(Diagnostic) {
    let odd = file.bytes(in: range)?.first { $0 > 1 }
    if let odd { throw .badTruth(key: key, byte: Int(odd)) }
  }

  private func alignment(_ metadata: GGUFMetadata) throws(Diagnostic) -> Int {
    guard metadata.values["general.alignment"] != nil else { return 32 }
    guard let alignment = metadata.integer("general.alignment"), alignment >= 8,
      alignment <= Limit.alignment, alignment.nonzeroBitCount == 1
    else { throw .badAlignment(atMost: Limit.alignment) }
    return alignment
  }

  // MARK: Tensors

  /// A tensor's entry in the header, before its place in the file is known.
  private struct Entry {
    let name: String
    let shape: [Int]
    let type: ElementType
    let byteCount: Int
    let offset: UInt64
  }

  private mutating func tensors(
    _ count: Int,
    alignment: Int
  ) throws(Diagnostic) -> [StoredTensor] {
    var entries: [Entry] = []
    var seen: Set<String> = []
    for _ in 0..<count {
      let name = try string(atMost: Limit.tensorNameBytes, in: "a tensor's name")
      guard let text = String(validating: name, as: UTF8.self), !name.isEmpty else {
        throw .notUTF8("a tensor's name")
      }
      guard seen.insert(text).inserted else { throw .duplicateTensor(text) }
      entries.append(try entry(text))
    }
    guard let start = Self.padded(position, to: alignment) else { throw .truncated("the header") }
    return try placed(entries, from: start, alignment: alignment)
  }

  private mutating func entry(_ name: String) throws(Diagnostic) -> Entry {
    let place = "the entry of tensor '\(name)'"
    let rank = try integer(UInt32.self, in: place)
    guard (1...4).contains(rank) else { throw .badRank(tensor: name, rank: Int(rank)) }
    var reversed: [Int] = []
    for _ in 0..<rank {
      let dimension = try integer(UInt64.self, in: place)
      guard dimension > 0, let dimension = Int(exactly: dimension) else {
        throw .badDimension(tensor: name, dimension: "\(dimension)")
      }
      reversed.append(dimension)
    }
    let code = try integer(UInt32.self, in: place)
    guard let type = ElementType.gguf(code) else {
      throw .unknownTensorType(tensor: name, type: "number \(code)")
    }
    let offset = try integer(UInt64.self, in: place)
    guard reversed[0].isMultiple(of: type.elementsPerBlock) else {
      throw .brokenBlocks(
        tensor: name,
        columns: reversed[0],
        type: type.name,
        block: type.elementsPerBlock
      )
    }
    guard let elements = checkedProduct(reversed), let size = type.byteCount(elements: elements)
    else { throw .tensorTooLarge(name) }
    return Entry(
      name: name,
      shape: reversed.reversed(),
      type: type,
      byteCount: size,
      offset: offset
    )
  }

  /// Returns the tensors with their places, which must follow each other with only padding between.
  private func placed(
    _ entries: [Entry],
    from start: Int,
    alignment: Int
  ) throws(Diagnostic) -> [StoredTensor] {
    var expected = 0
    var tensors: [StoredTensor] = []
    for entry in entries {
      guard entry.offset.isMultiple(of: UInt64(alignment)) else {
        throw .misalignedTensor(entry.name, alignment: alignment)
      }
      guard entry.offset == UInt64(expected) else {
        throw .scatteredTensor(entry.name, offset: "\(entry.offset)", expected: expected)
      }
      let (place, placeOverflow) = start.addingReportingOverflow(expected)
      let (end, endOverflow) = place.addingReportingOverflow(entry.byteCount)
      guard !placeOverflow, !endOverflow, end <= file.byteCount else {
        throw .tensorPastEnd(entry.name, fileSize: file.byteCount)
      }
      tensors.append(
        StoredTensor(
          name: entry.name,
          shape: entry.shape,
          type: entry.type,
          file: file,
          offset: place,
          byteCount: entry.byteCount
        )
      )
      guard let next = Self.padded(expected + entry.byteCount, to: alignment) else {
        throw .tensorTooLarge(entry.name)
      }
      expected = next
    }
    return tensors
  }

  /// Returns the first multiple of `alignment` at or after `offset`, or `nil` on overflow.
  private static func padded(_ offset: Int, to alignment: Int) -> Int? {
    let (sum, overflow) = offset.addingReportingOverflow(alignment - 1)
    return overflow ? nil : sum & ~(alignment - 1)
  }

  // MARK: Primitives

  private mutating func integer<Value: FixedWidthInteger>(
    _ type: Value.Type,
    in place: @autoclosure () -> String
  ) throws(Diagnostic) -> Value {
    guard let value = file.integer(at: position, as: type) else { throw .truncated(place()) }
    position += MemoryLayout<Value>.size
    return value
  }

  /// Reads a count and refuses one above the limit, or above what the rest of the file can hold.
  private mutating func count(
    of things: String,
    atMost limit: Int,
    smallest: Int
  ) throws(Diagnostic) -> Int {
    let declared = try integer(UInt64.self, in: "the number of \(things)")
    guard let count = Int(exactly: declared), count <= limit else {
      throw .tooMany(things, declared: "\(declared)", limit: limit)
    }
    guard count <= (file.byteCount - position) / smallest else {
      throw .truncated("\(count) \(things)")
    }
    return count
  }

  private mutating func string(
    atMost limit: Int,
    in place: @autoclosure () -> String
  ) throws(Diagnostic) -> [UInt8] {
    let range = try stringRange(atMost: limit, in: place())
    position = range.upperBound
    guard let bytes = file.bytes(in: range) else { throw .truncated(place()) }
    return bytes
  }

  private mutating func skipString(
    atMost limit: Int,
    in place: @autoclosure () -> String
  ) throws(Diagnostic) {
    position = try stringRange(atMost: limit, in: place()).upperBound
  }

  private mutating func stringRange(
    atMost limit: Int,
    in place: @autoclosure () -> String
  ) throws(Diagnostic) -> Range<Int> {
    let length = try integer(UInt64.self, in: place())
    guard length <= UInt64(limit) else {
      throw .textTooLong(place(), bytes: "\(length)", limit: limit)
    }
    let end = position + Int(length)
    guard end <= file.byteCount else { throw .truncated(place()) }
    return position..<end
  }
}
