/// A picture of dots smaller than a character, drawn in braille or, without it, in ASCII.
///
/// A character holds 2 × 4 dots in braille, 1 × 2 in ASCII.
struct DotGrid {
  let columnCount: Int
  let rowCount: Int
  let isUnicode: Bool
  /// The dots of every cell, row by row.
  private var dots: [UInt8]
  /// How many points each cell holds, row by row.
  private(set) var counts: [Int]

  var across: Int { columnCount * (isUnicode ? 2 : 1) }
  var down: Int { rowCount * (isUnicode ? 4 : 2) }

  init(columnCount: Int, rowCount: Int, isUnicode: Bool) {
    self.columnCount = columnCount
    self.rowCount = rowCount
    self.isUnicode = isUnicode
    self.dots = Array(repeating: 0, count: columnCount * rowCount)
    self.counts = Array(repeating: 0, count: columnCount * rowCount)
  }

  /// Returns the dot at a part of the width from the left and a part of the height from below.
  func dot(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
    let column = min(max(0, x * Double(across)), Double(across - 1))
    let row = min(max(0, (1 - y) * Double(down)), Double(down - 1))
    return (Int(column), Int(row))
  }

  /// Returns the cell that holds a dot.
  func cell(of dot: (x: Int, y: Int)) -> Int {
    (dot.y / (isUnicode ? 4 : 2)) * columnCount + dot.x / (isUnicode ? 2 : 1)
  }

  /// Sets a dot and counts a point.
  mutating func add(_ dot: (x: Int, y: Int)) {
    set(dot.x, dot.y)
    counts[cell(of: dot)] += 1
  }

  /// Sets all dots of a line; every column it crosses shows its full height there.
  mutating func connect(_ start: (x: Int, y: Int), _ end: (x: Int, y: Int)) {
    let (first, last) = start.x <= end.x ? (start, end) : (end, start)
    guard first.x < last.x else {
      for y in min(first.y, last.y)...max(first.y, last.y) { set(first.x, y) }
      return
    }
    let slope = Double(last.y - first.y) / Double(last.x - first.x)
    for x in first.x...last.x {
      // The part of the line within half a column on both sides.
      let left = max(Double(first.x), Double(x) - 0.5) - Double(first.x)
      let right = min(Double(last.x), Double(x) + 0.5) - Double(first.x)
      let (a, b) = (Double(first.y) + slope * left, Double(first.y) + slope * right)
      var (low, high) = (Int(min(a, b).rounded()), Int(max(a, b).rounded()))
      // Steep lines need no dot twice: the next column begins where this one ends.
      if high - low > 1, x < last.x { if slope > 0 { high -= 1 } else { low += 1 } }
      for y in low...high { set(x, y) }
    }
  }

  private mutating func set(_ x: Int, _ y: Int) {
    guard (0..<across).contains(x), (0..<down).contains(y) else { return }
    let bit =
      isUnicode
      ? Self.brailleBits[(y % 4) * 2 + x % 2]
      : UInt8(1 + y % 2)
    dots[cell(of: (x, y))] |= bit
  }

  func isEmpty(_ cell: Int) -> Bool { dots[cell] == 0 }

  /// Returns the character that shows a cell's dots.
  func character(_ cell: Int) -> Character {
    let dots = dots[cell]
    guard dots > 0 else { return " " }
    guard isUnicode else { return dots == 1 ? "'" : dots == 2 ? "." : "|" }
    return Unicode.Scalar(0x2800 + UInt32(dots)).map(Character.init) ?? " "
  }

  /// The bits of a braille character's dots, row by row.
  private static let brailleBits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
}
