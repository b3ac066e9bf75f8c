import SourceDiagnostics

/// Finds the tensors of a safetensors file that is there in full.
enum SafetensorsReader {
  static func read(_ file: MappedFile) throws(Diagnostic) -> WeightFile {
    let header = try header(of: file)
    return WeightFile(
      format: "safetensors",
      byteCount: file.byteCount,
      tensors: stored(header, in: file),
      metadata: .safetensors(header.metadata)
    )
  }

  /// Reads the header and checks it against the file's size.
  static func header(of file: MappedFile) throws(Diagnostic) -> SafetensorsHeader {
    let prefix = file.bytes(in: 0..<min(8, file.byteCount)) ?? []
    let length = try SafetensorsHeader.length(prefix: prefix, fileSize: file.byteCount)
    guard let bytes = file.bytes(in: 0..<length) else { throw .truncated("the header") }
    return try SafetensorsHeader(bytes: bytes, fileSize: file.byteCount)
  }

  static func stored(_ header: SafetensorsHeader, in file: MappedFile) -> [StoredTensor] {
    header.tensors.compactMap { tensor in
      // The header knows no other types than this table has.
      guard let type = ElementType.safetensors(tensor.dtype) else { return nil }
      return StoredTensor(
        name: tensor.name,
        shape: tensor.shape,
        type: type,
        file: file,
        offset: tensor.range.lowerBound,
        byteCount: tensor.range.count
      )
    }
  }
}
