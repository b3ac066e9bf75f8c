/// Returns the product-moment correlation, from -1 to 1; 0 when either list is constant.
///
/// - Precondition: The lists have the same length.
public func pearsonCorrelation(_ a: [Double], _ b: [Double]) -> Double {
  requireEqualLengths(a, b)
  var a = a
  var b = b
  RowTransform.centre(&a)
  RowTransform.centre(&b)
  return cosine(a, b)
}

/// Returns the correlation of the average ranks, from -1 to 1; 0 when either list is constant.
///
/// - Precondition: The lists have the same length.
public func spearmanCorrelation(_ a: [Double], _ b: [Double]) -> Double {
  requireEqualLengths(a, b)
  return pearsonCorrelation(averageRanks(a), averageRanks(b))
}

/// Returns Kendall's tau-b, from -1 to 1; 0 when either list is constant, NaN with a NaN.
///
/// Knight's algorithm: sorts by `a`, then counts the exchanges that sorting by `b` takes.
///
/// - Precondition: The lists have the same length.
/// - Complexity: O(*n* log *n*).
public func kendallTauB(_ a: [Double], _ b: [Double]) -> Double {
  requireEqualLengths(a, b)
  guard !a.contains(where: \.isNaN) && !b.contains(where: \.isNaN) else { return .nan }
  var order = ascendingOrder(of: a)
  var run = 0
  for position in order.indices
  where position + 1 == order.count || a[order[position]] != a[order[position + 1]] {
    if position > run { order[run...position].sort { b[$0] < b[$1] } }
    run = position + 1
  }
  var sorted = order.map { b[$0] }
  let pairs = pairCount(a.count)
  let tiedInA = tiedPairs(order.count) { a[order[$0]] == a[order[$1]] }
  let tiedInBoth = tiedPairs(order.count) {
    a[order[$0]] == a[order[$1]] && sorted[$0] == sorted[$1]
  }
  let exchanges = mergeSort(&sorted)
  let tiedInB = tiedPairs(sorted.count) { sorted[$0] == sorted[$1] }
  guard pairs > tiedInA && pairs > tiedInB else { return 0 }
  let balance = pairs - tiedInA - tiedInB + tiedInBoth - 2 * exchanges
  let tau =
    Double(balance) / Double(pairs - tiedInA).squareRoot()
    / Double(pairs - tiedInB).squareRoot()
  return min(1, max(-1, tau))
}

/// Returns the cosine of the angle between two vectors, from -1 to 1; 0 when either is zero.
func cosine(_ a: [Double], _ b: [Double]) -> Double {
  let squares = dotProduct(a, a).squareRoot() * dotProduct(b, b).squareRoot()
  guard squares != 0 else { return 0 }
  let ratio = dotProduct(a, b) / squares
  return ratio.isNaN ? ratio : min(1, max(-1, ratio))
}

/// The number of unordered pairs of `n` things.
func pairCount(_ n: Int) -> Int { n * (n - 1) / 2 }

func requireEqualLengths(_ a: [Double], _ b: [Double]) {
  precondition(a.count == b.count, "\(a.count) values against \(b.count)")
}

/// Counts the pairs within runs of neighbours that `areTied` puts together.
private func tiedPairs(_ count: Int, areTied: (Int, Int) -> Bool) -> Int {
  var total = 0
  var start = 0
  for position in 0..<count where position + 1 == count || !areTied(position, position + 1) {
    total += pairCount(position + 1 - start)
    start = position + 1
  }
  return total
}

/// Sorts bottom up and returns the number of exchanges of neighbours it stands for.
private func mergeSort(_ values: inout [Double]) -> Int {
  var merged = values
  var exchanges = 0
  var width = 16
  // Short runs are sorted faster by insertion.
  for start in stride(from: 0, to: values.count, by: width) {
    let end = min(start + width, values.count)
    for position in (start + 1)..<max(start + 1, end) {
      let value = values[position]
      var place = position
      while place > start && values[place - 1] > value {
        values[place] = values[place - 1]
        place -= 1
      }
      values[place] = value
      exchanges += position - place
    }
  }
  while width < values.count {
    for start in stride(from: 0, to: values.count, by: 2 * width) {
      let middle = min(start + width, values.count)
      let end = min(start + 2 * width, values.count)
      var left = start
      var right = middle
      for position in start..<end {
        if right == end || (left < middle && values[left] <= values[right]) {
          merged[position] = values[left]
          left += 1
        } else {
          merged[position] = values[right]
          right += 1
          exchanges += middle - left
        }
      }
    }
    swap(&values, &merged)
    width *= 2
  }
  return exchanges
}
