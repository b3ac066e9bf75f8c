import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// vocab.json, merges.txt and added_tokens.json beside safetensors.
@Suite struct VocabularyFileTests {
  private static let vocabulary =
    #"{"a":0,"b":1,"Ġ":2,"Ġa":3,"ab":4,"<s>":5,"<unk>":6,"<|end|>":7,"madeupword0001":8,"madeupwords":9}"#

  /// Opens ten rows with these files beside them.
  private func open<Result>(
    _ files: [(String, String)],
    _ body: (Vocabulary?) throws -> Result
  ) throws -> Result {
    let header = #"{"wte.weight":{"dtype":"F32","shape":[10,1],"data_offsets":[0,40]}}"#
    let weights = ("model.safetensors", safetensors(header, data: [UInt8](repeating: 0, count: 40)))
    return try withFiles([weights] + files.map { ($0, Array($1.utf8)) }) { path throws in
      try body(LoadedModel.open(path: path).vocabulary)
    }
  }

  private func fault(_ files: [(String, String)]) -> Diagnostic? {
    #expect(throws: Diagnostic.self) { try open(files) { _ in } }
  }

  @Test(arguments: [
    "#version: 0.2\nĠ a\na b\n\n\n", "Ġ a\na b", "#version: 0.2\r\nĠ a\r\na b\r\n",
  ])
  func `both together split text`(merges: String) throws {
    try open([("vocab.json", Self.vocabulary), ("merges.txt", merges)]) { vocabulary throws in
      let vocabulary = try #require(vocabulary)
      #expect(vocabulary.caveat == nil)
      #expect(vocabulary.tokenize("ab ab") == [4, 3, 1])
      #expect(vocabulary.bytes(of: 3) == [0x20, 0x61])
    }
  }

  @Test func `names of certain shapes are special`() throws {
    try open([("vocab.json", Self.vocabulary)]) { vocabulary throws in
      let vocabulary = try #require(vocabulary)
      #expect((0..<10).filter(vocabulary.isSpecial) == [5, 6, 7, 8])
    }
  }

  @Test func `without merges the names are known, splitting is not`() throws {
    try open([("vocab.json", Self.vocabulary)]) { vocabulary throws in
      let vocabulary = try #require(vocabulary)
      #expect(vocabulary.caveat?.hasPrefix("came without merges") == true)
      #expect(vocabulary.tokenize("ab a") == [4, 3])
    }
  }

  @Test func `tokenizer.json comes first and vocab.txt last`() throws {
    let lines = (0..<10).map { "w\($0)" }.joined(separator: "\n")
    let files = [("vocab.json", Self.vocabulary), ("vocab.txt", lines)]
    try open(files) { #expect($0?.displayName(of: 0) == "\"a\"") }
    let words = (0..<10).map { "\"t\($0)\":\($0)" }.joined(separator: ",")
    let json = #"{"model":{"type":"WordPiece","vocab":{\#(words)}}}"#
    try open(files + [("tokenizer.json", json)]) { #expect($0?.displayName(of: 0) == "\"t0\"") }
  }

  @Test func `added tokens that do not look special are found in the text first`() throws {
    let files = [
      ("vocab.json", #"{"a":0,"b":1,"Ġ":2,"Ġa":3,"ab":4,"c":5,"d":6,"e":7}"#),
      ("merges.txt", "Ġ a\na b\n"), ("added_tokens.json", #"{"  ":8,"<|pad|>":9,"a":0}"#),
    ]
    try open(files) { vocabulary throws in
      let vocabulary = try #require(vocabulary)
      #expect(vocabulary.tokenize("b   b") == [1, 8, 2, 1])
      #expect((0..<10).filter(vocabulary.isSpecial) == [9])
    }
  }

  @Test(arguments: [
    (#"{"a":0,"b":0}"#, "duplicate-token-id", "two tokens have the id 0"),
    (#"{"a":0,"a":1}"#, "duplicate-key", "the key 'a' appears twice"),
    (
      #"{"a":9000000}"#, "sparse-vocabulary",
      "a token has the id 9000000, but there are only 1 tokens"
    ),
    (
      #"{"a":10}"#, "vocabulary-mismatch",
      "the vocabulary has 11 tokens, expected 10, one for each row of W_E"
    ),
    (
      #"{"a":0}"#, "vocabulary-mismatch",
      "the vocabulary has 1 tokens, expected 10, one for each row of W_E"
    ),
    (
      #"{"a":-1}"#, "malformed-json",
      "the JSON is broken at byte 5: expected a whole number, not negative"
    ),
    (#"["a"]"#, "malformed-json", "the JSON is broken at byte 0: expected an object"),
    (#"{"a":0} x"#, "malformed-json", "the JSON is broken at byte 8: expected the end of the text"),
  ])
  func `a broken vocab.json is refused`(text: String, rule: String, message: String) {
    let fault = fault([("vocab.json", text)])
    #expect(fault?.rule == rule)
    #expect(fault?.message == message)
    #expect(fault?.place?.file.hasSuffix("/vocab.json") == true)
  }

  @Test(arguments: [
    "a b\nab\n", "a b\n\na b\n", "a b\na b c\n", "a b\na  b\n", "a b\n#version: 1 2",
  ])
  func `a broken merges.txt is refused at its line`(text: String) {
    let fault = fault([("vocab.json", Self.vocabulary), ("merges.txt", text)])
    #expect(fault?.message == "line 2 should be two tokens with one space between them")
    #expect(fault?.place?.file.hasSuffix("/merges.txt") == true)
  }

  @Test func `an added token may not take another's id`() {
    let fault = fault([("vocab.json", Self.vocabulary), ("added_tokens.json", #"{"new":3}"#)])
    #expect(fault?.rule == "duplicate-token-id")
    #expect(fault?.place?.file.hasSuffix("/added_tokens.json") == true)
  }

  @Test(arguments: ["vocab.json", "merges.txt"]) func `a file that is too long is refused`(
    name: String
  ) throws {
    let header = #"{"wte.weight":{"dtype":"F32","shape":[10,1],"data_offsets":[0,40]}}"#
    let files = [
      ("model.safetensors", safetensors(header, data: [UInt8](repeating: 0, count: 40))),
      ("vocab.json", Array(Self.vocabulary.utf8)),
    ]
    try withFiles(files) { path throws in
      let file = path.replacing("model.safetensors", with: name)
      #expect(FileManager.default.fileExists(atPath: file) == (name == "vocab.json"))
      if name != "vocab.json" { try Data().write(to: URL(fileURLWithPath: file)) }
      // A hole, which takes no room on the disk.
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
      try handle.truncate(atOffset: 64 << 20 | 1)
      try handle.close()
      let fault = #expect(throws: Diagnostic.self) { try LoadedModel.open(path: path) }
      #expect(fault?.message == "'\(name)' is longer than the 67108864 bytes accepted")
    }
  }
}
