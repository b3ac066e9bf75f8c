import EmbeddingMath
import Testing
import _WorkbookTestSupport

struct StatisticsTests {
  @Test(arguments: [0, 1, 2, 3, 17, 100]) func `ranks and tau agree with counting`(_ count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let a = (0..<count).map { _ in Double(generator.integer(below: 7)) }
    let b = (0..<count).map { _ in Double(generator.integer(below: 5)) }
    #expect(averageRanks(a) == Reference.ranks(a))
    expectClose(kendallTauB(a, b), Reference.kendall(a, b), within: 1e-14)
    for similarity in Similarity.allCases {
      let found = similarity.value(a, b)
      expectClose(found, Reference.similarity(a, b, similarity), within: 1e-9)
    }
  }

  @Test func `infinities are ranked and a NaN spoils all ranks`() {
    #expect(averageRanks([.infinity, 0, -.infinity, .infinity]) == [3.5, 2, 1, 3.5])
    #expect(averageRanks([1, .nan]).allSatisfy { $0.isNaN })
    #expect(kendallTauB([1, .nan], [1, 2]).isNaN)
    #expect(spearmanCorrelation([1, .nan], [1, 2]).isNaN)
  }

  @Test(arguments: [Similarity.cosine, .pearson, .spearman, .kendall])
  func `a constant or zero vector correlates with nothing`(_ similarity: Similarity) {
    #expect(similarity.value([0, 0, 0], [1, 2, 4]) == 0)
    guard similarity != .cosine else { return }
    #expect(similarity.value([0.1, 0.1, 0.1], [1, 2, 4]) == 0)
  }

  @Test func `only lengths of differences are distances`() {
    #expect(Similarity.allCases.filter(\.isDistance) == [.euclidean, .manhattan])
  }

  @Test(arguments: [1, 2, 9, 1_000]) func `quantiles agree with sorting`(_ count: Int) {
    var generator = SeededGenerator(seed: 8)
    let values = (0..<count).map { _ in Double(generator.integer(below: count)) }
    for q in [0, 0.01, 0.3, 0.5, 0.99, 1] {
      expectClose(quantile(q, of: values), Reference.quantile(q, of: values), within: 1e-12)
    }
  }

  @Test func `statistics of nothing or of NaN are NaN`() {
    #expect(median([]).isNaN)
    #expect(median([1, .nan]).isNaN)
    #expect(mode([]).isNaN)
    #expect(areaUnderCurve(positives: [], negatives: [1]).isNaN)
    #expect(areaUnderCurve(positives: [.nan], negatives: [1]).isNaN)
    #expect(quantile(0.5, of: [.infinity, .infinity]) == .infinity)
  }

  @Test func `the mode is the centre of the fullest bin`() {
    expectClose(mode([0, 0.501, 0.502, 0.504, 1]), 0.5025, within: 1e-12)
    #expect(mode([7, 7]) == 7)
  }

  @Test func `a tie counts half in the area under the curve`() {
    #expect(areaUnderCurve(positives: [1, 2], negatives: [1]) == 0.75)
    #expect(areaUnderCurve(positives: [3], negatives: [1, 2]) == 1)
  }
}
