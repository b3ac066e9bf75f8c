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
    case .bytePair(let split, let merges):
      writer.set("tokenizer.ggml.model", text: "gpt2")
      if let split { writer.set("tokenizer.ggml.pre", text: split.name) }
      writer.set("tokenizer.ggml.tokens", strings: spelled(Self.bytePairSpelling))
      if includesMerges { writer.set("tokenizer.ggml.merges", strings: kept(merges)) }
    case .wordPiece(let rules):
      writer.set("tokenizer.ggml.model", text: "bert")
      writer.set("workbook.lowercase", truth: rules.lowercases)
      writer.set("workbook.strip_accents", truth: rules.stripsAccents)
      writer.set(
        "tokenizer.ggml.tokens",
        strings: spelled { name, _ in Vocabulary.markedWordPiece(name) }
      )
    case .namesOnly:
      writer.set("tokenizer.ggml.model", text: "llama")
      writer.set("tokenizer.ggml.tokens", strings: spelled(Self.pieceSpelling))
    }
    writer.set("tokenizer.ggml.token_type", signed: ids.map { Int32(source.kinds[$0].rawValue) })
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
