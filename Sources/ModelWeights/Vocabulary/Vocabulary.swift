/// A model's tokens: what each row of its embedding matrix stands for.
///
/// A token is a byte string, not a `String`: many are part of a character, and Swift would call two
/// different spellings of "é" equal. Ids are rows of `W_E`, from 0 to ``count`` − 1.
///
/// Tables for looking up and for splitting text are built when first used.
package struct Vocabulary: Sendable {
  /// How tokens are spelled and text is split.
  enum Scheme: Sendable {
    /// Byte-level byte-pair encoding. `split` is `nil` where the model's own rule is not known.
    /// Merges are "left right" in the printed alphabet, best first.
    case bytePair(split: PreTokenizer?, merges: ByteStrings)
    /// BERT's: a token that continues a word begins with "##".
    case wordPiece(WordPieceRules)
    /// SentencePiece's and others': the names are known, splitting is not supported.
    case namesOnly
  }

  let scheme: Scheme
  let names: ByteStrings
  let kinds: [TokenKind]
  private let lazyIndex = LazyValue<TokenIndex>()
  private let lazyMerges = LazyValue<MergeTable>()

  init(names: ByteStrings, kinds: [TokenKind], scheme: Scheme) {
    precondition(names.count == kinds.count, "\(names.count) names, \(kinds.count) kinds")
    self.names = names
    self.kinds = kinds
    self.scheme = scheme
  }

  /// The number of tokens.
  package var count: Int { names.count }

  /// Whether ``tokenize(_:)`` splits text exactly as the model was trained to.
  package var tokenizesExactly: Bool {
    switch scheme {
    case .bytePair(let split, let merges): split != nil && merges.count > 0
    case .wordPiece: true
    case .namesOnly: false
    }
  }

  /// Returns a token's bytes: for byte-level encodings the real ones (a space, not "Ġ"), for
  /// WordPiece the entry of `vocab.txt`.
  ///
  /// - Precondition: `0 <= id < count`.
  package func bytes(of id: Int) -> [UInt8] { Array(names[id]) }

  /// Returns the token with exactly these bytes, the first if there are several.
  package func id(ofBytes bytes: [UInt8]) -> Int? { lookUp(bytes[...]) }

  func lookUp(_ bytes: ArraySlice<UInt8>) -> Int? {
    index[bytes].map(Int.init)
  }

  private var index: TokenIndex { lazyIndex.value { TokenIndex(names) } }

  /// Returns the token in double quotes, safe to print: `" king"`, `"\n"`, `"\xE2\x80"`.
  package func displayName(of id: Int) -> String { PrintedBytes.quoted(names[id]) }

  /// Returns whether the token begins with a space; never true of WordPiece.
  package func hasLeadingSpace(_ id: Int) -> Bool {
    if case .wordPiece = scheme { return false }
    return names[id].first == 0x20
  }

  /// Returns whether the token begins a word.
  ///
  /// With byte-pair encoding that is a leading space. WordPiece has none, so there it is a token
  /// of letters only which neither continues a word nor is special.
  package func startsWord(_ id: Int) -> Bool {
    guard case .wordPiece = scheme else { return hasLeadingSpace(id) }
    guard !isSpecial(id), !names[id].isEmpty,
      let text = String(validating: names[id], as: UTF8.self)
    else { return false }
    return text.unicodeScalars.allSatisfy(\.properties.isAlphabetic)
  }

  /// Returns the token that is a whole word at the start of a word: " dog", or "dog" in WordPiece;
  /// `nil` if the word takes several tokens.
  package func wordInitialToken(for word: String) -> Int? {
    guard !word.isEmpty else { return nil }
    guard case .wordPiece = scheme else {
      return lookUp([0x20] + Array(word.utf8)[...]).flatMap { isSpecial($0) ? nil : $0 }
    }
    let pieces = tokenize(word)
    guard let only = pieces.first, pieces.count == 1, startsWord(only) else { return nil }
    return only
  }

  /// Returns whether the token is a control mark, unknown, unused or has no name, rather than text.
  package func isSpecial(_ id: Int) -> Bool { kinds[id] != .text && kinds[id] != .byte }

  /// Returns the tokens of a text, without any that the model would add at its start or end.
  ///
  /// The names of special tokens in the text are ordinary text. Pieces that have no row (in a file
  /// that holds a sample of rows) are left out; WordPiece gives its unknown token where it has one.
  /// Empty for vocabularies that cannot be split; see ``tokenizesExactly``.
  ///
  /// - Complexity: O(n log n) in the length of the text.
  package func tokenize(_ text: String) -> [Int] {
    switch scheme {
    case .bytePair(let split, let lines):
      let index = index
      let merges = lazyMerges.value { MergeTable(lines, index: index) }
      return BytePairEncoder(index: index, merges: merges).encode(text, split: split ?? .gpt2)
    case .wordPiece(let rules):
      return WordPieceTokenizer(rules: rules, vocabulary: self).encode(text)
    case .namesOnly:
      return []
    }
  }
}

/// What a token is for; raw values are GGUF's `tokenizer.ggml.token_type`.
enum TokenKind: UInt8, Sendable {
  case text = 1
  case unknown, control, userDefined, unused, byte
}
