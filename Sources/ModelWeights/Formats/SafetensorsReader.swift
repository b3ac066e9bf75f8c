import SourceDiagnostics

/// Reads the header of a safetensors file and checks all of it.
///
/// The rules are those of the format's README, its reference reader and its schema: no duplicate
/// keys, no gaps, no overlaps, no bytes that belong to no tensor.
enum SafetensorsReader {
  private static let longestHeader = 100_000_000

  static func read(_ file: MappedFile) throws(Diagnostic) -> WeightFile {
    guard let declared = file.integer(at: 0, as: UInt64.self) else {
      throw .truncated("the length of the header")
    }
    guard declared <= UInt64(longestHeader) else {
      throw .headerTooLong("\(declared)", limit: longestHeader)
    }
    let length = Int(declared)
    guard length <= file.byteCount - 8, let header = file.bytes(in: 8..<8 + length) else {
      throw .truncated("the header")
    }
    guard header.first == UInt8(ascii: "{") else { throw .headerNotAnObject }
    guard String(validating: header, as: UTF8.self) != nil else { throw .notUTF8("the header") }
    let (entries, metadata) = try parse(header)
    let tensors = try placed(
      entries,
      from: 8 + length,
      dataSize: file.byteCount - 8 - length
    )
    return WeightFile(
      format: "safetensors",
      file: file,
      tensors: tensors,
      metadata: .safetensors(metadata)
    )
  }

  private struct Entry {
    let name: String
    let shape: [Int]
    let type: ElementType
    let begin: Int
    let end: Int
  }

  private static func parse(
    _ header: [UInt8]
  ) throws(Diagnostic) -> (entries: [Entry], metadata: [String: String]) {
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    var scanner = JSONScanner(header)
    try scanner.object { (scanner, key) throws(Diagnostic) in
      if key == Array("__metadata__".utf8) {
        try scanner.object { (scanner, key) throws(Diagnostic) in
          let text = String(decoding: try scanner.text(), as: UTF8.self)
          metadata[String(decoding: key, as: UTF8.self)] = text
        }
      } else {
        entries.append(try entry(String(decoding: key, as: UTF8.self), &scanner))
      }
    }
    try scanner.end()
    return (entries, metadata)
  }

  private static func entry(
    _ name: String,
    _ scanner: inout JSONScanner
  ) throws(Diagnostic) -> Entry {
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { (scanner, key) throws(Diagnostic) in
      switch String(decoding: key, as: UTF8.self) {
      case "dtype": typeName = String(decoding: try scanner.text(), as: UTF8.self)
      case "shape": shape = try numbers(&scanner, atMost: 8)
      case "data_offsets": offsets = try numbers(&scanner, atMost: 2)
      case let other: throw .unknownTensorField(tensor: name, field: other)
      }
    }
    guard let typeName, let shape, let offsets, offsets.count == 2 else {
      throw .incompleteTensor(name)
    }
    guard let type = ElementType.safetensors(typeName) else {
      throw .unknownTensorType(tensor: name, type: "'\(typeName)'")
    }
    guard let elements = checkedProduct(shape), let size = type.byteCount(elements: elements)
    else { throw .tensorTooLarge(name) }
    guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == size else {
      throw .wrongTensorSize(name, declared: offsets[1] - offsets[0], needed: size)
    }
    return Entry(name: name, shape: shape, type: type, begin: offsets[0], end: offsets[1])
  }

  private static func numbers(
    _ scanner: inout JSONScanner,
    atMost limit: Int
  ) throws(Diagnostic) -> [Int] {
    var numbers: [Int] = []
    try scanner.array { (scanner) throws(Diagnostic) in
      guard numbers.count < limit else {
        throw .tooMany("numbers in a list", declared: "more", limit: limit)
      }
      numbers.append(try scanner.wholeNumber())
    }
    return numbers
  }

  /// Returns the tensors in the order of their bytes, which they must cover exactly once.
  private static func placed(
    _ entries: [Entry],
    from start: Int,
    dataSize: Int
  ) throws(Diagnostic) -> [StoredTensor] {
    var expected = 0
    var tensors: [StoredTensor] = []
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin == expected else {
        throw .scatteredTensor(entry.name, offset: "\(entry.begin)", expected: expected)
      }
      guard entry.end <= dataSize else {
        throw .tensorPastEnd(entry.name, fileSize: start + dataSize)
      }
      tensors.append(
        StoredTensor(
          name: entry.name,
          shape: entry.shape,
          type: entry.type,
          offset: start + entry.begin,
          byteCount: entry.end - entry.begin
        )
      )
      expected = entry.end
    }
    guard expected == dataSize else { throw .strayBytes(dataSize - expected) }
    return tensors
  }
}
