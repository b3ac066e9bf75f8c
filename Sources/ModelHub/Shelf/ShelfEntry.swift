package import ModelWeights
package import SourceDiagnostics

/// One model found on a shelf.
package struct ShelfEntry: Sendable {
  /// How a model came to be on this machine.
  package enum Place: String, Sendable, CaseIterable {
    /// In the workbook's own `models/`.
    case bundled
    /// Fetched from the hub by this program.
    case pulled
    /// Put into the user's folder of models.
    case imported
    /// Downloaded by Hugging Face's tools, and used from their cache.
    case cache
    /// Anywhere else, given by its path.
    case file
  }

  /// What the user types: the file's or folder's name without its ending.
  package let name: String
  package let path: String
  package let place: Place
  /// The size of the weight files.
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

  /// Whether it has the name of a published model but embeddings of another shape.
  package var isMisnamed: Bool {
    guard let row = Catalogue.row(named: name), let summary = try? summary.get(),
      let rows = summary.rowCount, let columns = summary.columnCount
    else { return false }
    // What is bundled may leave out rows at the end, such as Whisper's time stamps.
    return columns != row.channels || rows > row.tokens || rows < row.tokens / 2
  }
}
