/// One thing that is checked about a puzzle's files without looking at any weights.
///
/// The catalogue is what `lint --explain` prints. Rules marked as found while reading are enforced
/// by the readers of the files, since nothing can be made of a file that breaks them.
package struct AuthoringRule: Sendable {
  /// The rule id its diagnostics carry.
  package let id: String
  /// The rule in one sentence, without a full stop.
  package let summary: String
  /// Why the rule is there and how to satisfy it.
  package let explanation: String

  /// Every rule, in the order of its id.
  package static let all: [AuthoringRule] =
    (files + yaml + schema + puzzles + keys + proofs).sorted { $0.id < $1.id }

  /// Returns the rule with an id.
  package static func named(_ id: String) -> AuthoringRule? {
    all.first { $0.id == id }
  }
}
