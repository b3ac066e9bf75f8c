/// The finite rows of a matrix, made ready for comparing all pairs by one similarity.
///
/// Rows are changed so that a plain product of two rows is the similarity up to a factor: unit
/// rows for the cosine, centred unit rows for Pearson, ranked ones for Spearman. Otherwise they
/// are scaled by a power of two, which loses nothing, so that no product overflows.
struct PreparedRows: Sendable {
  let similarity: Similarity
  /// The rows without NaN or infinity, as they were given.
  let finite: Matrix
  /// The index in the given matrix of each finite row.
  let originalIndices: [Int]
  /// The similarity is this times the value computed from packed rows.
  let factor: Double
  /// A range that holds all computed values.
  let range: ClosedRange<Float>
  let packed: PackedRows
  let kernels: Kernels
  /// The sum of squares of each packed row; only for Euclidean distances.
  let squares: [Float]

  init(_ matrix: Matrix, for similarity: Similarity, kernels: Kernels) {
    let isFinite = matrix.mapRows { row in
      for index in row.indices where !row[index].isFinite { return 0 }
      return 1
    }
    let originalIndices = isFinite.indices.filter { isFinite[$0] == 1 }
    let finite =
      originalIndices.count == matrix.rowCount ? matrix : matrix.selectingRows(originalIndices)
    let plan = Plan(finite, similarity)
    self.similarity = similarity
    self.finite = finite
    self.originalIndices = originalIndices
    self.kernels = kernels
    factor = plan.factor
    range = plan.range
    packed = PackedRows(finite, width: kernels.panelWidth, prepare: plan.prepare)
    squares = similarity == .euclidean ? packed.sumsOfSquares() : []
  }

  /// A typical value, from a few pairs spread over the rows.
  var pivot: Float {
    let half = finite.rowCount / 2
    let count = min(64, half)
    guard count > 0 else { return 0 }
    var sum = 0.0
    for sample in 0..<count {
      let first = sample * half / count
      sum += similarity.value(finite.row(first), finite.row(first + half)) / factor
    }
    return min(range.upperBound, max(range.lowerBound, Float(sum / Double(count))))
  }

  /// Writes the values of all rows in some panels against all rows in others, row after row.
  ///
  /// What stands for rows beyond the last is without meaning.
  func compare(_ rows: Range<Int>, with columns: Range<Int>, into values: inout [Float]) {
    if similarity == .kendall {
      compareByKendall(rows, with: columns, into: &values)
      return
    }
    packed.withPanels(rows) { left in
      packed.withPanels(columns) { right in
        kernels.multiply(
          similarity == .manhattan ? .absoluteDifference : .innerProduct,
          left,
          right,
          depth: packed.depth,
          into: &values
        )
      }
    }
    if similarity == .euclidean { takeDistances(rows, columns, in: &values) }
  }

  private func takeDistances(_ rows: Range<Int>, _ columns: Range<Int>, in values: inout [Float]) {
    let stride = columns.count * packed.width
    let firstColumn = columns.lowerBound * packed.width
    for place in 0..<(rows.count * packed.width) {
      let row = rows.lowerBound * packed.width + place
      let lostDigits = values.withMutableSpan((place * stride)..<((place + 1) * stride)) { values in
        squares.withSpan(firstColumn..<(firstColumn + stride)) {
          kernels.takeDistances(&values, rowSquare: squares[row], columnSquares: $0)
        }
      }
      guard lostDigits && row < packed.rowCount else { continue }
      let left = packed.row(row)
      for column in 0..<min(stride, packed.rowCount - firstColumn) {
        let distance = values[place * stride + column]
        let scale = squares[row] + squares[firstColumn + column]
        // A little wider than the kernel's own test, which rounds elsewhere.
        guard distance * distance < 1.001e-3 * scale else { continue }
        values[place * stride + column] = distanceByDifferences(left, to: firstColumn + column)
      }
    }
  }

  private func distanceByDifferences(_ left: [Float], to row: Int) -> Float {
    let panel = row / packed.width
    let place = row % packed.width
    return packed.withPanels(panel..<(panel + 1)) { right in
      var sum = 0.0
      for index in left.indices {
        let difference = Double(left[index]) - Double(right[index * packed.width + place])
        sum += difference * difference
      }
      return Float(sum.squareRoot())
    }
  }

  private func compareByKendall(
    _ rows: Range<Int>,
    with columns: Range<Int>,
    into values: inout [Float]
  ) {
    let stride = columns.count * packed.width
    let columnRows = (0..<stride).map { place -> [Double] in
      let row = columns.lowerBound * packed.width + place
      return row < finite.rowCount ? finite.row(row) : []
    }
    for place in 0..<(rows.count * packed.width) {
      let row = rows.lowerBound * packed.width + place
      guard row < finite.rowCount else { break }
      let left = finite.row(row)
      for (column, right) in columnRows.enumerated() where !right.isEmpty {
        values[place * stride + column] = Float(kendallTauB(left, right))
      }
    }
  }
}

