/// A division of all pairs of packed rows into blocks that fit a processor's cache.
struct PairBlocks {
  /// Ranges of panels, small enough that two of them and their products fit a megabyte.
  let panelRanges: [Range<Int>]

  /// One unit of work: a range of panels against some of the ranges.
  struct Item {
    var rows: Int
    var columns: Range<Int>
  }

  init(_ packed: PackedRows) {
    let panelBytes = packed.width * max(1, packed.depth) * MemoryLayout<Float>.size
    let atOnce = max(1, min(320 * 1_024 / panelBytes, 320 / packed.width))
    panelRanges = blocks(of: atOnce, covering: packed.panelCount)
  }

  /// Items that cover each unordered pair once: ranges against themselves and those after them.
  var triangle: [Item] {
    panelRanges.indices.flatMap { row in
      blocks(of: 8, covering: panelRanges.count - row).map { columns in
        Item(rows: row, columns: (columns.lowerBound + row)..<(columns.upperBound + row))
      }
    }
  }

  /// The indices of the ranges that hold some of the given packed rows.
  func ranges(covering rows: Range<Int>, width: Int) -> Range<Int> {
    guard !rows.isEmpty else { return 0..<0 }
    let first = panelRanges.firstIndex { $0.upperBound * width > rows.lowerBound }
    let end = panelRanges.firstIndex { $0.lowerBound * width >= rows.upperBound }
    return (first ?? panelRanges.count)..<(end ?? panelRanges.count)
  }

  /// The number of panels in the longest range.
  var longestRange: Int { panelRanges.first?.count ?? 0 }
}
