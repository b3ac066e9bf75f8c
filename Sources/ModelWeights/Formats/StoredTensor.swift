import SourceDiagnostics

/// One tensor as its file declares it, its place and size already checked against the file.
struct StoredTensor: Sendable {
  let name: String
  /// Outermost dimension first, as numpy prints it; GGUF's reversed order is undone.
  let shape: [Int]
  let type: ElementType
  /// Where its first byte is in the file.
  let offset: Int
  let byteCount: Int

  /// The number of values.
  var elementCount: Int { shape.reduce(1, *) }
  /// The number of rows when seen as a matrix; a vector is one row.
  var rowCount: Int { shape.count < 2 ? 1 : shape[0] }
  /// The number of columns when seen as a matrix.
  var columnCount: Int { shape.last ?? 1 }
}

/// A weight file whose header has been read and checked.
struct WeightFile: Sendable {
  /// For example "GGUF v3".
  let format: String
  let file: MappedFile
  /// In the order of the file.
  let tensors: [StoredTensor]
  let metadata: Metadata

  enum Metadata: Sendable {
    case gguf(GGUFMetadata)
    case safetensors([String: String])
  }

  /// Reads the header of a GGUF or safetensors file, told apart by the first bytes.
  static func open(path: String) throws(Diagnostic) -> WeightFile {
    try refuseForeignFormat(path: path)
    let file = try MappedFile(path: path)
    if let magic = file.bytes(in: 0..<min(8, file.byteCount)) {
      if magic.starts(with: GGUFReader.magic) { return try GGUFReader.read(file) }
      if magic.starts(with: [0x50, 0x4B, 3, 4]) { throw .pickledFile }
      if magic.starts(with: [0x93] + Array("NUMPY".utf8)) { throw .numpyFile }
      if path.hasSuffix(".gguf") { throw .wrongMagic }
    }
    return try SafetensorsReader.read(file)
  }

  private static func refuseForeignFormat(path: String) throws(Diagnostic) {
    for ending in [".bin", ".pt", ".pth", ".pkl", ".ckpt"] where path.hasSuffix(ending) {
      throw .pickledFile
    }
  }
}

/// Returns the product of dimensions, or `nil` if it overflows.
func checkedProduct(_ dimensions: [Int]) -> Int? {
  var product = 1
  for dimension in dimensions {
    let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
    guard !overflow else { return nil }
    product = next
  }
  return product
}
