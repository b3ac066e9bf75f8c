package import SourceDiagnostics

/// What a weight file's header says, read without its vocabulary or weights.
package struct ModelSummary: Sendable, Hashable {
  /// What the file calls itself; `nil` if it does not.
  package let name: String?
  /// For example "GGUF v3", "safetensors" or "safetensors in 3 files".
  package let format: String
  package let architecture: String?
  package let license: String?
  package let origin: String?
  /// The rows and columns of `W_E`.
  package let rowCount: Int?
  package let columnCount: Int?
  package let tensorCount: Int
  /// The size of all the model's files.
  package let byteCount: Int

  /// Reads and checks the header of a `.gguf` or `.safetensors` file, or of every file that a
  /// safetensors index names, which count as one; a folder stands for the weights in it.
  ///
  /// - Throws: The first fault found, placed at `path` or at the file that has it.
  /// - Complexity: O(header); a few milliseconds.
  package static func read(path: String) throws(Diagnostic) -> ModelSummary {
    do {
      return try ModelSummary(WeightFile.open(path: WeightFile.path(in: path)))
    } catch {
      throw error.place == nil ? error.at(SourcePlace(file: path)) : error
    }
  }

  private init(_ file: WeightFile) {
    let embedding = file.tensors.first { tensor in
      TensorNames.canonical(for: tensor.name).first?.name == "W_E"
    }
    func text(_ gguf: String, _ safetensors: String) -> String? {
      switch file.metadata {
      case .gguf(let metadata, _): metadata.text(gguf)
      case .safetensors(let metadata): metadata[safetensors]
      }
    }
    self.name = text("general.name", "name")
    self.format = file.format
    self.architecture = text("general.architecture", "architecture")
    self.license = text("general.license", "license")
    self.origin = text("workbook.origin", "origin")
    self.rowCount = embedding?.shape.first
    self.columnCount = embedding?.shape.last
    self.tensorCount = file.tensors.count
    self.byteCount = file.byteCount
  }
}
