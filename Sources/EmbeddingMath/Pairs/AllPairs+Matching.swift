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
    let everyone = 0..<rows.packed.rowCount
    let found = try contests(
      rows,
      Encounter(asking: everyone, answering: everyone, counterparts: nil),
      progress: progress,
      isCancelled: isCancelled
    )
    var matches = Array(0..<matrix.rowCount)
    for (place, contest) in found {
      let match = contest.winner(own: place, includingSelf: includingSelf)
      matches[rows.originalIndices[place]] = rows.originalIndices[match ?? place]
    }
    return matches
  }

  /// Returns for each row the index of the row of another matrix most like it.
  ///
  /// Where the two have the same number of rows, row *i* of the one stands for the same thing as row
  /// *i* of the other, unless `isPaired` is false: it is left out unless `includingSelf`, and ties
  /// within 10⁻⁶, relative to the best, go to it. Other ties go to the lowest index.
  ///
  /// - Parameters:
  ///   - matrix: The rows that ask.
  ///   - candidates: The rows they choose from.
  ///   - similarity: How two rows compare; the smallest distance is most alike.
  ///   - isPaired: Whether rows of the same number belong together where there are as many.
  ///   - includingSelf: Whether the row of the same number may be chosen.
  ///   - excluded: For each row the candidates it may not choose; empty for none at all.
  ///   - progress: Called now and then, on any thread, with the share done, from 0 to 1.
  ///   - isCancelled: Asked now and then, on any thread, whether to stop.
  /// - Returns: Indices of candidates, in row order; `nil` for a row with a NaN or infinity, and
  ///   where no finite candidate may be chosen.
  /// - Throws: `CancellationError` once `isCancelled` returned true.
  /// - Precondition: Both have the same number of columns; `excluded` is empty or has an entry for
  ///   each row, of candidates that exist.
  /// - Complexity: O(*n* *m* *d*), and one packed copy of both matrices.
  public func bestMatch(
    of matrix: Matrix,
    among candidates: Matrix,
    by similarity: Similarity,
    isPaired: Bool = true,
    includingSelf: Bool,
    excluding excluded: [[Int]] = [],
    progress: (@Sendable (Double) -> Void)? = nil,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) throws(CancellationError) -> [Int?] {
    precondition(excluded.isEmpty || excluded.count == matrix.rowCount, "\(excluded.count) lists")
    precondition(
      matrix.columnCount == candidates.columnCount,
      "rows of \(matrix.columnCount) and of \(candidates.columnCount) columns"
    )
    // Distances are taken from a common centre and scale, so both are prepared as one matrix.
    let count = matrix.rowCount
    let rows = PreparedRows(matrix.appendingRows(candidates), for: similarity, kernels: kernels)
    let border = rows.originalIndices.firstIndex { $0 >= count } ?? rows.originalIndices.count
    var places = [Int?](repeating: nil, count: candidates.rowCount)
    for place in border..<rows.originalIndices.count {
      places[rows.originalIndices[place] - count] = place
    }
    let counterparts: [Int?] =
      isPaired && candidates.rowCount == count
      ? (0..<border).map { places[rows.originalIndices[$0]] }
      : [Int?](repeating: nil, count: border)
    let found = try contests(
      rows,
      Encounter(
        asking: 0..<border,
        answering: border..<rows.packed.rowCount,
        counterparts: counterparts,
        excluded: excluded.isEmpty
          ? [] : (0..<border).map { excluded[rows.originalIndices[$0]].compactMap { places[$0] } }
      ),
      progress: progress,
      isCancelled: isCancelled
    )
    var matches = [Int?](repeating: nil, count: count)
    for (place, contest) in found {
      let match = contest.winner(own: counterparts[place], includingSelf: includingSelf)
      matches[rows.originalIndices[place]] = match.map { rows.originalIndices[$0] - count }
    }
    return matches
  }

  /// Runs the contest of each row that asks.
  private func contests(
    _ rows: PreparedRows,
    _ encounter: Encounter,
    progress: (@Sendable (Double) -> Void)?,
    isCancelled: (@Sendable () -> Bool)?
  ) throws(CancellationError) -> [(place: Int, contest: Contest)] {
    let blocks = PairBlocks(rows.packed)
    let ranges = blocks.ranges(covering: encounter.asking, width: rows.packed.width)
    let supervisor = Supervisor(
      total: max(1, ranges.count),
      progress: progress,
      isCancelled: isCancelled
    )
    let found = concurrentMap(ranges.count, threads: threads) { index -> [Contest] in
      guard supervisor.shouldContinue() else { return [] }
      defer { supervisor.finish(1) }
      return rows.contests(ofRange: ranges[index], in: blocks, encounter)
    }
    if supervisor.wasStopped { throw CancellationError() }
    return zip(encounter.asking, found.joined()).map { ($0, $1) }
  }
}

