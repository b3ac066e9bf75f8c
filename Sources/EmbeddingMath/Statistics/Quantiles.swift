/// Returns the middle value, or the mean of the middle two; NaN with a NaN or without values.
public func median(_ values: [Double]) -> Double { quantile(0.5, of: values) }

/// Returns the value at a fraction `q` of the sorted values, interpolated between neighbours.
///
/// The position is `q * (count - 1)`, as numpy's `quantile` has it by default. NaN with a NaN
/// among the values or without values.
///
/// - Precondition: `0...1` contains `q`.
/// - Complexity: O(*n*) on average.
public func quantile(_ q: Double, of values: [Double]) -> Double {
  precondition(q >= 0 && q <= 1, "quantile \(q) is not from 0 to 1")
  guard !values.isEmpty && !values.contains(where: \.isNaN) else { return .nan }
  var values = values
  let position = q * Double(values.count - 1)
  let below = Int(position)
  let lower = selectSmallest(below, of: &values)
  guard Double(below) < position, let upper = values[(below + 1)...].min() else { return lower }
  guard lower != upper else { return lower }
  return lower + (upper - lower) * (position - Double(below))
}

/// Returns the centre of the fullest of 200 equal bins from the smallest to the largest value.
///
/// Values that are NaN or infinite are passed over; NaN when nothing is left. The lowest of
/// equally full bins wins.
public func mode(_ values: [Double]) -> Double { PairDistribution(values: values).mode }

/// Moves the value of this rank to its place, smaller ones before it and larger ones after it.
///
/// Hoare's selection with the median of three as the pivot. The values must not contain NaN.
private func selectSmallest(_ rank: Int, of values: inout [Double]) -> Double {
  var low = 0
  var high = values.count - 1
  while low < high {
    let pivot = medianOfThree(values[low], values[(low + high) / 2], values[high])
    var left = low
    var right = high
    while left <= right {
      while values[left] < pivot { left += 1 }
      while values[right] > pivot { right -= 1 }
      if left <= right {
        values.swapAt(left, right)
        left += 1
        right -= 1
      }
    }
    if rank <= right {
      high = right
    } else if rank >= left {
      low = left
    } else {
      break
    }
  }
  return values[rank]
}

private func medianOfThree(_ a: Double, _ b: Double, _ c: Double) -> Double {
  max(min(a, b), min(max(a, b), c))
}
