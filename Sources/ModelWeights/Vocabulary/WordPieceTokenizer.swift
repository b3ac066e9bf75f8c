/// Splits normalised text as BERT does: cut at spaces and punctuation, then take the longest token
/// that fits, again and again.
struct WordPieceTokenizer {
  let vocabulary: Vocabulary
  private static let longestWord = 100

  func encode(_ text: String) -> [Int] {
    var tokens: [Int] = []
    let unknown = vocabulary.id(ofBytes: Array("[UNK]".utf8))
    for word in Self.words(of: text.unicodeScalars) {
      if let pieces = pieces(of: word) {
        tokens += pieces
      } else if let unknown {
        tokens.append(unknown)
      }
    }
    return tokens
  }

  /// Returns the words and marks of a text.
  static func words(of text: String.UnicodeScalarView) -> [[Unicode.Scalar]] {
    var words: [[Unicode.Scalar]] = []
    var word: [Unicode.Scalar] = []
    for scalar in text {
      let isSpace = scalar.properties.isWhitespace
      let isMark = isPunctuation(scalar)
      if isSpace || isMark {
        if !word.isEmpty { words.append(word) }
        word = []
        if isMark { words.append([scalar]) }
      } else {
        word.append(scalar)
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// Returns the tokens of one word, or `nil` if some part of it has none.
  private func pieces(of word: [Unicode.Scalar]) -> [Int]? {
    guard word.count <= Self.longestWord else { return nil }
    var pieces: [Int] = []
    var start = 0
    while start < word.count {
      var end = word.count
      var found: Int?
      while end > start {
        var candidate: [UInt8] = start > 0 ? Array("##".utf8) : []
        for scalar in word[start..<end] { candidate.append(contentsOf: Array(String(scalar).utf8)) }
        found = vocabulary.id(ofBytes: candidate)
        if found != nil { break }
        end -= 1
      }
      guard let found else { return nil }
      pieces.append(found)
      start = end
    }
    return pieces
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return (33...47).contains(scalar.value) || (58...64).contains(scalar.value)
        || (91...96).contains(scalar.value) || (123...126).contains(scalar.value)
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }
}
