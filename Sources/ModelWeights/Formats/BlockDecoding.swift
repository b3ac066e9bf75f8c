/// One function for each type in blocks: it decodes the block that begins at byte `start` into the
/// values that begin at `first`.
///
/// ``BlockEncoding/decode(_:into:)`` has checked that block and values lie within their spans, so
/// nothing is checked here, which is what lets the loops become vector code.
enum BlockDecoding {
  /// A half-precision scale, then 32 numbers of 4 bits, 8 too large.
  ///
  /// The low halves of the 16 bytes are the first 16 values, the high halves the others.
  @inline(__always)
  static func q40(
    _ bytes: RawSpan,
    at start: Int,
    into values: inout MutableSpan<Float>,
    at first: Int
  ) {
    let scale = bytes.half(at: start)
    for index in 0..<16 {
      let pair = bytes.byte(at: start + 2 + index)
      values[unchecked: first + index] = scale * Float(Int8(pair & 0xF) - 8)
      values[unchecked: first + 16 + index] = scale * Float(Int8(pair >> 4) - 8)
    }
  }

  /// A scale and a smallest value, both half precision, then 32 numbers of 4 bits as in Q4_0.
  @inline(__always)
  static func q41(
    _ bytes: RawSpan,
    at start: Int,
    into values: inout MutableSpan<Float>,
    at first: Int
  ) {
    let scale = bytes.half(at: start)
    let smallest = bytes.half(at: start + 2)
    for index in 0..<16 {
      let pair = bytes.byte(at: start + 4 + index)
      values[unchecked: first + index] = scale * Float(pair & 0xF) + smallest
      values[unchecked: first + 16 + index] = scale * Float(pair >> 4) + smallest
    }
  }

  /// A scale, 32 fifth bits, then the low 4 bits as in Q4_0; the numbers are 16 too large.
  @inline(__always)
  static func q50(
    _ bytes: RawSpan,
    at start: Int,
    into values: inout MutableSpan<Float>,
    at first: Int
  ) {
    let scale = bytes.half(at: start)
    let fifths = bytes.littleEndian(at: start + 2, as: UInt32.self)
    for index in 0..<16 {
      let (low, high) = fiveBits(bytes.byte(at: start + 6 + index), fifths, index)
      values[unchecked: first + index] = scale * Float(Int8(low) - 16)
      values[unchecked: first + 16 + index] = scale * Float(Int8(high) - 16)
    }
  }

  /// A scale and a smallest value, then 32 numbers of 5 bits as in Q5_0.
  @inline(__always)
  static func q51(
    _ bytes: RawSpan,
    at start: Int,
    into values: inout MutableSpan<Float>,
    at first: Int
  ) {
    let scale = bytes.half(at: start)
    let smallest = bytes.half(at: start + 2)
    let fifths = bytes.littleEndian(at: start + 4, as: UInt32.self)
    for index in 0..<16 {
      let (low, high) = fiveBits(bytes.byte(at: start + 8 + index), fifths, index)
      values[unchecked: first + index] = scale * Float(low) + smallest
      values[unchecked: first + 16 + index] = scale * Float(high) + smallest
    }
  }

  /// Returns the numbers `index` and `index + 16` of a block: four bits each, and one of `fifths`.
  @inline(__always)
  private static func fiveBits(_ pair: UInt8, _ fifths: UInt32, _ index: Int) -> (UInt8, UInt8) {
    let low = UInt8(truncatingIfNeeded: fifths >> UInt32(index) & 1) << 4
    let high = UInt8(truncatingIfNeeded: fifths >> UInt32(index + 16) & 1) << 4
    return (pair & 0xF | low, pair >> 4 | high)
  }

  /// A half-precision scale, then 32 signed bytes.
  @inline(__always)
  static func q80(
    _ bytes: RawSpan,
    at start: Int,
    into values: inout MutableSpan<Float>,
    at first: Int
  ) {
    let scale = bytes.half(at: start)
    for index in 0..<32 {
      let quantum = bytes.littleEndian(at: start + 2 + index, as: Int8.self)
      values[unchecked: first + index] = scale * Float(quantum)
    }
  }

