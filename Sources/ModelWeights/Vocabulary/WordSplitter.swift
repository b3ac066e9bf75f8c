/// Splits text into the words of a list.
///
/// Text is cut at white space and around each punctuation mark. Words may hold marks ("New_York",
/// "U.S."), so at each place the longest run of parts that is a word is taken, up to
/// ``longestRun``. Each is looked up as it stands, then in lowercase; what is in neither form is
/// left out.
struct WordSplitter {
  let vocabulary: Vocabulary
  private static let longestRun = 8

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
    var (exact, lower) = (Run(), Run())
    for part in parts {
      exact.append(part) { String($0).utf8 }
      lower.append(part) { $0.properties.lowercaseMapping.utf8 }
    }
    for length in stride(from: parts.count, to: 0, by: -1) {
      let token = vocabulary.lookUp(exact[length]) ?? vocabulary.lookUp(lower[length])
      if let token { return (token, length) }
    }
    return (nil, 1)
  }

  /// The bytes of parts that follow one another.
  private struct Run {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]

    mutating func append(_ part: [Unicode.Scalar], spelling: (Unicode.Scalar) -> String.UTF8View) {
      for scalar in part { bytes.append(contentsOf: spelling(scalar)) }
      ends.append(bytes.count)
    }

    /// The first parts, so many.
    subscript(count: Int) -> ArraySlice<UInt8> { bytes[..<ends[count]] }
  }

  /// Returns the row of a word, as it stands or in lowercase.
  func token(for word: String) -> Int? {
    vocabulary.id(ofBytes: Array(word.utf8))
      ?? vocabulary.id(ofBytes: Array(word.lowercased().utf8))
  }
}
