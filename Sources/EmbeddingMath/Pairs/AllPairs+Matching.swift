extension AllPairs {
  /// Returns for each row the index of the row most like it.
  ///
  /// Values within 10⁻⁶ of the best, relative to it, are ties: they go to the row itself where it
  /// takes part, otherwise to the lowest index. A row with a NaN or infinity, or with no other to
  /// compare with, gets its own index.
  ///
  /// - Parameters:
  ///   - matrix: The rows.
  ///   - similarity: How two rows compare; the smallest distance is most alike.
  ///   - includingSelf: Whether a row is compared with itself too.
  ///   - progress: Called now and then, on any thread, with the share done, from 0 to 1.
  ///   - isCancelled: Asked now and then, on any thread, whether to stop.
  /// - Returns: Row indices, in row order.
  /// - Throws: `CancellationError` once `isCancelled` returned true.
  /// - Complexity: O(*n*² *d*); Kendall O(*n*² *d* log *d*).
  public func bestMatch(
    of matrix: Matrix,
    by similarity: Similarity,
    includingSelf: Bool,
    progress: (@Sendable (Double) -> Void)? = nil,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) throws(CancellationError) -> [Int] {
    let rows = PreparedRows(matrix, for: similarity, kernels: kernels)
    let blocks = PairBlocks(rows.packed)
    let ranges = blocks.panelRanges
    let supervisor = Supervisor(
      total: max(1, ranges.count),
      progress: progress,
      isCancelled: isCancelled
    )
    let found = concurrentMap(ranges.count, threads: threads) { range -> [Int] in
      guard supervisor.shouldContinue() else { return [] }
      defer { supervisor.finish(1) }
      return rows.bestMatches(ofRange: range, in: blocks, includingSelf: includingSelf)
    }
    if supervisor.wasStopped { throw CancellationError() }
    var matches = Array(0..<matrix.rowCount)
    for (place, match) in found.joined().enumerated() {
      matches[rows.originalIndices[place]] = rows.originalIndices[match]
    }
    return matches
  }
}

extension AllPairs {
  /// Returns for each row the indices of the `k` other rows most like it, best first.
  ///
  /// Equal values go to the lower index first. A row with a NaN or infinity is like no other and no
  /// other is like it; such a row gets none, and where fewer than `k` rows are left, so do the rest.
  ///
  /// - Parameters:
  ///   - matrix: The rows.
  ///   - similarity: How two rows compare; the smallest distance is most alike.
  ///   - k: How many, at least 1.
  ///   - progress: Called now and then, on any thread, with the share done, from 0 to 1.
  ///   - isCancelled: Asked now and then, on any thread, whether to stop.
  /// - Returns: At most `k` row indices for each row, in row order.
  /// - Throws: `CancellationError` once `isCancelled` returned true.
  /// - Complexity: O(*n*² *d*), as ``bestMatch(of:by:includingSelf:progress:isCancelled:)``.
  public func topMatches(
    of matrix: Matrix,
    by similarity: Similarity,
    k: Int,
    progress: (@Sendable (Double) -> Void)? = nil,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) throws(CancellationError) -> [[Int]] {
    precondition(k >= 1, "\(k) matches")
    let rows = PreparedRows(matrix, for: similarity, kernels: kernels)
    let blocks = PairBlocks(rows.packed)
    let ranges = blocks.panelRanges
    let supervisor = Supervisor(
      total: max(1, ranges.count),
      progress: progress,
      isCancelled: isCancelled
    )
    let found = concurrentMap(ranges.count, threads: threads) { range -> [[Int]] in
      guard supervisor.shouldContinue() else { return [] }
      defer { supervisor.finish(1) }
      var podiums: [Podium] = []
      rows.visitLikeness(ofRange: range, in: blocks) { place, firstColumn, _, values in
        while podiums.count <= place { podiums.append(Podium(size: k)) }
        podiums[place].enter(values, firstIndex: firstColumn, kernels: kernels)
      }
      return podiums.map(\.rows)
    }
    if supervisor.wasStopped { throw CancellationError() }
    var matches = [[Int]](repeating: [], count: matrix.rowCount)
    for (place, own) in found.joined().enumerated() {
      matches[rows.originalIndices[place]] = own.map { rows.originalIndices[$0] }
    }
    return matches
  }
}

