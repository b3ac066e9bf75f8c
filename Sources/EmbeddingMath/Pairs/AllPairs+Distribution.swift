extension AllPairs {
  /// Returns the distribution of the similarity over all unordered pairs of distinct rows.
  ///
  /// Products are formed in `Float` and their moments summed in `Double`. The histogram spans -1
  /// to 1 for correlations, and otherwise bounds taken from the lengths of the rows.
  ///
  /// - Parameters:
  ///   - matrix: The rows.
  ///   - similarity: How two rows compare.
  ///   - bins: The number of bins of the histogram, at most 2²⁰.
  ///   - progress: Called now and then, on any thread, with the share done, from 0 to 1.
  ///   - isCancelled: Asked now and then, on any thread, whether to stop.
  /// - Returns: The distribution of *n* (*n* − 1) / 2 values, less those of rows not finite.
  /// - Throws: `CancellationError` once `isCancelled` returned true.
  /// - Complexity: O(*n*² *d*); Kendall O(*n*² *d* log *d*). Holds one copy of the rows in `Float`.
  public func distribution(
    of matrix: Matrix,
    by similarity: Similarity,
    bins: Int = 4_096,
    progress: (@Sendable (Double) -> Void)? = nil,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) throws(CancellationError) -> PairDistribution {
    precondition(bins > 0 && bins <= 1 << 20, "\(bins) bins")
    let rows = PreparedRows(matrix, for: similarity, kernels: kernels)
    let census = PairCensus(rows, bins: bins)
    let items = PairBlocks(rows.packed).triangle
    let supervisor = Supervisor(
      total: max(1, items.reduce(0) { $0 + $1.columns.count }),
      progress: progress,
      isCancelled: isCancelled
    )
    let tallies = workConcurrently(items: items.count, threads: threads, makeState: census.tally) {
      tally,
      item in
      guard supervisor.shouldContinue() else { return }
      census.count(items[item], at: item, in: &tally)
      supervisor.finish(items[item].columns.count)
    }
    if supervisor.wasStopped { throw CancellationError() }
    var distribution = census.distribution(from: tallies)
    distribution.nonFiniteCount = pairCount(matrix.rowCount) - distribution.count
    return distribution
  }

  /// Returns the distribution of the similarity of each row to the row at the same place in
  /// another matrix, computed in `Double`.
  ///
  /// - Parameters:
  ///   - first: One row of each pair.
  ///   - second: The other row of each pair, in the same shape.
  ///   - similarity: How two rows compare.
  ///   - bins: The number of bins of the histogram.
  ///   - progress: Called now and then, on any thread, with the share done, from 0 to 1.
  ///   - isCancelled: Asked now and then, on any thread, whether to stop.
  /// - Returns: The distribution of one value per row; pairs that are not finite are counted.
  /// - Throws: `CancellationError` once `isCancelled` returned true.
  /// - Precondition: The matrices have the same shape.
  public func distribution(
    of first: Matrix,
    and second: Matrix,
    by similarity: Similarity,
    bins: Int = 4_096,
    progress: (@Sendable (Double) -> Void)? = nil,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) throws(CancellationError) -> PairDistribution {
    precondition(
      first.rowCount == second.rowCount && first.columnCount == second.columnCount,
      "\(first.rowCount) × \(first.columnCount) against \(second.rowCount) × \(second.columnCount)"
    )
    let rowBlocks = blocks(of: 256, covering: first.rowCount)
    let supervisor = Supervisor(
      total: max(1, rowBlocks.count),
      progress: progress,
      isCancelled: isCancelled
    )
    let values = concurrentMap(rowBlocks.count, threads: threads) { block -> [Double] in
      guard supervisor.shouldContinue() else { return [] }
      defer { supervisor.finish(1) }
      return rowBlocks[block].map { similarity.value(first.row($0), second.row($0)) }
    }
    if supervisor.wasStopped { throw CancellationError() }
    return PairDistribution(values: Array(values.joined()), bins: bins)
  }
}

/// Counts the values of all pairs.
///
/// Sums over all pairs are kept per item of work and added in the order of items. Sums per row
/// are added as whole numbers of a small unit, so that their order does not matter.
private struct PairCensus: Sendable {
  private let rows: PreparedRows
  private let binning: Binning
  private let blocks: PairBlocks
  /// Sums per row are counted in units of one over this.
  private let unitsPerOne: Double

  init(_ rows: PreparedRows, bins: Int) {
    self.rows = rows
    blocks = PairBlocks(rows.packed)
    binning = Binning(
      lower: rows.range.lowerBound,
      upper: rows.range.upperBound,
      bins: bins,
      pivot: rows.pivot
    )
    let largestSum =
      Double(max(1, rows.packed.rowCount)) * Double(binning.upper - binning.lower)
    unitsPerOne = Double(sign: .plus, exponent: 60 - Int(largestSum.exponent), significand: 1)
  }

  /// What one thread has counted.
  struct Tally: Sendable {
    var counts: [Int]
    var rowSums: [Int]
    var items: [(index: Int, moments: Moments)] = []
    var scratch: Scratch
  }

