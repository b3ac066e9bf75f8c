import Foundation
import SourceDiagnostics

/// The files that Hugging Face puts beside a model's weights.
struct SideFiles {
  private let folder: String

  /// - Parameter weights: The path of the weights they lie beside.
  init(besides weights: String) {
    let parts = weights.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    self.folder =
      parts.isEmpty
      ? "." : parts.count == 1 && parts[0].isEmpty ? "/" : parts.joined(separator: "/")
  }

  /// What `config.json` says, as far as it matters here.
  struct Config {
    var architecture: String?
    var contextLength: Int?
    var headCount: Int?
  }

  func config() throws(Diagnostic) -> Config {
    var config = Config()
    guard let bytes = try contents("config.json", atMost: 1 << 20) else { return config }
    var scanner = JSONScanner(bytes)
    try placing("config.json") { () throws(Diagnostic) in
      try scanner.object { (scanner, key) throws(Diagnostic) in
        switch (String(decoding: key, as: UTF8.self), try scanner.kind()) {
        case ("model_type", .text):
          config.architecture = String(decoding: try scanner.text(), as: UTF8.self)
        case ("n_positions", .number), ("n_ctx", .number), ("max_position_embeddings", .number),
          ("max_target_positions", .number):
          config.contextLength = try scanner.wholeNumber()
        case ("num_attention_heads", .number): config.headCount = try scanner.wholeNumber()
        default: try scanner.skip()
        }
      }
    }
    return config
  }

  /// Returns the vocabulary, with a name for each of `rows` rows; `nil` if there is no tokenizer.
  func vocabulary(rows: Int) throws(Diagnostic) -> Vocabulary? {
    if let bytes = try contents("tokenizer.json", atMost: 64 << 20) {
      return try placing("tokenizer.json") { () throws(Diagnostic) in
        try TokenizerJSON(bytes).vocabulary(rows: rows)
      }
    }
    if let vocabulary = try bytePairVocabulary(rows: rows) { return vocabulary }
    guard let bytes = try contents("vocab.txt", atMost: 16 << 20) else { return nil }
    return try placing("vocab.txt") { () throws(Diagnostic) in
      try Self.wordPieces(listedIn: bytes, rows: rows)
    }
  }

  /// Reads `vocab.json` and what belongs to it; `nil` if there is none.
  private func bytePairVocabulary(rows: Int) throws(Diagnostic) -> Vocabulary? {
    let limit = 64 << 20
    guard let bytes = try contents("vocab.json", atMost: limit) else { return nil }
    var files = try placing("vocab.json") { () throws(Diagnostic) in
      try BytePairFiles(vocabulary: bytes)
    }
    for name in ["added_tokens.json", "merges.txt"] {
      guard let bytes = try contents(name, atMost: limit) else { continue }
      try placing(name) { () throws(Diagnostic) in
        if name == "merges.txt" {
          try files.readMerges(bytes)
        } else {
          try files.readAdded(bytes)
        }
      }
    }
    return try placing("vocab.json") { () throws(Diagnostic) in
      try files.vocabulary(rows: rows)
    }
  }

  /// Reads `vocab.txt`: one entry a line; the line's number is the id.
  private static func wordPieces(
    listedIn bytes: [UInt8],
    rows: Int
  ) throws(Diagnostic) -> Vocabulary {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var names = ByteStrings(reservingCount: lines.count, byteCount: bytes.count)
    var kinds: [TokenKind] = []
    for line in lines {
      let name = line.last == 0x0D ? line.dropLast() : line
      names.append(name)
      kinds.append(TokenKind(bertEntry: name))
    }
    return try Vocabulary.padded(
      names: names,
      kinds: kinds,
      scheme: .wordPiece,
      text: TextRules(normalizer: .bert(stripsAccents: true, lowercases: true)),
      rows: rows
    )
  }

  private func contents(_ name: String, atMost limit: Int) throws(Diagnostic) -> [UInt8]? {
    let path = folder + "/" + name
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try placing(name) { () throws(Diagnostic) in
      let file = try MappedFile(path: path)
      guard file.byteCount <= limit else { throw .sideFileTooLong(name, limit: limit) }
      return file.bytes(in: 0..<file.byteCount)
    }
  }

  private func placing<Result>(
    _ name: String,
    _ body: () throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    do { return try body() } catch { throw error.at(SourcePlace(file: folder + "/" + name)) }
  }
}

extension TokenKind {
  /// Tells BERT's own marks from words by their brackets: "[CLS]", "[unused12]".
  init(bertEntry name: ArraySlice<UInt8>) {
    guard name.first == UInt8(ascii: "["), name.last == UInt8(ascii: "]"), name.count > 2 else {
      self = .text
      return
    }
    let inside = name.dropFirst().dropLast()
    if inside.elementsEqual("UNK".utf8) {
      self = .unknown
    } else if inside.starts(with: "unused".utf8) {
      self = .unused
    } else {
      self = .control
    }
  }
}

extension Vocabulary {
  /// Makes a vocabulary with a name for each row; rows at the end may lack one.
  ///
  /// - Throws: If there are more names than rows, or fewer than nine for every ten rows.
  static func padded(
    names: ByteStrings,
    kinds: [TokenKind],
    scheme: Scheme,
    text: TextRules,
    rows: Int
  ) throws(Diagnostic) -> Vocabulary {
    guard names.count <= rows, names.count >= rows - rows / 10 else {
      throw .vocabularyMismatch(tokens: names.count, rows: rows)
    }
    var names = names
    for id in names.count..<rows { names.append("<unused\(id)>".utf8) }
    let padding = [TokenKind](repeating: .unused, count: rows - kinds.count)
    return Vocabulary(names: names, kinds: kinds + padding, scheme: scheme, text: text)
  }
}
