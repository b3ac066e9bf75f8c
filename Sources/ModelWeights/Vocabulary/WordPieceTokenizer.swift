import Foundation

/// How BERT's normaliser is set.
struct WordPieceRules: Sendable {
  var lowercases = true
  var stripsAccents = true
}

/// Splits text as BERT does: clean, lowercase, cut at spaces and punctuation, then take the longest
/// token that fits, again and again.
struct WordPieceTokenizer {
  let rules: WordPieceRules
  let vocabulary: Vocabulary
  private static let longestWord = 100

  func encode(_ text: String) -> [Int] {
    var tokens: [Int] = []
    let unknown = vocabulary.id(ofBytes: Array("[UNK]".utf8))
    for word in words(of: normalized(text)) {
      if let pieces = pieces(of: word) {
        tokens += pieces
      } else if let unknown {
        tokens.append(unknown)
      }
    }
    return tokens
  }

  private func normalized(_ text: String) -> String.UnicodeScalarView {
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        clean.append(" ")
      } else if Self.isIdeograph(scalar) {
        clean.append(contentsOf: [" ", scalar, " "])
      } else if scalar != "\u{FFFD}", !Self.isInvisible(scalar) {
        clean.append(scalar)
      }
    }
    if rules.stripsAccents {
      let decomposed = String(clean).decomposedStringWithCanonicalMapping
      clean = String.UnicodeScalarView(
        decomposed.unicodeScalars.filter { $0.properties.generalCategory != .nonspacingMark }
      )
    }
    if rules.lowercases {
      clean = String.UnicodeScalarView(
        clean.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
      )
    }
    return clean
  }

  private func words(of text: String.UnicodeScalarView) -> [[Unicode.Scalar]] {
    var words: [[Unicode.Scalar]] = []
    var word: [Unicode.Scalar] = []
    for scalar in text {
      let isSpace = scalar.properties.isWhitespace
      let isMark = Self.isPunctuation(scalar)
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

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .surrogate: true
    default: false
    }
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

  /// The blocks BERT counts as Chinese characters, each of which is a word.
  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
      0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
