import Foundation
package import SourceDiagnostics

extension LoadedModel {
  /// Opens a `.gguf` or `.safetensors` file, or a folder that holds `model.safetensors`.
  ///
  /// Token names come from the GGUF itself, or from `tokenizer.json` or `vocab.txt` beside the
  /// safetensors. Each row of `W_E` has one name: a GGUF with another number of names is refused.
  /// Beside safetensors, fewer names are accepted (embeddings are often padded, and a tokenizer may
  /// leave out time stamps); the rows without one are called `<unused123>` and count as special.
  ///
  /// - Throws: The first fault found, placed at `path`.
  /// - Complexity: O(header and token names); no weights are read.
  package static func open(path: String) throws(Diagnostic) -> LoadedModel {
    do {
      return try load(path)
    } catch {
      throw error.place == nil ? error.at(SourcePlace(file: path)) : error
    }
  }

  private static func load(_ path: String) throws(Diagnostic) -> LoadedModel {
    let file = try weightPath(path)
    let weights = try WeightFile.open(path: file)
    switch weights.metadata {
    case .gguf(let metadata):
      return try LoadedModel(weights, path: path, metadata: metadata)
    case .safetensors(let metadata):
      return try LoadedModel(
        weights,
        path: path,
        metadata: metadata,
        beside: SideFiles(besides: file)
      )
    }
  }

  /// Returns the file to open for a path that may be a folder.
  private static func weightPath(_ path: String) throws(Diagnostic) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return path }
    let candidate = path + "/model.safetensors"
    if FileManager.default.fileExists(atPath: candidate) { return candidate }
    if FileManager.default.fileExists(atPath: candidate + ".index.json") { throw .shardedWeights }
    throw .noWeights(in: path)
  }

  private init(
    _ weights: WeightFile,
    path: String,
    metadata: GGUFMetadata
  ) throws(Diagnostic) {
    let (tensors, sources) = try Self.index(weights.tensors)
    let architecture = metadata.text("general.architecture") ?? Self.layout(weights.tensors)
    let rows = sources["W_E"]?.shape.first
    var vocabulary = try Vocabulary(gguf: metadata, file: weights.file)
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
    self.rowIDs = try Self.rowIDs(metadata, file: weights.file, rows: rows)
    self.weights = weights
  }

  private init(
    _ weights: WeightFile,
    path: String,
    metadata: [String: String],
    beside: SideFiles
  ) throws(Diagnostic) {
    let (tensors, sources) = try Self.index(weights.tensors)
    let config = try beside.config()
    self.name = metadata["name"] ?? Self.baseName(path)
    self.path = path
    self.format = weights.format
    self.architecture = config.architecture ?? Self.layout(weights.tensors)
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
    _ stored: [StoredTensor]
  ) throws(Diagnostic) -> ([TensorInfo], [String: TensorSource]) {
    let neoLayout = stored.contains { $0.name.contains(".attn.attention.q_proj.") }
    var tensors: [TensorInfo] = []
    var sources: [String: TensorSource] = [:]
    for tensor in stored {
      let names = TensorNames.canonical(for: tensor.name)
      for name in names {
        let source = try TensorSource(tensor, as: name, neoLayout: neoLayout)
        if let earlier = sources.updateValue(source, forKey: name.name) {
          throw .ambiguousTensor(name.name, earlier.stored.name, tensor.name)
        }
        tensors.append(
          TensorInfo(
            canonicalName: name.name,
            fileName: tensor.name,
            shape: source.shape,
            dtype: tensor.type.name,
            byteCount: source.byteCount
          )
        )
      }
      if names.isEmpty {
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

  /// Guesses the architecture from the tensors' names, for files that do not state it.
  private static func layout(_ tensors: [StoredTensor]) -> String {
    let marks = [
      ("decoder.embed_positions.", "whisper"), ("embeddings.word_embeddings.", "bert"),
      ("attn.attention.q_proj.", "gpt_neo"), ("attn.c_attn.", "gpt2"),
      ("embed_tokens.", "llama"),
    ]
    for (mark, name) in marks where tensors.contains(where: { $0.name.contains(mark) }) {
      return name
    }
    return "unknown"
  }

  /// Returns the file's or folder's name without its ending.
  private static func baseName(_ path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    for ending in [".gguf", ".safetensors"] where last.hasSuffix(ending) {
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
