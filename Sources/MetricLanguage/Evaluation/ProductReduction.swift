import EmbeddingMath

/// Reductions of a matrix product that never hold the product.
///
/// `max(W_E @ W_in[0])` reduces 309 MB to 1,536 numbers. The sum and the mean of a product are the
/// product of a sum; the others walk it in blocks of rows.
enum ProductReduction {
  /// A block has about this many entries, 16 MB.
  private static let blockSize = 4_000_000

  /// The reductions that can be had without the whole product.
  static let names: Set<String> = ["sum", "mean", "std", "min", "max", "row_norms"]

  /// Returns the reduction called `name` of `left @ right`: one number for each column of the
  /// product, or for `row_norms` one for each row.
  ///
  /// Sums and means differ from those of the float32 product by its rounding.
  ///
  /// - Precondition: `left.columnCount == right.rowCount`, and `left` has rows.
  static func reduce(_ name: String, _ left: Matrix, _ right: Matrix) -> [Double]? {
    switch name {
    case "sum": return product(left.columnSums(), right)
    case "mean": return product(left.columnMeans(), right)
    case "std": return standardDeviations(left, right)
    case "min":
      return extremes(left, right) {
        $0.columnMinima()
      } pick: {
        Swift.min($0, $1)
      }
    case "max":
      return extremes(left, right) {
        $0.columnMaxima()
      } pick: {
        Swift.max($0, $1)
      }
    case "row_norms": return blocks(left, right).flatMap { $0.rowNorms() }
    default: return nil
    }
  }

  private static func product(_ vector: [Double], _ matrix: Matrix) -> [Double] {
    matrix.transposed().multiplied(by: vector)
  }

  /// The product, some rows at a time.
  private static func blocks(_ left: Matrix, _ right: Matrix) -> some Sequence<Matrix> {
    let rows = Swift.max(1, blockSize / Swift.max(1, right.columnCount))
    return stride(from: 0, to: left.rowCount, by: rows).lazy.map { start in
      let end = Swift.min(start + rows, left.rowCount)
      return left.selectingRows(Array(start..<end)).multiplied(by: right)
    }
  }

  private static func standardDeviations(_ left: Matrix, _ right: Matrix) -> [Double] {
    let means = product(left.columnMeans(), right)
    var squares = [Double](repeating: 0, count: means.count)
    for block in blocks(left, right) {
      let deviations = block.columnStandardDeviations()
      let blockMeans = block.columnMeans()
      let count = Double(block.rowCount)
      for column in squares.indices {
        let offset = blockMeans[column] - means[column]
        squares[column] += count * (deviations[column] * deviations[column] + offset * offset)
      }
    }
    return squares.map { ($0 / Double(left.rowCount)).squareRoot() }
  }

  private static func extremes(
    _ left: Matrix,
    _ right: Matrix,
    of block: (Matrix) -> [Double],
    pick: (Double, Double) -> Double
  ) -> [Double] {
    var result: [Double]?
    for part in blocks(left, right) {
      let own = block(part)
      result =
        result.map { known in
          zip(known, own).map { $0.isNaN || $1.isNaN ? .nan : pick($0, $1) }
        } ?? own
    }
    return result ?? []
  }
}

extension Expression {
  /// The two sides of the product that a reduction called with it could fuse, if it is one.
  func fusableProduct(in reduction: String) -> (left: Expression, right: Expression)? {
    guard ProductReduction.names.contains(reduction),
      case .binary(.product, let left, let right) = kind
    else { return nil }
    return (left, right)
  }
}
