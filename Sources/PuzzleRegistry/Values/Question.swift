package import SourceDiagnostics

/// One thing a puzzle asks.
package struct Question: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case number
    case choice
    case tokens
    case metric
    case explain
  }

  /// One of the things a `choice` question offers.
  package struct Option: Sendable, Hashable {
    package let id: String
    package let text: String
  }

  package let id: String
  package let kind: Kind
  package let askTemplate: ProseTemplate
  /// What a full answer earns; more than 0.
  package let points: Double
  /// Whether it is a prediction: a number recorded before the first look, right or not.
  package let isPrediction: Bool
  /// What a `choice` question offers, in file order; otherwise empty.
  package let options: [Option]
  /// Whether a `choice` question takes any number of options rather than exactly one.
  package let many: Bool
  /// Where the question starts in `puzzle.yaml`.
  package let place: SourcePlace

  /// What is asked, as written, formulas and all.
  package var ask: String { askTemplate.text }
}
