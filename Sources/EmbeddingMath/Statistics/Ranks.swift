/// Returns each value's rank from 1, the smallest first; equal values share their mean rank.
///
/// With a NaN among the values, every rank is NaN.
///
/// - Complexity: O(*n* log *n*).
public func averageRanks(_ values: [Double]) -> [Double] {
  guard !values.contains(where: \.isNaN) else {
    return [Double](repeating: .nan, count: values.count)
  }
  let order = ascendingOrder(of: values)
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

/// Returns the indices of the values from the smallest to the largest, equal ones in their order.
///
/// - Precondition: No value is NaN.
func ascendingOrder(of values: [Double]) -> [Int] {
  // Values that are floats, as matrices hold them, fit one word with their index, and words sort
  // several times as fast as indices by what they point to.
  var keys: [UInt64] = []
  keys.reserveCapacity(values.count)
  for (index, value) in values.enumerated() {
    let narrow = Float(value)
    guard Double(narrow) == value, index <= UInt32.max else {
      return values.indices.sorted { values[$0] < values[$1] }
    }
    // Adding 0 makes −0 and 0 the same.
    let bits = (narrow + 0).bitPattern
    let ordered = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
    keys.append(UInt64(ordered) << 32 | UInt64(index))
  }
  keys.sort()
  return keys.map { Int($0 & 0xFFFF_FFFF) }
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
