extension AllPairs {
  /// Returns the rows most like a vector, the best first.
  ///
  /// Equal values rank by row. Rows whose value is NaN or infinite are passed over.
  ///
  /// - Parameters:
  ///   - query: A vector of `matrix.columnCount` entries.
  ///   - matrix: The rows to choose from.
  ///   - k: How many rows to return at most.
  ///   - similarity: How to compare; the smallest distances are most alike.
  ///   - excluding: Rows not to return.
  /// - Returns: Row indices with their similarities, or distances as they are.
  public func nearest(
    to query: [Double],
    in matrix: Matrix,
    k: Int,
    by similarity: Similarity,
    excluding: Set<Int> = []
  ) -> [(row: Int, value: Double)] {
    let values = self.similarity(to: query, of: matrix, by: similarity)
    let candidates = values.indices.filter { values[$0].isFinite && !excluding.contains($0) }
    let ranked = candidates.sorted { first, second in
      if values[first] == values[second] { return first < second }
      return (values[first] > values[second]) != similarity.isDistance
    }
    return ranked.prefix(max(0, k)).map { ($0, values[$0]) }
  }

  /// Returns the similarity of each row to a vector, in row order, computed in `Double`.
  ///
  /// A row with a NaN gives NaN for that row only; a row of zeros has cosine 0.
  ///
  /// - Precondition: `query.count == matrix.columnCount`.
  public func similarity(
    to query: [Double],
    of matrix: Matrix,
    by similarity: Similarity
  ) -> [Double] {
    matrix.requireColumnVector(query)
    switch similarity {
    case .dot: return matrix.multiplied(by: query)
    case .spearman:
      let ranks = averageRanks(query)
      return map(matrix) { pearsonCorrelation(averageRanks($0), ranks) }
    default: return map(matrix) { similarity.value($0, query) }
    }
  }

  /// Returns the similarity of given pairs of rows, in the pairs' order, computed in `Double`.
  ///
  /// The same values as ``Similarity/value(_:_:)`` of the rows.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - left: The first row of each pair.
  ///   - right: The second row of each pair.
  ///   - similarity: How to compare.
  /// - Returns: One value for each pair.
  /// - Precondition: `left` and `right` are equally long and hold rows that exist.
  /// - Complexity: O(*p* *d*) for *p* pairs, for Kendall O(*p* *d*²) of one instruction for some
  ///   dozens of entries; for Spearman and Kendall also a sort of each row, whose ranks are held.
  public func similarities(
    of rows: ComparableRows,
    left: [Int],
    right: [Int],
    by similarity: Similarity
  ) -> [Double] {
    precondition(left.count == right.count, "\(left.count) and \(right.count) rows")
    let matrix = rows.matrix
    let isOfRanks = similarity == .spearman || similarity == .kendall
    let ranks = isOfRanks ? rows.ranked(threads: threads) : []
    @Sendable func value(_ a: Int, _ b: Int) -> Double {
      switch similarity {
      case .spearman: ranks[a].spearman(ranks[b])
      case .kendall:
        ranks[a].kendall(ranks[b], kernels: kernels) ?? kendallTauB(matrix.row(a), matrix.row(b))
      default: similarity.value(matrix.row(a), matrix.row(b))
      }
    }
    let pieces = blocks(of: 64, covering: left.count)
    let values = concurrentMap(pieces.count, threads: threads) { piece in
      pieces[piece].map { value(left[$0], right[$0]) }
    }
    return Array(values.joined())
  }

  private func map(_ matrix: Matrix, _ body: @Sendable ([Double]) -> Double) -> [Double] {
    let rowBlocks = blocks(of: 256, covering: matrix.rowCount)
    let values = concurrentMap(rowBlocks.count, threads: threads) { block in
      rowBlocks[block].map { body(matrix.row($0)) }
    }
    return Array(values.joined())
  }
}