extension PreparedRows {
  /// Hands each row of a range its likeness with all rows, piece by piece in the rows' order.
  ///
  /// - Parameters:
  ///   - range: Which range of panels.
  ///   - blocks: The ranges.
  ///   - body: Receives the row's place in the range, the first row of the piece, the row's likeness
  ///     with itself if that falls into the piece, and the values, −∞ for the row itself.
  fileprivate func visitLikeness(
    ofRange range: Int,
    in blocks: PairBlocks,
    _ body: (_ place: Int, _ firstColumn: Int, _ own: Float?, _ values: Span<Float>) -> Void
  ) {
    let width = packed.width
    let rowPanels = blocks.panelRanges[range]
    let firstRow = rowPanels.lowerBound * width
    let rowCount = min(rowPanels.count * width, packed.rowCount - firstRow)
    var values = [Float](repeating: 0, count: rowPanels.count * blocks.longestRange * width * width)
    for columnPanels in blocks.panelRanges {
      compare(rowPanels, with: columnPanels, into: &values)
      if similarity.isDistance {
        for index in values.indices { values[index] = -values[index] }
      }
      let stride = columnPanels.count * width
      let firstColumn = columnPanels.lowerBound * width
      let count = min(stride, packed.rowCount - firstColumn)
      for place in 0..<rowCount {
        let own = firstRow + place - firstColumn
        var ownValue: Float?
        if own >= 0 && own < count {
          ownValue = values[place * stride + own]
          values[place * stride + own] = -.infinity
        }
        values.withSpan((place * stride)..<(place * stride + count)) {
          body(place, firstColumn, ownValue, $0)
        }
      }
    }
  }

  fileprivate func bestMatches(
    ofRange range: Int,
    in blocks: PairBlocks,
    includingSelf: Bool
  ) -> [Int] {
    let firstRow = blocks.panelRanges[range].lowerBound * packed.width
    var contests: [Contest] = []
    visitLikeness(ofRange: range, in: blocks) { place, firstColumn, own, values in
      while contests.count <= place { contests.append(Contest()) }
      if let own { contests[place].ownValue = own }
      contests[place].enter(values, firstIndex: firstColumn, kernels: kernels)
    }
    return contests.enumerated().map { place, contest in
      contest.winner(own: firstRow + place, includingSelf: includingSelf)
    }
  }
}

/// The best few of the values seen so far, best first, earlier before later where equal.
private struct Podium {
  let size: Int
  private var places: [(value: Float, index: Int)] = []

  init(size: Int) { self.size = size }

  var rows: [Int] { places.map(\.index) }

  mutating func enter(_ values: Span<Float>, firstIndex: Int, kernels: Kernels) {
    var next = 0
    while let index = kernels.firstIndex(
      above: places.count < size ? -.infinity : places[size - 1].value,
      in: values,
      from: next
    ) {
      let value = values[index]
      let place = places.firstIndex { $0.value < value } ?? places.count
      places.insert((value, firstIndex + index), at: place)
      if places.count > size { places.removeLast() }
      next = index + 1
    }
  }
}

/// The best of the values seen so far, and what may tie with it.
private struct Contest {
  var ownValue = -Float.infinity

  /// The rows that exceeded all before them and are not yet out of reach of the best.
  ///
  /// A row not above an earlier one can never win: whenever it ties, the earlier one does too.
  private var leaders: [(value: Float, index: Int)] = []

  mutating func enter(_ values: Span<Float>, firstIndex: Int, kernels: Kernels) {
    var next = 0
    while let index = kernels.firstIndex(
      above: leaders.last?.value ?? -.infinity,
      in: values,
      from: next
    ) {
      let floor = Self.leastTie(with: values[index])
      leaders.removeAll { $0.value < floor }
      leaders.append((values[index], firstIndex + index))
      next = index + 1
    }
  }

  func winner(own: Int, includingSelf: Bool) -> Int {
    guard let best = leaders.last?.value else { return own }
    if includingSelf && ownValue >= Self.leastTie(with: best) { return own }
    let floor = Self.leastTie(with: best)
    return leaders.first { $0.value >= floor }?.index ?? own
  }

  /// The smallest value that ties with a best value.
  private static func leastTie(with best: Float) -> Float { best - 1e-6 * abs(best) }
}
