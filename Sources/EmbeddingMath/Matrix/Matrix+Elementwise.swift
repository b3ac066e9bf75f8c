extension Matrix {
  /// Returns the matrix with a vector added to every row, each sum rounded once.
  ///
  /// - Precondition: `vector.count == columnCount`.
  public func addingToRows(_ vector: [Double]) -> Matrix {
    requireColumnVector(vector)
    return mappingRows { $1 + vector[$0] }
  }

  /// Returns the matrix with a vector subtracted from every row, each difference rounded once.
  ///
  /// - Precondition: `vector.count == columnCount`.
  public func subtractingFromRows(_ vector: [Double]) -> Matrix {
    requireColumnVector(vector)
    return mappingRows { $1 - vector[$0] }
  }

  /// Returns the matrix with every value multiplied by `factor`.
  public func scaled(by factor: Double) -> Matrix { mappingRows { $1 * factor } }

  /// Returns the matrix with each column multiplied by its own factor.
  ///
  /// - Precondition: `factors.count == columnCount`.
  public func scalingColumns(by factors: [Double]) -> Matrix {
    requireColumnVector(factors)
    return mappingRows { $1 * factors[$0] }
  }

  /// Returns the matrix of `transform` of each value, on several threads.
  public func mapValues(_ transform: @Sendable (Double) -> Double) -> Matrix {
    mappingRows { transform($1) }
  }

  /// Returns the matrix of `combine` of the values at the same place in two matrices.
  ///
  /// - Precondition: The matrices have the same shape.
  public static func combining(
    _ a: Matrix,
    _ b: Matrix,
    _ combine: @Sendable (Double, Double) -> Double
  ) -> Matrix {
    precondition(
      a.rowCount == b.rowCount && a.columnCount == b.columnCount,
      "\(a.rowCount) × \(a.columnCount) with \(b.rowCount) × \(b.columnCount)"
    )
    return buildingRowsConcurrently(rowCount: a.rowCount, columnCount: a.columnCount) {
      row,
      result in
      a.withRow(row) { left in
        b.withRow(row) { right in
          for column in left.indices {
            result[column] = Float(combine(Double(left[column]), Double(right[column])))
          }
        }
      }
    }
  }

  /// Whether no value is NaN or infinite.
  public var containsOnlyFinite: Bool { firstNonFinite() == nil }

  /// Returns the place of the first value, in row order, that is NaN or infinite.
  public func firstNonFinite() -> (row: Int, column: Int)? {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    return (index / columnCount, index % columnCount)
  }

  func requireColumnVector(_ vector: [Double]) {
    precondition(
      vector.count == columnCount,
      "a vector of \(vector.count) for \(columnCount) columns"
    )
  }

  private func mappingRows(
    _ transform: @Sendable (_ column: Int, _ value: Double) -> Double
  )
    -> Matrix
  {
    .buildingRowsConcurrently(rowCount: rowCount, columnCount: columnCount) { row, result in
      withRow(row) { values in
        for column in values.indices {
          result[column] = Float(transform(column, Double(values[column])))
        }
      }
    }
  }
}
