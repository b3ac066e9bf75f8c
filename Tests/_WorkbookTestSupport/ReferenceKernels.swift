package import EmbeddingMath

/// The plainest loops for what `EmbeddingMath` computes in faster ways.
package enum Reference {
  package static func similarity(_ a: [Double], _ b: [Double], _ similarity: Similarity) -> Double {
    switch similarity {
    case .dot: dot(a, b)
    case .cosine: cosine(a, b)
    case .euclidean: zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
    case .manhattan: zip(a, b).map { abs($0 - $1) }.reduce(0, +)
    case .pearson: cosine(centred(a), centred(b))
    case .spearman: cosine(centred(ranks(a)), centred(ranks(b)))
    case .kendall: kendall(a, b)
    }
  }

  /// The values of all pairs `i < j`, row by row.
  package static func pairValues(of matrix: Matrix, by similarity: Similarity) -> [Double] {
    let rows = (0..<matrix.rowCount).map { matrix.row($0) }
    return rows.indices.flatMap { first in
      rows[(first + 1)...].map { Self.similarity(rows[first], $0, similarity) }
    }
  }

  /// The most alike row for each, from plain values; ties within 10⁻⁶ as `AllPairs` resolves them.
  package static func bestMatch(
    of matrix: Matrix,
    by similarity: Similarity,
    includingSelf: Bool
  ) -> [Int] {
    let sign = similarity.isDistance ? -1.0 : 1.0
    return (0..<matrix.rowCount).map { own in
      let row = matrix.row(own)
      let candidates = (0..<matrix.rowCount)
        .filter { includingSelf || $0 != own }
        .map { (index: $0, value: sign * Self.similarity(row, matrix.row($0), similarity)) }
        .filter(\.value.isFinite)
      guard let best = candidates.map(\.value).max() else { return own }
      let tied = candidates.filter { $0.value >= best - 1e-6 * abs(best) }.map(\.index)
      return tied.contains(own) ? own : tied.first ?? own
    }
  }

  /// The most alike row of another matrix for each; `nil` where none may be chosen.
  ///
  /// With as many candidates as rows, those of the same number belong together.
  package static func bestMatch(
    of matrix: Matrix,
    among others: Matrix,
    by similarity: Similarity,
    includingSelf: Bool,
    excluding excluded: [[Int]] = []
  ) -> [Int?] {
    let sign = similarity.isDistance ? -1.0 : 1.0
    let isPaired = matrix.rowCount == others.rowCount
    let rows = (0..<others.rowCount).map { others.row($0) }
    return (0..<matrix.rowCount).map { own in
      let row = matrix.row(own)
      guard row.allSatisfy(\.isFinite) else { return nil }
      let candidates = rows.indices
        .filter { includingSelf || !isPaired || $0 != own }
        .filter { excluded.isEmpty || !excluded[own].contains($0) }
        .filter { rows[$0].allSatisfy(\.isFinite) }
        .map { (index: $0, value: sign * Self.similarity(row, rows[$0], similarity)) }
      guard let best = candidates.map(\.value).max() else { return nil }
      let tied = candidates.filter { $0.value >= best - 1e-6 * abs(best) }.map(\.index)
      return isPaired && tied.contains(own) ? own : tied.first
    }
  }

  package static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  package static func cosine(_ a: [Double], _ b: [Double]) -> Double {
    let lengths = dot(a, a).squareRoot() * dot(b, b).squareRoot()
    return lengths == 0 ? 0 : dot(a, b) / lengths
  }

  package static func centred(_ values: [Double]) -> [Double] {
    guard Set(values).count > 1 else { return values.map { $0.isFinite ? 0 : .nan } }
    let mean = values.reduce(0, +) / Double(values.count)
    return values.map { $0 - mean }
  }

  /// One rank per value: those below, plus half of the others equal to it, plus one.
  package static func ranks(_ values: [Double]) -> [Double] {
    values.map { value in
      let below = values.count { $0 < value }
      let equal = values.count { $0 == value }
      return value.isNaN ? .nan : Double(below) + Double(equal + 1) / 2
    }
  }

  package static func kendall(_ a: [Double], _ b: [Double]) -> Double {
    var balance = 0.0
    var untiedInA = 0.0
    var untiedInB = 0.0
    for first in a.indices {
      for second in a.indices where second > first {
        let byA = sign(a[first] - a[second])
        let byB = sign(b[first] - b[second])
        balance += byA * byB
        untiedInA += abs(byA)
        untiedInB += abs(byB)
      }
    }
    let scale = (untiedInA * untiedInB).squareRoot()
    return scale == 0 ? 0 : balance / scale
  }

  package static func areaUnderCurve(_ positives: [Double], _ negatives: [Double]) -> Double {
    let wins = positives.map { positive in
      negatives.map { positive > $0 ? 1 : positive == $0 ? 0.5 : 0 }.reduce(0, +)
    }
    return wins.reduce(0, +) / Double(positives.count * negatives.count)
  }

  package static func quantile(_ q: Double, of values: [Double]) -> Double {
    let sorted = values.sorted()
    let position = q * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
  }

  package static func product(_ a: Matrix, _ b: Matrix) -> [[Double]] {
    (0..<a.rowCount).map { row in
      (0..<b.columnCount).map { column in
        (0..<a.columnCount).reduce(0) { $0 + Double(a[row, $1]) * Double(b[$1, column]) }
      }
    }
  }

  package static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  package static func variance(_ values: [Double]) -> Double {
    let centre = mean(values)
    return mean(values.map { ($0 - centre) * ($0 - centre) })
  }

  private static func sign(_ value: Double) -> Double { value > 0 ? 1 : value < 0 ? -1 : 0 }
}

extension Matrix {
  /// Normally distributed values of standard deviation 1 about a mean, the same for equal seeds.
  package static func random(
    _ rowCount: Int,
    _ columnCount: Int,
    seed: UInt64,
    mean: Double = 0
  ) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: rowCount,
      columnCount: columnCount,
      values: (0..<(rowCount * columnCount)).map { _ in Float(generator.gaussian() + mean) }
    )
  }
}
