import Foundation
package import SourceDiagnostics

/// Turns an embedding that is not a model file into a GGUF file of float32 rows with its words.
package enum EmbeddingImporter {
  /// What was converted.
  package struct Report: Sendable, Equatable {
    /// "word2vec text", "GloVe text" or "numpy array".
    package let format: String
    package let rowCount: Int
    package let columnCount: Int
    /// The size of the file written.
    package let byteCount: Int
    /// What a user should know, such as "3 repeated words were left out".
    package let notes: [String]
  }

  /// Limits on what is converted, against files that are not what they seem.
  enum Limit {
    static let columns = 65_536
    static let rows = 10_000_000
    /// As many as a GGUF file may list.
    static let words = 1_000_000
    static let bytes = 16 << 30
    static let lineBytes = 1 << 20
  }

  enum Format: String {
    case word2vec = "word2vec text"
    case glove = "GloVe text"
    case numpy = "numpy array"
  }

  /// Returns what kind of file this is by its content, or `nil` if it is none that is converted.
  ///
  /// GGUF and safetensors are opened as they are, so they give `nil` too.
  ///
  /// - Throws: If the file cannot be read, or is an embedding in a form that is refused: compressed,
  ///   word2vec's binary one, or gensim's pickle.
  package static func format(of path: String) throws(Diagnostic) -> String? {
    try placing(path) { () throws(Diagnostic) in
      try detect(MappedFile(path: path), path: path)?.rawValue
    }
  }

  /// Converts an embedding, reads the result back and only then moves it to `output`.
  ///
  /// The values become `token_embd.weight` (`W_E`), float32. Words come from a text file itself; for
  /// an array they are in `tokens`. Of a word that a text file holds twice the first row is kept.
  /// NaN and infinity that are written as such are kept and counted in the notes.
  ///
  /// - Parameters:
  ///   - path: A text file of word2vec's or GloVe's form, or a `.npy` file of two dimensions.
  ///   - tokens: A file with the names of an array's rows, one on each line or as a JSON array;
  ///     without it the rows have no names.
  ///   - name: What the embedding shall be called.
  ///   - output: Where to write; an older file is replaced.
  ///   - progress: Called with the share done, from 0 to 1.
  /// - Returns: What was converted, and what a user should know about it.
  /// - Throws: If the file is none that is converted, breaks a rule of its format or is too large,
  ///   the names do not fit the rows, or the disk fails. Faults of a text name line and column.
  /// - Complexity: O(file), with memory for the result and its words where the source is text.
  package static func convert(
    _ path: String,
    tokens: String?,
    name: String,
    to output: String,
    progress: (@Sendable (Double) -> Void)?
  ) throws(Diagnostic) -> Report {
    guard canonical(path) != canonical(output) else {
      throw .cannotWrite(output, reason: "it is the file to convert")
    }
    let (format, source) = try placing(path) { () throws(Diagnostic) in
      let file = try MappedFile(path: path)
      guard let format = try detect(file, path: path) else { throw .notAnEmbedding }
      guard tokens == nil || format == .numpy else { throw .needlessTokens }
      let source: any EmbeddingSource =
        if format == .numpy {
          try NumpyArray(file, path: path)
        } else {
          try VectorText(file, format: format, path: path) { progress?(0.7 * $0) }
        }
      return (format, source)
    }
    var notes = source.notes
    let words: ByteStrings? =
      if let tokens {
        try placing(tokens) { () throws(Diagnostic) in
          try WordList.read(tokens, rows: source.rowCount, notes: &notes)
        }
      } else {
        source.words
      }
    let writer = EmbeddingWriter(source: source, words: words, name: name)
    let done = format == .numpy ? 0 : 0.7
    let written = try writer.write(to: output) { progress?(done + (1 - done) * $0) }
    return Report(
      format: format.rawValue,
      rowCount: source.rowCount,
      columnCount: source.columnCount,
      byteCount: written.byteCount,
      notes: notes + written.notes
    )
  }

  private static func canonical(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  /// Adds `path` as the place of a fault that has none.
  static func placing<Result>(
    _ path: String,
    _ body: () throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try body()
    } catch {
      throw error.place == nil ? error.at(SourcePlace(file: path)) : error
    }
  }

  // MARK: Telling formats apart

  private static func detect(_ file: MappedFile, path: String) throws(Diagnostic) -> Format? {
    guard let head = file.bytes(in: 0..<min(8, file.byteCount)) else { return nil }
    if head.starts(with: NumpyArray.magic) { return .numpy }
    if head.starts(with: [0x1F, 0x8B]) { throw .compressedFile }
    if head.first == 0x80, head.count > 1, (2...5).contains(head[1]) {
      // PyTorch's old pickles are told by their names, with help of their own.
      if [".bin", ".pt", ".pth", ".pkl", ".ckpt"].contains(where: path.hasSuffix) { return nil }
      throw .gensimPickle
    }
    var lines = LineReader(file)
    let longest = Limit.lineBytes
    guard file.byteCount > 0, let first = try? lines.next(atMost: longest) else { return nil }
    if VectorText.announced(in: first) != nil {
      guard isText(file, from: lines.offset) else { throw .word2vecBinary }
      return .word2vec
    }
    guard isText(file, from: 0), VectorText.columnCount(of: first) != nil else { return nil }
    return .glove
  }

  /// Returns whether the next few bytes hold no control characters but those of lines.
  private static func isText(_ file: MappedFile, from start: Int) -> Bool {
    let bytes = file.bytes(in: start..<min(start + 4096, file.byteCount)) ?? []
    return bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }
  }
}
