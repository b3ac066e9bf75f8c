import SourceDiagnostics

/// Reads the headers of a model that is split over several safetensors files.
enum ShardedReader {
  /// Reads the index and every file it names.
  ///
  /// - Throws: If a file lacks a tensor that the index places there, or holds another. Faults of a
  ///   file are placed at that file.
  static func read(indexPath path: String) throws(Diagnostic) -> WeightFile {
    let index = try index(path)
    let folder = path.dropLast(path.split(separator: "/").last?.count ?? 0)
    let names = Dictionary(grouping: index.file.keys) { index.file[$0] ?? "" }
    var byteCount = 0
    var tensors: [StoredTensor] = []
    var metadata: [String: String] = [:]
    for name in index.files {
      let (file, header) = try placing(folder + name) { () throws(Diagnostic) in
        try shard(folder + name, holding: names[name] ?? [], index: index)
      }
      tensors += SafetensorsReader.stored(header, in: file)
      metadata.merge(header.metadata) { first, _ in first }
      byteCount += file.byteCount
    }
    return WeightFile(
      format: index.files.count == 1 ? "safetensors" : "safetensors in \(index.files.count) files",
      byteCount: byteCount,
      tensors: tensors,
      metadata: .safetensors(metadata)
    )
  }

  private static func shard(
    _ path: String,
    holding names: [String],
    index: SafetensorsIndex
  ) throws(Diagnostic) -> (MappedFile, SafetensorsHeader) {
    let file = try MappedFile(path: path)
    let header = try SafetensorsReader.header(of: file)
    var missing = Set(names)
    for tensor in header.tensors where missing.remove(tensor.name) == nil {
      throw .strayTensor(tensor.name, belongsIn: index.file[tensor.name])
    }
    if let absent = missing.min() { throw .missingTensor(absent) }
    return (file, header)
  }

  private static func placing<Result>(
    _ path: String,
    _ body: () throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    do { return try body() } catch { throw error.at(SourcePlace(file: path)) }
  }

  private static func index(_ path: String) throws(Diagnostic) -> SafetensorsIndex {
    let file = try MappedFile(path: path)
    guard file.byteCount <= SafetensorsIndex.longest,
      let bytes = file.bytes(in: 0..<file.byteCount)
    else { throw .sideFileTooLong(path, limit: SafetensorsIndex.longest) }
    return try SafetensorsIndex(json: bytes)
  }
}
