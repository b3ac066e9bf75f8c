import EmbeddingMath
import Foundation
import Testing
import _WorkbookTestSupport

struct PairDistributionTests {
  @Test func `a list keeps exact moments and its values`() {
    let found = PairDistribution(values: [1, 2, 4, .nan, .infinity])
    #expect(found.count == 3 && found.nonFiniteCount == 2)
    expectClose(found.mean, 7.0 / 3, within: 1e-15)
    expectClose(found.variance, Reference.variance([1, 2, 4]), within: 1e-15)
    #expect(found.minimum == 1 && found.maximum == 4)
    #expect(found.values == [1, 2, 4])
    #expect(found.histogram.total == 3)
    #expect(found.quantile(0.5) == 2)
    #expect(found.share(above: 1) == 2.0 / 3)
  }

  @Test func `an empty list has no moments`() {
    let found = PairDistribution(values: [])
    #expect(found.count == 0 && found.mean.isNaN && found.variance.isNaN && found.mode.isNaN)
    #expect(found.rebinned(to: 3, lower: nil, upper: nil).counts == [0, 0, 0])
  }

  @Test func `equal values fall in one bin`() {
    let found = PairDistribution(values: [5, 5, 5], bins: 10)
    #expect(found.variance == 0 && found.mode == 5 && found.quantile(0.3) == 5)
    #expect(found.histogram.lower < 5 && found.histogram.upper > 5)
    #expect(found.histogram.counts.max() == 3)
  }

  @Test func `without values a histogram answers within its bins`() {
    let values = normalValues(20_000, seed: 1)
    let exact = PairDistribution(values: values)
    var binned = exact
    binned.values = nil
    let width = exact.histogram.binWidth
    for q in [0, 0.01, 0.3, 0.5, 0.9, 1] {
      expectClose(binned.quantile(q), exact.quantile(q), within: 2 * width)
      let threshold = exact.quantile(q)
      expectClose(binned.share(above: threshold), exact.share(above: threshold), within: 1e-3)
    }
    #expect(binned.quantile(0) == exact.minimum && binned.quantile(1) == exact.maximum)
    let coarse = binned.rebinned(to: 50, lower: nil, upper: nil)
    #expect(coarse.total == 20_000)
    for (found, expected) in zip(
      coarse.counts,
      exact.rebinned(to: 50, lower: nil, upper: nil).counts
    ) {
      #expect(abs(found - expected) <= 40)
    }
    expectClose(binned.mode, exact.mode, within: 0.5)
    let part = binned.rebinned(to: 4, lower: 0, upper: 1)
    #expect(part.lower == 0 && part.upper == 1)
    #expect(abs(part.total - values.count { $0 >= 0 && $0 <= 1 }) <= 10)
  }

  @Test func `the area between distributions is exact with values and close without`() {
    let higher = PairDistribution(values: normalValues(3_000, seed: 2).map { $0 + 0.5 })
    let lower = PairDistribution(values: normalValues(2_000, seed: 3))
    let exact = higher.areaUnderCurve(against: lower)
    expectClose(
      exact,
      Reference.areaUnderCurve(higher.values ?? [], lower.values ?? []),
      within: 1e-12
    )
    var binned = higher
    binned.values = nil
    expectClose(binned.areaUnderCurve(against: lower), exact, within: 1e-3)
    expectClose(lower.areaUnderCurve(against: binned), 1 - exact, within: 1e-3)
    expectClose(binned.areaUnderCurve(against: binned), 0.5, within: 1e-9)
    #expect(higher.areaUnderCurve(against: PairDistribution(values: [])).isNaN)
  }

  @Test func `a distribution survives encoding`() throws {
    let found = PairDistribution(values: [1, 2, 4], bins: 4)
    let data = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode(PairDistribution.self, from: data) == found)
  }

  private func normalValues(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in generator.gaussian() }
  }
}