  /// Units of scales and of offsets, 8 packed pairs of them, then 8 groups of 32 numbers of 4 bits.
  ///
  /// The low halves of each 32 bytes are one group, the high halves the next.
  @inline(__always)
  static func q4K(
    _ bytes: RawSpan,
    at start: Int,
    into values: inout MutableSpan<Float>,
    at first: Int
  ) {
    for group in 0..<8 {
      let (scale, offset) = scaleAndOffset(bytes, at: start, group: group)
      let quanta = start + 16 + group / 2 * 32
      let shift = UInt8(group % 2 * 4)
      for index in 0..<32 {
        let quantum = bytes.byte(at: quanta + index) >> shift & 0xF
        values[unchecked: first + group * 32 + index] = scale * Float(quantum) - offset
      }
    }
  }

  /// As Q4_K, with 32 bytes of fifth bits before the low ones: bit `group` of byte `index`.
  @inline(__always)
  static func q5K(
    _ bytes: RawSpan,
    at start: Int,
    into values: inout MutableSpan<Float>,
    at first: Int
  ) {
    for group in 0..<8 {
      let (scale, offset) = scaleAndOffset(bytes, at: start, group: group)
      let quanta = start + 48 + group / 2 * 32
      let shift = UInt8(group % 2 * 4)
      for index in 0..<32 {
        let fifth = bytes.byte(at: start + 16 + index) >> UInt8(group) & 1
        let quantum = bytes.byte(at: quanta + index) >> shift & 0xF | fifth << 4
        values[unchecked: first + group * 32 + index] = scale * Float(quantum) - offset
      }
    }
  }

  /// Returns the scale of a group of 32 values and what is subtracted from them.
  @inline(__always)
  private static func scaleAndOffset(
    _ bytes: RawSpan,
    at start: Int,
    group: Int
  ) -> (scale: Float, offset: Float) {
    let units = SubBlockScales(bytes, at: start + 4, group: group)
    return (
      bytes.half(at: start) * Float(units.scale), bytes.half(at: start + 2) * Float(units.offset)
    )
  }

  /// Low 4 bits, high 2 bits, 16 signed scales, then their unit; the numbers are 32 too large.
  ///
  /// A half of the block is 4 groups of 32 values: its 64 low bytes hold two groups in their low
  /// halves and two in their high ones, its 32 high bytes two bits for each group. Each scale counts
  /// for 16 values.
  @inline(__always)
  static func q6K(
    _ bytes: RawSpan,
    at start: Int,
    into values: inout MutableSpan<Float>,
    at first: Int
  ) {
    let unit = bytes.half(at: start + 208)
    for part in 0..<16 {
      let (half, group) = (part / 8, part / 2 % 4)
      let within = part % 2 * 16
      let low = start + half * 64 + group % 2 * 32 + within
      let high = start + 128 + half * 32 + within
      let lowShift = UInt8(group / 2 * 4)
      let highShift = UInt8(group * 2)
      let scale = unit * Float(bytes.littleEndian(at: start + 192 + part, as: Int8.self))
      for index in 0..<16 {
        let bits =
          bytes.byte(at: low + index) >> lowShift & 0xF
          | (bytes.byte(at: high + index) >> highShift & 3) << 4
        values[unchecked: first + part * 16 + index] = scale * Float(Int8(bits) - 32)
      }
    }
  }
}

/// The scale and the offset of one of a block's eight groups, 6 bits each, packed into 12 bytes.
///
/// The first four groups have theirs in the low 6 bits of bytes 0 to 3 and 4 to 7. The others' low
/// 4 bits share bytes 8 to 11, and their high 2 bits are the high ones of bytes 0 to 7.
struct SubBlockScales {
  let scale: UInt8
  let offset: UInt8

  @inline(__always)
  init(_ bytes: RawSpan, at start: Int, group: Int) {
    if group < 4 {
      scale = bytes.byte(at: start + group) & 0x3F
      offset = bytes.byte(at: start + 4 + group) & 0x3F
    } else {
      let low = bytes.byte(at: start + 4 + group)
      scale = low & 0xF | bytes.byte(at: start + group - 4) >> 2 & 0x30
      offset = low >> 4 | bytes.byte(at: start + group) >> 2 & 0x30
    }
  }
}

extension RawSpan {
  @inline(__always)
  func byte(at offset: Int) -> UInt8 { littleEndian(at: offset, as: UInt8.self) }

  /// Returns the half-precision number at a byte offset.
  @inline(__always)
  func half(at offset: Int) -> Float { HalfFloat.float(littleEndian(at: offset, as: UInt16.self)) }
}
