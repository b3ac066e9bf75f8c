import EmbeddingMath
import Testing
import _WorkbookTestSupport

struct MatchingTests {
  @Test(arguments: Similarity.allCases, [false, true])
  func `best matches agree with plain loops`(
    _ similarity: Similarity,
    _ includingSelf: Bool
  ) throws {
    for instructionSet in InstructionSet.available {
      let matrix = Matrix.random(150, 11, seed: 1, mean: 0.4)
      let engine = AllPairs(threads: 3, instructionSet: instructionSet)
      let found = try engine.bestMatch(of: matrix, by: similarity, includingSelf: includingSelf)
      let expected = Reference.bestMatch(
        of: matrix,
        by: similarity,
        includingSelf: includingSelf
      )
      #expect(found == expected)
    }
  }

  @Test func `ties go to the row itself or else to the lowest index`() throws {
    let matrix = Matrix(rows: [[1, 0], [0, 1], [0, 2], [2, 0], [0, 1]])
    let engine = AllPairs()
    #expect(try engine.bestMatch(of: matrix, by: .cosine, includingSelf: true) == [0, 1, 2, 3, 4])
    #expect(try engine.bestMatch(of: matrix, by: .cosine, includingSelf: false) == [3, 2, 1, 0, 1])
    #expect(try engine.bestMatch(of: matrix, by: .dot, includingSelf: true) == [3, 2, 2, 3, 2])
    #expect(
      try engine.bestMatch(of: matrix, by: .euclidean, includingSelf: false) == [3, 4, 1, 0, 1]
    )
  }

  @Test func `values within a millionth of the best tie with it`() throws {
    let close = Matrix(rows: [[1], [1_000_000], [1_000_000.5]])
    #expect(try AllPairs().bestMatch(of: close, by: .dot, includingSelf: false) == [1, 2, 1])
    #expect(try AllPairs().bestMatch(of: close, by: .dot, includingSelf: true) == [1, 1, 2])
    let apart = Matrix(rows: [[1], [1_000_000], [1_000_002]])
    #expect(try AllPairs().bestMatch(of: apart, by: .dot, includingSelf: true) == [2, 2, 2])
  }

  @Test func `many zero rows match themselves`() throws {
    let matrix = Matrix(rowCount: 500, columnCount: 3, values: [Float](repeating: 0, count: 1_500))
    let own = try AllPairs().bestMatch(of: matrix, by: .cosine, includingSelf: true)
    #expect(own == Array(0..<500))
    let other = try AllPairs().bestMatch(of: matrix, by: .cosine, includingSelf: false)
    #expect(other == [1] + [Int](repeating: 0, count: 499))
  }

  @Test(arguments: Similarity.allCases)
  func `the nearest rows come best first`(_ similarity: Similarity) {
    let matrix = Matrix.random(90, 12, seed: 2)
    let query = matrix.row(17)
    let values = (0..<90).map { Reference.similarity(matrix.row($0), query, similarity) }
    expectClose(
      AllPairs().similarity(to: query, of: matrix, by: similarity),
      values,
      within: 1e-9
    )
    let order = values.indices.filter { $0 != 3 }.sorted {
      similarity.isDistance ? values[$0] < values[$1] : values[$0] > values[$1]
    }
    let found = AllPairs().nearest(to: query, in: matrix, k: 4, by: similarity, excluding: [3])
    expectClose(found.map(\.value), order.prefix(4).map { values[$0] }, within: 1e-9)
    #expect(found.count == 4 && !found.map(\.row).contains(3))
  }

  @Test(arguments: Similarity.allCases, [0, 1, 2, 7, 330])
  func `the top matches are the plain loop's, for any number of threads`(
    _ similarity: Similarity,
    rows: Int
  ) throws {
    let matrix = Matrix.random(rows, 9, seed: 31)
    let found = try AllPairs(threads: 1).topMatches(of: matrix, by: similarity, k: 3)
    #expect(found.count == rows)
    for threads in [2, 7] {
      #expect(try AllPairs(threads: threads).topMatches(of: matrix, by: similarity, k: 3) == found)
    }
    for row in 0..<rows {
      func likeness(_ other: Int) -> Double {
        let value = Reference.similarity(matrix.row(other), matrix.row(row), similarity)
        return similarity.isDistance ? -value : value
      }
      let best = (0..<rows).filter { $0 != row }.map(likeness).sorted(by: >).prefix(3)
      // The rows may differ where values do not beyond float32.
      expectClose(found[row].map(likeness), Array(best), within: 1e-5)
      #expect(Set(found[row]).count == found[row].count && !found[row].contains(row))
    }
  }

  @Test func `a row that is no number matches nothing, and equal rows rank by index`() throws {
    let matrix = Matrix(rows: [[1, 0], [.nan, 0], [1, 0], [1, 0], [0, 1]])
    let found = try AllPairs().topMatches(of: matrix, by: .cosine, k: 2)
    #expect(found == [[2, 3], [], [0, 3], [0, 2], [0, 2]])
  }

  @Test func `equal values rank by row and NaN is passed over`() {
    let matrix = Matrix(rows: [[.nan, 0], [1, 0], [2, 0], [1, 0]])
    let found = AllPairs().nearest(to: [1, 0], in: matrix, k: 9, by: .cosine)
    #expect(found.map(\.row) == [1, 2, 3])
    let values = AllPairs().similarity(to: [1, 0], of: matrix, by: .cosine)
    expectClose(values, [.nan, 1, 1, 1], within: 0)
    #expect(AllPairs().nearest(to: [1, 0], in: matrix, k: 0, by: .dot).isEmpty)
  }
}
