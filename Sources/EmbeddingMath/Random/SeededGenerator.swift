#if canImport(Darwin)
private import Darwin
#elseif canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#endif

/// A pseudo-random generator whose sequence depends only on its seed.
///
/// The algorithm is xoshiro256** (Blackman and Vigna, 2018), its state filled by SplitMix64 from
/// the seed: the same numbers on every platform and in every version. Not for cryptography.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  public init(seed: UInt64) {
    var mixer = SplitMix64(state: seed)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  public mutating func next() -> UInt64 {
    let result = Self.rotated(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = Self.rotated(state.3, by: 45)
    return result
  }

  /// Returns a number from 0 to `bound - 1`, each as likely as the others.
  ///
  /// Draws again where the plain remainder would favour small numbers. The standard library's
  /// `Int.random(in:using:)` does not promise to keep its algorithm; this does.
  ///
  /// - Precondition: `bound > 0`.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "no number below \(bound)")
    let bound = UInt64(bound)
    let unfair = (0 &- bound) % bound
    while true {
      let (high, low) = next().multipliedFullWidth(by: bound)
      if low >= unfair { return Int(high) }
    }
  }

  /// Returns a number from 0 up to, but not including, 1, a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Returns the numbers from 0 to `n - 1` in random order, by Fisher and Yates's shuffle.
  public mutating func permutation(of n: Int) -> [Int] {
    var order = Array(0..<n)
    for last in stride(from: n - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1))
    }
    return order
  }

  /// Returns `k` distinct numbers from 0 to `n - 1`, ascending, each set as likely as the others.
  ///
  /// Floyd's algorithm: O(`k` log `k`), whatever `n`.
  ///
  /// - Precondition: `0 <= k && k <= n`.
  public mutating func sample(_ k: Int, of n: Int) -> [Int] {
    precondition(k >= 0 && k <= n, "\(k) of \(n)")
    var chosen = Set<Int>(minimumCapacity: k)
    for last in (n - k)..<n {
      let candidate = integer(below: last + 1)
      chosen.insert(chosen.contains(candidate) ? last : candidate)
    }
    return chosen.sorted()
  }

  /// Returns a number from the normal distribution of mean 0 and variance 1.
  ///
  /// Marsaglia's polar method; the second number of each pair is dropped, to keep the generator a
  /// plain sequence.
  public mutating func gaussian() -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square > 0 && square < 1 { return x * (-2 * log(square) / square).squareRoot() }
    }
  }

  /// Returns a vector of length 1, every direction as likely as the others.
  ///
  /// - Precondition: `dimension > 0`.
  public mutating func unitVector(dimension: Int) -> [Double] {
    precondition(dimension > 0, "no direction in \(dimension) dimensions")
    var vector: [Double] = []
    repeat {
      vector = (0..<dimension).map { _ in gaussian() }
    } while dotProduct(vector, vector) == 0
    RowTransform.makeUnit(&vector)
    return vector
  }

  /// Returns a rotation or reflection, every one as likely as the others (Haar measure).
  ///
  /// Its rows are random directions made orthonormal in their order.
  ///
  /// - Complexity: O(`dimension`³).
  public mutating func randomOrthogonal(dimension: Int) -> Matrix {
    precondition(dimension >= 0, "no rotation in \(dimension) dimensions")
    var rows: [[Double]] = []
    while rows.count < dimension {
      rows = orthonormalised(
        rows
          + (rows.count..<dimension).map { _ in
            unitVector(dimension: dimension)
          }
      )
    }
    return Matrix(rows: rows)
  }

  private static func rotated(_ value: UInt64, by count: UInt64) -> UInt64 {
    (value << count) | (value >> (64 - count))
  }
}

/// Steele, Lea and Flood's generator, here only to spread a seed over 256 bits.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
