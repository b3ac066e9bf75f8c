/// Fisher's linear discriminant of two groups of rows.
public enum LinearDiscriminant {
  /// A share of the mean variance that is added to each direction's, so that a direction without
  /// spread, or with fewer rows than columns, does not blow up.
  public static let ridge = 1e-6

  /// Returns the direction that separates two groups best: S⁻¹(m₁ − m₀), scaled to length 1.
  ///
  /// S is the pooled covariance within the groups (Fisher, 1936), its sums formed in double. The
  /// direction points towards the first group.
  ///
  /// - Parameters:
  ///   - matrix: The rows, all finite.
  ///   - mask: For each row whether it belongs to the first group.
  /// - Returns: `columnCount` entries, or `nil` when a group is empty or the groups have one mean.
  /// - Precondition: `mask.count == matrix.rowCount`.
  /// - Complexity: O(*n* *d*² + *d*³).
  public static func direction(of matrix: Matrix, where mask: [Bool]) -> [Double]? {
    precondition(mask.count == matrix.rowCount, "\(mask.count) truths, \(matrix.rowCount) rows")
    let groups = [true, false].map { side in mask.indices.filter { mask[$0] == side } }
    guard groups.allSatisfy({ !$0.isEmpty }) else { return nil }
    let order = matrix.columnCount
    var scatter = [Double](repeating: 0, count: order * order)
    var means: [[Double]] = []
    for group in groups {
      let rows = matrix.selectingRows(group)
      let mean = rows.columnMeans()
      // Centred first: the scatter of rows far from the origin would drown in their squares.
      let centred = GramMatrix(ofColumnsOf: rows.subtractingFromRows(mean)).values
      for index in scatter.indices { scatter[index] += centred[index] }
      means.append(mean)
    }
    let count = Double(matrix.rowCount)
    var trace = 0.0
    for index in scatter.indices { scatter[index] /= count }
    for column in 0..<order { trace += scatter[column * order + column] }
    let added = max(ridge * trace / Double(max(1, order)), .leastNormalMagnitude)
    for column in 0..<order { scatter[column * order + column] += added }
    let difference = zip(means[0], means[1]).map { $0 - $1 }
    guard let solution = solvingPositive(scatter, difference) else { return nil }
    let length = dotProduct(solution, solution).squareRoot()
    guard length > 0, length.isFinite else { return nil }
    return solution.map { $0 / length }
  }

  /// Solves a symmetric positive definite system by Cholesky's factorisation.
  ///
  /// - Returns: The solution, or `nil` when the matrix is not positive definite.
  private static func solvingPositive(_ matrix: [Double], _ right: [Double]) -> [Double]? {
    let order = right.count
    var factor = matrix
    for row in 0..<order {
      for column in 0...row {
        var sum = factor[row * order + column]
        for inner in 0..<column {
          sum -= factor[row * order + inner] * factor[column * order + inner]
        }
        if row == column {
          guard sum > 0 else { return nil }
          factor[row * order + row] = sum.squareRoot()
        } else {
          factor[row * order + column] = sum / factor[column * order + column]
        }
      }
    }
    var solution = right
    for row in 0..<order {
      for column in 0..<row { solution[row] -= factor[row * order + column] * solution[column] }
      solution[row] /= factor[row * order + row]
    }
    for row in stride(from: order - 1, through: 0, by: -1) {
      for column in (row + 1)..<max(order, row + 1) {
        solution[row] -= factor[column * order + row] * solution[column]
      }
      solution[row] /= factor[row * order + row]
    }
    return solution
  }
}
