/// Means and variances over all pairs of rows that need no pass over the pairs.
///
/// Each is over unordered pairs of distinct rows and NaN with fewer than two. A NaN or infinity
/// anywhere makes the result NaN or infinite; the all-pairs engine leaves such rows out instead.
public enum ClosedForm {
  /// Returns the mean cosine, (|Σu|² − Σ|u|²) / (n(n−1)) for unit rows u.
  ///
  /// A row of zeros contributes 0.
  public static func meanPairwiseCosine(of matrix: Matrix) -> Double {
    let norms = matrix.rowNorms()
    let sums = matrix.columnSums(scalingRowsBy: norms.map { $0 == 0 ? 0 : 1 / $0 })
    // A unit row's square is 1, a row of zeros' 0.
    let squares = Double(norms.count { $0 != 0 })
    return (dotProduct(sums, sums) - squares) / orderedPairs(matrix)
  }

  /// Returns for each row its mean dot product with the other rows, (x·Σx − |x|²) / (n−1).
  ///
  /// NaN with fewer than two rows.
  public static func rowMeansOfPairwiseDot(of matrix: Matrix) -> [Double] {
    let sums = matrix.columnSums()
    let others = matrix.rowCount > 1 ? Double(matrix.rowCount - 1) : .nan
    return zip(matrix.multiplied(by: sums), matrix.rowNorms()).map { ($0 - $1 * $1) / others }
  }

  /// Returns the mean dot product, (|Σx|² − Σ|x|²) / (n(n−1)).
  public static func meanPairwiseDot(of matrix: Matrix) -> Double {
    let sums = matrix.columnSums()
    let squares = matrix.rowNorms().reduce(0) { $0 + $1 * $1 }
    return (dotProduct(sums, sums) - squares) / orderedPairs(matrix)
  }

  /// Returns the mean Pearson correlation; a constant row contributes 0.
  public static func meanPairwisePearson(of matrix: Matrix) -> Double {
    meanPairwiseCosine(of: matrix.centredRows())
  }

  /// Returns the population variance of the cosine.
  ///
  /// The squared cosines of all ordered pairs, diagonal included, add up to ‖UᵀU‖², the squared
  /// Frobenius norm, for the matrix U of unit rows.
  ///
  /// - Complexity: O(*n* *d*²).
  public static func variancePairwiseCosine(of matrix: Matrix) -> Double {
    let unit = matrix.unitRows()
    let gram = GramMatrix(ofColumnsOf: unit).values
    let diagonal = unit.rowNorms().reduce(0) { $0 + $1 * $1 * $1 * $1 }
    let meanSquare = (dotProduct(gram, gram) - diagonal) / orderedPairs(matrix)
    let mean = meanPairwiseCosine(of: matrix)
    return max(0, meanSquare - mean * mean)
  }

  /// The number of ordered pairs; NaN below two rows, so that the results are.
  private static func orderedPairs(_ matrix: Matrix) -> Double {
    guard matrix.rowCount > 1 else { return .nan }
    return Double(matrix.rowCount) * Double(matrix.rowCount - 1)
  }
}
