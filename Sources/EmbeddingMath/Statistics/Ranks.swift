/// Returns each value's rank from 1, the smallest first; equal values share their mean rank.
///
/// With a NaN among the values, every rank is NaN.
///
/// - Complexity: O(*n* log *n*).
public func averageRanks(_ values: [Double]) -> [Double] {
  guard !values.contains(where: \.isNaN) else {
    return [Double](repeating: .nan, count: values.count)
  }
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
    let shared = Double(start + 1 + end) / 2
    for position in start..<end { ranks[order[position]] = shared }
    start = end
  }
  return ranks
}

/// Returns the chance that a positive exceeds a negative, a tie counting one half.
///
/// This is the area under the receiver operating characteristic, from the rank sum (Mann and
/// Whitney). NaN with a NaN among the values or either list empty.
///
/// - Complexity: O(*n* log *n*).
public func areaUnderCurve(positives: [Double], negatives: [Double]) -> Double {
  guard !positives.isEmpty && !negatives.isEmpty else { return .nan }
  let ranks = averageRanks(positives + negatives)
  let rankSum = ranks[..<positives.count].reduce(0, +)
  let count = Double(positives.count)
  return (rankSum - count * (count + 1) / 2) / (count * Double(negatives.count))
}
