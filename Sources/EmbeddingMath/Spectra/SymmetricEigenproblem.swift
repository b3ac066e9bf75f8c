/// The eigenvalues and eigenvectors of a symmetric matrix.
struct SymmetricEigenproblem {
  /// The eigenvalues, largest first.
  private(set) var values: [Double]
  /// The unit eigenvectors, in the order of the values.
  private(set) var vectors: [[Double]]

  /// Solves the problem for a matrix given row by row, of which the lower triangle is read.
  ///
  /// Householder's reduction to three diagonals, then QL with implicit shifts (Wilkinson and
  /// Reinsch, 1971).
  ///
  /// - Complexity: O(`order`³).
  init(order: Int, values matrix: [Double]) {
    precondition(matrix.count == order * order, "\(matrix.count) values for order \(order)")
    var tridiagonal = Tridiagonal(order: order, reducing: matrix)
    tridiagonal.diagonalise()
    let ranking = tridiagonal.diagonal.indices.sorted {
      tridiagonal.diagonal[$0] > tridiagonal.diagonal[$1]
    }
    values = ranking.map { tridiagonal.diagonal[$0] }
    vectors = ranking.map { tridiagonal.vector($0) }
  }
}

/// A symmetric matrix with three diagonals, and the rotation that made it so.
private struct Tridiagonal {
  let order: Int
  var diagonal: [Double]
  /// The entries beside the diagonal; entry `k` is that of rows `k` and `k + 1`, the last unused.
  var beside: [Double]
  private let kernels = Kernels.preferred
  /// Row `k` becomes the `k`th eigenvector, so that a rotation works on two contiguous rows.
  var rows: [Double]

  func vector(_ k: Int) -> [Double] { Array(rows[(k * order)..<((k + 1) * order)]) }

  /// Reduces a symmetric matrix by one reflection for each column but the last two.
  init(order: Int, reducing matrix: [Double]) {
    self.order = order
    diagonal = [Double](repeating: 0, count: order)
    beside = [Double](repeating: 0, count: order)
    rows = [Double](repeating: 0, count: order * order)
    for index in 0..<order { rows[index * order + index] = 1 }
    var square = matrix
    for pivot in 0..<max(0, order - 2) {
      // The reflection takes the part of this column below the diagonal onto its first entry.
      var reflector = [Double](repeating: 0, count: order)
      for row in (pivot + 1)..<order { reflector[row] = square[row * order + pivot] }
      let length = dotProduct(reflector, reflector).squareRoot()
      beside[pivot] = reflector[pivot + 1]
      guard dotProduct(reflector, reflector) != reflector[pivot + 1] * reflector[pivot + 1] else {
        continue
      }
      let target = reflector[pivot + 1] > 0 ? -length : length
      beside[pivot] = target
      reflector[pivot + 1] -= target
      RowTransform.makeUnit(&reflector)
      Self.reflect(&square, order: order, by: reflector, from: pivot + 1)
      Self.reflectRows(&rows, order: order, by: reflector, from: pivot + 1)
    }
    if order > 1 { beside[order - 2] = square[(order - 1) * order + order - 2] }
    for index in 0..<order { diagonal[index] = square[index * order + index] }
  }

  /// Applies the reflection I − 2vvᵀ on both sides of a symmetric matrix.
  ///
  /// With p = Av and q = 2(p − (vᵀp)v), the result is A − vqᵀ − qvᵀ (only the part from `start`).
  private static func reflect(
    _ square: inout [Double],
    order: Int,
    kernels: Kernels = .preferred,
    by v: [Double],
    from start: Int
  ) {
    let active = start..<order
    var q = [Double](repeating: 0, count: order)
    v.withSpan(active) { v in
      for row in active {
        q[row] = square.withSpan((row * order + start)..<((row + 1) * order)) {
          kernels.innerProduct($0, v)
        }
      }
    }
    let projection = dotProduct(v, q)
    for row in active { q[row] = 2 * (q[row] - projection * v[row]) }
    v.withSpan(active) { tail in
      q.withSpan(active) { other in
        for row in active {
          square.withMutableSpan((row * order + start)..<((row + 1) * order)) {
            kernels.add(-v[row], times: other, to: &$0)
            kernels.add(-q[row], times: tail, to: &$0)
          }
        }
      }
    }
  }

  /// Applies the reflection to the rows gathered so far: R becomes (I − 2vvᵀ)R.
  private static func reflectRows(
    _ rows: inout [Double],
    order: Int,
    kernels: Kernels = .preferred,
    by v: [Double],
    from start: Int
  ) {
    var sums = [Double](repeating: 0, count: order)
    sums.withMutableSpan(0..<order) { sums in
      for row in start..<order {
        rows.withSpan((row * order)..<((row + 1) * order)) {
          kernels.add(v[row], times: $0, to: &sums)
        }
      }
    }
    sums.withSpan(0..<order) { sums in
      for row in start..<order {
        rows.withMutableSpan((row * order)..<((row + 1) * order)) {
          kernels.add(-2 * v[row], times: sums, to: &$0)
        }
      }
    }
  }

  /// Rotates the entries beside the diagonal away.
  mutating func diagonalise() {
    for first in 0..<order {
      var attempts = 0
      while let end = endOfBlock(from: first), end > first {
        // It takes two or three in practice; the limit only stops values that are not finite.
        attempts += 1
        guard attempts <= 60 else { break }
        sweep(from: end, to: first)
      }
    }
  }

  /// The last row of the block that starts at `first` and is not yet split.
  private func endOfBlock(from first: Int) -> Int? {
    for index in first..<(order - 1) {
      let size = abs(diagonal[index]) + abs(diagonal[index + 1])
      if abs(beside[index]) <= 0x1p-53 * size { return index }
    }
    return order - 1
  }

  /// One QL step with Wilkinson's shift on the block `first...last`.
  private mutating func sweep(from last: Int, to first: Int) {
    let half = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first])
    let root = hypotenuse(half, 1)
    let shift = diagonal[first] - beside[first] / (half + (half >= 0 ? root : -root))
    var g = diagonal[last] - shift
    var sine = 1.0
    var cosine = 1.0
    var carried = 0.0
    for index in stride(from: last - 1, through: first, by: -1) {
      let f = sine * beside[index]
      let b = cosine * beside[index]
      let radius = hypotenuse(f, g)
      beside[index + 1] = radius
      if radius == 0 {
        // The block splits here by itself.
        diagonal[index + 1] -= carried
        beside[last] = 0
        return
      }
      sine = f / radius
      cosine = g / radius
      let difference = diagonal[index + 1] - carried
      let r = (diagonal[index] - difference) * sine + 2 * cosine * b
      carried = sine * r
      diagonal[index + 1] = difference + carried
      g = cosine * r - b
      kernels.rotate(
        rowsOf: &rows,
        index,
        index + 1,
        length: order,
        cosine: cosine,
        sine: sine
      )
    }
    diagonal[first] -= carried
    beside[first] = g
    beside[last] = 0
  }
}

private func hypotenuse(_ a: Double, _ b: Double) -> Double {
  let larger = max(abs(a), abs(b))
  guard larger > 0 else { return 0 }
  let ratio = min(abs(a), abs(b)) / larger
  return larger * (1 + ratio * ratio).squareRoot()
}
