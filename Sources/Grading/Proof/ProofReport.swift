package import SourceDiagnostics

/// What running a puzzle on one model's weights showed.
package struct ProofReport: Sendable {
  package let puzzle: String
  package let model: String
  /// Every fault found, in the puzzle's order; empty when the puzzle is proven.
  package var faults: [Diagnostic]
  /// How every choice of each metric question fares.
  package let maps: [VerdictMap]
  /// What random answers are expected to earn.
  package let guessing: GuessingBaseline
}
