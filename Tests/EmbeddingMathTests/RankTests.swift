import EmbeddingMath
import Testing
import _WorkbookTestSupport

/// Ranks and tau, whose fast paths depend on the kind of values and on their number.
struct RankTests {
  enum Kind: CaseIterable {
    case floats
    case doubles
    case ties
    case mixed
    case infinities
    case signedZeros

    func values(_ count: Int, seed: UInt64) -> [Double] {
      var generator = SeededGenerator(seed: seed)
      return (0..<count).map { index in
        let number = generator.gaussian()
        switch self {
        case .floats: return Double(Float(number))
        // No float is a third of a whole number.
        case .doubles: return (number * 1_000).rounded() / 3
        case .ties: return Double(generator.integer(below: 5)) - 2
        // One double among floats is enough for the other path.
        case .mixed: return index == count / 2 ? 0.1 : Double(Float(number))
        case .infinities:
          return [.infinity, -.infinity, 0, Double(Float(number)), 1e300][
            generator.integer(below: index % 3 == 0 ? 5 : 4)
          ]
        case .signedZeros:
          return [0, -0.0, 1e-45, -1e-45, Double(Float(number))][generator.integer(below: 5)]
        }
      }
    }
  }

  private static let counts = Array(1...40) + [1_000]

  @Test(arguments: Kind.allCases, counts)
  func `ranks and tau agree with counting`(_ kind: Kind, _ count: Int) {
    let a = kind.values(count, seed: UInt64(count))
    #expect(averageRanks(a) == Reference.ranks(a))
    for (offset, other) in Kind.allCases.enumerated() {
      let b = other.values(count, seed: UInt64(1_000 + 10 * count + offset))
      expectClose(kendallTauB(a, b), Reference.kendall(a, b), within: 1e-13)
      guard count == 1_000 else { continue }
      // Counting a million pairs once for each kind is enough.
      break
    }
    let descending = a.map { -$0 }
    expectClose(kendallTauB(a, descending), Reference.kendall(a, descending), within: 1e-13)
    expectClose(kendallTauB(a, a), Reference.kendall(a, a), within: 1e-13)
  }

  @Test func `zeros of either sign are one value`() {
    #expect(averageRanks([0, -0.0, 1]) == [1.5, 1.5, 3])
    #expect(averageRanks([0, -0.0, 0.1]) == [1.5, 1.5, 3])
    #expect(
      abs(kendallTauB([0, -0.0, 1], [1, 2, 3]) - Reference.kendall([0, 0, 1], [1, 2, 3])) < 1e-13
    )
  }
}
