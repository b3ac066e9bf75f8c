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

  private func map(_ matrix: Matrix, _ body: @Sendable ([Double]) -> Double) -> [Double] {
    let rowBlocks = blocks(of: 256, covering: matrix.rowCount)
    let values = concurrentMap(rowBlocks.count, threads: threads) { block in
      rowBlocks[block].map { body(matrix.row($0)) }
    }
    return Array(values.joined())
  }
}
