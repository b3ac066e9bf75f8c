import SourceDiagnostics

/// Hugging Face's `tokenizer.json`, as far as it names tokens and tells how to split text.
///
/// A property that changes how text is split is honoured or leads to a ``Caveat``.
struct TokenizerJSON {
  private var table = TokenTable()
  private var model = Model()
  private var preTokenizer: TokenizerComponent?
  private var decoder: TokenizerComponent?
  private var normalizer: TokenizerComponent?

  /// The properties of the model itself, apart from its tokens.
  fileprivate struct Model {
    var type = ""
    var merges = ByteStrings()
    var takesWholePieces = false
    var fallsBackToBytes = false
    var dropsMerges = false
    var unknownToken: [UInt8]?
    /// What continues a word, and what ends one.
    var prefix: [UInt8]?
    var suffix: [UInt8]?
    var longestWord: Int?
  }

  init(_ bytes: [UInt8]) throws(Diagnostic) {
    var scanner = JSONScanner(bytes)
    var parsed = self
    try scanner.object { (scanner, key) throws(Diagnostic) in
      switch (String(decoding: key, as: UTF8.self), try scanner.kind()) {
      case ("model", .object): try parsed.readModel(&scanner)
      case ("added_tokens", .array): try parsed.readAddedTokens(&scanner)
      case ("pre_tokenizer", .object): parsed.preTokenizer = try TokenizerComponent(&scanner)
      case ("decoder", .object): parsed.decoder = try TokenizerComponent(&scanner)
      case ("normalizer", .object): parsed.normalizer = try TokenizerComponent(&scanner)
      default: try scanner.skip()
      }
    }
    try scanner.end()
    self = parsed
  }

  private init() {}

  /// Returns the vocabulary with a name for each of `rows` rows.
  func vocabulary(rows: Int) throws(Diagnostic) -> Vocabulary {
    let isWordPiece = model.type == "WordPiece"
    let table = try table.names { isWordPiece ? TokenKind(bertEntry: $0[...]) : .text }
    var text = TextRules(userTokenRules: table.rules)
    if let normalizer {
      text.normalizer = normalizer.normalizer ?? TextNormalizer()
      if normalizer.normalizer == nil { text.caveat = .unknownNormalizer }
    }
    let scheme: Vocabulary.Scheme
    var names = table.names
    switch model.type {
    case "WordPiece":
      if preTokenizer?.isBertSplit != true { text.caveat = .unknownSplit }
      if !model.isBERT { text.caveat = .unusualPieces }
      scheme = .wordPiece
    case "BPE" where preTokenizer?.isByteLevel == true || decoder?.isByteLevel == true:
      text.caveat = model.caveat(tokens: self.table.tokens.map(\.name)) ?? text.caveat
      names = Vocabulary.realBytes(table.names, kinds: table.kinds)
      scheme = .bytePair(
        split: preTokenizer?.preTokenizer,
        merges: model.merges,
        takesWholePieces: model.takesWholePieces
      )
    case "BPE":
      names = Vocabulary.spacedPieces(table.names, kinds: table.kinds)
      scheme = .namesOnly
    default: throw .unknownTokenizer(model.type)
    }
    return try Vocabulary.padded(
      names: names,
      kinds: table.kinds,
      scheme: scheme,
      text: text,
      rows: rows
    )
  }

  // MARK: Parts of the file

  private mutating func readModel(_ scanner: inout JSONScanner) throws(Diagnostic) {
    var parsed = self
    try scanner.object { (scanner, key) throws(Diagnostic) in
      switch (String(decoding: key, as: UTF8.self), try scanner.kind()) {
      case ("vocab", .object):
        try scanner.object { (scanner, name) throws(Diagnostic) in
          parsed.table.tokens.append((try scanner.wholeNumber(), name))
        }
      case ("merges", .array):
        try scanner.array { (scanner) throws(Diagnostic) in
          parsed.model.merges.append(try Self.merge(&scanner))
        }
      case (let key, let kind):
        try parsed.model.read(key, kind, &scanner)
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
    var added: [TokenTable.Added] = []
    try scanner.array { (scanner) throws(Diagnostic) in
      var token = TokenTable.Added()
      var truths: [String: Bool] = [:]
      try scanner.object { (scanner, key) throws(Diagnostic) in
        switch (String(decoding: key, as: UTF8.self), try scanner.kind()) {
        case ("id", .number): token.id = try scanner.wholeNumber()
        case ("content", .text): token.name = try scanner.text()
        case (let key, .word): truths[key] = try scanner.word()
        default: try scanner.skip()
        }
      }
      let isSpecial = truths["special"] ?? false
      if truths["lstrip"] ?? false { token.rules.insert(.takesSpaceBefore) }
      if truths["rstrip"] ?? false { token.rules.insert(.takesSpaceAfter) }
      if truths["single_word"] ?? false { token.rules.insert(.wholeWordsOnly) }
      if !(truths["normalized"] ?? !isSpecial) { token.rules.insert(.beforeNormalizing) }
      if isSpecial { token.kind = .control }
      if token.name == Array("[UNK]".utf8) { token.kind = .unknown }
      added.append(token)
    }
    table.added = added
  }
}

extension TokenizerJSON.Model {
  /// Reads one property other than the tokens and merges.
  fileprivate mutating func read(
    _ key: String,
    _ kind: JSONScanner.Kind,
    _ scanner: inout JSONScanner
  ) throws(Diagnostic) {
    switch (key, kind) {
    case ("type", .text): type = String(decoding: try scanner.text(), as: UTF8.self)
    case ("ignore_merges", .word): takesWholePieces = try scanner.word() ?? false
    case ("byte_fallback", .word): fallsBackToBytes = try scanner.word() ?? false
    case ("dropout", .number): dropsMerges = try !scanner.isZero()
    case ("unk_token", .text): unknownToken = try scanner.text()
    case ("continuing_subword_prefix", .text): prefix = try scanner.text()
    case ("end_of_word_suffix", .text): suffix = try scanner.text()
    case ("max_input_chars_per_word", .number): longestWord = try scanner.wholeNumber()
    default: try scanner.skip()
    }
  }

  /// Whether words are cut up as BERT's are.
  fileprivate var isBERT: Bool {
    (unknownToken ?? Array("[UNK]".utf8)) == Array("[UNK]".utf8)
      && (prefix ?? Array("##".utf8)) == Array("##".utf8)
      && (longestWord ?? 100) == 100
  }

  /// Returns why pairs are not merged in the usual way, if they are not.
  ///
  /// - Parameter tokens: The names, in the printed alphabet.
  /// - Returns: The reason, or `nil`.
  fileprivate func caveat(tokens: [[UInt8]]) -> Caveat? {
    if dropsMerges { return .dropout }
    if prefix?.isEmpty == false || suffix?.isEmpty == false { return .affixes }
    guard fallsBackToBytes || unknownToken != nil else { return nil }
    // What is done with bytes that have no token matters only where some have none.
    let tokens = Set(tokens)
    let hasAllBytes = (0...255).allSatisfy { tokens.contains(ByteAlphabet.printed([UInt8($0)])) }
    return hasAllBytes ? nil : .unknownBytes
  }
}
