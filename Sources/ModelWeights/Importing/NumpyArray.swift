import SourceDiagnostics

/// A numpy array of two dimensions in a `.npy` file.
struct NumpyArray: EmbeddingSource {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  let rowCount: Int
  let columnCount: Int
  let words: ByteStrings? = nil
  private let file: MappedFile
  private let path: String
  private let dataStart: Int
  private let type: NumpyHeader.ElementType

  var notes: [String] {
    switch type {
    case .float16: ["values were float16, all of which float32 holds exactly"]
    case .float32: []
    case .float64: ["values were float64 and are rounded to float32"]
    }
  }

  /// - Throws: If the header breaks a rule, the array is not of two dimensions and a known type, or
  ///   the file's size is not what the header says.
  init(_ file: MappedFile, path: String) throws(Diagnostic) {
    let (text, dataStart) = try Self.headerText(of: file)
    let header = try NumpyHeader(text)
    guard header.shape.count == 2 else { throw .wrongDimensions(header.shape) }
    rowCount = header.shape[0]
    columnCount = header.shape[1]
    try EmbeddingWriter.requireSize(
      rows: rowCount,
      columns: columnCount,
      atMost: EmbeddingImporter.Limit.rows
    )
    type = header.type
    guard let size = checkedProduct([rowCount, columnCount, type.byteCount]),
      size == file.byteCount - dataStart
    else {
      throw .wrongArraySize(
        found: file.byteCount - dataStart,
        shape: header.shape,
        valueBytes: type.byteCount
      )
    }
    self.file = file
    self.path = path
    self.dataStart = dataStart
  }

  /// Returns the header's text and where the data begins.
  private static func headerText(
    of file: MappedFile
  ) throws(Diagnostic) -> (text: [UInt8], dataStart: Int) {
    guard let major = file.integer(at: 6, as: UInt8.self),
      let minor = file.integer(at: 7, as: UInt8.self)
    else { throw .truncated("the numpy header") }
    let start = major == 1 ? 10 : 12
    guard (1...3).contains(major), minor == 0 else {
      throw .unknownNumpyVersion("\(major).\(minor)")
    }
    let length: Int? =
      major == 1
      ? file.integer(at: 8, as: UInt16.self).map(Int.init)
      : file.integer(at: 8, as: UInt32.self).map(Int.init)
    guard let length else { throw .truncated("the numpy header") }
    guard length <= NumpyHeader.longest else { throw .numpyHeaderTooLong(length) }
    guard let text = file.bytes(in: start..<start + length) else {
      throw .truncated("the numpy header")
    }
    return (text, start + length)
  }

  func forEachBlock(_ body: ([Float]) throws(Diagnostic) -> Void) throws(Diagnostic) {
    let rowsPerBlock = max(1, (1 << 20) / columnCount)
    var row = 0
    while row < rowCount {
      let next = min(rowCount, row + rowsPerBlock)
      try body(try values(inRows: row..<next))
      row = next
    }
  }

  private func values(inRows rows: Range<Int>) throws(Diagnostic) -> [Float] {
    try EmbeddingImporter.placing(path) { () throws(Diagnostic) in
      try file.requireUnchanged()
      let size = type.byteCount
      let start = dataStart + rows.lowerBound * columnCount * size
      let count = rows.count * columnCount
      let values = file.withBytes(in: start..<start + count * size) { bytes in
        (0..<count).map { type.value(at: $0 * size, in: bytes) }
      }
      guard let values else { throw .fileShrank }
      if type == .float64, let index = values.firstIndex(where: \.isInfinite) {
        try requireInfinite(from: index, values, firstRow: rows.lowerBound, start: start)
      }
      return values
    }
  }

  /// Throws if a finite value became infinite.
  private func requireInfinite(
    from first: Int,
    _ values: [Float],
    firstRow: Int,
    start: Int
  ) throws(Diagnostic) {
    for index in first..<values.count where values[index].isInfinite {
      let bits = file.integer(at: start + index * type.byteCount, as: UInt64.self) ?? 0
      let value = Double(bitPattern: bits)
      guard value.isInfinite else {
        throw .valueTooLarge(
          value,
          row: firstRow + index / columnCount,
          column: index % columnCount
        )
      }
    }
  }
}
