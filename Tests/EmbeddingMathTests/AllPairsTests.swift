import EmbeddingMath
import Synchronization
import Testing
import _WorkbookTestSupport

/// How far a value computed in Float may lie from the plain one, relative to the largest.
private let floatTolerance = 4e-6

struct AllPairsTests {
  @Test(arguments: Similarity.allCases, InstructionSet.available)
  func `distributions agree with plain loops`(
    _ similarity: Similarity,
    _ instructionSet: InstructionSet
  ) throws {
    let engine = AllPairs(threads: 2, instructionSet: instructionSet)
    for (rows, columns) in [(2, 1), (3, 5), (49, 8), (97, 33), (700, 12)] {
      guard similarity != .kendall || rows < 100 else { continue }
      let matrix = Matrix.random(rows, columns, seed: 1, mean: 0.7)
      let values = Reference.pairValues(of: matrix, by: similarity)
      let found = try engine.distribution(of: matrix, by: similarity)
      let tolerance = floatTolerance * max(1, values.map { abs($0) }.max() ?? 0)
      #expect(found.count == values.count)
      #expect(found.nonFiniteCount == 0)
      #expect(found.values == nil)
      #expect(found.histogram.total == values.count)
      expectClose(found.mean, Reference.mean(values), within: tolerance)
      expectClose(found.variance, Reference.variance(values), within: 10 * tolerance)
      expectClose(found.minimum, values.min() ?? .nan, within: tolerance)
      expectClose(found.maximum, values.max() ?? .nan, within: tolerance)
      expectClose(
        found.rowMeanStandardDeviation ?? .nan,
        rowMeanSpread(values, rows: rows),
        within: tolerance
      )
      let width = found.histogram.binWidth
      for q in [0.1, 0.5, 0.9] where values.count > 1_000 {
        let spacing = 30 * found.standardDeviation / Double(values.count)
        expectClose(
          found.quantile(q),
          Reference.quantile(q, of: values),
          within: width + tolerance + spacing
        )
      }
    }
  }

