import EmbeddingMath
import Testing
import _WorkbookTestSupport

private let sizes = [(0, 0), (0, 3), (1, 1), (3, 0), (1, 7), (5, 3), (33, 17), (300, 41)]

struct MatrixTests {
  let small = Matrix(rowCount: 2, columnCount: 3, values: [1, 2, 3, 4, 5, 6])

  @Test func `rows are written in order and begin as zeros`() {
    var order: [Int] = []
    let matrix = Matrix(rowCount: 3, columnCount: 2) { row, values in
      order.append(row)
      #expect(values[0] == 0 && values[1] == 0)
      values[1] = Float(row)
    }
    #expect(order == [0, 1, 2])
    #expect(matrix == Matrix(rowCount: 3, columnCount: 2, values: [0, 0, 0, 1, 0, 2]))
  }

  @Test func `an error while writing rows is passed on`() {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try Matrix(rowCount: 3, columnCount: 2) { row, _ in if row == 1 { throw Stop() } }
    }
  }

  @Test(arguments: sizes) func `rows written concurrently land in their places`(
    _ rowCount: Int,
    _ columnCount: Int
  ) {
    let matrix = Matrix.buildingRowsConcurrently(rowCount: rowCount, columnCount: columnCount) {
      row,
      values in
      for column in values.indices { values[column] = Float(row * 1_000 + column) }
    }
    for row in 0..<rowCount {
      #expect(matrix.row(row) == (0..<columnCount).map { Double(row * 1_000 + $0) })
    }
  }

  @Test func `places and selections are read by row and column`() {
    #expect(small[1, 0] == 4)
    #expect(small.row(1) == [4, 5, 6])
    #expect(small.column(2) == [3, 6])
    #expect(small.withRow(0) { $0[2] } == 3)
    let selected = small.selectingRows([1, 1, 0])
    #expect(selected.values(of: 0...2) == [4, 5, 6, 4, 5, 6, 1, 2, 3])
    #expect(small.transposed() == Matrix(rowCount: 3, columnCount: 2, values: [1, 4, 2, 5, 3, 6]))
  }

  @Test func `elementwise operations work per place`() {
    #expect(small.addingToRows([1, 0, -1]).row(1) == [5, 5, 5])
    #expect(small.subtractingFromRows([1, 0, -1]).row(0) == [0, 2, 4])
    #expect(small.scaled(by: -2).row(0) == [-2, -4, -6])
    #expect(small.scalingColumns(by: [0, 1, 2]).row(1) == [0, 5, 12])
    #expect(small.mapValues { $0 * $0 }.row(1) == [16, 25, 36])
    #expect(Matrix.combining(small, small) { $0 - $1 }.row(1) == [0, 0, 0])
  }

  @Test func `sums with a vector are rounded once`() {
    let matrix = Matrix(rowCount: 1, columnCount: 1, values: [16_777_216])
    #expect(matrix.addingToRows([1.5])[0, 0] == 16_777_218)
  }

  @Test(arguments: sizes) func `column statistics agree with plain loops`(
    _ rowCount: Int,
    _ columnCount: Int
  ) {
    let matrix = Matrix.random(rowCount, columnCount, seed: 1, mean: 3)
    let columns = (0..<columnCount).map { matrix.column($0) }
    expectClose(matrix.columnSums(), columns.map { $0.reduce(0, +) }, within: 1e-9)
    guard rowCount > 0 else {
      #expect(matrix.columnMeans().allSatisfy { $0.isNaN })
      #expect(matrix.columnMedians().allSatisfy { $0.isNaN })
      #expect(matrix.columnMinima().allSatisfy { $0.isNaN })
      return
    }
    expectClose(matrix.columnMeans(), columns.map(Reference.mean), within: 1e-12)
    let deviations = columns.map { Reference.variance($0).squareRoot() }
    expectClose(matrix.columnStandardDeviations(), deviations, within: 1e-12)
    let quantiles = columns.map { Reference.quantile(0.3, of: $0) }
    expectClose(matrix.columnQuantiles(0.3), quantiles, within: 1e-12)
    let medians = columns.map { Reference.quantile(0.5, of: $0) }
    expectClose(matrix.columnMedians(), medians, within: 1e-12)
    #expect(matrix.columnMinima() == columns.map { $0.min() ?? .nan })
    #expect(matrix.columnMaxima() == columns.map { $0.max() ?? .nan })
  }

  @Test(arguments: sizes) func `row statistics agree with plain loops`(
    _ rowCount: Int,
    _ columnCount: Int
  ) {
    let matrix = Matrix.random(rowCount, columnCount, seed: 2, mean: 3)
    let rows = (0..<rowCount).map { matrix.row($0) }
    expectClose(matrix.rowMeans(), rows.map(Reference.mean), within: 1e-12)
    let deviations = rows.map { Reference.variance($0).squareRoot() }
    expectClose(matrix.rowStandardDeviations(), deviations, within: 1e-12)
    expectClose(matrix.rowNorms(), rows.map { Reference.dot($0, $0).squareRoot() }, within: 1e-12)
    let ranked = matrix.rankedRows()
    for row in rows.indices { #expect(ranked.row(row) == Reference.ranks(rows[row])) }
    let centred = matrix.centredRows()
    for row in rows.indices {
      expectClose(centred.row(row), Reference.centred(rows[row]), within: 1e-6)
    }
  }

  @Test func `a NaN spoils its own column and row only`() {
    let matrix = Matrix(rowCount: 2, columnCount: 2, values: [.nan, 1, 2, 3])
    expectClose(matrix.columnMeans(), [.nan, 2], within: 0)
    expectClose(matrix.columnMedians(), [.nan, 2], within: 0)
    expectClose(matrix.columnMinima(), [.nan, 1], within: 0)
    expectClose(matrix.columnMaxima(), [.nan, 3], within: 0)
    expectClose(matrix.rowMeans(), [.nan, 2.5], within: 0)
    expectClose(matrix.rankedRows().row(0), [.nan, .nan], within: 0)
    #expect(matrix.rankedRows().row(1) == [1, 2])
    #expect(matrix.firstNonFinite() ?? (9, 9) == (0, 0))
    #expect(!matrix.containsOnlyFinite)
    #expect(small.containsOnlyFinite)
  }

  @Test func `zero and constant rows stay harmless`() {
    let matrix = Matrix(rowCount: 3, columnCount: 2, values: [0, 0, 0.1, 0.1, 3, 4])
    #expect(matrix.unitRows().row(0) == [0, 0])
    expectClose(matrix.unitRows().row(2), [0.6, 0.8], within: 1e-7)
    #expect(matrix.centredRows().row(1) == [0, 0])
    #expect(matrix.zScoredColumns().columnCount == 2)
    #expect(
      Matrix(rows: [[1, 5], [1, 7]]).zScoredColumns() == Matrix(rows: [[0, -1], [0, 1]])
    )
  }

  @Test func `projecting out leaves nothing along the directions`() {
    let matrix = Matrix.random(20, 6, seed: 3)
    let directions = [
      [1.0, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2], [1, 0, 0, 0, 0, 3], [0, 0, 0, 0, 0, 0],
    ]
    let rest = matrix.projectingOut(directions)
    for direction in directions {
      expectClose(rest.multiplied(by: direction), [Double](repeating: 0, count: 20), within: 1e-5)
    }
    expectClose(rest.projectingOut(directions).row(4), rest.row(4), within: 1e-6)
  }

  @Test(arguments: [(0, 0, 0), (1, 1, 1), (2, 0, 3), (7, 5, 3), (50, 49, 25), (131, 70, 300)])
  func `matrix products agree with plain loops`(_ rows: Int, _ inner: Int, _ columns: Int) {
    let a = Matrix.random(rows, inner, seed: 4)
    let b = Matrix.random(inner, columns, seed: 5)
    let product = a.multiplied(by: b)
    #expect(product.rowCount == rows && product.columnCount == columns)
    for (row, expected) in Reference.product(a, b).enumerated() {
      expectClose(product.row(row), expected, within: 1e-5)
    }
    let vector = (0..<inner).map { Double($0) - 2 }
    let images = (0..<rows).map { Reference.dot(a.row($0), vector) }
    expectClose(a.multiplied(by: vector), images, within: 1e-9)
  }

  @Test func `a product in several groups of columns is put together`() {
    let a = Matrix.random(3, 40_000, seed: 6)
    let b = Matrix.random(40_000, 60, seed: 7)
    let product = a.multiplied(by: b)
    let last = b.column(59)
    expectClose(Double(product[2, 59]), Reference.dot(a.row(2), last), within: 1e-3)
    expectClose(Double(product[0, 0]), Reference.dot(a.row(0), b.column(0)), within: 1e-3)
  }
}

extension Matrix {
  fileprivate func values(of rows: ClosedRange<Int>) -> [Double] { rows.flatMap { row($0) } }
}
