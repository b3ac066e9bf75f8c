import EmbeddingMath
import Testing

struct GoldenTests {
  let goldens: Goldens

  init() throws { goldens = try Goldens.load() }

  @Test func `singular values and directions agree with numpy`() {
    for golden in goldens.decompositions {
      let found = SingularValueDecomposition(of: golden.matrix.matrix)
      let largest = golden.singularValues[0]
      expectClose(found.singularValues, golden.singularValues, within: 1e-7 * largest)
      // A direction moves by the rounding of the Gram matrix over the gap between eigenvalues.
      for (direction, expected) in zip(found.rightVectors, golden.rightVectors) {
        expectClose(direction, expected, within: 1e-7)
      }
    }
  }

  @Test func `closed forms agree with numpy over all pairs`() {
    for golden in goldens.pairs {
      let matrix = golden.matrix.matrix
      // Unit rows are rounded to Float.
      expectClose(ClosedForm.meanPairwiseDot(of: matrix), golden.meanDot, within: 1e-12)
      expectClose(ClosedForm.meanPairwiseCosine(of: matrix), golden.meanCosine, within: 1e-7)
      expectClose(ClosedForm.meanPairwisePearson(of: matrix), golden.meanPearson, within: 1e-7)
      expectClose(
        ClosedForm.variancePairwiseCosine(of: matrix),
        golden.varianceCosine,
        within: 1e-7
      )
    }
  }

  @Test func `ranks and correlations agree with scipy`() {
    for golden in goldens.correlations {
      #expect(averageRanks(golden.a) == golden.ranks)
      expectClose(pearsonCorrelation(golden.a, golden.b), golden.pearson, within: 1e-14)
      expectClose(spearmanCorrelation(golden.a, golden.b), golden.spearman, within: 1e-14)
      expectClose(kendallTauB(golden.a, golden.b), golden.kendall, within: 1e-14)
    }
  }

  @Test func `areas under curves agree with scipy's rank sums`() {
    for golden in goldens.curves {
      let area = areaUnderCurve(positives: golden.positives, negatives: golden.negatives)
      expectClose(area, golden.area, within: 1e-14)
    }
  }

  @Test func `quantiles agree with numpy`() {
    for golden in goldens.quantiles {
      let found = golden.at.map { quantile($0, of: golden.values) }
      expectClose(found, golden.quantiles, within: 1e-14)
      expectClose(median(golden.values), golden.median, within: 1e-14)
    }
  }

  @Test func `the generator follows the published algorithm`() {
    for golden in goldens.xoshiro {
      var generator = SeededGenerator(seed: golden.seed)
      #expect(golden.numbers.map { _ in generator.next() } == golden.numbers)
    }
  }
}
