package import SourceDiagnostics

/// What a weight file's header says, read without its vocabulary or weights.
package struct ModelSummary: Sendable, Hashable {
  /// What the file calls itself; `nil` if it does not.
  package let name: String?
  /// For example "GGUF v3" or "safetensors".
  package let format: String
  package let architecture: String?
  package let license: String?
  package let origin: String?
  /// The rows and columns of `W_E`.
  package let rowCount: Int?
  package let columnCount: Int?
  package let tensorCount: Int
  package let byteCount: Int

  /// Reads and checks the header of a `.gguf` or `.safetensors` file.
  ///
  /// - Complexity: O(header); a few milliseconds.
  package static func read(path: String) throws(Diagnostic) -> ModelSummary {
    do {
      return try ModelSummary(WeightFile.open(path: path))
    } catch {
      throw error.at(SourcePlace(file: path))
    }
  }

  private init(_ file: WeightFile) {
    let embedding = file.tensors.first { tensor in
      TensorNames.canonical(for: tensor.name).first?.name == "W_E"
    }
    func text(_ gguf: String, _ safetensors: String?) -> String? {
      switch file.metadata {
      case .gguf(let metadata): metadata.text(gguf)
      case .safetensors(let metadata): safetensors.flatMap { metadata[$0] }
      }
    }
    self.name = text("general.name", "name")
    self.format = file.format
    self.architecture = text("general.architecture", nil)
    self.license = text("general.license", "license")
    self.origin = text("workbook.origin", "origin")
    self.rowCount = embedding?.shape.first
    self.columnCount = embedding?.shape.last
    self.tensorCount = file.tensors.count
    self.byteCount = file.file.byteCount
  }
}
