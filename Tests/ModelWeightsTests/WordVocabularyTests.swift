import ModelWeights
import SourceDiagnostics
import Testing

/// Vocabularies of whole words.
@Suite struct WordVocabularyTests {
  private static let words = [
    "king", "New_York", ".", "queen", "U.S.", "Paris", "été", "don't", "3",
  ]

  /// Calls `body` with the words as a vocabulary, then with that of the packed model.
  private func withVocabulary(_ body: (Vocabulary) throws -> Void) throws {
    var example = GGUFExample()
    example.set("general.architecture", text: "embedding")
    example.set("tokenizer.ggml.model", text: "words")
    example.set("tokenizer.ggml.tokens", strings: Self.words)
    example.tensors = [
      .init(dimensions: [1, 9], data: GGUFExample.floats((0..<9).map(Float.init)))
    ]
    try withFiles([("words.gguf", example.bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      try body(try #require(model.vocabulary))
      _ = try ModelPacker.pack(model, to: path + ".packed", options: PackOptions())
      try body(try #require(try LoadedModel.open(path: path + ".packed").vocabulary))
    }
  }

  @Test func `each row is a word as it stands`() throws {
    try withVocabulary { vocabulary in
      #expect((0..<9).map(vocabulary.bytes) == Self.words.map { Array($0.utf8) })
      #expect((0..<9).filter(vocabulary.startsWord) == [0, 3, 5, 6])
      #expect(!(0..<9).contains(where: vocabulary.hasLeadingSpace))
      #expect(!(0..<9).contains(where: vocabulary.isSpecial))
    }
  }

  @Test func `a word is found as it stands, else in lowercase`() throws {
    try withVocabulary { vocabulary in
      #expect(vocabulary.wordInitialToken(for: "king") == 0)
      #expect(vocabulary.wordInitialToken(for: "KING") == 0)
      #expect(vocabulary.wordInitialToken(for: "Paris") == 5)
      #expect(vocabulary.wordInitialToken(for: "paris") == nil)
      #expect(vocabulary.wordInitialToken(for: "New_York") == 1)
      #expect(vocabulary.wordInitialToken(for: "") == nil)
    }
  }

  @Test func `text is cut at spaces, then at punctuation, and what is unknown is left out`() throws
  {
    try withVocabulary { vocabulary in
      #expect(vocabulary.tokenize("The King, the QUEEN.\nUnknown New_York!") == [0, 3, 2, 1])
      #expect(vocabulary.tokenize("U.S. don't (don't) 3\u{3000}été ÉTÉ") == [4, 7, 7, 8, 6, 6])
      #expect(vocabulary.tokenize("") == [])
      #expect(!vocabulary.tokenizesExactly)
      #expect(vocabulary.caveat?.hasPrefix("is a list of whole words") == true)
    }
  }
}
