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
    /// Merges are "left right" in the printed alphabet, best first. `takesWholePieces` tells whether
    /// a piece that is a token is taken whole, whatever the merges say.
    case bytePair(split: PreTokenizer?, merges: ByteStrings, takesWholePieces: Bool = false)
    /// BERT's: a token that continues a word begins with "##".
    case wordPiece
    /// A list of whole words as they stand: "king", "New_York", ".".
    case words
    /// SentencePiece's and others': the names are known, splitting is not supported.
    case namesOnly
  }

  let scheme: Scheme
  let names: ByteStrings
  let kinds: [TokenKind]
  let text: TextRules
  private let lazyIndex = LazyValue<TokenIndex>()
  private let lazyMerges = LazyValue<MergeTable>()
  private let lazyUserTokens = LazyValue<UserTokens>()

  init(names: ByteStrings, kinds: [TokenKind], scheme: Scheme, text: TextRules = TextRules()) {
    precondition(names.count == kinds.count, "\(names.count) names, \(kinds.count) kinds")
    self.names = names
    self.kinds = kinds
    self.scheme = scheme
    self.text = text
  }

  /// The number of tokens.
  package var count: Int { names.count }

  /// Whether ``tokenize(_:)`` splits text exactly as the model was trained to.
  package var tokenizesExactly: Bool { reservation == nil }

  /// Why ``tokenizesExactly`` is false, as the rest of a sentence about the vocabulary: "splits text
  /// by a rule this program does not know"; `nil` if it is true.
  package var caveat: String? { reservation?.message }

  private var reservation: Caveat? {
    switch scheme {
    case .bytePair(let split, let merges, _):
      text.caveat ?? (split == nil ? .unknownSplit : merges.count == 0 ? .noMerges : nil)
    case .wordPiece: text.caveat
    case .words: .words
    case .namesOnly: .unsupported
    }
  }

  /// Returns a token's bytes: for byte-level encodings the real ones (a space, not "Ġ"), for
  /// WordPiece the entry of `vocab.txt`, for lists of words the word.
  ///
  /// - Precondition: `0 <= id < count`.
  package func bytes(of id: Int) -> [UInt8] { Array(names[id]) }

  /// Returns the token with exactly these bytes; of several the first, text before marks.
  package func id(ofBytes bytes: [UInt8]) -> Int? { lookUp(bytes[...]) }

  func lookUp(_ bytes: ArraySlice<UInt8>) -> Int? {
    index[bytes].map(Int.init)
  }

  private var index: TokenIndex {
    lazyIndex.value {
      let isText = kinds.enumerated().map { id, kind in
        switch kind {
        case .text, .byte: true
        case .userDefined: text.userTokenRules[id]?.contains(.isTextToo) ?? false
        case .unknown, .control, .unused: false
        }
      }
      return TokenIndex(names, isText: isText)
    }
  }

  /// Returns the token in double quotes, safe to print: `" king"`, `"\n"`, `"\xE2\x80"`.
  package func displayName(of id: Int) -> String { PrintedBytes.quoted(names[id]) }

  /// Whether words are told by their letters, since no token begins with a space.
  private var hasSpacelessWords: Bool {
    switch scheme {
    case .wordPiece, .words: true
    case .bytePair, .namesOnly: false
    }
  }

  /// Returns whether the token begins with a space; never true of WordPiece and lists of words.
  package func hasLeadingSpace(_ id: Int) -> Bool {
    !hasSpacelessWords && names[id].first == 0x20
  }

  /// Returns whether the token begins a word.
  ///
  /// With byte-pair encoding that is a leading space. WordPiece and lists of words have none, so
  /// there it is a token of letters only which neither continues a word nor is special.
  package func startsWord(_ id: Int) -> Bool {
    guard hasSpacelessWords else { return hasLeadingSpace(id) }
    guard !isSpecial(id), !names[id].isEmpty,
      let text = String(validating: names[id], as: UTF8.self)
    else { return false }
    return text.unicodeScalars.allSatisfy(\.properties.isAlphabetic)
  }

  /// Returns the token that is a whole word at the start of a word: " dog", or "dog" in WordPiece;
  /// `nil` if the word takes several tokens.
  ///
  /// In a list of words it is the word itself or, failing that, its lowercase form.
  package func wordInitialToken(for word: String) -> Int? {
    guard !word.isEmpty else { return nil }
    switch scheme {
    case .bytePair, .namesOnly:
      return lookUp([0x20] + Array(word.utf8)[...]).flatMap { isSpecial($0) ? nil : $0 }
    case .wordPiece:
      let pieces = tokenize(word)
      guard let only = pieces.first, pieces.count == 1, startsWord(only) else { return nil }
      return only
    case .words: return WordSplitter(vocabulary: self).token(for: word)
    }
  }

  /// Returns whether the token is a control mark, unknown, unused or has no name, rather than text.
  package func isSpecial(_ id: Int) -> Bool {
    switch kinds[id] {
    case .text, .byte, .userDefined: false
    case .unknown, .control, .unused: true
    }
  }

  /// Returns the tokens of a text, without any that the model would add at its start or end.
  ///
  /// The names of special tokens in the text are ordinary text. Pieces that have no row (in a file
  /// that holds a sample of rows, or a list of words) are left out; WordPiece gives its unknown token
  /// where it has one. Empty for vocabularies that cannot be split; see ``tokenizesExactly``.
  ///
  /// - Complexity: O(n log n) in the length of the text.
  package func tokenize(_ text: String) -> [Int] {
    guard let split = splitter() else { return [] }
    var tokens: [Int] = []
    for part in userTokens.parts(of: text) {
      switch part {
      case .token(let id): tokens.append(id)
      case .text(let text): tokens += split(text)
      }
    }
    return tokens
  }

  /// Returns what splits normalised text; `nil` if nothing here can.
  private func splitter() -> ((String) -> [Int])? {
    switch scheme {
    case .bytePair(let split, let lines, let takesWholePieces):
      let index = index
      let encoder = BytePairEncoder(
        index: index,
        merges: lazyMerges.value { MergeTable(lines, index: index) },
        takesWholePieces: takesWholePieces
      )
      return { encoder.encode($0, split: split ?? .gpt2) }
    case .wordPiece: return WordPieceTokenizer(vocabulary: self).encode
    case .words: return WordSplitter(vocabulary: self).encode
    case .namesOnly: return nil
    }
  }

  private var userTokens: UserTokens {
    lazyUserTokens.value {
      let found = kinds.indices.lazy.filter { kinds[$0] == .userDefined }
      return UserTokens(
        found.map { ($0, names[$0], text.userTokenRules[$0] ?? []) },
        normalizer: text.normalizer
      )
    }
  }
}

/// What is done to a text before a vocabulary's own rule splits it.
struct TextRules: Sendable {
  var normalizer = TextNormalizer()
  /// How tokens that are found first are found, by id; those that are absent have no special rule.
  var userTokenRules: [Int: UserTokens.Rules] = [:]
  /// Why what is known here is not all that the model does.
  var caveat: Caveat?
}

/// What a token is for; raw values are GGUF's `tokenizer.ggml.token_type`.
enum TokenKind: UInt8, Sendable {
  case text = 1
  case unknown, control, userDefined, unused, byte
}
