import EmbeddingMath
import Testing
import _WorkbookTestSupport

struct RoundingTests {
  /// Rounds one row to 4 bits by the plainest loop.
  private func roundedToFourBits(_ row: [Float]) -> [Float] {
    var rounded = row
    for start in stride(from: 0, to: row.count, by: 32) {
      let block = Array(row[start..<min(start + 32, row.count)])
      guard block.allSatisfy(\.isFinite) else { continue }
      var end: Float = 0
      for value in block where abs(value) > abs(end) { end = value }
      let scale = end / -8
      guard scale != 0 else { continue }
      for (offset, value) in block.enumerated() {
        var nearest = -8
        for level in -8...7 {
          let isNearer =
            abs(Float(level) * scale - value) < abs(Float(nearest) * scale - value)
          if isNearer { nearest = level }
        }
        rounded[start + offset] = Float(nearest) * scale
      }
    }
    return rounded
  }

  private func values(_ matrix: Matrix) -> [Float] {
    (0..<matrix.rowCount).flatMap { matrix.row($0) }.map(Float.init)
  }

  private func same(_ first: [Float], _ second: [Float]) -> Bool {
    first.count == second.count
      && zip(first, second).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
  }

  @Test(arguments: [0, 1, 31, 32, 33, 64, 75])
  func `rounding to four bits agrees with a plain loop`(columns: Int) {
    for mean in [0.0, 3.0] {
      let matrix = Matrix.random(9, columns, seed: 17, mean: mean)
      let expected = (0..<9).flatMap { roundedToFourBits(matrix.row($0).map(Float.init)) }
      let rounded = matrix.roundedToFourBits()
      #expect(rounded.rowCount == 9 && rounded.columnCount == columns)
      #expect(same(values(rounded), expected))
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `a block with a value that is no number stays, and its neighbours are rounded`(
    odd: Float
  ) {
    var row = values(Matrix.random(1, 75, seed: 4))
    row[40] = odd
    let rounded = values(
      Matrix(rowCount: 1, columnCount: 75, values: row).roundedToFourBits()
    )
    #expect(same(rounded, roundedToFourBits(row)))
    #expect(same(Array(rounded[32..<64]), Array(row[32..<64])))
    #expect(!same(Array(rounded[..<32]), Array(row[..<32])))
    #expect(!same(Array(rounded[64...]), Array(row[64...])))
  }

  @Test func `zeros stay zeros and a block's largest value stays itself`() {
    let zeros = Matrix(rowCount: 2, columnCount: 40, values: [Float](repeating: 0, count: 80))
    #expect(zeros.roundedToFourBits() == zeros)
    let ends = Matrix(rows: [[8, 4, 0.4, -7.6, 0], [-8, 7.6, 3.4, -3.6, 0]])
    #expect(ends.roundedToFourBits() == Matrix(rows: [[8, 4, 0, -7, 0], [-8, 7, 3, -4, 0]]))
  }

  @Test func `jitter moves about half of the values to a neighbouring float`() {
    // Values just below a power of two are where a relative change is worth most floats.
    let values = (0..<40_000).map { Float(1 + Double($0) / 40_000) * ($0 % 2 == 0 ? 3.9 : -0.1) }
    let matrix = Matrix(rowCount: 200, columnCount: 200, values: values)
    let moved = self.values(matrix.jittered(seed: 5))
    var up = 0
    var down = 0
    for (old, new) in zip(values, moved) {
      if new == old.nextUp { up += 1 }
      if new == old.nextDown { down += 1 }
      #expect(new == old || new == old.nextUp || new == old.nextDown)
    }
    // Four standard deviations of the binomials.
    #expect(abs(up - 10_000) < 350 && abs(down - 10_000) < 350)
  }

  @Test func `jitter depends on the seed alone`() {
    let matrix = Matrix.random(300, 20, seed: 1)
    #expect(matrix.jittered(seed: 1) == matrix.jittered(seed: 1))
    #expect(matrix.jittered(seed: 1) != matrix.jittered(seed: 2))
    // A row's moves do not depend on the rows behind it.
    let few = matrix.selectingRows(Array(0..<9))
    #expect(few.jittered(seed: 1) == matrix.jittered(seed: 1).selectingRows(Array(0..<9)))
  }

  @Test func `jitter leaves zeros and makes nothing infinite`() {
    let largest = Float.greatestFiniteMagnitude
    let values =
      [Float](repeating: 0, count: 100)
      + [Float](repeating: largest, count: 100) + [Float](repeating: -.infinity, count: 100)
      + [Float](repeating: .nan, count: 100)
    let moved = self.values(
      Matrix(rowCount: 4, columnCount: 100, values: values).jittered(seed: 3)
    )
    #expect(moved[..<100].allSatisfy { $0 == 0 })
    #expect(moved[100..<200].allSatisfy { $0 == largest || $0 == largest.nextDown })
    #expect(moved[200..<300].allSatisfy { $0 == -.infinity })
    #expect(moved[300...].allSatisfy { $0.isNaN })
  }

  @Test func `sorted rows ascend with NaN last`() {
    let rows: [[Double]] = [
      [3, .nan, -1, .infinity, 0], [.nan, .nan, 2, 1, -.infinity], [0, -0.0, 5, 5, -5],
      [.nan, .nan, .nan, .nan, .nan],
    ]
    let sorted = Matrix(rows: rows).sortedRows()
    for (index, row) in rows.enumerated() {
      let numbers = row.filter { !$0.isNaN }.sorted()
      expectClose(
        sorted.row(index),
        numbers + [Double](repeating: .nan, count: row.count - numbers.count),
        within: 0
      )
    }
    let none = Matrix(rowCount: 3, columnCount: 0, values: [])
    #expect(none.sortedRows() == none)
  }

  @Test func `NaN comes after every number and nothing comes before itself`() {
    let order = [-Double.infinity, -1, 0, 1, .infinity, .nan]
    for (first, left) in order.enumerated() {
      for (second, right) in order.enumerated() {
        #expect(precedes(left, right) == (first < second))
      }
    }
    #expect(!precedes(-0.0, 0) && !precedes(0, -0.0))
  }
}
