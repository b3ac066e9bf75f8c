/// Turns stored rows into numbers and numbers into stored rows.
///
/// Decoding checks the sizes of both spans once for each row, then reads and writes without
/// checking each value, which is what lets the loops become vector code.
enum RowCodec {
  /// Decodes one stored row into `values`.
  ///
  /// - Precondition: `bytes` holds exactly as many elements as `values`.
  static func decode(
    _ bytes: RawSpan,
    as encoding: ElementType.Encoding,
    into values: inout MutableSpan<Float>
  ) {
    switch encoding {
    case .f32:
      precondition(bytes.byteCount == values.count * 4)
      for index in 0..<values.count {
        values[unchecked: index] = Float(
          bitPattern: bytes.littleEndian(at: index * 4, as: UInt32.self)
        )
      }
    case .f16:
      precondition(bytes.byteCount == values.count * 2)
      for index in 0..<values.count {
        values[unchecked: index] = HalfFloat.float(
          bytes.littleEndian(at: index * 2, as: UInt16.self)
        )
      }
    case .bf16:
      precondition(bytes.byteCount == values.count * 2)
      for index in 0..<values.count {
        values[unchecked: index] = BrainFloat.float(
          bytes.littleEndian(at: index * 2, as: UInt16.self)
        )
      }
    case .blocks(let blocks): blocks.decode(bytes, into: &values)
    }
  }

  /// Appends `values` to `bytes` in the given encoding, little-endian.
  ///
  /// Q8_0 follows ggml's reference: the scale is the block's largest magnitude over 127, each value
  /// is rounded to the nearest multiple, halves away from zero. Values that are not finite become
  /// whatever that arithmetic gives, clamped.
  ///
  /// - Precondition: Of the types in blocks, only Q8_0 is written, and `values.count` is then a
  ///   multiple of 32.
  static func append(
    _ values: [Float],
    as encoding: ElementType.Encoding,
    to bytes: inout [UInt8]
  ) {
    switch encoding {
    case .f32: for value in values { bytes.append(littleEndian: value.bitPattern) }
    case .f16: for value in values { bytes.append(littleEndian: HalfFloat.bits(value)) }
    case .bf16:
      for value in values {
        bytes.append(littleEndian: UInt16(truncatingIfNeeded: value.bitPattern >> 16))
      }
    case .blocks(let blocks):
      precondition(blocks == .q80, "\(blocks.rawValue) is read and never written")
      let size = blocks.elementCount
      precondition(values.count.isMultiple(of: size), "\(values.count) values in blocks of \(size)")
      for start in stride(from: 0, to: values.count, by: size) {
        appendQ8(values[start..<start + size], to: &bytes)
      }
    }
  }

  private static func appendQ8(_ values: ArraySlice<Float>, to bytes: inout [UInt8]) {
    let largest = values.reduce(Float(0)) { max($0, abs($1)) }
    let scale = largest / 127
    let inverse = scale == 0 ? 0 : 1 / scale
    bytes.append(littleEndian: HalfFloat.bits(scale))
    for value in values {
      let quantum = (value * inverse).rounded(.toNearestOrAwayFromZero)
      let clamped = quantum.isNaN ? 0 : min(127, max(-127, quantum))
      bytes.append(UInt8(bitPattern: Int8(clamped)))
    }
  }
}

extension [UInt8] {
  /// Appends an integer's bytes, lowest first.
  mutating func append(littleEndian value: some FixedWidthInteger) {
    var rest = value
    for _ in 0..<value.bitWidth / 8 {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }
}
