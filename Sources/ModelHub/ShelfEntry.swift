package import ModelWeights
package import SourceDiagnostics

/// One model found on a shelf.
package struct ShelfEntry: Sendable {
  /// What the user types: the file's or folder's name without its ending.
  package let name: String
  package let path: String
  /// The size of the weight file.
  package let byteCount: Int
  /// What its header says, or why it cannot be read.
  package let summary: Result<ModelSummary, Diagnostic>

  /// For example "GGUF v3"; "unreadable" if the header is broken.
  package var format: String {
    switch summary {
    case .success(let summary): summary.format
    case .failure: "unreadable"
    }
  }
}
