package import EmbeddingMath
package import SourceDiagnostics

/// What the metric language needs of a model: its tensors by name, and its vocabulary.
///
/// Tensors carry TransformerLens's names, with a layer in brackets where there are layers:
/// `W_E`, `W_pos`, `W_in[0]`. Token ids are row numbers of `W_E`.
package protocol ModelAccess: Sendable {
  /// The model's name, as it is printed beside numbers.
  var modelName: String { get }
  /// Every tensor's name, layers included, in a stable order.
  var tensorNames: [String] { get }
  /// Returns a tensor's shape: one dimension for a vector, two for a matrix; `nil` if there is none.
  func shape(of tensor: String) -> [Int]?
  /// Returns a tensor as float32 rows; a vector is a matrix of one row.
  func matrix(_ tensor: String) throws(Diagnostic) -> Matrix

  /// Returns the id of the token that is exactly `text`, or `nil` if it is not one token.
  func tokenID(_ text: String) -> Int?
  /// Returns the ids of the pieces the tokenizer cuts `text` into.
  func pieces(of text: String) -> [Int]
  /// Returns the single token of `word` at the start of a word, or `nil` if it takes several.
  func wordInitialToken(_ word: String) -> Int?
  /// Returns the token in quotes, safe to print.
  func displayName(of token: Int) -> String
  /// The number of bytes of the token.
  func tokenLength(_ token: Int) -> Int
  func hasLeadingSpace(_ token: Int) -> Bool
  func startsWord(_ token: Int) -> Bool

  /// The original ids of the rows where the file holds a sample of a vocabulary; `nil` for all.
  var originalIDs: [Int]? { get }
}

extension ModelAccess {
  /// The number of rows of `W_E`.
  package var tokenCount: Int { shape(of: "W_E")?.first ?? 0 }
  /// The number of columns of `W_E`.
  var width: Int { shape(of: "W_E")?.last ?? 0 }

  /// Returns how many layers a tensor has, such as 4 for `W_in`; 0 if it has none.
  func layerCount(of tensor: String) -> Int {
    tensorNames.count { $0.hasPrefix(tensor + "[") }
  }
}
