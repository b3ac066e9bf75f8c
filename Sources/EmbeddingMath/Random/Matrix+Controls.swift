extension Matrix {
  /// Returns the matrix with each column's values permuted over the rows, each column on its own.
  ///
  /// Keeps every column's mean and spread and breaks what a row's values have in common. Depends
  /// only on the seed and the shape.
  public func shufflingTokens(seed: UInt64) -> Matrix {
    transposed().shufflingChannels(seed: seed).transposed()
  }

  /// Returns the matrix with each row's values permuted over the columns, each row on its own.
  ///
  /// Keeps every row's length, mean and spread and breaks what a column's values have in common.
  /// Depends only on the seed and the shape.
  public func shufflingChannels(seed: UInt64) -> Matrix {
    .buildingRowsConcurrently(rowCount: rowCount, columnCount: columnCount) { index, result in
      var generator = SeededGenerator(seed: seed, stream: index)
      let order = generator.permutation(of: columnCount)
      withRow(index) { row in
        for column in order.indices { result[column] = row[order[column]] }
      }
    }
  }

  /// Returns normally distributed values in the same shape, with mean 0 and the population
  /// standard deviation of all the matrix's values.
  public func gaussianLike(seed: UInt64) -> Matrix {
    let count = Double(rowCount) * Double(columnCount)
    let mean = columnSums().reduce(0, +) / count
    let squares = mapRows { row in
      var sum = 0.0
      for column in row.indices {
        let deviation = Double(row[column]) - mean
        sum += deviation * deviation
      }
      return sum
    }
    let deviation = (squares.reduce(0, +) / count).squareRoot()
    return .buildingRowsConcurrently(rowCount: rowCount, columnCount: columnCount) {
      index,
      result in
      var generator = SeededGenerator(seed: seed, stream: index)
      for column in result.indices { result[column] = Float(deviation * generator.gaussian()) }
    }
  }
}

extension SeededGenerator {
  /// Creates one of many unrelated generators that share a seed.
  init(seed: UInt64, stream: Int) {
    var parent = SeededGenerator(seed: seed)
    self.init(seed: parent.next() &+ UInt64(stream) &* 0x9E37_79B9_7F4A_7C15)
  }
}
