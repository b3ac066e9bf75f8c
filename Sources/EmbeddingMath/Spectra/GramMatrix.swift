/// The inner products of all pairs of columns of a matrix, in double.
struct GramMatrix {
  /// The number of columns of the matrix, and the order of this square.
  let order: Int
  /// The products, row by row.
  let values: [Double]

  /// Computes the products, summed over blocks of rows in a fixed order.
  ///
  /// - Complexity: O(*n* *d*²); holds at most eight partial results at a time.
  init(ofColumnsOf matrix: Matrix, kernels: Kernels = .preferred) {
    let order = matrix.columnCount
    let width = kernels.doublePanelWidth
    let padded = (order + width - 1) / width * width
    let rowBlocks = blocks(of: max(256, (matrix.rowCount + 7) / 8), covering: matrix.rowCount)
    let partialSums = concurrentMap(rowBlocks.count) { block in
      Self.products(of: matrix, rows: rowBlocks[block], padded: padded, kernels: kernels)
    }
    var values = [Double](repeating: 0, count: order * order)
    for sums in partialSums {
      for first in 0..<order {
        for second in first..<order {
          values[first * order + second] += sums[first * padded + second]
        }
      }
    }
    for first in 0..<order {
      for second in 0..<first { values[first * order + second] = values[second * order + first] }
    }
    self.order = order
    self.values = values
  }

  /// Sums the products over some rows: a square of `padded` columns, right from the diagonal on.
  private static func products(
    of matrix: Matrix,
    rows: Range<Int>,
    padded: Int,
    kernels: Kernels
  ) -> [Double] {
    let width = kernels.doublePanelWidth
    let chunk = 256
    var sums = [Double](repeating: 0, count: padded * padded)
    var packed = [Double](repeating: 0, count: padded * chunk)
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: chunk) {
      let depth = min(chunk, rows.upperBound - first)
      for inner in 0..<depth {
        matrix.withRow(first + inner) { row in
          for column in row.indices {
            let panel = column / width
            packed[(panel * depth + inner) * width + column % width] = Double(row[column])
          }
        }
      }
      let panelSize = depth * width
      let end = padded * depth
      for panel in 0..<(padded / width) {
        let start = panel * panelSize
        packed.withSpan(start..<(start + panelSize)) { left in
          packed.withSpan(start..<end) { right in
            sums.withMutableSpan(0..<sums.count) {
              let corner = panel * width * (padded + 1)
              kernels.addProducts(
                left,
                right,
                depth: depth,
                into: &$0,
                from: corner,
                stride: padded
              )
            }
          }
        }
      }
    }
    return sums
  }
}
