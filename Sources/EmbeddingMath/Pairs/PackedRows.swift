/// Rows of `Float` packed in panels, as the kernels read them.
///
/// Entry `k` of row `r` of a panel is at `k * width + r`. The last panel is filled with zeros.
struct PackedRows: Sendable {
  let rowCount: Int
  let depth: Int
  /// The number of rows in a panel.
  let width: Int
  /// One panel per row.
  private let panels: Matrix

  /// Packs the rows of a matrix, each changed by `prepare` and then rounded.
  init(_ matrix: Matrix, width: Int, prepare: @Sendable (inout [Double]) -> Void) {
    rowCount = matrix.rowCount
    depth = matrix.columnCount
    self.width = width
    panels = .buildingRowsConcurrently(
      rowCount: (matrix.rowCount + width - 1) / width,
      columnCount: width * matrix.columnCount
    ) { panel, packed in
      for place in 0..<min(width, matrix.rowCount - panel * width) {
        var row = matrix.row(panel * width + place)
        prepare(&row)
        for index in row.indices { packed[index * width + place] = Float(row[index]) }
      }
    }
  }

  var panelCount: Int { panels.rowCount }

  /// Calls `body` with some neighbouring panels.
  func withPanels<R>(_ range: Range<Int>, _ body: (Span<Float>) -> R) -> R {
    let size = width * depth
    return panels.values.withSpan((range.lowerBound * size)..<(range.upperBound * size), body)
  }

  /// Returns a copy of one row as it was packed.
  func row(_ index: Int) -> [Float] {
    withPanels((index / width)..<(index / width + 1)) { panel in
      (0..<depth).map { panel[$0 * width + index % width] }
    }
  }

  /// The sum of squares of each row, and zeros for those that fill the last panel.
  func sumsOfSquares() -> [Float] {
    concurrentMap(panelCount) { panel in
      var sums = [Double](repeating: 0, count: width)
      withPanels(panel..<(panel + 1)) { values in
        for index in values.indices {
          sums[index % width] += Double(values[index]) * Double(values[index])
        }
      }
      return sums.map { Float($0) }
    }
    .flatMap { $0 }
  }
}
