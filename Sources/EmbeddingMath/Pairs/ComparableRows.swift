internal import Synchronization

/// The rows of a matrix, to be compared in pairs; each is ranked once, however often it is compared.
public final class ComparableRows: Sendable {
  public let matrix: Matrix
  private let ranks = Mutex<[RowRanks]?>(nil)

  public init(_ matrix: Matrix) {
    self.matrix = matrix
  }

  /// Returns each row's ranks, computed when first asked for.
  func ranked(threads: Int) -> [RowRanks] {
    if let known = ranks.withLock({ $0 }) { return known }
    let computed = concurrentMap(matrix.rowCount, threads: threads) { RowRanks(of: matrix.row($0)) }
    ranks.withLock { $0 = computed }
    return computed
  }
}

/// What rank correlations need to know of one row.
struct RowRanks: Sendable {
  /// The average ranks less their mean: halves of whole numbers, which `Float` holds exactly.
  private let centred: [Float]
  private let length: Double
  /// The place of each value among the distinct values, from 0; `nil` for rows that are too long for
  /// it or hold a NaN.
  private let dense: [Int16]?
  /// How many pairs of places hold different values.
  private let untied: Int

  init(of row: [Double]) {
    guard !row.contains(where: \.isNaN) else {
      centred = []
      length = .nan
      dense = nil
      untied = 0
      return
    }
    let order = ascendingOrder(of: row)
    var ranks = averageRanks(row, inOrder: order)
    RowTransform.centre(&ranks)
    centred = ranks.map { Float($0) }
    length = dotProduct(ranks, ranks).squareRoot()
    guard row.count <= Int(Int16.max) else {
      dense = nil
      untied = 0
      return
    }
    var distinct = [Int16](repeating: 0, count: row.count)
    var next: Int16 = -1
    var tied = 0
    var run = 0
    var last = Double.nan
    for index in order {
      if row[index] == last {
        // Each value is tied with all before it in its run.
        tied += run
        run += 1
      } else {
        next += 1
        run = 1
        last = row[index]
      }
      distinct[index] = next
    }
    dense = distinct
    untied = pairCount(row.count) - tied
  }

  /// Spearman's correlation with another row.
  func spearman(_ other: RowRanks) -> Double {
    let squares = length * other.length
    guard squares != 0 else { return 0 }
    guard !squares.isNaN else { return .nan }
    var product = 0.0
    for place in centred.indices {
      product += Double(centred[place]) * Double(other.centred[place])
    }
    let ratio = product / squares
    return min(1, max(-1, ratio))
  }

  /// Kendall's tau-b with another row; `nil` where the rows are too long or hold a NaN.
  func kendall(_ other: RowRanks, kernels: Kernels) -> Double? {
    guard let dense, let others = other.dense else { return nil }
    guard untied > 0, other.untied > 0 else { return 0 }
    let tau =
      Double(kernels.concordance(dense, others)) / Double(untied).squareRoot()
      / Double(other.untied).squareRoot()
    return min(1, max(-1, tau))
  }
}