  @Test(arguments: Similarity.allCases, InstructionSet.available)
  func `results have the same bits for any number of threads`(
    _ similarity: Similarity,
    _ instructionSet: InstructionSet
  ) throws {
    let rows = similarity == .kendall ? 400 : 1_501
    let matrix = Matrix.random(rows, 19, seed: 2, mean: 0.3)
    let one = AllPairs(threads: 1, instructionSet: instructionSet)
    let expected = try one.distribution(of: matrix, by: similarity)
    let matches = try one.bestMatch(of: matrix, by: similarity, includingSelf: false)
    for threads in [2, 7] {
      let engine = AllPairs(threads: threads, instructionSet: instructionSet)
      #expect(try engine.distribution(of: matrix, by: similarity) == expected)
      #expect(
        try engine.bestMatch(of: matrix, by: similarity, includingSelf: false) == matches
      )
    }
  }

  @Test(arguments: Similarity.allCases)
  func `rows that are not finite disturb nothing else`(_ similarity: Similarity) throws {
    let good = Matrix.random(70, 9, seed: 3, mean: 0.5)
    let bad = Matrix(rows: [
      [Double](repeating: .nan, count: 9), [.infinity] + good.row(0).dropFirst(),
    ])
    let all = Matrix(
      rows: [bad.row(0)] + (0..<50).map(good.row) + [bad.row(1)] + (50..<70).map(good.row)
    )
    let expected = try AllPairs().distribution(of: good, by: similarity)
    var found = try AllPairs().distribution(of: all, by: similarity)
    #expect(found.nonFiniteCount == 72 * 71 / 2 - 70 * 69 / 2)
    found.nonFiniteCount = 0
    #expect(found == expected)
    let matches = try AllPairs().bestMatch(of: all, by: similarity, includingSelf: false)
    #expect(matches[0] == 0 && matches[51] == 51)
    #expect(!matches[1...50].contains(0) && !matches[1...50].contains(51))
  }

  @Test(arguments: Similarity.allCases, [(0, 0), (0, 4), (1, 4)])
  func `without pairs there are no moments`(
    _ similarity: Similarity,
    _ size: (Int, Int)
  ) throws {
    let matrix = Matrix.random(size.0, size.1, seed: 4)
    let found = try AllPairs().distribution(of: matrix, by: similarity)
    #expect(found.count == 0 && found.histogram.total == 0)
    #expect(found.mean.isNaN && found.variance.isNaN && found.quantile(0.5).isNaN)
    #expect(found.rowMeanStandardDeviation == nil)
    let matches = try AllPairs().bestMatch(of: matrix, by: similarity, includingSelf: false)
    #expect(matches == Array(0..<size.0))
  }

  @Test(arguments: Similarity.allCases)
  func `rows without columns are all alike`(_ similarity: Similarity) throws {
    let matrix = Matrix(rowCount: 60, columnCount: 0, values: [])
    let found = try AllPairs().distribution(of: matrix, by: similarity)
    #expect(found.count == 60 * 59 / 2)
    #expect(found.mean == 0 && found.variance == 0)
  }

  @Test(arguments: Similarity.allCases)
  func `zero and constant rows compare as nothing`(_ similarity: Similarity) throws {
    let matrix = Matrix(rows: [[0, 0, 0], [0.1, 0.1, 0.1], [1, 2, 4], [0, 0, 0]])
    let values = Reference.pairValues(of: matrix, by: similarity)
    let found = try AllPairs().distribution(of: matrix, by: similarity)
    expectClose(found.mean, Reference.mean(values), within: 1e-6)
    expectClose(found.minimum, values.min() ?? .nan, within: 1e-6)
    #expect(found.nonFiniteCount == 0)
  }

  @Test func `a cosine never leaves its range`() throws {
    let matrix = Matrix(
      rows: (1...60).map { [0.1 * Double($0), 0.7 * Double($0), 1.3 * Double($0)] }
    )
    let found = try AllPairs().distribution(of: matrix, by: .cosine)
    #expect(found.maximum <= 1 && found.mean <= 1)
    expectClose(found.minimum, 1, within: 1e-6)
  }

  @Test func `distances far from the origin keep their digits`() throws {
    let matrix = Matrix.random(120, 16, seed: 5).addingToRows([Double](repeating: 3_000, count: 16))
    let close = matrix.selectingRows([0, 0, 1, 2] + Array(0..<120))
    let values = Reference.pairValues(of: close, by: .euclidean)
    let found = try AllPairs().distribution(of: close, by: .euclidean)
    #expect(found.minimum == 0)
    expectClose(found.mean, Reference.mean(values), within: 1e-5)
  }

  @Test func `close pairs among distant ones are recomputed by differences`() throws {
    let pairs = [[1_000, 0, 0], [1_000, 0.001, 0], [-1_000, 5, 0], [-1_000, 5, 0.002]]
    let found = try AllPairs().distribution(of: Matrix(rows: pairs), by: .euclidean)
    expectClose(found.minimum, 0.001, within: 1e-6)
  }

  @Test(arguments: [1e-30, 1e30]) func `extreme sizes neither overflow nor vanish`(
    _ size: Double
  ) throws {
    let matrix = Matrix.random(80, 6, seed: 6)
    for similarity in [Similarity.dot, .cosine, .euclidean, .manhattan] {
      let plain = try AllPairs().distribution(of: matrix, by: similarity)
      let found = try AllPairs().distribution(of: matrix.scaled(by: size), by: similarity)
      let factor = similarity == .dot ? size * size : similarity == .cosine ? 1 : size
      expectClose(found.mean / factor, plain.mean, within: 1e-5)
      expectClose(found.maximum / factor, plain.maximum, within: 1e-4)
    }
  }

  @Test(arguments: InstructionSet.available)
  func `the closed form agrees with all pairs of many rows`(
    _ instructionSet: InstructionSet
  ) throws {
    let engine = AllPairs(instructionSet: instructionSet)
    let matrix = Matrix.random(3_500, 24, seed: 7, mean: 0.4)
    let found = try engine.distribution(of: matrix, by: .cosine)
    #expect(found.count == 3_500 * 3_499 / 2 && found.histogram.total == found.count)
    expectClose(found.mean, ClosedForm.meanPairwiseCosine(of: matrix), within: 1e-8)
    expectClose(found.variance, ClosedForm.variancePairwiseCosine(of: matrix), within: 1e-7)
    let pearson = try engine.distribution(of: matrix, by: .pearson)
    expectClose(pearson.mean, ClosedForm.meanPairwisePearson(of: matrix), within: 1e-8)
    let dot = try engine.distribution(of: matrix, by: .dot)
    expectClose(dot.mean, ClosedForm.meanPairwiseDot(of: matrix), within: 1e-5)
    #expect(ClosedForm.meanPairwiseCosine(of: matrix.selectingRows([0])).isNaN)
  }

  @Test func `the standard error of sampled rows comes from the spread of row means`() throws {
    let matrix = Matrix.random(40, 5, seed: 8)
    let found = try AllPairs().distribution(of: matrix, by: .dot)
    let values = Reference.pairValues(of: matrix, by: .dot)
    expectClose(
      found.rowMeanStandardDeviation ?? .nan,
      rowMeanSpread(values, rows: 40),
      within: 1e-6
    )
  }

  @Test(arguments: Similarity.allCases)
  func `two matrices are compared row by row`(_ similarity: Similarity) throws {
    let a = Matrix.random(30, 7, seed: 9)
    let b = Matrix.random(30, 7, seed: 10)
    let values = (0..<30).map { Reference.similarity(a.row($0), b.row($0), similarity) }
    let found = try AllPairs().distribution(of: a, and: b, by: similarity)
    expectClose(found.values ?? [], values, within: 1e-9)
    #expect(found.rowMeanStandardDeviation == nil)
  }

  @Test func `cancelling stops with an error`() {
    let matrix = Matrix.random(400, 5, seed: 11)
    #expect(throws: CancellationError.self) {
      try AllPairs().distribution(of: matrix, by: .dot, isCancelled: { true })
    }
    #expect(throws: CancellationError.self) {
      try AllPairs().bestMatch(of: matrix, by: .dot, includingSelf: true, isCancelled: { true })
    }
    #expect(throws: CancellationError.self) {
      try AllPairs().distribution(of: matrix, and: matrix, by: .dot, isCancelled: { true })
    }
  }

  @Test func `progress rises to one`() throws {
    let shares = Mutex<[Double]>([])
    let matrix = Matrix.random(2_000, 5, seed: 12)
    _ = try AllPairs().distribution(
      of: matrix,
      by: .dot,
      progress: { share in shares.withLock { $0.append(share) } }
    )
    let seen = shares.withLock { $0 }
    #expect(seen.last == 1)
    #expect(seen == seen.sorted())
  }

  /// The population spread of each row's mean over its pairs, from the values of all `i < j`.
  private func rowMeanSpread(_ values: [Double], rows: Int) -> Double {
    var sums = [Double](repeating: 0, count: rows)
    var position = 0
    for first in 0..<rows {
      for second in (first + 1)..<max(first + 1, rows) {
        sums[first] += values[position]
        sums[second] += values[position]
        position += 1
      }
    }
    return Reference.variance(sums.map { $0 / Double(rows - 1) }).squareRoot()
  }
}
