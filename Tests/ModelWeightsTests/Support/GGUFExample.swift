/// A small GGUF file, correct until a test breaks one part of it.
struct GGUFExample {
  struct Tensor {
    var name = "token_embd.weight"
    /// As in the file: columns first.
    var dimensions: [UInt64] = [4, 3]
    var type: UInt32 = 0
    var offset: UInt64?
    var data: [UInt8] = []
  }

  var magic = "GGUF"
  var version: UInt32 = 3
  var tensorCount: UInt64?
  var pairCount: UInt64?
  /// Each pair's key, type and value, already as bytes.
  var pairs: [(key: String, type: UInt32, value: [UInt8])] = []
  var tensors: [Tensor] = []
  var alignment = 32
  /// Cut off the end of the finished file.
  var missingBytes = 0

  /// Three rows of four: 0 to 11.
  static func plain() -> GGUFExample {
    var example = GGUFExample()
    example.set("general.architecture", text: "llama")
    example.tensors = [Tensor(data: floats((0..<12).map(Float.init)))]
    return example
  }

  static func floats(_ values: [Float]) -> [UInt8] {
    var bytes = FileBytes()
    for value in values { bytes.put(value.bitPattern) }
    return bytes.bytes
  }

  static func string(_ text: String) -> [UInt8] {
    var bytes = FileBytes()
    bytes.putString(text)
    return bytes.bytes
  }

  /// An array's element type and count, then its elements.
  static func array(_ type: UInt32, count: UInt64, _ elements: [UInt8]) -> [UInt8] {
    var bytes = FileBytes()
    bytes.put(type)
    bytes.put(count)
    return bytes.bytes + elements
  }

  mutating func set(_ key: String, text: String) { pairs.append((key, 8, Self.string(text))) }

  mutating func set(_ key: String, unsigned: UInt32) {
    var bytes = FileBytes()
    bytes.put(unsigned)
    pairs.append((key, 4, bytes.bytes))
  }

  mutating func set(_ key: String, strings: [String]) {
    let elements = strings.flatMap(Self.string)
    pairs.append((key, 9, Self.array(8, count: UInt64(strings.count), elements)))
  }

  mutating func set(_ key: String, signed values: [Int32]) {
    var bytes = FileBytes()
    for value in values { bytes.put(value) }
    pairs.append((key, 9, Self.array(5, count: UInt64(values.count), bytes.bytes)))
  }

  var bytes: [UInt8] {
    var file = FileBytes()
    file.put(magic)
    file.put(version)
    file.put(tensorCount ?? UInt64(tensors.count))
    file.put(pairCount ?? UInt64(pairs.count))
    for pair in pairs {
      file.putString(pair.key)
      file.put(pair.type)
      file.bytes += pair.value
    }
    var offset = 0
    for tensor in tensors {
      file.putString(tensor.name)
      file.put(UInt32(tensor.dimensions.count))
      for dimension in tensor.dimensions { file.put(dimension) }
      file.put(tensor.type)
      file.put(tensor.offset ?? UInt64(offset))
      offset += tensor.data.count
      offset += (alignment - offset % alignment) % alignment
    }
    file.pad(to: alignment)
    for tensor in tensors {
      file.bytes += tensor.data
      file.pad(to: alignment)
    }
    return Array(file.bytes.dropLast(missingBytes))
  }
}

/// Returns a safetensors file with this header and data.
func safetensors(_ header: String, data: [UInt8] = []) -> [UInt8] {
  var file = FileBytes()
  file.put(UInt64(header.utf8.count))
  file.put(header)
  return file.bytes + data
}
