import SourceDiagnostics

/// Rows to be written to a file.
protocol EmbeddingSource {
  var rowCount: Int { get }
  var columnCount: Int { get }
  var words: ByteStrings? { get }
  var notes: [String] { get }

  /// Calls `body` with all values, row by row, some at a time.
  func forEachBlock(_ body: ([Float]) throws(Diagnostic) -> Void) throws(Diagnostic)
}

/// Writes an embedding as GGUF.
struct EmbeddingWriter {
  let source: any EmbeddingSource
  let words: ByteStrings?
  let name: String

  private static let tensor = "token_embd.weight"

  /// Throws if an embedding is empty or larger than can be converted.
  static func requireSize(rows: Int, columns: Int, atMost limit: Int) throws(Diagnostic) {
    guard rows > 0, columns > 0 else { throw .emptyEmbedding(rows: rows, columns: columns) }
    guard rows <= limit else { throw .tooManyRows("\(rows)", limit: limit) }
    let widest = EmbeddingImporter.Limit.columns
    guard columns <= widest else { throw .tooManyColumns(columns, limit: widest) }
    let largest = EmbeddingImporter.Limit.bytes
    guard let bytes = checkedProduct([rows, columns, 4]), bytes <= largest else {
      throw .embeddingTooLarge(rows: rows, columns: columns, limit: largest)
    }
  }

  /// Writes the file, compares it with the source and moves it into place.
  ///
  /// - Returns: Its size, and what was found on the way.
  func write(
    to output: String,
    progress: (Double) -> Void
  ) throws(Diagnostic) -> (byteCount: Int, notes: [String]) {
    let file = try ReplacementFile(for: output)
    do {
      let header = header()
      try file.write(header)
      let dataSize = source.rowCount * source.columnCount * 4
      var summary = Summary(columns: source.columnCount)
      try source.forEachBlock { (values) throws(Diagnostic) in
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 4)
        for value in values { bytes.append(littleEndian: value.bitPattern) }
        summary.add(values)
        try file.write(bytes)
        progress(0.8 * Double(summary.valueCount * 4) / Double(dataSize))
      }
      let padding = GGUFWriter.padding(after: dataSize)
      try file.write([UInt8](repeating: 0, count: padding))
      try file.finishWriting()
      try verify(file.temporaryPath, dataStart: header.count, against: summary)
      try file.moveIntoPlace()
      progress(1)
      return (header.count + dataSize + padding, summary.notes)
    } catch {
      file.discard()
      throw error
    }
  }

  private func header() -> [UInt8] {
    var writer = GGUFWriter()
    writer.set("general.architecture", text: "embedding")
    writer.set("general.name", text: name)
    writer.set("general.alignment", unsigned: UInt32(GGUFWriter.alignment))
    writer.set("embedding.embedding_length", unsigned: UInt32(source.columnCount))
    if let words {
      writer.set("tokenizer.ggml.model", text: "words")
      writer.set("tokenizer.ggml.tokens", strings: words)
    }
    writer.declare(
      Self.tensor,
      shape: [source.rowCount, source.columnCount],
      code: ElementType.f32.ggufCode ?? 0,
      byteCount: source.rowCount * source.columnCount * 4
    )
    return writer.header()
  }

  // MARK: Reading back

  private func verify(
    _ path: String,
    dataStart: Int,
    against summary: Summary
  ) throws(Diagnostic) {
    let model = try LoadedModel.open(path: path)
    guard model.shape(of: "W_E") == [source.rowCount, source.columnCount] else {
      throw .packFailed("the shape")
    }
    guard model.vocabulary?.count == words?.count else { throw .packFailed("the list of words") }
    if let words, let vocabulary = model.vocabulary {
      for row in 0..<words.count where vocabulary.names[row] != words[row] {
        throw .packFailed("word \(row)")
      }
    }
    let file = try MappedFile(path: path)
    var written = Summary(columns: source.columnCount)
    let blockSize = 1 << 20
    while written.valueCount < summary.valueCount {
      let count = min(blockSize, summary.valueCount - written.valueCount)
      let start = dataStart + written.valueCount * 4
      let values = file.withBytes(in: start..<start + count * 4) { bytes in
        (0..<count).map { Float(bitPattern: bytes.littleEndian(at: 4 * $0, as: UInt32.self)) }
      }
      guard let values else { throw .packFailed("the embedding") }
      written.add(values)
    }
    guard written == summary else { throw .packFailed("the embedding") }
  }

  /// What is kept of the values that went by, to compare what is read with what was written.
  private struct Summary: Equatable {
    let columns: Int
    private(set) var valueCount = 0
    private var checksum: UInt64 = 0xCBF2_9CE4_8422_2325
    private var lastNonFiniteRow = -1
    private var nonFiniteRows = 0

    init(columns: Int) { self.columns = columns }

    mutating func add(_ values: [Float]) {
      for value in values {
        // FNV-1a over whole values, which wraps by design.
        checksum = (checksum ^ UInt64(value.bitPattern)) &* 0x100_0000_01B3
        if !value.isFinite, lastNonFiniteRow != valueCount / columns {
          lastNonFiniteRow = valueCount / columns
          nonFiniteRows += 1
        }
        valueCount += 1
      }
    }

    var notes: [String] {
      switch nonFiniteRows {
      case 0: []
      case 1: ["1 row holds NaN or infinity"]
      default: ["\(nonFiniteRows) rows hold NaN or infinity"]
      }
    }
  }
}
