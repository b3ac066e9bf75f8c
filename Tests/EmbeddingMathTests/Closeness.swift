import Testing

/// Expects two lists to agree within a tolerance, NaN agreeing with NaN.
func expectClose(
  _ found: [Double],
  _ expected: [Double],
  within tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record("\(found.count) values, not \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  for (index, (value, target)) in zip(found, expected).enumerated() {
    let agree = value == target || abs(value - target) <= tolerance || value.isNaN && target.isNaN
    guard !agree else { continue }
    Issue.record("[\(index)] is \(value), not \(target)", sourceLocation: sourceLocation)
    return
  }
}

func expectClose(
  _ found: Double,
  _ expected: Double,
  within tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose([found], [expected], within: tolerance, sourceLocation: sourceLocation)
}
