import CKernels
import EmbeddingMath
import Testing
import _WorkbookTestSupport

/// Rows compared in given pairs, each ranked once.
struct ComparableRowsTests {
  /// Rows with and without ties, a constant one, zeros of both signs, and rows that are not finite.
  private static func rows(_ columns: Int) -> Matrix {
    var generator = SeededGenerator(seed: UInt64(columns))
    func row(_ value: (inout SeededGenerator) -> Double) -> [Double] {
      (0..<columns).map { _ in value(&generator) }
    }
    var strange = row { Double(Float($0.gaussian())) }
    strange[columns / 2] = .nan
    var far = row { Double(Float($0.gaussian())) }
    far[0] = -.infinity
    return Matrix(rows: [
      row { Double(Float($0.gaussian())) },
      row { Double($0.integer(below: 5)) },
      row { Double($0.integer(below: columns)) },
      row { $0.integer(below: 2) == 0 ? 0 : -0.0 },
      row { _ in 0.25 },
      strange, far,
    ])
  }

  @Test(arguments: Similarity.allCases, [1, 2, 31, 32, 33, 64, 131, 700])
  func `pairs are compared as their rows are by themselves`(
    _ similarity: Similarity,
    _ columns: Int
  ) {
    let matrix = Self.rows(columns)
    let pairs = (0..<49).map { ($0 / 7, $0 % 7) }
    let found = AllPairs().similarities(
      of: ComparableRows(matrix),
      left: pairs.map(\.0),
      right: pairs.map(\.1),
      by: similarity
    )
    let expected = pairs.map { similarity.value(matrix.row($0.0), matrix.row($0.1)) }
    expectClose(found, expected, within: 1e-14)
    let plain = pairs.map { Reference.similarity(matrix.row($0.0), matrix.row($0.1), similarity) }
    if similarity == .kendall, columns < 200 {
      // The plain loop knows no NaN.
      for (pair, value) in zip(pairs, zip(found, plain)) where pair.0 != 5 && pair.1 != 5 {
        expectClose(value.0, value.1, within: 1e-13)
      }
    }
  }

  @Test func `rows too long for ranks of 16 bits are compared all the same`() {
    var generator = SeededGenerator(seed: 1)
    let rows = (0..<2).map { _ in (0..<33_000).map { _ in Double(generator.integer(below: 100)) } }
    let found = AllPairs().similarities(
      of: ComparableRows(Matrix(rows: rows)),
      left: [0, 0],
      right: [1, 0],
      by: .kendall
    )
    #expect(found == [kendallTauB(rows[0], rows[1]), 1])
  }

  @Test(
    arguments: [ck_portable, ck_avx2, ck_avx512].filter { ck_is_available($0) }.indices,
    [0, 1, 7, 8, 16, 17, 95, 96, 384, 1_000]
  )
  func `every version counts the pairs that two lists order alike`(_ index: Int, _ count: Int) {
    let version = [ck_portable, ck_avx2, ck_avx512].filter { ck_is_available($0) }[index]
    var generator = SeededGenerator(seed: UInt64(count))
    for range in [2, 20, 32_768] {
      let x = (0..<count).map { _ in Int16(generator.integer(below: range)) }
      let y = (0..<count).map { _ in Int16(generator.integer(below: range)) }
      var expected = 0
      for i in 0..<count {
        for j in 0..<i {
          expected += (Int(x[i]) - Int(x[j])).signum() * (Int(y[i]) - Int(y[j])).signum()
        }
      }
      #expect(ck_concordance(version, x, y, count) == expected)
    }
    // As many as there can be, all in order: no sum overflows.
    let most = (0..<Int16.max).map { $0 }
    let pairs = most.count * (most.count - 1) / 2
    if count == 0 { #expect(ck_concordance(version, most, most, most.count) == pairs) }
  }

  @Test(arguments: [(40, 13), (500, 65), (20, 20)])
  func `directions from column products are those of the moved matrix`(
    _ rows: Int,
    _ columns: Int
  )
    throws
  {
    let matrix = Matrix.random(rows, columns, seed: 1, mean: 0.5)
    let products = try #require(ColumnProducts(of: matrix))
    var generator = SeededGenerator(seed: 2)
    let far = generator.unitVector(dimension: columns).map { 100 * $0 }
    for origin in [[Double](repeating: 0, count: columns), matrix.columnMeans(), far] {
      let found = products.leadingDirections(from: origin, count: 4)
      let moved = SingularValueDecomposition(of: matrix.subtractingFromRows(origin), count: 4)
      #expect(found.count == 4)
      for (direction, expected) in zip(found, moved.rightVectors) {
        expectClose(direction, expected, within: 1e-5)
      }
    }
    #expect(ColumnProducts(of: matrix.transposed()) == nil || rows == columns)
  }
}
