import SourceDiagnostics

/// The files of a byte-level encoding that came before `tokenizer.json`: `vocab.json`, `merges.txt`
/// and `added_tokens.json`.
///
/// GPT-2, GPT-Neo and OPT ship them. They do not say how text is cut or which tokens are special:
/// the first is GPT-2's rule, the second is told by a name's shape. A token of `added_tokens.json`
/// that does not look special is found in the text first, as `tokenizers` does.
struct BytePairFiles {
  private var table = TokenTable()
  private var merges = ByteStrings()

  /// - Parameter bytes: `vocab.json`: an id by each name, in the printed alphabet.
  /// - Throws: If it is not such a file.
  init(vocabulary bytes: [UInt8]) throws(Diagnostic) {
    for (name, id) in try Self.ids(bytes) { table.tokens.append((id, name)) }
  }

  /// Reads `added_tokens.json`: an id by each name, spelled as it is.
  mutating func readAdded(_ bytes: [UInt8]) throws(Diagnostic) {
    let taken = Dictionary(table.tokens.map { ($0.id, $0.name) }) { first, _ in first }
    for (name, id) in try Self.ids(bytes) {
      if let earlier = taken[id], earlier != name { throw .duplicateToken(id) }
      let kind = TokenKind(bytePairEntry: name)
      table.added.append(
        TokenTable.Added(id: id, name: name, kind: kind == .text ? .userDefined : kind)
      )
    }
  }

  /// Reads `merges.txt`: perhaps a line with a version, then "left right" lines, best first.
  mutating func readMerges(_ bytes: [UInt8]) throws(Diagnostic) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { $0.last == 0x0D ? $0.dropLast() : $0 }
    while lines.last?.isEmpty == true { lines.removeLast() }
    merges = ByteStrings(reservingCount: lines.count, byteCount: bytes.count)
    for (index, line) in lines.enumerated() {
      if index == 0, line.starts(with: "#version".utf8) { continue }
      let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
        throw .brokenMerge(line: index + 1)
      }
      merges.append(line)
    }
  }

  /// Returns the vocabulary with a name for each of `rows` rows.
  func vocabulary(rows: Int) throws(Diagnostic) -> Vocabulary {
    let table = try table.names { TokenKind(bytePairEntry: $0) }
    return try Vocabulary.padded(
      names: Vocabulary.realBytes(table.names, kinds: table.kinds),
      kinds: table.kinds,
      scheme: .bytePair(split: .gpt2, merges: merges),
      text: TextRules(userTokenRules: table.rules),
      rows: rows
    )
  }

  private static func ids(
    _ bytes: [UInt8]
  ) throws(Diagnostic) -> [(name: [UInt8], id: Int)] {
    var scanner = JSONScanner(bytes)
    var ids: [(name: [UInt8], id: Int)] = []
    try scanner.object { (scanner, name) throws(Diagnostic) in
      ids.append((name, try scanner.wholeNumber()))
    }
    try scanner.end()
    return ids
  }
}

extension TokenKind {
  /// Tells marks from text by their shape: `<|endoftext|>`, `<s>`, `madeupword0000`.
  init(bytePairEntry name: [UInt8]) {
    let text = String(decoding: name, as: UTF8.self)
    switch text {
    case "<unk>": self = .unknown
    case "<s>", "</s>", "<pad>", "<mask>": self = .control
    case _ where text.utf8.count > 4 && text.hasPrefix("<|") && text.hasSuffix("|>"):
      self = .control
    case _ where Self.isFiller(text): self = .unused
    default: self = .text
    }
  }

  /// Whether it is one of the words that fairseq fills its vocabularies up with.
  private static func isFiller(_ text: String) -> Bool {
    let stem = "madeupword"
    guard text.hasPrefix(stem) else { return false }
    let number = text.utf8.dropFirst(stem.utf8.count)
    return number.count == 4
      && number.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
