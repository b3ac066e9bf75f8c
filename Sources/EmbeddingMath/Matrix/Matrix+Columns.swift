extension Matrix {
  /// The sum of each column.
  public func columnSums() -> [Double] { summingRows { $0 } }

  /// The sum of each column after each row is multiplied by its scale.
  ///
  /// - Parameter scales: One factor for each row.
  /// - Returns: `columnCount` sums, formed in double; the same for any number of threads.
  /// - Precondition: `scales.count == rowCount`.
  public func columnSums(scalingRowsBy scales: [Double]) -> [Double] {
    precondition(scales.count == rowCount, "\(scales.count) scales for \(rowCount) rows")
    let rowBlocks = blocks(of: 1_024, covering: rowCount)
    let partialSums = concurrentMap(rowBlocks.count) { block in
      var sums = [Double](repeating: 0, count: columnCount)
      for row in rowBlocks[block] {
        let scale = scales[row]
        withRow(row) { values in
          for column in values.indices { sums[column] += scale * Double(values[column]) }
        }
      }
      return sums
    }
    return partialSums.reduce(into: [Double](repeating: 0, count: columnCount)) { total, sums in
      for column in sums.indices { total[column] += sums[column] }
    }
  }

  /// The mean of each column; NaN without rows.
  public func columnMeans() -> [Double] { columnSums().map { $0 / Double(rowCount) } }

  /// The population standard deviation of each column; NaN without rows.
  public func columnStandardDeviations() -> [Double] {
    let means = columnMeans()
    let squares = summingRows(of: { column, value in
      let deviation = value - means[column]
      return deviation * deviation
    })
    return squares.map { ($0 / Double(rowCount)).squareRoot() }
  }

  /// The median of each column: the mean of the middle two when the rows are even in number.
  ///
  /// A column with a NaN gives NaN, and so does a matrix without rows.
  public func columnMedians() -> [Double] { columnQuantiles(0.5) }

  /// The quantile of each column, interpolated linearly between neighbours.
  ///
  /// A column with a NaN gives NaN, and so does a matrix without rows.
  ///
  /// - Precondition: `0...1` contains `q`.
  public func columnQuantiles(_ q: Double) -> [Double] {
    concurrentMap(columnCount) { quantile(q, of: column($0)) }
  }

  /// The smallest value of each column; NaN with a NaN in it or without rows.
  public func columnMinima() -> [Double] { columnExtremes { Swift.min($0, $1) } }

  /// The largest value of each column; NaN with a NaN in it or without rows.
  public func columnMaxima() -> [Double] { columnExtremes { Swift.max($0, $1) } }

  /// Returns each column less its mean, divided by its population standard deviation.
  ///
  /// A column without spread becomes zeros.
  public func zScoredColumns() -> Matrix {
    let deviations = columnStandardDeviations()
    return subtractingFromRows(columnMeans())
      .scalingColumns(by: deviations.map { $0 == 0 ? 0 : 1 / $0 })
  }

  private func summingRows(_ transform: @Sendable (Double) -> Double) -> [Double] {
    summingRows(of: { _, value in transform(value) })
  }

  /// Sums a function of the values over each column.
  ///
  /// The order of summation is fixed, rows of a block and then blocks, so that the sums do not
  /// depend on the number of threads.
  private func summingRows(
    of transform: @Sendable (_ column: Int, _ value: Double) -> Double
  )
    -> [Double]
  {
    let rowBlocks = blocks(of: 1_024, covering: rowCount)
    let partialSums = concurrentMap(rowBlocks.count) { block in
      var sums = [Double](repeating: 0, count: columnCount)
      for row in rowBlocks[block] {
        withRow(row) { values in
          for column in values.indices {
            sums[column] += transform(column, Double(values[column]))
          }
        }
      }
      return sums
    }
    return partialSums.reduce(into: [Double](repeating: 0, count: columnCount)) { total, sums in
      for column in sums.indices { total[column] += sums[column] }
    }
  }

  private func columnExtremes(_ pick: (Double, Double) -> Double) -> [Double] {
    guard rowCount > 0 else { return [Double](repeating: .nan, count: columnCount) }
    var extremes = row(0)
    for row in 1..<max(1, rowCount) {
      withRow(row) { values in
        for column in values.indices {
          let value = Double(values[column])
          if value.isNaN || extremes[column].isNaN {
            extremes[column] = .nan
          } else {
            extremes[column] = pick(extremes[column], value)
          }
        }
      }
    }
    return extremes
  }
}
