import SourceDiagnostics

/// Hugging Face's `tokenizer.json`, as far as it names tokens and tells how to split text.
struct TokenizerJSON {
  private var model = ""
  private var vocabulary: [(id: Int, name: [UInt8])] = []
  private var merges = ByteStrings()
  private var added: [AddedToken] = []
  private var isByteLevel = false
  private var splitsDigits = false
  /// Whether a step was met that changes how text is split and is not known here.
  private var hasUnknownSplit = false
  private var rules = WordPieceRules()
  private var stripsAccents: Bool?

  private struct AddedToken {
    var id: Int?
    var name: [UInt8] = []
    var isSpecial = false
  }

  init(_ bytes: [UInt8]) throws(Diagnostic) {
    var scanner = JSONScanner(bytes)
    var parsed = self
    try scanner.object { (scanner, key) throws(Diagnostic) in
      switch (String(decoding: key, as: UTF8.self), try scanner.kind()) {
      case ("model", .object): try parsed.readModel(&scanner)
      case ("added_tokens", .array): try parsed.readAddedTokens(&scanner)
      case ("pre_tokenizer", .object), ("decoder", .object):
        try parsed.readSplitter(&scanner)
      case ("normalizer", .object): try parsed.readNormalizer(&scanner)
      default: try scanner.skip()
      }
    }
    try scanner.end()
    self = parsed
  }

  private init() {}

  /// Returns the vocabulary with a name for each of `rows` rows.
  func vocabulary(rows: Int) throws(Diagnostic) -> Vocabulary {
    let (stored, kinds) = try table()
    switch model {
    case "WordPiece":
      var rules = rules
      rules.stripsAccents = stripsAccents ?? rules.lowercases
      return try Vocabulary.padded(
        names: stored,
        kinds: kinds,
        scheme: .wordPiece(rules),
        rows: rows
      )
    case "BPE" where isByteLevel:
      let split: PreTokenizer = splitsDigits ? .singleDigits : .gpt2
      return try Vocabulary.padded(
        names: Vocabulary.realBytes(stored, kinds: kinds),
        kinds: kinds,
        scheme: .bytePair(split: hasUnknownSplit ? nil : split, merges: merges),
        rows: rows
      )
    case "BPE":
      return try Vocabulary.padded(
        names: Vocabulary.spacedPieces(stored, kinds: kinds),
        kinds: kinds,
        scheme: .namesOnly,
        rows: rows
      )
    default: throw .unknownTokenizer(model)
    }
  }

  /// Returns the names in the order of their ids.
  ///
  /// Added tokens are spelled as they are.
  private func table() throws(Diagnostic) -> (ByteStrings, [TokenKind]) {
    var highest = -1
    for (id, _) in vocabulary { highest = max(highest, id) }
    for token in added { highest = max(highest, token.id ?? -1) }
    let declared = vocabulary.count + added.count
    guard highest < 2 * declared + 1024 else {
      throw .sparseVocabulary(highest: highest, count: declared)
    }
    var entries = [(name: [UInt8], kind: TokenKind)?](repeating: nil, count: highest + 1)
    for (id, name) in vocabulary {
      guard entries[id] == nil else { throw .duplicateToken(id) }
      entries[id] = (name, model == "WordPiece" ? TokenKind(bertEntry: name[...]) : .text)
    }
    for token in added {
      guard let id = token.id else { continue }
      let kind: TokenKind = token.isSpecial ? .control : .userDefined
      entries[id] = (token.name, token.name == Array("[UNK]".utf8) ? .unknown : kind)
    }
    var names = ByteStrings(reservingCount: entries.count, byteCount: entries.count * 8)
    var kinds: [TokenKind] = []
    for (id, entry) in entries.enumerated() {
      names.append(entry?.name ?? Array("<unused\(id)>".utf8))
      kinds.append(entry?.kind ?? .unused)
    }
    return (names, kinds)
  }

  // MARK: Parts of the file

  private mutating func readModel(_ scanner: inout JSONScanner) throws(Diagnostic) {
    var parsed = self
    try scanner.object { (scanner, key) throws(Diagnostic) in
      switch (String(decoding: key, as: UTF8.self), try scanner.kind()) {
      case ("type", .text): parsed.model = String(decoding: try scanner.text(), as: UTF8.self)
      case ("vocab", .object):
        try scanner.object { (scanner, name) throws(Diagnostic) in
          parsed.vocabulary.append((try scanner.wholeNumber(), name))
        }
      case ("merges", .array):
        try scanner.array { (scanner) throws(Diagnostic) in
          parsed.merges.append(try Self.merge(&scanner))
        }
      default: try scanner.skip()
      }
    }
    self = parsed
  }

  /// Reads a merge, "left right" in old files and ["left", "right"] in new ones.
  private static func merge(_ scanner: inout JSONScanner) throws(Diagnostic) -> [UInt8] {
    guard try scanner.kind() == .array else { return try scanner.text() }
    var parts: [[UInt8]] = []
    try scanner.array { (scanner) throws(Diagnostic) in parts.append(try scanner.text()) }
    return Array(parts.joined(separator: [0x20]))
  }

  private mutating func readAddedTokens(_ scanner: inout JSONScanner) throws(Diagnostic) {
    var added: [AddedToken] = []
    try scanner.array { (scanner) throws(Diagnostic) in
      var token = AddedToken()
      try scanner.object { (scanner, key) throws(Diagnostic) in
        switch (String(decoding: key, as: UTF8.self), try scanner.kind()) {
        case ("id", .number): token.id = try scanner.wholeNumber()
        case ("content", .text): token.name = try scanner.text()
        case ("special", .word): token.isSpecial = try scanner.word() ?? false
        default: try scanner.skip()
        }
      }
      added.append(token)
    }
    self.added = added
  }

  /// Reads a pre-tokeniser or decoder, or a sequence of them.
  private mutating func readSplitter(_ scanner: inout JSONScanner) throws(Diagnostic) {
    var parsed = self
    try scanner.object { (scanner, key) throws(Diagnostic) in
      switch (String(decoding: key, as: UTF8.self), try scanner.kind()) {
      case ("type", .text):
        switch String(decoding: try scanner.text(), as: UTF8.self) {
        case "ByteLevel": parsed.isByteLevel = true
        case "Split": parsed.hasUnknownSplit = true
        default: break
        }
      case ("individual_digits", .word): parsed.splitsDigits = try scanner.word() ?? false
      case ("pretokenizers", .array), ("decoders", .array):
        try scanner.array { (scanner) throws(Diagnostic) in try parsed.readSplitter(&scanner) }
      default: try scanner.skip()
      }
    }
    self = parsed
  }

  private mutating func readNormalizer(_ scanner: inout JSONScanner) throws(Diagnostic) {
    var parsed = self
    try scanner.object { (scanner, key) throws(Diagnostic) in
      switch (String(decoding: key, as: UTF8.self), try scanner.kind()) {
      case ("lowercase", .word): parsed.rules.lowercases = try scanner.word() ?? true
      case ("strip_accents", .word): parsed.stripsAccents = try scanner.word()
      default: try scanner.skip()
      }
    }
    self = parsed
  }
}
