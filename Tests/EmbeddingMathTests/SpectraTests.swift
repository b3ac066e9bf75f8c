import EmbeddingMath
import Testing
import _WorkbookTestSupport

struct SpectraTests {
  @Test(arguments: [(1, 1), (2, 1), (1, 4), (3, 3), (40, 13), (13, 40), (500, 65)])
  func `the parts put the matrix together again`(_ rows: Int, _ columns: Int) {
    let matrix = Matrix.random(rows, columns, seed: 1, mean: 0.5)
    let parts = SingularValueDecomposition(of: matrix)
    let rank = min(rows, columns)
    #expect(parts.singularValues.count == rank && parts.rightVectors.count == rank)
    #expect(parts.singularValues == parts.singularValues.sorted(by: >))
    expectOrthonormal(parts.rightVectors)
    let left = (0..<rank).map { parts.leftVector($0) }
    for row in stride(from: 0, to: rows, by: 7) {
      let sum = (0..<columns).map { column in
        (0..<rank).reduce(0) {
          $0 + left[$1][row] * parts.singularValues[$1] * parts.rightVectors[$1][column]
        }
      }
      expectClose(sum, matrix.row(row), within: 1e-6)
    }
  }

  @Test(arguments: [(0, 0), (0, 5), (5, 0)]) func `an empty matrix has no parts`(
    _ rows: Int,
    _ columns: Int
  ) {
    let parts = SingularValueDecomposition(of: Matrix.random(rows, columns, seed: 2))
    #expect(parts.singularValues.isEmpty && parts.rightVectors.isEmpty)
  }

  @Test(arguments: [(20, 6), (6, 20)])
  func `a matrix without full rank still gets orthonormal directions`(_ rows: Int, _ columns: Int) {
    let thin = Matrix.random(rows, 2, seed: 3)
    let matrix = thin.multiplied(by: Matrix.random(2, columns, seed: 4))
    let parts = SingularValueDecomposition(of: matrix)
    expectOrthonormal(parts.rightVectors)
    for value in parts.singularValues.dropFirst(2) {
      #expect(value <= 1e-6 * parts.singularValues[0])
    }
    let zeros = SingularValueDecomposition(of: matrix.scaled(by: 0))
    #expect(zeros.singularValues.allSatisfy { $0 == 0 })
    expectOrthonormal(zeros.rightVectors)
    #expect(zeros.leftVector(0) == [Double](repeating: 0, count: rows))
  }

  @Test func `the leading parts are those of all`() {
    let matrix = Matrix.random(60, 10, seed: 5)
    let all = SingularValueDecomposition(of: matrix)
    let some = SingularValueDecomposition(of: matrix, count: 3)
    #expect(some.singularValues == Array(all.singularValues.prefix(3)))
    #expect(some.rightVectors == Array(all.rightVectors.prefix(3)))
  }

  @Test func `the largest component of a direction is positive`() {
    for direction in SingularValueDecomposition(of: .random(60, 10, seed: 6)).rightVectors {
      let largest = direction.max { abs($0) < abs($1) } ?? 0
      #expect(largest > 0)
    }
  }

  @Test func `equal singular values are found`() {
    let rotation = SingularValueDecomposition(of: .random(30, 30, seed: 7)).rightVectors
    let parts = SingularValueDecomposition(of: Matrix(rows: rotation))
    expectClose(parts.singularValues, [Double](repeating: 1, count: 30), within: 1e-6)
    expectOrthonormal(parts.rightVectors)
  }

  private func expectOrthonormal(_ vectors: [[Double]]) {
    for (index, vector) in vectors.enumerated() {
      let products = vectors.map { Reference.dot(vector, $0) }
      let expected = vectors.indices.map { $0 == index ? 1.0 : 0 }
      expectClose(products, expected, within: 1e-10)
    }
  }
}