/// Which packed rows are compared with which.
struct Encounter: Sendable {
  /// The rows that look for a match; they start at 0.
  let asking: Range<Int>
  /// The rows they look among.
  let answering: Range<Int>
  /// For each row that asks the row that stands for the same thing; `nil` where that is the row
  /// itself.
  let counterparts: [Int?]?
  /// For each row that asks the rows it may not choose; empty for none at all.
  var excluded: [[Int]] = []

  func counterpart(of row: Int) -> Int? {
    guard let counterparts else { return row }
    return counterparts[row]
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
    let all = 0..<rows.packed.rowCount
    let everyone = Encounter(asking: all, answering: all, counterparts: nil)
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
      rows.visitLikeness(ofRange: range, in: blocks, everyone) { place, firstColumn, _, values in
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
  /// Hands each row of a range that asks its likeness with the rows that answer, piece by piece in
  /// the rows' order.
  ///
  /// - Parameters:
  ///   - range: Which range of panels.
  ///   - blocks: The ranges.
  ///   - encounter: Which rows ask, and which answer.
  ///   - body: Receives the row's place in the range, the first row of the piece, the row's likeness
  ///     with its counterpart if that falls into the piece, and the values, −∞ for the counterpart.
  fileprivate func visitLikeness(
    ofRange range: Int,
    in blocks: PairBlocks,
    _ encounter: Encounter,
    _ body: (_ place: Int, _ firstColumn: Int, _ own: Float?, _ values: Span<Float>) -> Void
  ) {
    let width = packed.width
    let rowPanels = blocks.panelRanges[range]
    let firstRow = rowPanels.lowerBound * width
    let rowCount = min(rowPanels.count * width, encounter.asking.upperBound - firstRow)
    var values = [Float](repeating: 0, count: rowPanels.count * blocks.longestRange * width * width)
    for columnRange in blocks.ranges(covering: encounter.answering, width: width) {
      let columnPanels = blocks.panelRanges[columnRange]
      compare(rowPanels, with: columnPanels, into: &values)
      if similarity.isDistance {
        for index in values.indices { values[index] = -values[index] }
      }
      let stride = columnPanels.count * width
      let firstColumn = columnPanels.lowerBound * width
      let skipped = max(0, encounter.answering.lowerBound - firstColumn)
      let count = min(stride, encounter.answering.upperBound - firstColumn)
      for place in 0..<max(0, rowCount) {
        if !encounter.excluded.isEmpty {
          for other in encounter.excluded[firstRow + place]
          where other >= firstColumn && other < firstColumn + count {
            values[place * stride + other - firstColumn] = -.infinity
          }
        }
        var ownValue: Float?
        if let counterpart = encounter.counterpart(of: firstRow + place) {
          let own = counterpart - firstColumn
          if own >= skipped && own < count {
            ownValue = values[place * stride + own]
            values[place * stride + own] = -.infinity
          }
        }
        values.withSpan((place * stride + skipped)..<(place * stride + count)) {
          body(place, firstColumn + skipped, ownValue, $0)
        }
      }
    }
  }

  fileprivate func contests(
    ofRange range: Int,
    in blocks: PairBlocks,
    _ encounter: Encounter
  ) -> [Contest] {
    var contests: [Contest] = []
    visitLikeness(ofRange: range, in: blocks, encounter) { place, firstColumn, own, values in
      while contests.count <= place { contests.append(Contest()) }
      if let own { contests[place].ownValue = own }
      contests[place].enter(values, firstIndex: firstColumn, kernels: kernels)
    }
    return contests
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
private struct Contest: Sendable {
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

  /// - Parameters:
  ///   - own: The row that stands for the same thing as the one that asks, if there is one.
  ///   - includingSelf: Whether that row may win.
  /// - Returns: The winner; `nil` where no row may win.
  func winner(own: Int?, includingSelf: Bool) -> Int? {
    let own = includingSelf && ownValue > -.infinity ? own : nil
    guard let best = leaders.last?.value else { return own }
    let floor = Self.leastTie(with: best)
    if let own, ownValue >= floor { return own }
    return leaders.first { $0.value >= floor }?.index
  }

  /// The smallest value that ties with a best value.
  private static func leastTie(with best: Float) -> Float { best - 1e-6 * abs(best) }
}
