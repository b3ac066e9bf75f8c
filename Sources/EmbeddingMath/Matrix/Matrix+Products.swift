extension Matrix {
  /// Returns the matrix product with `other`, each entry summed in double and rounded once.
  ///
  /// - Precondition: `columnCount == other.rowCount`.
  /// - Complexity: O(`rowCount` × `columnCount` × `other.columnCount`).
  public func multiplied(by other: Matrix) -> Matrix {
    multiplied(by: other, kernels: .preferred)
  }

  func multiplied(by other: Matrix, kernels: Kernels) -> Matrix {
    precondition(
      columnCount == other.rowCount,
      "\(columnCount) columns times \(other.rowCount) rows"
    )
    let width = kernels.doublePanelWidth
    let panelsAtOnce = max(1, 1 << 20 / (max(1, columnCount) * width))
    let columns = (0..<((other.columnCount + width - 1) / width)).map { $0 * width }
    var product = Matrix(rowCount: rowCount, columnCount: 0, values: [])
    // A group of columns at a time keeps their packed copy small.
    for group in blocks(of: panelsAtOnce, covering: columns.count) {
      let range = columns[group.lowerBound]..<min(group.upperBound * width, other.columnCount)
      let packed = other.packedColumns(range, width: width)
      let part = multiplied(byPackedColumns: packed, count: range.count, kernels: kernels)
      product = product.columnCount == 0 ? part : product.appendingColumns(of: part)
    }
    return other.columnCount == 0
      ? Matrix(rowCount: rowCount, columnCount: 0, values: []) : product
  }

  /// Returns the dot product of each row with `vector`, summed in double.
  ///
  /// - Precondition: `vector.count == columnCount`.
  public func multiplied(by vector: [Double]) -> [Double] {
    requireColumnVector(vector)
    let kernels = Kernels.preferred
    return mapRows { row in
      vector.withSpan(vector.indices) { kernels.innerProduct(row, $0) }
    }
  }

  /// Multiplies by columns packed in panels, a panel of rows at a time.
  private func multiplied(
    byPackedColumns columns: [Double],
    count: Int,
    kernels: Kernels
  ) -> Matrix {
    let width = kernels.doublePanelWidth
    let stride = (count + width - 1) / width * width
    let panelCount = (rowCount + width - 1) / width
    let padded = Matrix.buildingRowsConcurrently(
      rowCount: panelCount,
      columnCount: width * count
    ) { panel, result in
      let rows = (panel * width)..<min((panel + 1) * width, rowCount)
      let left = packedRows(rows, width: width)
      var sums = [Double](repeating: 0, count: width * stride)
      left.withSpan(left.indices) { left in
        columns.withSpan(columns.indices) { columns in
          sums.withMutableSpan(0..<(width * stride)) {
            kernels.addProducts(
              left,
              columns,
              depth: columnCount,
              into: &$0,
              from: 0,
              stride: stride
            )
          }
        }
      }
      for place in 0..<width {
        for column in 0..<count {
          result[place * count + column] = Float(sums[place * stride + column])
        }
      }
    }
    let excess = panelCount * width - rowCount
    let values = excess == 0 ? padded.values : Array(padded.values.dropLast(excess * count))
    return Matrix(rowCount: rowCount, columnCount: count, values: values)
  }

  private func packedRows(_ range: Range<Int>, width: Int) -> [Double] {
    var packed = [Double](repeating: 0, count: width * columnCount)
    for row in range {
      withRow(row) { values in
        for index in values.indices {
          packed[index * width + row - range.lowerBound] = Double(values[index])
        }
      }
    }
    return packed
  }

  private func packedColumns(_ range: Range<Int>, width: Int) -> [Double] {
    let panelCount = (range.count + width - 1) / width
    var packed = [Double](repeating: 0, count: panelCount * width * rowCount)
    for row in 0..<rowCount {
      withRow(row) { values in
        for column in range {
          let place = column - range.lowerBound
          packed[(place / width * rowCount + row) * width + place % width] = Double(values[column])
        }
      }
    }
    return packed
  }

  private func appendingColumns(of other: Matrix) -> Matrix {
    .buildingRowsConcurrently(
      rowCount: rowCount,
      columnCount: columnCount + other.columnCount
    ) { index, result in
      withRow(index) { for column in $0.indices { result[column] = $0[column] } }
      other.withRow(index) {
        for column in $0.indices { result[columnCount + column] = $0[column] }
      }
    }
  }
}
