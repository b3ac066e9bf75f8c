/// What the principal directions of a matrix depend on, wherever its origin is put.
///
/// Subtracting a vector from every row changes the inner products of the columns by products of
/// column sums only, so that many origins cost one pass over the rows.
public struct ColumnProducts: Sendable {
  private let gram: GramMatrix
  private let sums: [Double]
  private let rowCount: Double

  /// Sums the products of all pairs of columns.
  ///
  /// - Parameter matrix: The matrix, all of its values finite; `nil` comes of one with fewer rows
  ///   than columns, whose directions are found from its rows instead.
  /// - Complexity: O(*n* *d*²) for *n* rows of *d* columns.
  public init?(of matrix: Matrix) {
    guard matrix.rowCount >= matrix.columnCount, matrix.columnCount > 0 else { return nil }
    gram = GramMatrix(ofColumnsOf: matrix)
    sums = matrix.columnSums()
    rowCount = Double(matrix.rowCount)
  }

  /// Returns the leading right singular vectors of the matrix less a vector.
  ///
  /// As ``SingularValueDecomposition`` has them of the matrix of the differences, but for the
  /// rounding of these to `Float`.
  ///
  /// - Parameters:
  ///   - origin: The vector subtracted from every row, one entry for each column.
  ///   - count: How many directions, at most as many as columns.
  /// - Returns: Unit directions, the one along which the rows stretch most first.
  /// - Complexity: O(*d*³).
  public func leadingDirections(from origin: [Double], count: Int) -> [[Double]] {
    precondition(
      origin.count == gram.order,
      "a vector of \(origin.count) for \(gram.order) columns"
    )
    var moved = gram.values
    for row in origin.indices {
      for column in origin.indices {
        moved[row * gram.order + column] +=
          rowCount * origin[row] * origin[column] - sums[row] * origin[column]
          - origin[row] * sums[column]
      }
    }
    let eigen = SymmetricEigenproblem(order: gram.order, values: moved)
    return eigen.vectors.prefix(max(0, count))
      .map(SingularValueDecomposition.withLargestComponentPositive)
  }
}