/// How rows are changed before they are packed, and what range the values then lie in.
private struct Plan {
  var prepare: @Sendable (inout [Double]) -> Void = { _ in }
  var factor = 1.0
  var range: ClosedRange<Float> = -1...1

  init(_ matrix: Matrix, _ similarity: Similarity) {
    switch similarity {
    case .cosine:
      prepare = { RowTransform.makeUnit(&$0) }
    case .pearson:
      prepare = {
        RowTransform.centre(&$0)
        RowTransform.makeUnit(&$0)
      }
    case .spearman:
      prepare = {
        $0 = averageRanks($0)
        RowTransform.centre(&$0)
        RowTransform.makeUnit(&$0)
      }
    case .kendall: break
    case .dot: planDot(matrix)
    case .euclidean: planEuclidean(matrix)
    case .manhattan: planManhattan(matrix)
    }
  }

  /// Bounds x·y by lengths, from the origin and from the mean row m.
  ///
  /// With p = x·m, x·y = (x−m)·(y−m) + p(x) + p(y) − |m|², so lengths about the mean bound it too.
  private mutating func planDot(_ matrix: Matrix) {
    let norms = matrix.rowNorms()
    let mean = matrix.columnMeans()
    let projections = matrix.multiplied(by: mean)
    let meanSquare = dotProduct(mean, mean)
    let spreads = norms.indices.map {
      max(0, norms[$0] * norms[$0] - 2 * projections[$0] + meanSquare).squareRoot()
    }
    let longest = largestTwo(norms)
    let radius = longest.first * longest.second
    let widest = largestTwo(spreads)
    let spread = widest.first * widest.second
    let highest = largestTwo(projections)
    let lowest = largestTwo(projections.map { -$0 })
    let upper = min(radius, spread + highest.first + highest.second - meanSquare)
    let lower = max(-radius, -spread - lowest.first - lowest.second - meanSquare)
    let scale = powerOfTwo(under: longest.first)
    prepare = { row in for index in row.indices { row[index] *= scale } }
    factor = 1 / (scale * scale)
    setRange(lower * scale * scale, upper * scale * scale, margin: radius * scale * scale)
  }

  private mutating func planEuclidean(_ matrix: Matrix) {
    let centre = matrix.columnMeans()
    let norms = matrix.mapRows { row in
      var sum = 0.0
      for index in row.indices {
        let deviation = Double(row[index]) - centre[index]
        sum += deviation * deviation
      }
      return sum.squareRoot()
    }
    let longest = largestTwo(norms)
    let scale = powerOfTwo(under: longest.first)
    prepare = { row in
      for index in row.indices { row[index] = (row[index] - centre[index]) * scale }
    }
    factor = 1 / scale
    let upper = (longest.first + longest.second) * scale
    setRange(0, upper, margin: upper)
  }

  private mutating func planManhattan(_ matrix: Matrix) {
    let centre = matrix.columnMeans()
    let lengths = matrix.mapRows { row in
      var sum = 0.0
      for index in row.indices { sum += abs(Double(row[index]) - centre[index]) }
      return sum
    }
    let longest = largestTwo(lengths)
    let scale = powerOfTwo(under: longest.first)
    prepare = { row in for index in row.indices { row[index] *= scale } }
    factor = 1 / scale
    let upper = (longest.first + longest.second) * scale
    setRange(0, upper, margin: upper)
  }

  /// Sets the range, wider by far more than sums of `margin`'s size round.
  private mutating func setRange(_ lower: Double, _ upper: Double, margin: Double) {
    let slack = margin * 0x1p-16
    let lowest = lower == 0 ? Float(0) : Float(lower - slack)
    let highest = Float(upper + slack)
    range = lowest < highest ? lowest...highest : -1...1
  }

  private func largestTwo(_ values: [Double]) -> (first: Double, second: Double) {
    var first = -Double.infinity
    var second = -Double.infinity
    for value in values {
      if value > first {
        (first, second) = (value, first)
      } else if value > second {
        second = value
      }
    }
    // Fewer than two rows make no pairs, so any finite bound will do.
    return (first.isFinite ? first : 0, second.isFinite ? second : 0)
  }

  /// The power of two that brings `value` into 0.5..<1; 1 for zero.
  private func powerOfTwo(under value: Double) -> Double {
    guard value > 0 && value.isFinite else { return 1 }
    return Double(sign: .plus, exponent: -(Int(value.exponent) + 1), significand: 1)
  }
}
