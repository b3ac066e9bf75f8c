import ModelWeights
import SourceDiagnostics
import Testing

/// Token lists that do not fit the weights they come with.
@Suite struct GGUFVocabularySafetyTests {
  private func open(_ change: (inout GGUFExample) -> Void) throws -> LoadedModel {
    var example = GGUFExample.plain()
    example.set("tokenizer.ggml.model", text: "gpt2")
    change(&example)
    return try withFiles([("model.gguf", example.bytes)]) { try LoadedModel.open(path: $0) }
  }

  private func fault(_ change: (inout GGUFExample) -> Void) -> Diagnostic? {
    #expect(throws: Diagnostic.self) { try open(change) }
  }

  @Test func `one token for each row is accepted`() throws {
    let model = try open { $0.set("tokenizer.ggml.tokens", strings: ["a", "Ġb", "Ċ"]) }
    let vocabulary = try #require(model.vocabulary)
    #expect((0..<3).map(vocabulary.bytes) == [[0x61], [0x20, 0x62], [0x0A]])
  }

  @Test(arguments: [["a"], ["a", "b", "c", "d"]])
  func `another number of tokens is refused`(tokens: [String]) {
    let fault = fault { $0.set("tokenizer.ggml.tokens", strings: tokens) }
    #expect(fault?.rule == "vocabulary-mismatch")
    #expect(
      fault?.message
        == "the vocabulary has \(tokens.count) tokens, expected 3, one for each row of W_E"
    )
  }

  @Test func `tokens of another element type are refused`() {
    let fault = fault { $0.set("tokenizer.ggml.tokens", signed: [1, 2, 3]) }
    #expect(fault?.rule == "wrong-metadata-type")
    #expect(fault?.message == "'tokenizer.ggml.tokens' should be an array of string")
  }

  @Test func `token types of another element type are refused`() {
    let fault = fault {
      $0.set("tokenizer.ggml.tokens", strings: ["a", "b", "c"])
      $0.pairs.append(("tokenizer.ggml.token_type", 9, GGUFExample.array(0, count: 3, [1, 1, 1])))
    }
    #expect(fault?.rule == "wrong-metadata-type")
  }

  @Test func `another number of token types is refused`() {
    let fault = fault {
      $0.set("tokenizer.ggml.tokens", strings: ["a", "b", "c"])
      $0.set("tokenizer.ggml.token_type", signed: [1, 1])
    }
    #expect(fault?.rule == "vocabulary-mismatch")
  }

  @Test func `row ids must be one for each row`() {
    let two = GGUFExample.array(4, count: 2, [0, 0, 0, 0, 1, 0, 0, 0])
    #expect(fault { $0.pairs.append(("workbook.row_ids", 9, two)) }?.rule == "row-id-mismatch")
    let twice = GGUFExample.array(4, count: 3, [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    #expect(fault { $0.pairs.append(("workbook.row_ids", 9, twice)) }?.rule == "row-id-mismatch")
  }

  @Test func `tokens that differ only by canonical equivalence stay apart`() throws {
    let model = try open { $0.set("tokenizer.ggml.tokens", strings: ["Ã©", "eÌģ", "e"]) }
    let vocabulary = try #require(model.vocabulary)
    #expect(vocabulary.id(ofBytes: [0xC3, 0xA9]) == 0)
    #expect(vocabulary.id(ofBytes: [0x65, 0xCC, 0x81]) == 1)
    #expect(vocabulary.displayName(of: 0) != "")
  }

  @Test func `names of tokens cannot drive a terminal`() throws {
    // Escape and bracket; a space and line ends; a right-to-left override and two stray bytes.
    let model = try open {
      $0.set("tokenizer.ggml.tokens", strings: ["Ľ[1m\"\\", "ĠĊĉč", "âĢ®éÿ"])
    }
    let vocabulary = try #require(model.vocabulary)
    let names = (0..<3).map(vocabulary.displayName)
    #expect(names == [#""\x9B[1m\"\\""#, #"" \n\t\r""#, #""\u{202E}\xE9\xFF""#])
  }

  // MARK: Keys of this program's own

  @Test func `another number of rules than user-defined tokens is refused`() {
    let fault = fault {
      $0.set("tokenizer.ggml.tokens", strings: ["a", "b", "c"])
      $0.set("tokenizer.ggml.token_type", signed: [1, 4, 4])
      $0.pairs.append(
        ("workbook.user_token_rules", 9, GGUFExample.array(4, count: 1, [0, 0, 0, 0]))
      )
    }
    #expect(fault?.rule == "vocabulary-mismatch")
    #expect(
      fault?.message
        == "workbook.user_token_rules has 1 entries, expected 2, one for each user-defined token"
    )
  }

  @Test(arguments: [
    ("workbook.tokenizer_caveat", "\u{1B}[31m made up"), ("workbook.normalizer", "nfc rot13"),
    ("workbook.digits", "roman"),
  ])
  func `a word this program does not know makes splitting inexact`(
    key: String,
    word: String
  ) throws {
    func open(_ change: (inout GGUFExample) -> Void) throws -> Vocabulary {
      let model = try self.open {
        $0.set("tokenizer.ggml.tokens", strings: ["a", "b", "ab"])
        $0.set("tokenizer.ggml.merges", strings: ["a b"])
        $0.set("tokenizer.ggml.pre", text: "gpt-2")
        change(&$0)
      }
      return try #require(model.vocabulary)
    }
    #expect(try open { _ in }.caveat == nil)
    let vocabulary = try open { $0.set(key, text: word) }
    #expect(!vocabulary.tokenizesExactly)
    #expect(vocabulary.caveat?.contains("\u{1B}") == false)
  }

  @Test func `a rule of a later version makes splitting inexact`() throws {
    let model = try open {
      $0.set("tokenizer.ggml.tokens", strings: ["a", "b", "ab"])
      $0.set("tokenizer.ggml.merges", strings: ["a b"])
      $0.set("tokenizer.ggml.pre", text: "gpt-2")
      $0.set("tokenizer.ggml.token_type", signed: [1, 1, 4])
      $0.pairs.append(
        ("workbook.user_token_rules", 9, GGUFExample.array(4, count: 1, [32, 0, 0, 0]))
      )
    }
    #expect(model.vocabulary?.caveat == "has a property this program does not know")
  }
}
