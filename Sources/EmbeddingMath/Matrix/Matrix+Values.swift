extension Matrix {
  /// Creates a matrix row by row, in order.
  ///
  /// Each row is handed to `body` as zeros.
  ///
  /// - Parameters:
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns.
  ///   - body: Writes one row; what it throws is passed on.
  public init(
    rowCount: Int,
    columnCount: Int,
    fillingRows body: (_ row: Int, _ values: inout MutableSpan<Float>) throws -> Void
  ) rethrows {
    let count = Self.valueCount(rowCount: rowCount, columnCount: columnCount)
    let values = unsafe try [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      for row in 0..<rowCount {
        let start = row * columnCount
        let slice = unsafe UnsafeMutableBufferPointer(
          rebasing: buffer[start..<(start + columnCount)]
        )
        unsafe slice.initialize(repeating: 0)
        filled = start + columnCount
        var span = unsafe slice.mutableSpan
        try body(row, &span)
      }
    }
    self.init(rowCount: rowCount, columnCount: columnCount, values: values)
  }

  /// Returns a matrix whose rows are written on several threads, in no particular order.
  ///
  /// Each row is handed to `body` as zeros.
  public static func buildingRowsConcurrently(
    rowCount: Int,
    columnCount: Int,
    _ body: @Sendable (Int, inout MutableSpan<Float>) -> Void
  ) -> Matrix {
    let count = valueCount(rowCount: rowCount, columnCount: columnCount)
    let rowsAtOnce = blocks(of: max(1, 16_384 / max(1, columnCount)), covering: rowCount)
    let values = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      // Every row is a slice of its own, so no two threads write to the same values.
      nonisolated(unsafe) let buffer = unsafe buffer
      _ = workConcurrently(items: rowsAtOnce.count, threads: processorCount(), makeState: { 0 }) {
        _,
        block in
        for row in rowsAtOnce[block] {
          let start = row * columnCount
          let slice = unsafe UnsafeMutableBufferPointer(
            rebasing: buffer[start..<(start + columnCount)]
          )
          unsafe slice.initialize(repeating: 0)
          var span = unsafe slice.mutableSpan
          body(row, &span)
        }
      }
      filled = count
    }
    return Matrix(rowCount: rowCount, columnCount: columnCount, values: values)
  }

  /// Calls `body` with one row, without copying it.
  public func withRow<R>(_ index: Int, _ body: (Span<Float>) throws -> R) rethrows -> R {
    precondition(index >= 0 && index < rowCount, "row \(index) of \(rowCount)")
    let start = index * columnCount
    return try unsafe values.withUnsafeBufferPointer { buffer in
      let slice = unsafe UnsafeBufferPointer(rebasing: buffer[start..<(start + columnCount)])
      return try body(unsafe slice.span)
    }
  }
}
