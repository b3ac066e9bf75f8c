/// A rectangle of `Float`, stored row by row.
///
/// A matrix never changes; copies share their storage. Vectors that go with a matrix are
/// `[Double]`, and every sum over its values is formed in `Double`.
public struct Matrix: Sendable {
  public let rowCount: Int
  public let columnCount: Int

  /// All values, row after row.
  let values: [Float]

  /// Creates a matrix from its values, row after row.
  ///
  /// - Precondition: `values.count == rowCount * columnCount`.
  public init(rowCount: Int, columnCount: Int, values: [Float]) {
    let count = Self.valueCount(rowCount: rowCount, columnCount: columnCount)
    precondition(
      values.count == count,
      "\(values.count) values for \(rowCount) rows of \(columnCount) columns"
    )
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.values = values
  }

  /// Creates a matrix from rows of equal length; without rows, it has no columns.
  ///
  /// - Precondition: All rows have the same length.
  public init(rows: [[Double]]) {
    let columnCount = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columnCount }, "rows of different lengths")
    self.init(
      rowCount: rows.count,
      columnCount: columnCount,
      values: rows.flatMap { row in row.map { Float($0) } }
    )
  }

  /// Whether both are the same values in the same place, which says more than that they are equal.
  public func sharesStorage(with other: Matrix) -> Bool {
    guard rowCount == other.rowCount && columnCount == other.columnCount else { return false }
    return unsafe values.withUnsafeBufferPointer { own in
      unsafe other.values.withUnsafeBufferPointer { unsafe own.baseAddress == $0.baseAddress }
    }
  }

  public subscript(row: Int, column: Int) -> Float {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    precondition(column >= 0 && column < columnCount, "column \(column) of \(columnCount)")
    return values[row * columnCount + column]
  }

  /// Returns a copy of one row.
  public func row(_ index: Int) -> [Double] {
    precondition(index >= 0 && index < rowCount, "row \(index) of \(rowCount)")
    return withRow(index) { values in
      // Made whole and then filled, which the compiler turns into a few wide instructions.
      var row = [Double](repeating: 0, count: values.count)
      for column in 0..<values.count { row[column] = Double(values[column]) }
      return row
    }
  }

  /// Returns a copy of one column.
  public func column(_ index: Int) -> [Double] {
    precondition(index >= 0 && index < columnCount, "column \(index) of \(columnCount)")
    return (0..<rowCount).map { Double(values[$0 * columnCount + index]) }
  }

  /// Returns the rows with these indices, in this order; an index may repeat.
  public func selectingRows(_ indices: [Int]) -> Matrix {
    for index in indices {
      precondition(index >= 0 && index < rowCount, "row \(index) of \(rowCount)")
    }
    return .buildingRowsConcurrently(rowCount: indices.count, columnCount: columnCount) {
      position,
      selected in
      withRow(indices[position]) { row in
        for column in row.indices { selected[column] = row[column] }
      }
    }
  }

  /// Returns these rows followed by those of another matrix.
  ///
  /// - Precondition: Both have the same number of columns.
  public func appendingRows(_ other: Matrix) -> Matrix {
    precondition(
      columnCount == other.columnCount,
      "rows of \(columnCount) and of \(other.columnCount) columns"
    )
    return Matrix(
      rowCount: rowCount + other.rowCount,
      columnCount: columnCount,
      values: values + other.values
    )
  }

  /// Returns the matrix with rows and columns exchanged.
  public func transposed() -> Matrix {
    .buildingRowsConcurrently(rowCount: columnCount, columnCount: rowCount) { column, values in
      for row in values.indices {
        values[row] = self.values[row * columnCount + column]
      }
    }
  }

  /// The product of the two counts.
  ///
  /// - Precondition: Neither is negative and their product fits an `Int`.
  static func valueCount(rowCount: Int, columnCount: Int) -> Int {
    precondition(rowCount >= 0 && columnCount >= 0, "a matrix of \(rowCount) × \(columnCount)")
    let (count, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
    precondition(!overflow, "a matrix of \(rowCount) × \(columnCount)")
    return count
  }
}

extension Matrix: Equatable {
  /// Whether the shapes agree and all values are equal; a NaN equals nothing.
  public static func == (a: Matrix, b: Matrix) -> Bool {
    a.rowCount == b.rowCount && a.columnCount == b.columnCount && a.values == b.values
  }
}
