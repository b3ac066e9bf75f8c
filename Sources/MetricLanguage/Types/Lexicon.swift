/// Plain words in named lists, from a puzzle's `lexicon.yaml`.
///
/// Words are mapped to each model's word-initial single tokens when they are used; what does not
/// map is dropped and counted.
package struct Lexicon: Sendable, Hashable {
  /// Two words that belong together.
  package struct WordPair: Sendable, Hashable {
    package let left: String
    package let right: String

    package init(_ left: String, _ right: String) {
      self.left = left
      self.right = right
    }
  }

  package let words: [String: [String]]
  package let pairs: [String: [WordPair]]

  package init(words: [String: [String]] = [:], pairs: [String: [WordPair]] = [:]) {
    self.words = words
    self.pairs = pairs
  }

  package static let empty = Lexicon()
  /// Fewer pairs or words than this, after mapping, are too few to draw a conclusion from.
  package static let fewest = 20
}
