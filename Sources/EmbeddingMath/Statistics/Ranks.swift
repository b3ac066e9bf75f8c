/// Returns each value's rank from 1, the smallest first; equal values share their mean rank.
///
/// With a NaN among the values, every rank is NaN.
///
/// - Complexity: O(*n* log *n*).
public func averageRanks(_ values: [Double]) -> [Double] {
  guard !values.contains(where: \.isNaN) else {
    return [Double](repeating: .nan, count: values.count)
  }
  return averageRanks(values, inOrder: ascendingOrder(of: values))
}

/// Returns each value's rank from 1, ties averaged, where the values' order is known.
func averageRanks(_ values: [Double], inOrder order: [Int]) -> [Double] {
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
/// - Complexity: O(*n*) for values that are floats, as matrices hold them; else O(*n* log *n*).
func ascendingOrder(of values: [Double]) -> [Int] {
  // Values that are floats fit one word with their index, and such words sort by their digits.
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
  sortByUpperHalf(&keys)
  return keys.map { Int($0 & 0xFFFF_FFFF) }
}

/// Sorts words by their upper 32 bits, equal ones in their order: one pass for each byte.
private func sortByUpperHalf(_ keys: inout [UInt64]) {
  var sorted = keys
  for shift in stride(from: UInt64(32), to: 64, by: 8) {
    var places = [Int](repeating: 0, count: 256)
    for key in keys { places[Int(key >> shift & 0xFF)] += 1 }
    var next = 0
    for digit in places.indices { (places[digit], next) = (next, next + places[digit]) }
    for key in keys {
      let digit = Int(key >> shift & 0xFF)
      sorted[places[digit]] = key
      places[digit] += 1
    }
    swap(&keys, &sorted)
  }
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
