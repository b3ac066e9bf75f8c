package import SourceDiagnostics

/// What a safetensors file's header declares, checked in full, without its data.
///
/// The rules are those of the format's README, its reference reader and its schema: no duplicate
/// keys, no gaps, no overlaps, no bytes that belong to no tensor.
package struct SafetensorsHeader: Sendable {
  package struct Tensor: Sendable, Hashable {
    package let name: String
    /// TransformerLens's names for it; three for joined queries, keys and values; empty if unknown.
    package let canonicalNames: [String]
    /// As the header spells it, such as "F32".
    package let dtype: String
    package let shape: [Int]
    /// Its bytes, counted from the start of the file.
    package let range: Range<Int>
  }

  /// In the order of their bytes.
  package let tensors: [Tensor]
  package let metadata: [String: String]
  /// The length of the file that this header describes.
  package let fileSize: Int

  private static let longest = 100_000_000

  /// Returns how many bytes from the start of the file hold the header, from its first 8 or more.
  ///
  /// - Throws: If the file is too short for the header it announces, or the header too long.
  package static func length(prefix: [UInt8], fileSize: Int) throws(Diagnostic) -> Int {
    guard prefix.count >= 8, fileSize >= 8 else { throw .truncated("the length of the header") }
    let declared = prefix[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard declared <= UInt64(longest) else {
      throw .headerTooLong("\(declared)", limit: longest)
    }
    let length = Int(declared)
    guard length <= fileSize - 8 else { throw .truncated("the header") }
    return 8 + length
  }

  /// Reads and checks a header.
  ///
  /// - Parameters:
  ///   - bytes: The file's first ``length(prefix:fileSize:)`` bytes; more are ignored.
  ///   - fileSize: The length of the whole file, which the tensors must fill exactly.
  /// - Throws: The first rule broken.
  /// - Complexity: O(*n* log *n*) in the number of tensors, O(length of the header).
  package init(bytes: [UInt8], fileSize: Int) throws(Diagnostic) {
    let start = try Self.length(prefix: bytes, fileSize: fileSize)
    guard start <= bytes.count else { throw .truncated("the header") }
    let header = Array(bytes[8..<start])
    guard header.first == UInt8(ascii: "{") else {
      throw header.first.map(Self.spaces.contains) == true
        ? .headerBeginsWithSpace : .headerNotAnObject
    }
    guard String(validating: header, as: UTF8.self) != nil else { throw .notUTF8("the header") }
    let (entries, metadata) = try Self.parse(header)
    self.tensors = try Self.placed(entries, from: start, dataSize: fileSize - start)
    self.metadata = metadata
    self.fileSize = fileSize
  }

  private static let spaces: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]

  // MARK: Reading

  private struct Entry {
    let name: String
    let shape: [Int]
    let dtype: String
    let begin: Int
    let end: Int
  }

  private static func parse(
    _ header: [UInt8]
  ) throws(Diagnostic) -> (entries: [Entry], metadata: [String: String]) {
    var entries: [Entry] = []
    var names: Set<String> = []
    var metadata: [String: String] = [:]
    var scanner = JSONScanner(header)
    try scanner.object { (scanner, key) throws(Diagnostic) in
      if key == Array("__metadata__".utf8) {
        try scanner.object { (scanner, key) throws(Diagnostic) in
          let key = String(decoding: key, as: UTF8.self)
          guard try scanner.kind() == .text else { throw .metadataNotText(key) }
          metadata[key] = String(decoding: try scanner.text(), as: UTF8.self)
        }
      } else {
        let name = String(decoding: key, as: UTF8.self)
        // Keys differ in their bytes; here names that look the same must differ too.
        guard names.insert(name).inserted else { throw .duplicateTensor(name) }
        entries.append(try entry(name, &scanner))
      }
    }
    try scanner.end()
    return (entries, metadata)
  }

  private static func entry(
    _ name: String,
    _ scanner: inout JSONScanner
  ) throws(Diagnostic) -> Entry {
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { (scanner, key) throws(Diagnostic) in
      switch String(decoding: key, as: UTF8.self) {
      case "dtype": dtype = String(decoding: try scanner.text(), as: UTF8.self)
      case "shape": shape = try numbers(&scanner, atMost: 8)
      case "data_offsets": offsets = try numbers(&scanner, atMost: 2)
      case let other: throw .unknownTensorField(tensor: name, field: other)
      }
    }
    guard let dtype, let shape, let offsets, offsets.count == 2 else {
      throw .incompleteTensor(name)
    }
    guard let type = ElementType.safetensors(dtype) else {
      throw .unknownTensorType(tensor: name, type: "'\(dtype)'")
    }
    guard let elements = checkedProduct(shape), let size = type.byteCount(elements: elements)
    else { throw .tensorTooLarge(name) }
    guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == size else {
      throw .wrongTensorSize(name, declared: offsets[1] - offsets[0], needed: size)
    }
    return Entry(name: name, shape: shape, dtype: dtype, begin: offsets[0], end: offsets[1])
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
  ) throws(Diagnostic) -> [Tensor] {
    var expected = 0
    var tensors: [Tensor] = []
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin == expected else {
        throw .scatteredTensor(entry.name, offset: "\(entry.begin)", expected: expected)
      }
      guard entry.end <= dataSize else {
        throw .tensorPastEnd(entry.name, fileSize: start + dataSize)
      }
      tensors.append(
        Tensor(
          name: entry.name,
          canonicalNames: TensorNames.canonical(for: entry.name).map(\.name),
          dtype: entry.dtype,
          shape: entry.shape,
          range: start + entry.begin..<start + entry.end
        )
      )
      expected = entry.end
    }
    guard expected == dataSize else { throw .strayBytes(dataSize - expected) }
    return tensors
  }

  // MARK: Writing

  /// Returns the first bytes of a safetensors file that holds these tensors, in the order given, one
  /// after another.
  ///
  /// Padded with spaces so that the data begins at a multiple of 8. The same arguments give the same
  /// bytes. Of ``Tensor/range`` only the length counts: the data that follows is each tensor's, in
  /// the order given, without gaps.
  ///
  /// A part of a model no longer says by its other names which layout it has: `metadata` may say so
  /// under "architecture", and the number of heads under "num_attention_heads", as `config.json`
  /// spells them.
  package static func bytes(for tensors: [Tensor], metadata: [String: String]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var begin = 0
    for tensor in tensors {
      let end = begin + tensor.range.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(tensor.name)):{\"dtype\":\(quoted(tensor.dtype)),\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(begin),\(end)]}"
      )
      begin = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    while !header.count.isMultiple(of: 8) { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(header.count))
    return bytes + header
  }

  /// Returns a text as JSON has it.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
