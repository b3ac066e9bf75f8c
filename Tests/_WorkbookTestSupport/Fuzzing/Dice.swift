import EmbeddingMath

/// The choices of one round; the same seed and round give the same choices.
package struct Dice: Sendable {
  private var generator: SeededGenerator

  package init(seed: UInt64, round: Int) {
    generator = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(round))
  }

  /// Returns a number from 0 to `bound` − 1; 0 if there is none.
  package mutating func below(_ bound: Int) -> Int {
    bound > 1 ? generator.integer(below: bound) : 0
  }

  /// Returns true once in `count` times.
  package mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

  package mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: generator.next()) }

  package mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }

  /// Returns one element.
  ///
  /// - Precondition: There is one.
  package mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  /// Returns a part of `0..<count`, most often a short one.
  package mutating func range(in count: Int) -> Range<Int> {
    let start = below(count + 1)
    let longest = min(count - start, oneIn(4) ? count : 24)
    return start..<start + below(longest + 1)
  }

  /// Returns a number at which arithmetic goes wrong.
  package mutating func extreme() -> UInt64 {
    let value = pick(Dice.extremes)
    switch below(4) {
    case 0: return value &+ 1
    case 1: return value &- 1
    default: return value
    }
  }

  /// The last ones make products of two, three or four wrap around to small numbers.
  private static let extremes: [UInt64] = [
    0, 1, 2, 31, 32, 255, 256, 65_535, 1_000_000, 1 << 20, 1 << 24, 1 << 31, 1 << 32, 1 << 40,
    1 << 48, 1 << 53, 1 << 60, 1 << 61, 1 << 62, 1 << 63, .max, .max - 7, .max - 31,
    0x1_0000_0001, 0x5555_5555_5555_5556, 0xAAAA_AAAA_AAAA_AAAB, 6_074_001_000, 3_037_000_500,
    2_642_246, 65_536, 4_294_967_296,
  ]
}
