/// A type of ggml that stores values in blocks, each with a scale of its own.
///
/// Raw values are the types' names. A value is the block's scale times a small integer, plus or
/// minus an offset in some types; the K types split a block of 256 into sub-blocks whose scales are
/// integers themselves, in units of the block's.
enum BlockEncoding: String, CaseIterable, Sendable {
  case q40 = "Q4_0"
  case q41 = "Q4_1"
  case q50 = "Q5_0"
  case q51 = "Q5_1"
  case q80 = "Q8_0"
  case q4K = "Q4_K"
  case q5K = "Q5_K"
  case q6K = "Q6_K"

  /// How many values a block holds.
  var elementCount: Int {
    switch self {
    case .q40, .q41, .q50, .q51, .q80: 32
    case .q4K, .q5K, .q6K: 256
    }
  }

  /// How many bytes a block takes, those of its scales included.
  var byteCount: Int {
    switch self {
    case .q40: 2 + 16
    case .q41: 2 + 2 + 16
    case .q50: 2 + 4 + 16
    case .q51: 2 + 2 + 4 + 16
    case .q80: 2 + 32
    case .q4K: 2 + 2 + 12 + 128
    case .q5K: 2 + 2 + 12 + 32 + 128
    case .q6K: 128 + 64 + 16 + 2
    }
  }

  /// Decodes whole blocks into `values`.
  ///
  /// Values are bit for bit those of ggml's reference: products and sums are rounded to float32 one
  /// by one, in its order. A scale that is infinite or NaN goes through the same arithmetic.
  ///
  /// - Precondition: `bytes` holds exactly as many values as `values`, in whole blocks.
  func decode(_ bytes: RawSpan, into values: inout MutableSpan<Float>) {
    let count = blockCount(in: bytes)
    precondition(
      values.count == count * elementCount,
      "\(values.count) values for \(count) blocks of \(elementCount)"
    )
    for block in 0..<count {
      let start = block * byteCount
      let first = block * elementCount
      switch self {
      case .q40: BlockDecoding.q40(bytes, at: start, into: &values, at: first)
      case .q41: BlockDecoding.q41(bytes, at: start, into: &values, at: first)
      case .q50: BlockDecoding.q50(bytes, at: start, into: &values, at: first)
      case .q51: BlockDecoding.q51(bytes, at: start, into: &values, at: first)
      case .q80: BlockDecoding.q80(bytes, at: start, into: &values, at: first)
      case .q4K: BlockDecoding.q4K(bytes, at: start, into: &values, at: first)
      case .q5K: BlockDecoding.q5K(bytes, at: start, into: &values, at: first)
      case .q6K: BlockDecoding.q6K(bytes, at: start, into: &values, at: first)
      }
    }
  }

  /// Returns the largest distance between neighbouring values that a block of `bytes` can hold.
  ///
  /// That is the largest magnitude of a scale, or of a sub-block's scale in the K types. A scale
  /// that is NaN is left out, since its block holds no numbers; 0 if all are.
  ///
  /// - Precondition: `bytes` holds whole blocks.
  func largestStep(in bytes: RawSpan) -> Float {
    var largest: Float = 0
    for block in 0..<blockCount(in: bytes) {
      let start = block * byteCount
      switch self {
      case .q40, .q41, .q50, .q51, .q80:
        largest = max(largest, abs(bytes.half(at: start)))
      case .q4K, .q5K:
        let scale = bytes.half(at: start)
        for group in 0..<8 {
          let step = scale * Float(SubBlockScales(bytes, at: start + 4, group: group).scale)
          largest = max(largest, abs(step))
        }
      case .q6K:
        let scale = bytes.half(at: start + 208)
        for group in 0..<16 {
          let units = bytes.littleEndian(at: start + 192 + group, as: Int8.self)
          largest = max(largest, abs(scale * Float(units)))
        }
      }
    }
    return largest
  }

  private func blockCount(in bytes: RawSpan) -> Int {
    let count = bytes.byteCount / byteCount
    precondition(
      bytes.byteCount == count * byteCount,
      "\(bytes.byteCount) bytes in blocks of \(byteCount)"
    )
    return count
  }
}
