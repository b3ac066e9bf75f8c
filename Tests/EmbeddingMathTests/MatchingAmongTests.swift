import EmbeddingMath
import Testing
import _WorkbookTestSupport

/// Best matches among the rows of another matrix, against plain loops.
struct MatchingAmongTests {
  private static let sizes = [
    (0, 0), (0, 3), (3, 0), (1, 1), (1, 2), (2, 1), (7, 7), (7, 5), (33, 33), (1, 400), (400, 1),
    (700, 330), (350, 350),
  ]

  private func found(
    _ matrix: Matrix,
    _ candidates: Matrix,
    _ similarity: Similarity,
    _ includingSelf: Bool,
    excluding excluded: [[Int]] = [],
    isPaired: Bool = true,
    threads: Int = 3,
    instructionSet: InstructionSet = .preferred
  ) throws -> [Int?] {
    try AllPairs(threads: threads, instructionSet: instructionSet).bestMatch(
      of: matrix,
      among: candidates,
      by: similarity,
      isPaired: isPaired,
      includingSelf: includingSelf,
      excluding: excluded
    )
  }

  @Test(arguments: Similarity.allCases, sizes)
  func `best matches agree with plain loops`(
    _ similarity: Similarity,
    _ size: (rows: Int, candidates: Int)
  ) throws {
    // Kendall's values over so many pairs take the plain loop long.
    let isLong = size.rows * size.candidates > 100_000
    let columns = similarity == .kendall && isLong ? 4 : 11
    let matrix = Matrix.random(size.rows, columns, seed: 1, mean: 0.4)
    let candidates = Matrix.random(size.candidates, columns, seed: 2, mean: 0.3)
    for includingSelf in [true, false] {
      let expected = Reference.bestMatch(
        of: matrix,
        among: candidates,
        by: similarity,
        includingSelf: includingSelf
      )
      for instructionSet in InstructionSet.available {
        let matches = try found(
          matrix,
          candidates,
          similarity,
          includingSelf,
          instructionSet: instructionSet
        )
        #expect(matches == expected)
      }
    }
  }

  @Test(arguments: Similarity.allCases)
  func `rows that are not finite match nothing and are never chosen`(
    _ similarity: Similarity
  ) throws {
    for (rows, candidates) in [(40, 40), (40, 70), (1, 1), (2, 2)] {
      var first = Matrix.random(rows, 5, seed: 3).rows
      var second = Matrix.random(candidates, 5, seed: 4).rows
      first[rows / 2][1] = .nan
      first[0][4] = -.infinity
      second[candidates / 3][0] = .infinity
      second[candidates - 1][2] = .nan
      let matrix = Matrix(rows: first)
      let others = Matrix(rows: second)
      for includingSelf in [true, false] {
        let matches = try found(matrix, others, similarity, includingSelf)
        #expect(matches[0] == nil && matches[rows / 2] == nil)
        #expect(!matches.contains(candidates / 3) && !matches.contains(candidates - 1))
        #expect(
          matches
            == Reference.bestMatch(
              of: matrix,
              among: others,
              by: similarity,
              includingSelf: includingSelf
            )
        )
      }
    }
  }

  @Test(arguments: Similarity.allCases, [20, 37])
  func `excluded candidates are never chosen`(_ similarity: Similarity, candidates: Int) throws {
    var generator = SeededGenerator(seed: 9)
    let matrix = Matrix.random(20, 6, seed: 5)
    let others = Matrix.random(candidates, 6, seed: 6)
    var excluded = (0..<20).map { row in generator.sample(row % 7, of: candidates) + [row] }
    excluded[3] = []
    excluded[4] = Array(0..<candidates)
    excluded[5] = [5, 5, 1]
    for includingSelf in [true, false] {
      let matches = try found(matrix, others, similarity, includingSelf, excluding: excluded)
      #expect(matches[4] == nil)
      for (match, excluded) in zip(matches, excluded) {
        if let match { #expect(!excluded.contains(match)) }
      }
      #expect(
        matches
          == Reference.bestMatch(
            of: matrix,
            among: others,
            by: similarity,
            includingSelf: includingSelf,
            excluding: excluded
          )
      )
    }
  }

  @Test func `ties go to the row of the same number or else to the lowest`() throws {
    let matrix = Matrix(rows: [[1, 0], [0, 1], [1, 0]])
    let equal = Matrix(rows: [[2, 0], [3, 0], [1, 0]])
    #expect(try found(matrix, equal, .cosine, true) == [0, 1, 2])
    #expect(try found(matrix, equal, .cosine, false) == [1, 0, 0])
    #expect(try found(matrix, equal, .cosine, true, isPaired: false) == [0, 0, 0])
    #expect(try found(matrix, equal, .cosine, false, isPaired: false) == [0, 0, 0])
    let more = Matrix(rows: [[0, 0], [2, 0], [3, 0], [1, 0]])
    #expect(try found(matrix, more, .cosine, true) == [1, 0, 1])
    #expect(try found(matrix, more, .cosine, false) == [1, 0, 1])
    #expect(try found(matrix, more, .euclidean, false) == [3, 0, 3])
  }

  @Test(arguments: Similarity.allCases)
  func `a row that may only choose its own number chooses nothing without it`(
    _ similarity: Similarity
  ) throws {
    let matrix = Matrix(rows: [[1, 2, 4]])
    #expect(try found(matrix, matrix, similarity, true) == [0])
    #expect(try found(matrix, matrix, similarity, false) == [nil])
    #expect(try found(matrix, matrix, similarity, true, excluding: [[0]]) == [nil])
  }

  @Test(arguments: Similarity.allCases)
  func `the number of threads changes nothing`(_ similarity: Similarity) throws {
    let matrix = Matrix.random(90, 7, seed: 11)
    let others = Matrix.random(410, 7, seed: 12)
    let alone = try found(matrix, others, similarity, true, threads: 1)
    #expect(try found(matrix, others, similarity, true, threads: 5) == alone)
  }

  @Test func `a match among others can be stopped`() {
    #expect(throws: CancellationError.self) {
      try AllPairs().bestMatch(
        of: Matrix.random(9, 3, seed: 1),
        among: Matrix.random(9, 3, seed: 2),
        by: .dot,
        includingSelf: true,
        isCancelled: { true }
      )
    }
  }

  @Test func `appended rows follow the others`() {
    let first = Matrix(rows: [[1, 2], [3, 4]])
    let second = Matrix(rows: [[5, 6]])
    #expect(first.appendingRows(second) == Matrix(rows: [[1, 2], [3, 4], [5, 6]]))
    let none = Matrix(rowCount: 0, columnCount: 2, values: [])
    #expect(first.appendingRows(none) == first && none.appendingRows(first) == first)
  }
}

extension Matrix {
  fileprivate var rows: [[Double]] { (0..<rowCount).map { row($0) } }
}
