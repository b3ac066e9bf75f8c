/// IEEE 754 half precision, in software, since `Float16` does not exist on every platform.
enum HalfFloat {
  /// Returns the value of a half-precision bit pattern; exact for all patterns, NaN payloads kept.
  @inline(__always)
  static func float(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF)
    if magnitude >= 0x7C00 {
      return Float(bitPattern: sign | 0x7F80_0000 | (magnitude & 0x3FF) << 13)
    }
    // Shifted into place, the exponent is 112 too small; one product mends it, subnormals included.
    let scaled = Float(bitPattern: magnitude << 13) * Float(bitPattern: 0x7780_0000)
    return Float(bitPattern: scaled.bitPattern | sign)
  }

  /// Returns the nearest half-precision pattern; ties to even, overflow to infinity.
  static func bits(_ value: Float) -> UInt16 {
    let pattern = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: pattern >> 16) & 0x8000
    let magnitude = pattern & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return sign | 0x7E00 }
    // 65,520 and above round to infinity.
    if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
    if magnitude < 0x3880_0000 {
      // Subnormal: count in units of 2⁻²⁴. The product is exact, the rounding to even.
      let units = Float(bitPattern: magnitude) * 16_777_216
      return sign | UInt16(units.rounded(.toNearestOrEven))
    }
    let rounded = magnitude + 0xFFF + (magnitude >> 13 & 1)
    return sign | UInt16((rounded - 0x3800_0000) >> 13)
  }
}

/// The upper half of a `Float`'s bits, as machine-learning hardware stores it.
enum BrainFloat {
  @inline(__always)
  static func float(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
