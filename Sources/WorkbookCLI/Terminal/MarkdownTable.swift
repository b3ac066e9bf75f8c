/// Lays a table out in aligned columns, wrapping cells where the table is wider than the terminal.
struct MarkdownTable {
  private static let narrowestColumn = 6

  let header: [String]
  let alignments: [MarkdownBlock.Alignment]
  /// Rows with as many cells as the header.
  let rows: [[String]]
  let style: TextStyle

  func lines(width: Int) -> [String] {
    let wrapping = MarkdownWrapping(style: style)
    let plain = MarkdownWrapping(style: .plain)
    let cells = ([header] + rows).map { row in
      row.map { MarkdownInlineParser.parse($0, keepsMarks: !style.isANSI) }
    }
    let natural = header.indices.map { column in
      cells.map { row in
        plain.lines(row[column], width: .max).map { DisplayWidth.of($0) }.max() ?? 0
      }
      .max() ?? 0
    }
    let widths = fitted(natural, into: width - 3 * (header.count - 1))
    var lines: [String] = []
    for (index, row) in cells.enumerated() {
      // Lines are measured without escape sequences, and shown with them.
      let shown = zip(row, widths).map { wrapping.lines($0, width: $1) }
      let bare = zip(row, widths).map { plain.lines($0, width: $1) }
      for line in 0..<max(1, shown.map(\.count).max() ?? 1) {
        let parts = header.indices.map { column in
          let text = line < shown[column].count ? shown[column][line] : ""
          let used = line < bare[column].count ? DisplayWidth.of(bare[column][line]) : 0
          let cell = index == 0 ? style.bold(text) : text
          return aligned(cell, used: used, width: widths[column], alignments[column])
        }
        lines.append(String(parts.joined(separator: " | ").trimmingEnd))
      }
      if index == 0 {
        lines.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: "-+-"))
      }
    }
    return lines
  }

  /// Takes columns from the widest until all fit, or all are as narrow as may be.
  private func fitted(_ natural: [Int], into room: Int) -> [Int] {
    var low = Self.narrowestColumn
    var high = max(natural.max() ?? 0, low)
    // The widest limit on a column's width at which the table still fits.
    while low < high {
      let middle = low + (high - low + 1) / 2
      if natural.reduce(0, { $0 + min($1, middle) }) <= room {
        low = middle
      } else {
        high = middle - 1
      }
    }
    return natural.map { min($0, low) }
  }

  private func aligned(
    _ text: String,
    used: Int,
    width: Int,
    _ alignment: MarkdownBlock.Alignment
  ) -> String {
    let free = max(0, width - used)
    let before =
      switch alignment {
      case .left: 0
      case .centre: free / 2
      case .right: free
      }
    return String(repeating: " ", count: before) + text
      + String(repeating: " ", count: free - before)
  }
}

extension StringProtocol {
  /// The text without spaces at its end.
  fileprivate var trimmingEnd: SubSequence {
    guard let last = lastIndex(where: { $0 != " " }) else { return self[startIndex..<startIndex] }
    return self[...last]
  }
}
