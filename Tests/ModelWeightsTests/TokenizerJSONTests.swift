import ModelWeights
import SourceDiagnostics
import Testing

/// Properties of tokenizer.json are honoured, or said not to be.
@Suite struct TokenizerJSONTests {
  private static let byteLevel = #"{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}"#
  private static let pattern =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"#

  /// Opens a model of four tokens (a, b, " a", ab) with this tokenizer, and calls `body` with its
  /// vocabulary, then with that of the packed model.
  private func withVocabulary(
    type: String = "BPE",
    model: String = "",
    normalizer: String = "null",
    preTokenizer: String = byteLevel,
    added: String = "",
    rest: String = "",
    _ body: (Vocabulary) throws -> Void
  ) throws {
    let merges = type == "BPE" ? #","merges":["Ġ a","a b"]"# : ""
    let text = """
      {"added_tokens":[\(added)],"normalizer":\(normalizer),"pre_tokenizer":\(preTokenizer)\(rest),
       "model":{"type":"\(type)"\(model),"vocab":{"a":0,"b":1,"Ġa":2,"ab":3,"Ġ":4}\(merges)}}
      """
    let rows = added.isEmpty ? 5 : 6
    let header =
      #"{"wte.weight":{"dtype":"F32","shape":[\#(rows),1],"data_offsets":[0,\#(4 * rows)]}}"#
    let files = [
      ("model.safetensors", safetensors(header, data: [UInt8](repeating: 0, count: 4 * rows))),
      ("tokenizer.json", Array(text.utf8)),
    ]
    try withFiles(files) { path throws in
      let source = try LoadedModel.open(path: path)
      try body(try #require(source.vocabulary))
      _ = try ModelPacker.pack(source, to: path + ".gguf", options: PackOptions())
      try body(try #require(try LoadedModel.open(path: path + ".gguf").vocabulary))
    }
  }

  @Test func `what is known is exact`() throws {
    try withVocabulary { vocabulary in
      #expect(vocabulary.tokenizesExactly)
      #expect(vocabulary.caveat == nil)
      #expect(vocabulary.tokenize("ab a") == [3, 2])
    }
  }

  @Test(arguments: [
    #","dropout":0.1"#, #","byte_fallback":true"#, #","unk_token":"a""#,
    #","continuing_subword_prefix":"@@""#, #","end_of_word_suffix":"</w>""#,
  ])
  func `a property of the model that is not known is said`(property: String) throws {
    try withVocabulary(model: property) { vocabulary in
      #expect(!vocabulary.tokenizesExactly)
      #expect(vocabulary.caveat != nil)
    }
  }

  @Test(arguments: [
    #","dropout":null,"unk_token":null,"byte_fallback":false"#, #","dropout":0.0"#,
    #","continuing_subword_prefix":"","end_of_word_suffix":"""#, #","fuse_unk":true"#,
  ])
  func `a property that changes nothing is no matter`(property: String) throws {
    try withVocabulary(model: property) { #expect($0.caveat == nil) }
  }

  @Test(arguments: [
    #"{"type":"Replace","pattern":{"String":"a"},"content":"b"}"#, #"{"type":"Strip"}"#,
    #"{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Precompiled"}]}"#, "{}",
  ])
  func `an unknown normalizer is said`(normalizer: String) throws {
    try withVocabulary(normalizer: normalizer) { vocabulary in
      #expect(
        vocabulary.caveat == "changes text before splitting it in a way this program does not know"
      )
    }
  }

  @Test(arguments: [
    #"{"type":"Split","pattern":{"Regex":"\\s+"},"behavior":"Isolated","invert":false}"#,
    #"{"type":"Split","pattern":{"Regex":"\#(pattern)"},"behavior":"Removed","invert":false}"#,
    #"{"type":"Split","pattern":{"String":"a"},"behavior":"Isolated","invert":false}"#,
    #"{"type":"Whitespace"}"#, #"{"type":"Punctuation"}"#, #"{"type":"FutureSplit"}"#,
  ])
  func `an unknown rule for splitting is said`(step: String) throws {
    let steps = #"{"type":"Sequence","pretokenizers":[\#(step),\#(Self.byteLevel)]}"#
    try withVocabulary(preTokenizer: steps) { vocabulary in
      #expect(vocabulary.caveat == "cuts text into words by a rule this program does not know")
    }
  }

  @Test(arguments: [
    #"[\#(byteLevel),{"type":"Digits","individual_digits":true}]"#,
    #"[\#(byteLevel),\#(byteLevel)]"#,
    #"[{"type":"Split","pattern":{"Regex":"\#(pattern)"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":true}]"#,
  ])
  func `known steps in an unknown order are said`(steps: String) throws {
    let sequence = #"{"type":"Sequence","pretokenizers":\#(steps)}"#
    try withVocabulary(preTokenizer: sequence) { #expect($0.caveat != nil) }
  }

  @Test func `a byte-level decoder alone does not tell how text is split`() throws {
    try withVocabulary(preTokenizer: "null", rest: #","decoder":{"type":"ByteLevel"}"#) {
      #expect($0.caveat == "cuts text into words by a rule this program does not know")
      #expect($0.bytes(of: 2) == [0x20, 0x61])
    }
  }

  @Test(arguments: ["Isolated\",\"invert\":false", "Removed\",\"invert\":true"])
  func `GPT-2's pattern spelled out is known`(behavior: String) throws {
    let split =
      #"{"type":"Split","pattern":{"Regex":"\#(Self.pattern)"},"behavior":"\#(behavior)}"#
    let bytes = #"{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}"#
    let steps = #"{"type":"Sequence","pretokenizers":[\#(split),\#(bytes)]}"#
    try withVocabulary(preTokenizer: steps) { vocabulary in
      #expect(vocabulary.caveat == nil)
      #expect(vocabulary.tokenize("ab a") == [3, 2])
    }
  }

  @Test func `tokens that were added and are not special are found first, and are text`() throws {
    try withVocabulary(added: #"{"id":5,"content":"b a","special":false}"#) { vocabulary in
      #expect(vocabulary.tokenize("ab ab") == [0, 5, 1])
      #expect(!vocabulary.isSpecial(5))
    }
  }

  @Test func `special tokens in a text are ordinary text`() throws {
    try withVocabulary(added: #"{"id":5,"content":"b a","special":true}"#) { vocabulary in
      #expect(vocabulary.tokenize("ab ab") == [3, 2, 1])
      #expect(vocabulary.isSpecial(5))
    }
  }

  @Test(arguments: [
    #","max_input_chars_per_word":50"#, #","continuing_subword_prefix":"@@""#,
    #","unk_token":"<unk>""#,
  ])
  func `WordPiece that is not BERT's is said`(property: String) throws {
    let split = #"{"type":"BertPreTokenizer"}"#
    try withVocabulary(type: "WordPiece", model: property, preTokenizer: split) {
      #expect($0.caveat == "has a word length, mark or unknown token that is not BERT's")
    }
    try withVocabulary(type: "WordPiece", preTokenizer: split) { #expect($0.caveat == nil) }
    try withVocabulary(type: "WordPiece", preTokenizer: "null") { #expect($0.caveat != nil) }
  }
}
