extension Matrix {
  /// The mean of each row; NaN without columns.
  public func rowMeans() -> [Double] {
    mapRows { row in
      var sum = 0.0
      for column in row.indices { sum += Double(row[column]) }
      return sum / Double(row.count)
    }
  }

  /// The population standard deviation of each row; NaN without columns.
  public func rowStandardDeviations() -> [Double] {
    let means = rowMeans()
    return mapRowsWithIndex { index, row in
      var squares = 0.0
      for column in row.indices {
        let deviation = Double(row[column]) - means[index]
        squares += deviation * deviation
      }
      return (squares / Double(row.count)).squareRoot()
    }
  }

  /// The Euclidean length of each row.
  public func rowNorms() -> [Double] {
    mapRows { row in
      var squares = 0.0
      for column in row.indices { squares += Double(row[column]) * Double(row[column]) }
      return squares.squareRoot()
    }
  }

  /// Returns each row divided by its length; a row of zeros stays zero.
  public func unitRows() -> Matrix { transformingRows { RowTransform.makeUnit(&$0) } }

  /// Returns each row less its own mean over columns.
  public func centredRows() -> Matrix { transformingRows { RowTransform.centre(&$0) } }

  /// Returns each row's ranks from 1, ties averaged; a row with a NaN becomes all NaN.
  public func rankedRows() -> Matrix { transformingRows { $0 = averageRanks($0) } }

  /// Returns each row's values from the smallest to the largest, NaN last.
  public func sortedRows() -> Matrix { transformingRows { $0.sort(by: precedes) } }

  /// Returns the rows with their components along some directions removed.
  ///
  /// The directions are made orthonormal first, in their order, so they need be neither; one that
  /// depends on those before it is passed over.
  ///
  /// - Precondition: Each direction has `columnCount` entries.
  public func projectingOut(_ directions: [[Double]]) -> Matrix {
    for direction in directions { requireColumnVector(direction) }
    let basis = orthonormalised(directions)
    return transformingRows { row in
      for direction in basis {
        let component = dotProduct(row, direction)
        for column in row.indices { row[column] -= component * direction[column] }
      }
    }
  }

  /// Returns one number per row, in row order.
  func mapRows(_ body: @Sendable (Span<Float>) -> Double) -> [Double] {
    mapRowsWithIndex { _, row in body(row) }
  }

  /// Returns one number per row from its index and values, in row order.
  func mapRowsWithIndex(_ body: @Sendable (Int, Span<Float>) -> Double) -> [Double] {
    let rowBlocks = blocks(of: 1_024, covering: rowCount)
    return Array(
      concurrentMap(rowBlocks.count) { block in
        rowBlocks[block].map { index in withRow(index) { body(index, $0) } }
      }
      .joined()
    )
  }

  private func transformingRows(_ transform: @Sendable (inout [Double]) -> Void) -> Matrix {
    .buildingRowsConcurrently(rowCount: rowCount, columnCount: columnCount) { index, result in
      var row = self.row(index)
      transform(&row)
      for column in row.indices { result[column] = Float(row[column]) }
    }
  }
}

/// Changes to one row, in double.
enum RowTransform {
  /// Divides by the length; zeros stay zeros.
  static func makeUnit(_ row: inout [Double]) {
    let norm = dotProduct(row, row).squareRoot()
    guard norm != 0 else { return }
    for column in row.indices { row[column] /= norm }
  }

  /// Subtracts the mean; a constant row becomes exactly zero, whatever its mean rounds to.
  static func centre(_ row: inout [Double]) {
    guard let first = row.first else { return }
    if row.allSatisfy({ $0 == first && $0.isFinite }) {
      row = [Double](repeating: 0, count: row.count)
      return
    }
    let mean = row.reduce(0, +) / Double(row.count)
    for column in row.indices { row[column] -= mean }
  }
}

/// Whether a number comes before another in ascending order; NaN comes after every number.
public func precedes(_ first: Double, _ second: Double) -> Bool {
  second.isNaN ? !first.isNaN : first < second
}

/// The sum of products of the entries at the same place.
func dotProduct(_ a: [Double], _ b: [Double]) -> Double {
  assert(a.count == b.count)
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}

/// Returns orthonormal vectors that span the same space, by Gram–Schmidt applied twice.
///
/// A vector with less than 10⁻¹⁰ of its length outside the span of those before it is left out.
func orthonormalised(_ vectors: [[Double]]) -> [[Double]] {
  var basis: [[Double]] = []
  for vector in vectors {
    if let direction = orthonormal(vector, to: basis) { basis.append(direction) }
  }
  return basis
}

/// Returns the unit vector along what is left of `vector` outside the span of an orthonormal basis.
///
/// `nil` where less than 10⁻¹⁰ of its length is left. Subtracting twice removes what rounding left
/// of the first time.
func orthonormal(_ vector: [Double], to basis: [[Double]]) -> [Double]? {
  let length = dotProduct(vector, vector).squareRoot()
  guard length > 0 else { return nil }
  var rest = vector.map { $0 / length }
  for _ in 0..<2 {
    for direction in basis {
      let component = dotProduct(rest, direction)
      for index in rest.indices { rest[index] -= component * direction[index] }
    }
  }
  let remaining = dotProduct(rest, rest).squareRoot()
  return remaining > 1e-10 ? rest.map { $0 / remaining } : nil
}
