/// The part of a vocabulary that goes into a packed file, spelled as GGUF spells it.
struct PackedVocabulary {
  private let source: Vocabulary
  private let ids: [Int]

  /// - Parameters:
  ///   - source: All tokens.
  ///   - ids: Those to keep, in the order of the rows.
  init(_ source: Vocabulary, ids: [Int]) {
    self.source = source
    self.ids = ids
  }

  /// The number of tokens.
  var count: Int { ids.count }

  /// Returns the real bytes of the token of a row.
  func name(_ row: Int) -> ArraySlice<UInt8> { source.names[ids[row]] }

  /// Adds the tokens, their kinds and what is needed to split text.
  ///
  /// - Parameters:
  ///   - writer: What the metadata is added to.
  ///   - includesMerges: Whether the kept tokens can spell every text; a sample cannot.
  func write(to writer: inout GGUFWriter, includesMerges: Bool) {
    switch source.scheme {
    case .bytePair(let split, let merges, let takesWholePieces):
      writer.set("tokenizer.ggml.model", text: "gpt2")
      if let split { write(split, to: &writer) }
      if takesWholePieces { writer.set("workbook.whole_pieces", truth: true) }
      writer.set("tokenizer.ggml.tokens", strings: spelled(Self.bytePairSpelling))
      if includesMerges { writer.set("tokenizer.ggml.merges", strings: kept(merges)) }
    case .wordPiece:
      writer.set("tokenizer.ggml.model", text: "bert")
      let marked = spelled { name, _ in Vocabulary.markedWordPiece(name) }
      if survives(Vocabulary.wordPieces(marked)) {
        writer.set("tokenizer.ggml.tokens", strings: marked)
      } else {
        // Odd entries such as "##[x]" would be read as others.
        writer.set("tokenizer.ggml.tokens", strings: spelled { name, _ in Array(name) })
        writer.set("workbook.spelled_as_is", truth: true)
      }
    case .words:
      writer.set("tokenizer.ggml.model", text: "words")
      writer.set("tokenizer.ggml.tokens", strings: spelled { name, _ in Array(name) })
    case .namesOnly:
      writer.set("tokenizer.ggml.model", text: "llama")
      writer.set("tokenizer.ggml.tokens", strings: spelled(Self.pieceSpelling))
    }
    writeTextRules(to: &writer)
    writer.set("tokenizer.ggml.token_type", signed: ids.map { Int32(source.kinds[$0].rawValue) })
  }

  /// Returns whether names that were read back are those that were to be written.
  private func survives(_ names: ByteStrings) -> Bool {
    names.count == ids.count
      && ids.indices.allSatisfy { names[$0].elementsEqual(source.names[ids[$0]]) }
  }

  private var isWordPiece: Bool {
    if case .wordPiece = source.scheme { true } else { false }
  }

  /// Adds what GGUF has no key for, where it is not what a reader would assume.
  private func write(_ split: PreTokenizer, to writer: inout GGUFWriter) {
    writer.set("tokenizer.ggml.pre", text: split.name)
    if PreTokenizer.named(split.name)?.digits != split.digits {
      writer.set("workbook.digits", text: split.digits.rawValue)
    }
    if split.addsPrefixSpace { writer.set("workbook.prefix_space", truth: true) }
    if !split.usesPattern { writer.set("workbook.pattern", truth: false) }
  }

  private func writeTextRules(to writer: inout GGUFWriter) {
    let normalizer = source.text.normalizer
    let (strips, lowercases) = (
      normalizer.steps.contains(.bertAccents), normalizer.steps.contains(.lowercase)
    )
    if isWordPiece,
      normalizer == .bert(stripsAccents: strips, lowercases: lowercases)
    {
      writer.set("workbook.lowercase", truth: lowercases)
      writer.set("workbook.strip_accents", truth: strips)
    } else if isWordPiece || !normalizer.steps.isEmpty {
      writer.set("workbook.normalizer", text: normalizer.name)
    }
    if let caveat = source.text.caveat {
      writer.set("workbook.tokenizer_caveat", text: caveat.rawValue)
    }
    let rules = ids.filter { source.kinds[$0] == .userDefined }
      .map { source.text.userTokenRules[$0]?.rawValue ?? 0 }
    if rules.contains(where: { $0 != 0 }) {
      writer.set("workbook.user_token_rules", unsigned: rules)
    }
  }

  private func spelled(_ spelling: (ArraySlice<UInt8>, TokenKind) -> [UInt8]) -> ByteStrings {
    var strings = ByteStrings(reservingCount: ids.count, byteCount: ids.count * 8)
    for id in ids { strings.append(spelling(source.names[id], source.kinds[id])) }
    return strings
  }

  private static func bytePairSpelling(_ name: ArraySlice<UInt8>, _ kind: TokenKind) -> [UInt8] {
    kind == .text ? ByteAlphabet.printed(name) : Array(name)
  }

  private static func pieceSpelling(_ name: ArraySlice<UInt8>, _ kind: TokenKind) -> [UInt8] {
    if kind == .byte, let byte = name.first, name.count == 1 {
      let digits = String(byte, radix: 16, uppercase: true)
      return Array("<0x\(byte < 16 ? "0" : "")\(digits)>".utf8)
    }
    guard kind == .text else { return Array(name) }
    return name.flatMap { $0 == 0x20 ? Vocabulary.wordMark : [$0] }
  }

  /// Returns the merges whose result is still a token.
  private func kept(_ merges: ByteStrings) -> ByteStrings {
    let names = Set(ids.map { source.names[$0] })
    var kept = ByteStrings(reservingCount: merges.count, byteCount: merges.count * 12)
    for index in 0..<merges.count {
      let joined = merges[index].filter { $0 != 0x20 }
      if let real = ByteAlphabet.realBytes(joined[...]), names.contains(real[...]) {
        kept.append(merges[index])
      }
    }
    return kept
  }
}
