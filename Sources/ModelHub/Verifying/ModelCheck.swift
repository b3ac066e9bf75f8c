/// What was found of one file or tensor of a model.
package struct ModelCheck: Sendable, Hashable {
  package enum Finding: Sendable, Hashable {
    /// It has the digest that is published for it.
    case published
    /// It is as it was when it was fetched; no digest is published.
    case unchanged
    /// Nothing is known to compare it with.
    case unknown
    /// It should have another digest.
    case changed(expected: String)
  }

  /// The name of the file or tensor.
  package let subject: String
  package let sha256: String
  package let finding: Finding
}
