/// Splits text into the words of a list.
///
/// Text is cut at white space and around each punctuation mark. Words may hold marks ("New_York",
/// "U.S."), so at each place the longest run of parts that is a word is taken, up to
/// ``longestRun``. Each is looked up as it stands, then in lowercase; what is in neither form is
/// left out.
struct WordSplitter {
  let vocabulary: Vocabulary
  private static let longestRun = 16

  func encode(_ text: String) -> [Int] {
    var tokens: [Int] = []
    for chunk in text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace) {
      let parts = WordPieceTokenizer.words(of: String.UnicodeScalarView(chunk))
      var start = 0
      while start < parts.count {
        let (token, length) = longestWord(in: parts[start...].prefix(Self.longestRun))
        if let token { tokens.append(token) }
        start += length
      }
    }
    return tokens
  }

  /// Returns the word that the most parts from the first on make, and how many those are.
  private func longestWord(
    in parts: ArraySlice<[Unicode.Scalar]>
  ) -> (token: Int?, length: Int) {
    for length in stride(from: parts.count, to: 0, by: -1) {
      let word = String(String.UnicodeScalarView(parts.prefix(length).joined()))
      if let token = token(for: word) { return (token, length) }
    }
    return (nil, 1)
  }

  /// Returns the row of a word, as it stands or in lowercase.
  func token(for word: String) -> Int? {
    vocabulary.id(ofBytes: Array(word.utf8))
      ?? vocabulary.id(ofBytes: Array(word.lowercased().utf8))
  }
}
