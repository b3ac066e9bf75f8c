import SourceDiagnostics

/// A file that names the rows of an array.
enum WordList {
  /// Reads one word a line, or a JSON array of strings.
  ///
  /// - Throws: If there is not one word for each of `rows` rows, or one is not UTF-8.
  static func read(
    _ path: String,
    rows: Int,
    notes: inout [String]
  ) throws(Diagnostic) -> ByteStrings {
    let file = try MappedFile(path: path)
    guard rows <= EmbeddingImporter.Limit.words else {
      throw .tooManyRows("\(rows)", limit: EmbeddingImporter.Limit.words)
    }
    let words = isJSON(file) ? try listed(in: file) : try lines(of: file)
    guard words.count == rows else { throw .wrongWordCount(words: words.count, rows: rows) }
    let distinct = Set((0..<words.count).map { words[$0] }).count
    if distinct < rows {
      notes.append("only \(distinct) of the \(rows) words differ; of equal ones the first is found")
    }
    return words
  }

  private static func lines(of file: MappedFile) throws(Diagnostic) -> ByteStrings {
    var words = ByteStrings()
    var lines = LineReader(file)
    while let line = try lines.next(atMost: EmbeddingImporter.Limit.lineBytes) {
      guard String(validating: line, as: UTF8.self) != nil else {
        throw .notUTF8("line \(lines.number)")
      }
      try requireRoom(in: words)
      words.append(line)
    }
    return words
  }

  private static func listed(in file: MappedFile) throws(Diagnostic) -> ByteStrings {
    let limit = 256 << 20
    guard file.byteCount <= limit, let bytes = file.bytes(in: 0..<file.byteCount) else {
      throw .sideFileTooLong("the list of words", limit: limit)
    }
    var words = ByteStrings()
    var scanner = JSONScanner(bytes)
    try scanner.array { (scanner) throws(Diagnostic) in
      let word = try scanner.text()
      guard word.count <= EmbeddingImporter.Limit.lineBytes else {
        throw .textTooLong(
          "word \(words.count + 1)",
          bytes: "\(word.count)",
          limit: EmbeddingImporter.Limit.lineBytes
        )
      }
      guard String(validating: word, as: UTF8.self) != nil else {
        throw .notUTF8("word \(words.count + 1)")
      }
      try requireRoom(in: words)
      words.append(word)
    }
    try scanner.end()
    return words
  }

  private static func requireRoom(in words: ByteStrings) throws(Diagnostic) {
    let limit = EmbeddingImporter.Limit.words
    guard words.count < limit else { throw .tooManyRows("more than \(limit)", limit: limit) }
  }

  /// Whether it begins as a JSON array of strings; a first line "[CLS]" does not.
  private static func isJSON(_ file: MappedFile) -> Bool {
    let bytes = file.bytes(in: 0..<min(4096, file.byteCount)) ?? []
    let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    let marks = bytes.filter { !space.contains($0) }.prefix(2)
    return marks.first == UInt8(ascii: "[")
      && [UInt8(ascii: "\""), UInt8(ascii: "]")].contains(marks.last)
  }
}
