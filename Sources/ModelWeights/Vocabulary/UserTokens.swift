/// Tokens that are found in a text before anything else is done to it, such as Pythia's runs of
/// spaces.
///
/// The search is that of Hugging Face's `tokenizers`: from left to right, the longest at each place;
/// first those that are looked for in the text as it stands, then, in what is left and after it was
/// normalised, the others.
struct UserTokens: Sendable {
  /// How one is looked for; raw values are those of "workbook.user_token_rules" in a packed file.
  struct Rules: OptionSet, Sendable, Hashable {
    let rawValue: UInt32
    /// It takes the white space before it along.
    static let takesSpaceBefore = Rules(rawValue: 1)
    /// It takes the white space after it along.
    static let takesSpaceAfter = Rules(rawValue: 2)
    /// It does not count where a letter, digit or underscore touches it.
    static let wholeWordsOnly = Rules(rawValue: 4)
    /// It is looked for in the text as it stands, not as normalised.
    static let beforeNormalizing = Rules(rawValue: 8)
    /// It was in the vocabulary before it was added, so that splitting can arrive at it too.
    static let isTextToo = Rules(rawValue: 16)

    static let all: Rules = [
      .takesSpaceBefore, .takesSpaceAfter, .wholeWordsOnly, .beforeNormalizing, .isTextToo,
    ]
  }

  /// A part of a text: a token, or what the model's own rules have still to split.
  enum Part {
    case token(Int)
    case text(String)
  }

  private let early: Finder
  private let late: Finder
  private let normalizer: TextNormalizer

  /// - Parameters:
  ///   - tokens: Each one's id, bytes and rules; those that are empty or not UTF-8 are passed over.
  ///   - normalizer: What is done to a text, and to the tokens that are looked for after it.
  init(
    _ tokens: [(id: Int, name: ArraySlice<UInt8>, rules: Rules)],
    normalizer: TextNormalizer
  ) {
    var early: [Finder.Entry] = []
    var late: [Finder.Entry] = []
    for (id, name, rules) in tokens {
      guard !name.isEmpty, let text = String(validating: name, as: UTF8.self) else { continue }
      if rules.contains(.beforeNormalizing) {
        early.append(Finder.Entry(id: id, name: name, rules: rules))
      } else {
        let name = Array(normalizer.normalized(text).utf8)[...]
        if !name.isEmpty { late.append(Finder.Entry(id: id, name: name, rules: rules)) }
      }
    }
    self.early = Finder(early)
    self.late = Finder(late)
    self.normalizer = normalizer
  }

  /// Returns a text's parts in order; those that are text are normalised.
  func parts(of text: String) -> [Part] {
    var parts: [Part] = []
    for part in early.parts(of: text) {
      switch part {
      case .token: parts.append(part)
      case .text(let text): parts += late.parts(of: normalizer.normalized(text))
      }
    }
    return parts
  }
}

/// Finds a set of tokens in a text.
private struct Finder: Sendable {
  struct Entry: Sendable {
    let id: Int
    let name: ArraySlice<UInt8>
    let rules: UserTokens.Rules
  }

  private var entries: [ArraySlice<UInt8>: Entry] = [:]
  /// The lengths of the tokens that begin with a byte, longest first.
  private var lengths: [[Int]] = .init(repeating: [], count: 256)

  init(_ list: [Entry]) {
    var seen = [Set<Int>](repeating: [], count: 256)
    for entry in list where entries[entry.name] == nil {
      entries[entry.name] = entry
      if let first = entry.name.first { seen[Int(first)].insert(entry.name.count) }
    }
    lengths = seen.map { $0.sorted(by: >) }
  }

  func parts(of text: String) -> [UserTokens.Part] {
    guard !entries.isEmpty else { return text.isEmpty ? [] : [.text(text)] }
    let bytes = Array(text.utf8)
    var parts: [UserTokens.Part] = []
    var done = 0
    var position = 0
    // The last run of space taken along, so that none is measured twice.
    var space = 0..<0
    while position < bytes.count {
      guard let entry = longest(at: position, in: bytes) else {
        position += 1
        continue
      }
      var start = position
      var end = position + entry.name.count
      position = end
      if entry.rules.contains(.wholeWordsOnly), touchesWord(start, end, in: bytes) { continue }
      if entry.rules.contains(.takesSpaceBefore) {
        start = max(done, startOfSpace(before: start, notBefore: done, in: bytes))
      }
      if entry.rules.contains(.takesSpaceAfter) {
        if !space.contains(end) { space = end..<endOfSpace(after: end, in: bytes) }
        end = space.upperBound
      }
      if done < start { parts.append(.text(String(decoding: bytes[done..<start], as: UTF8.self))) }
      parts.append(.token(entry.id))
      // A match in space that the one before took along ends what that one took, as in the peer.
      done = end
    }
    if done < bytes.count {
      parts.append(.text(String(decoding: bytes[done...], as: UTF8.self)))
    }
    return parts
  }

  private func longest(at position: Int, in bytes: [UInt8]) -> Entry? {
    for length in lengths[Int(bytes[position])] where position + length <= bytes.count {
      if let entry = entries[bytes[position..<position + length]] { return entry }
    }
    return nil
  }

  // MARK: Neighbours

  private func touchesWord(_ start: Int, _ end: Int, in bytes: [UInt8]) -> Bool {
    let before = scalarBefore(start, in: bytes).map(Self.isWordLike) ?? false
    let after = scalarAfter(end, in: bytes).map(Self.isWordLike) ?? false
    return before || after
  }

  private func startOfSpace(before start: Int, notBefore first: Int, in bytes: [UInt8]) -> Int {
    var start = start
    while start > first, let scalar = scalarBefore(start, in: bytes), scalar.properties.isWhitespace
    {
      start -= UTF8.width(scalar)
    }
    return start
  }

  private func endOfSpace(after end: Int, in bytes: [UInt8]) -> Int {
    var end = end
    while let scalar = scalarAfter(end, in: bytes), scalar.properties.isWhitespace {
      end += UTF8.width(scalar)
    }
    return end
  }

  private func scalarBefore(_ end: Int, in bytes: [UInt8]) -> Unicode.Scalar? {
    var start = end - 1
    while start > 0, UTF8.isContinuation(bytes[start]) { start -= 1 }
    return start < 0 ? nil : scalarAfter(start, in: bytes)
  }

  private func scalarAfter(_ start: Int, in bytes: [UInt8]) -> Unicode.Scalar? {
    String(decoding: bytes[start..<min(bytes.count, start + 4)], as: UTF8.self).unicodeScalars.first
  }

  /// Whether a regular expression's `\w` takes it.
  private static func isWordLike(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isAlphabetic || scalar.properties.isJoinControl { return true }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return false
    }
  }
}
