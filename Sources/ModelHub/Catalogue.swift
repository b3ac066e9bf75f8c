/// What is published about models that a puzzle may want and this machine may lack.
package enum Catalogue {
  /// A number from the literature, on the model's own checkpoint.
  package struct Published: Sendable, Hashable {
    package let model: String
    /// What was measured and what came out, as a clause.
    package let finding: String
    package let source: String
  }

  private static let findings: [Published] = [
    Published(
      model: "gpt-neo-125m",
      finding: "the mean pairwise cosine of its token embeddings is above 0.9",
      source: "Neel Nanda, Mech Interp Puzzle 1, 2023"
    ),
    Published(
      model: "gpt2",
      finding: "the mean pairwise cosine of its token embeddings is closer to 0.3",
      source: "Neel Nanda, Mech Interp Puzzle 1, 2023"
    ),
  ]

  /// The names of the models that something is known about.
  package static var names: [String] { findings.map(\.model) }

  /// Returns what is published about a model, or `nil` if nothing is known here.
  package static func published(about model: String) -> Published? {
    findings.first { $0.model == model }
  }
}
