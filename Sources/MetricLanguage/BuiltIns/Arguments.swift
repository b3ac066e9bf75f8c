import EmbeddingMath
import SourceDiagnostics

/// The arguments of a call by parameter name, as values.
///
/// The checker has made sure of their kinds; an accessor that finds another kind reports a fault of
/// the program as a diagnostic rather than stopping it.
struct Arguments: Sendable {
  let values: [String: Value]
  let evaluator: Evaluator
  /// The call, for the place of a diagnostic.
  let place: SourcePlace
  /// The token each row of a metric stands for, where the call's first argument is such a row.
  var token: Int?

  func has(_ name: String) -> Bool { values[name] != nil }

  func number(_ name: String, or standIn: Double? = nil) throws(Diagnostic) -> Double {
    if case .number(let value)? = values[name] { return value }
    if values[name] == nil, let standIn { return standIn }
    throw mismatch(name, "a number")
  }

  /// Returns a whole number in a range.
  func integer(
    _ name: String,
    or standIn: Int? = nil,
    in range: ClosedRange<Int>
  )
    throws(Diagnostic) -> Int
  {
    let value = try number(name, or: standIn.map(Double.init))
    guard value == value.rounded(), let whole = Int(exactly: value), range.contains(whole) else {
      throw .typeMismatch(
        expected: "a whole number from \(grouped(range.lowerBound)) to "
          + "\(grouped(range.upperBound)) for \(name)",
        found: "\(value)",
        at: place
      )
    }
    return whole
  }

  func seed(_ name: String = "seed") throws(Diagnostic) -> UInt64 {
    UInt64(try integer(name, in: 0...Int(UInt32.max))) &+ evaluator.seedOffset
  }

  func truth(_ name: String, or standIn: Bool) throws(Diagnostic) -> Bool {
    if case .truth(let value)? = values[name] { return value }
    if values[name] == nil { return standIn }
    throw mismatch(name, "true or false")
  }

  func vector(_ name: String) throws(Diagnostic) -> [Double] {
    if case .vector(let value)? = values[name] { return value }
    throw mismatch(name, "a vector")
  }

  func mask(_ name: String) throws(Diagnostic) -> [Bool] {
    if case .mask(let value)? = values[name] { return value }
    throw mismatch(name, "a mask")
  }

  /// Returns the matrix argument, or `W_E` where it is left out.
  func matrix(_ name: String) throws(Diagnostic) -> Matrix {
    if case .matrix(let value)? = values[name] { return value }
    guard values[name] == nil else { throw mismatch(name, "a matrix") }
    return try evaluator.embedding(at: place)
  }

  func tokens(_ name: String) throws(Diagnostic) -> [Int]? {
    switch values[name] {
    case .tokens(let value)?: return value
    case nil: return nil
    default: throw mismatch(name, "tokens")
    }
  }

  func text(_ name: String) throws(Diagnostic) -> String {
    if case .text(let value)? = values[name] { return value }
    throw mismatch(name, "a text")
  }

  func pairSet(_ name: String) throws(Diagnostic) -> PairSet {
    if case .pairSet(let value)? = values[name] { return value }
    throw mismatch(name, "a pair set")
  }

  func distribution(_ name: String) throws(Diagnostic) -> LazyDistribution {
    if case .distribution(let value)? = values[name] { return value }
    throw mismatch(name, "a distribution")
  }

  func metric(_ name: String) throws(Diagnostic) -> Metric {
    if case .metric(let value)? = values[name] { return value }
    throw mismatch(name, "a metric")
  }

  private func mismatch(_ name: String, _ expected: String) -> Diagnostic {
    .typeMismatch(
      expected: "\(expected) for '\(name)'",
      found: values[name]?.kind.rawValue ?? "nothing",
      at: place
    )
  }
}
