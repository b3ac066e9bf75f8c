/// What is published about one model.
package struct CatalogueRow: Sendable, Hashable, Decodable {
  /// Whether positions have vectors of their own, and where these come from.
  package enum Positions: String, Sendable, Decodable {
    case learned, rotary, fixed
  }

  /// A file of the model's repository; size and digest where they are published.
  package struct File: Sendable, Hashable, Decodable {
    package let file: String
    package let bytes: Int?
    package let sha256: String?
  }

  /// A number from the literature, on the model's own checkpoint.
  package struct Finding: Sendable, Hashable, Decodable {
    /// What was measured and what came out, as a clause.
    package let finding: String
    package let value: Double?
    package let source: String
  }

  /// What a user types.
  package let name: String
  /// Other names for it, TransformerLens's among them.
  package let aliases: [String]
  /// Its repository on Hugging Face's hub, "owner/name".
  package let repository: String
  /// The commit that is fetched; `nil` where none is published, and the newest is taken.
  package let revision: String?
  /// The licence's SPDX identifier.
  package let license: String?
  package let architecture: String
  /// The rows of `W_E`.
  package let tokens: Int
  /// The columns of `W_E`.
  package let channels: Int
  package let layers: Int
  package let contextLength: Int
  /// Whether the unembedding is the embedding.
  package let tied: Bool
  package let positions: Positions
  /// The file with the weights; `nil` if the repository has none that can be read.
  package let weights: File?
  /// The files that name the tokens, in the order in which they are tried.
  package let tokenizer: [File]
  /// The SHA-256 of tensors' values as little-endian float32, by the checkpoint's names.
  package let tensors: [String: String]
  /// The file of the workbook's `models/` that holds (a part of) it.
  package let bundled: File?
  package let published: [Finding]
  /// What a user should know before asking for it.
  package let note: String?
}
