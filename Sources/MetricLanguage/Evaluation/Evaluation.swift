/// What a formula gave, and on what the number rests.
package struct Evaluation: Sendable {
  package let value: Value
  package let type: ValueType
  package let modelName: String
  package let basis: Basis
  /// The standard error of a mean over the pairs of sampled rows; `nil` elsewhere.
  package let standardError: Double?
}

/// How a number was obtained; printed beside it.
package struct Basis: Sendable, Hashable, CustomStringConvertible {
  /// `all 50,257 rows`, or `sample of 5,000 of 50,257 rows, seed 0`.
  package let rows: String
  /// Whether every row was used.
  package let isExact: Bool

  package var description: String { rows }
}