  /// Room for one block, used again for the next.
  struct Scratch: Sendable {
    var values: [Float]
    var columnSums: [Float]
    var binIndices: [Int32]
    var counts: [UInt32]
  }

  func tally() -> Tally {
    let side = blocks.longestRange * rows.packed.width
    return Tally(
      counts: [Int](repeating: 0, count: binning.bins),
      rowSums: [Int](repeating: 0, count: rows.packed.rowCount),
      scratch: Scratch(
        values: [Float](repeating: 0, count: side * side),
        columnSums: [Float](repeating: 0, count: side),
        binIndices: [Int32](repeating: 0, count: side),
        counts: [UInt32](repeating: 0, count: binning.bins)
      )
    )
  }

  func count(_ item: PairBlocks.Item, at index: Int, in tally: inout Tally) {
    var moments = Moments()
    for column in item.columns {
      count(rowRange: item.rows, columnRange: column, moments: &moments, in: &tally)
    }
    tally.items.append((index, moments))
    for bin in tally.counts.indices {
      tally.counts[bin] += Int(tally.scratch.counts[bin])
      tally.scratch.counts[bin] = 0
    }
  }

  private func count(
    rowRange: Int,
    columnRange: Int,
    moments: inout Moments,
    in tally: inout Tally
  ) {
    let width = rows.packed.width
    let rowPanels = blocks.panelRanges[rowRange]
    let columnPanels = blocks.panelRanges[columnRange]
    rows.compare(rowPanels, with: columnPanels, into: &tally.scratch.values)
    let stride = columnPanels.count * width
    let firstRow = rowPanels.lowerBound * width
    let firstColumn = columnPanels.lowerBound * width
    let columnEnd = min(stride, rows.packed.rowCount - firstColumn)
    for column in 0..<stride { tally.scratch.columnSums[column] = 0 }
    for place in 0..<min(rowPanels.count * width, rows.packed.rowCount - firstRow) {
      let start = rowRange == columnRange ? place + 1 : 0
      guard start < columnEnd else { break }
      let ofRow = self.count(place * stride, columns: start..<columnEnd, &tally.scratch)
      moments.merge(ofRow)
      tally.rowSums[firstRow + place] += units(ofRow.sum)
    }
    for column in 0..<columnEnd {
      tally.rowSums[firstColumn + column] += units(Double(tally.scratch.columnSums[column]))
    }
  }

  private func count(_ rowStart: Int, columns: Range<Int>, _ scratch: inout Scratch) -> Moments {
    scratch.values.withSpan(
      (rowStart + columns.lowerBound)..<(rowStart + columns.upperBound)
    ) { values in
      scratch.columnSums.withMutableSpan(columns) { sums in
        rows.kernels.tally(
          values,
          binning: binning,
          columnSums: &sums,
          counts: &scratch.counts,
          binIndices: &scratch.binIndices
        )
      }
    }
  }

  private func units(_ sum: Double) -> Int { Int((sum * unitsPerOne).rounded()) }

  /// Puts together what all threads have counted.
  func distribution(from tallies: [Tally]) -> PairDistribution {
    var counts = [Int](repeating: 0, count: binning.bins)
    var rowSums = [Int](repeating: 0, count: rows.packed.rowCount)
    for tally in tallies {
      for bin in counts.indices { counts[bin] += tally.counts[bin] }
      for row in rowSums.indices { rowSums[row] += tally.rowSums[row] }
    }
    let items = tallies.flatMap(\.items).sorted { $0.index < $1.index }
    let pairs = pairCount(rows.packed.rowCount)
    let factor = rows.factor
    let meanDeviation = items.reduce(0) { $0 + $1.moments.sum } / Double(pairs)
    let meanSquare = items.reduce(0) { $0 + $1.moments.squares } / Double(pairs)
    let minimum = items.map(\.moments.minimum).min() ?? .nan
    let maximum = items.map(\.moments.maximum).max() ?? .nan
    let hasPairs = pairs > 0
    return PairDistribution(
      count: pairs,
      mean: hasPairs ? (Double(binning.pivot) + meanDeviation) * factor : .nan,
      variance: hasPairs
        ? max(0, meanSquare - meanDeviation * meanDeviation) * factor * factor : .nan,
      minimum: hasPairs ? Double(minimum) * factor : .nan,
      maximum: hasPairs ? Double(maximum) * factor : .nan,
      nonFiniteCount: 0,
      histogram: Histogram(
        lower: Double(binning.lower) * factor,
        upper: Double(binning.upper) * factor,
        counts: counts
      ),
      rowMeanStandardDeviation: hasPairs ? spread(ofRowSums: rowSums) * factor : nil
    )
  }

  private func spread(ofRowSums rowSums: [Int]) -> Double {
    let perMean = unitsPerOne * Double(rowSums.count - 1)
    let means = rowSums.map { Double($0) / perMean }
    let centre = means.reduce(0, +) / Double(means.count)
    let squares = means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return (squares / Double(means.count)).squareRoot()
  }
}
