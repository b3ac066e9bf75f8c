import ModelWeights
import SourceDiagnostics
import Testing

/// Expected ids in the fixture are made by `Fixtures/make-fixtures.py`.
struct TokenFixture: Decodable {
  let texts: [String]
  let ids: [String: [[Int]]]
}

@Suite struct TokenizerTests {
  private func vocabulary(_ name: String) throws -> Vocabulary {
    try #require(try LoadedModel.open(path: bundledModel(name)).vocabulary)
  }

  @Test(arguments: ["whisper-tiny.en", "smollm2-135m", "minilm-l6"])
  func `texts split as the model's own tokenizer splits them`(name: String) throws {
    let fixture = try fixture("tokens.json", as: TokenFixture.self)
    let expected = try #require(fixture.ids[name])
    let vocabulary = try vocabulary(name)
    #expect(vocabulary.tokenizesExactly)
    for (text, ids) in zip(fixture.texts, expected) {
      #expect(vocabulary.tokenize(text) == ids, "\(text.debugDescription)")
    }
  }

  @Test(arguments: ["whisper-tiny.en", "smollm2-135m"])
  func `the bytes of the tokens are the text`(name: String) throws {
    let fixture = try fixture("tokens.json", as: TokenFixture.self)
    let vocabulary = try vocabulary(name)
    for text in fixture.texts {
      #expect(vocabulary.tokenize(text).flatMap(vocabulary.bytes) == Array(text.utf8))
    }
  }

  @Test func `every token is found by its bytes`() throws {
    for name in ["whisper-tiny.en", "smollm2-135m", "minilm-l6"] {
      let vocabulary = try vocabulary(name)
      for id in stride(from: 0, to: vocabulary.count, by: 97) {
        let found = try #require(vocabulary.id(ofBytes: vocabulary.bytes(of: id)))
        #expect(vocabulary.bytes(of: found) == vocabulary.bytes(of: id))
      }
      #expect(vocabulary.id(ofBytes: Array("no such token at all".utf8)) == nil)
    }
  }

  @Test func `byte-pair words begin with a space`() throws {
    let vocabulary = try vocabulary("whisper-tiny.en")
    let king = try #require(vocabulary.wordInitialToken(for: "king"))
    #expect(vocabulary.displayName(of: king) == "\" king\"")
    #expect(vocabulary.hasLeadingSpace(king))
    #expect(vocabulary.startsWord(king))
    #expect(vocabulary.wordInitialToken(for: "antidisestablishmentarianism") == nil)
    #expect(vocabulary.wordInitialToken(for: "") == nil)
    #expect(vocabulary.isSpecial(50_256))
    #expect(vocabulary.displayName(of: 50_256) == "\"<|endoftext|>\"")
    #expect(vocabulary.displayName(of: 198) == #""\n""#)
    #expect((0..<50_256).allSatisfy { !vocabulary.isSpecial($0) })
  }

  @Test func `WordPiece words do not`() throws {
    let vocabulary = try vocabulary("minilm-l6")
    let king = try #require(vocabulary.wordInitialToken(for: "King"))
    #expect(vocabulary.bytes(of: king) == Array("king".utf8))
    #expect(!vocabulary.hasLeadingSpace(king))
    #expect(vocabulary.startsWord(king))
    let ending = try #require(vocabulary.id(ofBytes: Array("##ing".utf8)))
    #expect(!vocabulary.startsWord(ending))
    #expect(vocabulary.wordInitialToken(for: "##ing") == nil)
    #expect(vocabulary.wordInitialToken(for: "two words") == nil)
    let mask = try #require(vocabulary.id(ofBytes: Array("[MASK]".utf8)))
    #expect(vocabulary.isSpecial(mask))
    #expect(!vocabulary.startsWord(mask))
    #expect(vocabulary.isSpecial(5))
  }

  @Test func `a long run of letters splits in good time`() throws {
    let vocabulary = try vocabulary("whisper-tiny.en")
    let text = String(repeating: "abcdefghij", count: 20_000)
    let start = ContinuousClock.now
    #expect(vocabulary.tokenize(text).flatMap(vocabulary.bytes).count == 200_000)
    #expect(ContinuousClock.now - start < .seconds(5))
  }
}
