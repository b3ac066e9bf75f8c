import SourceDiagnostics

extension Vocabulary {
  /// Reads the vocabulary that a GGUF file's metadata holds; `nil` if it holds none.
  init?(gguf metadata: GGUFMetadata, file: MappedFile) throws(Diagnostic) {
    guard
      let names = try metadata.array("tokenizer.ggml.tokens", of: [.string])?.byteStrings(in: file)
    else { return nil }
    let kinds = try Self.kinds(metadata, file: file, count: names.count)
    var text = try Self.textRules(metadata, file: file, kinds: kinds)
    switch metadata.text("tokenizer.ggml.model") {
    case "gpt2":
      let merges = try metadata.array("tokenizer.ggml.merges", of: [.string])?.byteStrings(in: file)
      self.init(
        names: Self.realBytes(names, kinds: kinds),
        kinds: kinds,
        scheme: .bytePair(
          split: Self.preTokenizer(metadata),
          merges: merges ?? ByteStrings(),
          takesWholePieces: metadata.truth("workbook.whole_pieces") ?? false
        ),
        text: text
      )
    case "bert":
      if metadata.text("workbook.normalizer") == nil {
        text.normalizer = .bert(
          stripsAccents: metadata.truth("workbook.strip_accents") ?? true,
          lowercases: metadata.truth("workbook.lowercase") ?? true
        )
      }
      let isAsIs = metadata.truth("workbook.spelled_as_is") ?? false
      self.init(
        names: isAsIs ? names : Self.wordPieces(names),
        kinds: kinds,
        scheme: .wordPiece,
        text: text
      )
    case "words":
      self.init(names: names, kinds: kinds, scheme: .words, text: text)
    default:
      self.init(
        names: Self.spacedPieces(names, kinds: kinds),
        kinds: kinds,
        scheme: .namesOnly,
        text: text
      )
    }
  }

  private static func preTokenizer(_ metadata: GGUFMetadata) -> PreTokenizer? {
    guard var rule = metadata.text("tokenizer.ggml.pre").flatMap(PreTokenizer.named) else {
      return nil
    }
    if let name = metadata.text("workbook.digits") {
      guard let digits = PreTokenizer.Digits(rawValue: name) else { return nil }
      rule.digits = digits
    }
    rule.addsPrefixSpace = metadata.truth("workbook.prefix_space") ?? false
    rule.usesPattern = metadata.truth("workbook.pattern") ?? true
    return rule
  }

  private static func textRules(
    _ metadata: GGUFMetadata,
    file: MappedFile,
    kinds: [TokenKind]
  ) throws(Diagnostic) -> TextRules {
    var rules = TextRules()
    if let name = metadata.text("workbook.tokenizer_caveat") {
      rules.caveat = Caveat(rawValue: name) ?? .unknownModel
    }
    if let name = metadata.text("workbook.normalizer") {
      let normalizer = TextNormalizer(named: name)
      rules.normalizer = normalizer ?? TextNormalizer()
      if normalizer == nil { rules.caveat = .unknownNormalizer }
    }
    let key = "workbook.user_token_rules"
    guard let codes = try metadata.array(key, of: [.uint32])?.integers(in: file) else {
      return rules
    }
    let tokens = kinds.indices.filter { kinds[$0] == .userDefined }
    guard codes.count == tokens.count else {
      throw .wrongUserTokenRules(rules: codes.count, tokens: tokens.count)
    }
    for (id, code) in zip(tokens, codes) {
      let rule = UserTokens.Rules(rawValue: UInt32(code))
      if !rule.isSubset(of: .all) { rules.caveat = .unknownModel }
      rules.userTokenRules[id] = rule.intersection(.all)
    }
    return rules
  }

  private static func kinds(
    _ metadata: GGUFMetadata,
    file: MappedFile,
    count: Int
  ) throws(Diagnostic) -> [TokenKind] {
    let key = "tokenizer.ggml.token_type"
    guard let codes = try metadata.array(key, of: [.int32, .uint32])?.integers(in: file) else {
      return [TokenKind](repeating: .text, count: count)
    }
    guard codes.count == count else { throw .wrongTokenKinds(kinds: codes.count, tokens: count) }
    return codes.map { UInt8(exactly: $0).flatMap(TokenKind.init(rawValue:)) ?? .text }
  }

  /// Undoes the printable alphabet, except for tokens that are not text.
  static func realBytes(_ printed: ByteStrings, kinds: [TokenKind]) -> ByteStrings {
    var real = ByteStrings(reservingCount: printed.count, byteCount: printed.count * 8)
    for id in 0..<printed.count {
      if kinds[id] == .text {
        ByteAlphabet.appendReal(printed[id], to: &real)
      } else {
        real.append(printed[id])
      }
    }
    return real
  }

  /// What SentencePiece, and llama.cpp for WordPiece, put where a word begins.
  static let wordMark = Array("▁".utf8)

  /// Restores the entries of `vocab.txt` from llama.cpp's spelling of them.
  ///
  /// llama.cpp marks words that begin, where BERT marks those that continue. A file with "##" in it
  /// is taken as it stands.
  static func wordPieces(_ stored: ByteStrings) -> ByteStrings {
    let continuation = Array("##".utf8)
    if (0..<stored.count).contains(where: {
      stored[$0].count > 2 && stored[$0].starts(with: continuation)
    }) {
      return stored
    }
    var names = ByteStrings(reservingCount: stored.count, byteCount: stored.count * 8)
    for id in 0..<stored.count {
      let name = stored[id]
      if isBracketed(name) {
        names.append(name)
      } else if name.starts(with: wordMark) {
        names.append(name.dropFirst(wordMark.count))
      } else {
        names.append(continuation + name)
      }
    }
    return names
  }

  /// Returns an entry of `vocab.txt` as llama.cpp spells it.
  static func markedWordPiece(_ name: ArraySlice<UInt8>) -> [UInt8] {
    if isBracketed(name) { return Array(name) }
    if name.count > 2, name.starts(with: Array("##".utf8)) { return Array(name.dropFirst(2)) }
    return wordMark + name
  }

  private static func isBracketed(_ name: ArraySlice<UInt8>) -> Bool {
    name.first == UInt8(ascii: "[") && name.last == UInt8(ascii: "]") && name.count > 1
  }

  /// Returns a name with a space for each of SentencePiece's marks.
  ///
  /// By bytes, since a name may put accents on a mark and need not be UTF-8.
  private static func replacingWordMarks(_ name: ArraySlice<UInt8>) -> [UInt8] {
    var replaced: [UInt8] = []
    var rest = name
    while let byte = rest.first {
      let isMark = rest.starts(with: wordMark)
      replaced.append(isMark ? 0x20 : byte)
      rest = rest.dropFirst(isMark ? wordMark.count : 1)
    }
    return replaced
  }

  /// Replaces SentencePiece's mark by a space, and "<0x0A>" by the byte it names.
  static func spacedPieces(_ stored: ByteStrings, kinds: [TokenKind]) -> ByteStrings {
    var names = ByteStrings(reservingCount: stored.count, byteCount: stored.count * 8)
    for id in 0..<stored.count {
      let name = stored[id]
      if kinds[id] == .byte, name.count == 6, name.starts(with: Array("<0x".utf8)),
        let byte = UInt8(String(decoding: name.dropFirst(3).dropLast(), as: UTF8.self), radix: 16)
      {
        names.append([byte])
      } else if kinds[id] == .text, name.contains(wordMark[0]) {
        names.append(replacingWordMarks(name))
      } else {
        names.append(name)
      }
    }
    return names
  }
}
