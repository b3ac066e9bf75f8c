import SourceDiagnostics

/// The key-value pairs at the head of a GGUF file.
///
/// Keys are ASCII.
struct GGUFMetadata: Sendable {
  var values: [String: GGUFValue] = [:]

  /// Returns a text, or `nil` if the key is absent or holds something else.
  func text(_ key: String) -> String? {
    if case .text(let text)? = values[key] { text } else { nil }
  }

  /// Returns a whole number that fits an `Int`, or `nil` if the key is absent or holds something else.
  func integer(_ key: String) -> Int? {
    if case .integer(let integer)? = values[key] { integer } else { nil }
  }

  /// Returns a truth value, or `nil` if the key is absent or holds something else.
  func truth(_ key: String) -> Bool? {
    if case .truth(let truth)? = values[key] { truth } else { nil }
  }

  /// Returns an array, or `nil` if the key is absent.
  ///
  /// The element type is checked here, before anyone reinterprets the bytes.
  func array(_ key: String, of types: Set<GGUFValueType>) throws(Diagnostic) -> GGUFArray? {
    guard let value = values[key] else { return nil }
    guard case .array(let array) = value, types.contains(array.elementType) else {
      throw .wrongMetadataType(key: key, expected: types.map(\.name).sorted())
    }
    return array
  }
}

/// One value of a GGUF file's metadata.
enum GGUFValue: Sendable {
  case integer(Int)
  /// An unsigned number above `Int.max`.
  case hugeInteger(UInt64)
  case number(Double)
  case truth(Bool)
  case text(String)
  case array(GGUFArray)
}

/// An array left in the file: what it holds and where its bytes are.
struct GGUFArray: Sendable {
  let elementType: GGUFValueType
  let count: Int
  let range: Range<Int>

  /// Returns the elements as integers; `nil` if they are not integers or the file ends early.
  func integers(in file: MappedFile) -> [Int]? {
    guard let size = elementType.byteCount else { return nil }
    var integers: [Int] = []
    integers.reserveCapacity(count)
    for index in 0..<count {
      let offset = range.lowerBound + index * size
      let integer: Int? =
        switch elementType {
        case .uint8: file.integer(at: offset, as: UInt8.self).map(Int.init)
        case .int8: file.integer(at: offset, as: Int8.self).map(Int.init)
        case .uint16: file.integer(at: offset, as: UInt16.self).map(Int.init)
        case .int16: file.integer(at: offset, as: Int16.self).map(Int.init)
        case .uint32: file.integer(at: offset, as: UInt32.self).map(Int.init)
        case .int32: file.integer(at: offset, as: Int32.self).map(Int.init)
        default: nil
        }
      guard let integer else { return nil }
      integers.append(integer)
    }
    return integers
  }

  /// Returns the elements of an array of strings as byte strings, UTF-8 or not.
  ///
  /// Lengths are checked again, since another process may have changed the file meanwhile.
  func byteStrings(in file: MappedFile) -> ByteStrings? {
    guard elementType == .string else { return nil }
    return file.withBytes(in: range) { bytes -> ByteStrings? in
      var strings = ByteStrings(
        reservingCount: count,
        byteCount: max(0, bytes.byteCount - 8 * count)
      )
      var position = 0
      for _ in 0..<count {
        guard position <= bytes.byteCount - 8 else { return nil }
        let length = bytes.littleEndian(at: position, as: UInt64.self)
        position += 8
        guard length <= UInt64(bytes.byteCount - position) else { return nil }
        strings.append(bytes.extracting(position..<position + Int(length)))
        position += Int(length)
      }
      return strings
    } ?? nil
  }
}

/// The types a metadata value can have; raw values are the file's.
enum GGUFValueType: UInt32, Sendable {
  case uint8 = 0
  case int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

  /// The size of one value, or `nil` where it varies.
  var byteCount: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: nil
    }
  }

  var name: String { "\(self)" }
}
