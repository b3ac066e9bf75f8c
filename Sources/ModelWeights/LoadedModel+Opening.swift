package import SourceDiagnostics

extension LoadedModel {
  /// Opens a `.gguf` or `.safetensors` file, a `.safetensors.index.json` with the files it names, or
  /// a folder that holds one of them.
  ///
  /// In a folder, `model.safetensors` comes first, then `model.safetensors.index.json`, then the
  /// only file that ends in `.safetensors` or `.gguf`.
  ///
  /// Token names come from the GGUF itself, or from `tokenizer.json`, `vocab.json` (with
  /// `merges.txt`) or `vocab.txt` beside the safetensors. Each row of `W_E` has one name: a GGUF with another number of names is refused.
  /// Beside safetensors, fewer names are accepted (embeddings are often padded, and a tokenizer may
  /// leave out time stamps); the rows without one are called `<unused123>` and count as special.
  ///
  /// - Throws: The first fault found, placed at `path` or at the file that has it.
  /// - Complexity: O(header and token names); no weights are read.
  package static func open(path: String) throws(Diagnostic) -> LoadedModel {
    do {
      return try load(path)
    } catch {
      throw error.place == nil ? error.at(SourcePlace(file: path)) : error
    }
  }

  /// Returns whether a folder holds a model that ``open(path:)`` would try to read.
  package static func isModel(folder: String) -> Bool {
    guard let file = try? WeightFile.path(in: folder) else { return false }
    return file != folder
  }

  private static func load(_ path: String) throws(Diagnostic) -> LoadedModel {
    let file = try WeightFile.path(in: path)
    let weights = try WeightFile.open(path: file)
    switch weights.metadata {
    case .gguf(let metadata, let file):
      return try LoadedModel(weights, path: path, metadata: metadata, in: file)
    case .safetensors(let metadata):
      return try LoadedModel(
        weights,
        path: path,
        metadata: metadata,
        beside: SideFiles(besides: file)
      )
    }
  }

  private init(
    _ weights: WeightFile,
    path: String,
    metadata: GGUFMetadata,
    in file: MappedFile
  ) throws(Diagnostic) {
    let layout = Layout(weights.tensors, architecture: metadata.text("general.architecture"))
    let (tensors, sources) = try Self.index(weights.tensors, layout)
    let architecture = layout.architecture
    let rows = sources["W_E"]?.shape.first
    var vocabulary = try Vocabulary(gguf: metadata, file: file)
    if let tokens = vocabulary?.count, let rows, tokens != rows {
      throw .vocabularyMismatch(tokens: tokens, rows: rows)
    }
    if rows == nil { vocabulary = nil }
    self.name = metadata.text("general.name") ?? Self.baseName(path)
    self.path = path
    self.format = weights.format
    self.architecture = architecture
    self.license = metadata.text("general.license")
    self.origin = metadata.text("workbook.origin") ?? metadata.text("general.url")
    self.tensors = tensors
    self.sources = sources
    self.contextLength =
      sources["W_pos"]?.shape.first ?? metadata.integer("\(architecture).context_length")
    self.vocabulary = vocabulary
    self.rowIDs = try Self.rowIDs(metadata, file: file, rows: rows)
    self.weights = weights
  }

  private init(
    _ weights: WeightFile,
    path: String,
    metadata: [String: String],
    beside: SideFiles
  ) throws(Diagnostic) {
    let config = try beside.config()
    let layout = Layout(
      weights.tensors,
      architecture: config.architecture ?? metadata["architecture"],
      headCount: config.headCount ?? metadata["num_attention_heads"].flatMap { Int($0) }
    )
    let (tensors, sources) = try Self.index(weights.tensors, layout)
    self.name = metadata["name"] ?? Self.baseName(path)
    self.path = path
    self.format = weights.format
    self.architecture = layout.architecture
    self.license = metadata["license"]
    self.origin = metadata["origin"]
    self.tensors = tensors
    self.sources = sources
    self.contextLength = sources["W_pos"]?.shape.first ?? config.contextLength
    if let rows = sources["W_E"]?.shape.first {
      self.vocabulary = try beside.vocabulary(rows: rows)
    } else {
      self.vocabulary = nil
    }
    self.rowIDs = nil
    self.weights = weights
  }

  /// Names every tensor; two that would get the same name are a fault.
  private static func index(
    _ stored: [StoredTensor],
    _ layout: Layout
  ) throws(Diagnostic) -> ([TensorInfo], [String: TensorSource]) {
    var tensors: [TensorInfo] = []
    var sources: [String: TensorSource] = [:]
    for tensor in stored {
      let found = layout.sources(of: tensor)
      for (name, source) in found {
        if let earlier = sources.updateValue(source, forKey: name) {
          throw .ambiguousTensor(name, earlier.stored.name, tensor.name)
        }
        tensors.append(
          TensorInfo(
            canonicalName: name,
            fileName: tensor.name,
            shape: source.shape,
            dtype: tensor.type.name,
            byteCount: source.byteCount
          )
        )
      }
      if found.isEmpty {
        tensors.append(
          TensorInfo(
            canonicalName: nil,
            fileName: tensor.name,
            shape: tensor.shape,
            dtype: tensor.type.name,
            byteCount: tensor.byteCount
          )
        )
      }
    }
    if let embedding = sources["W_E"], embedding.shape.count != 2 || embedding.shape.contains(0) {
      throw .embeddingNotAMatrix(tensor: embedding.stored.name, shape: embedding.shape)
    }
    return (tensors, sources)
  }

  /// Returns the file's or folder's name without its ending.
  private static func baseName(_ path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    for ending in [".gguf", SafetensorsIndex.ending, ".safetensors"] where last.hasSuffix(ending) {
      return String(last.dropLast(ending.count))
    }
    return last
  }

  private static func rowIDs(
    _ metadata: GGUFMetadata,
    file: MappedFile,
    rows: Int?
  ) throws(Diagnostic) -> [Int]? {
    let key = "workbook.row_ids"
    guard let array = try metadata.array(key, of: [.uint32]), let rows else { return nil }
    guard array.count == rows, let ids = array.integers(in: file) else {
      throw .rowIDMismatch(ids: array.count, rows: rows)
    }
    guard Set(ids).count == rows else { throw .duplicateRowIDs }
    return ids
  }
}
