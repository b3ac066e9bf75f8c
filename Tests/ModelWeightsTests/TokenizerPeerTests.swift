import Foundation
import ModelWeights
import Testing

/// Small trained tokenizers, set up in different ways, against Hugging Face's `tokenizers`.
///
/// Expected ids are made by `Fixtures/make-tokenizer-fixtures.py`.
@Suite struct TokenizerPeerTests {
  private struct Peer: Decodable {
    struct Setup: Decodable {
      let name: String
      let rows: Int
      /// A tokenizer.json without the vocabulary and merges.
      let tokenizer: String
      /// For each text, ids with spaces between them.
      let ids: [String]
    }

    let texts: [String]
    let setups: [Setup]
  }

  private static let names = [
    "gpt2", "pythia", "prefix", "split", "whole", "bert", "cased", "plain",
  ]

  private func bytes(_ name: String) throws -> [UInt8] {
    let path = "\(repository)/Tests/ModelWeightsTests/Fixtures/Tokenizers/\(name)"
    return try Array(Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func lines(_ name: String) throws -> [String] {
    try bytes(name).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
  }

  private func json(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  }

  private func setup(_ name: String) throws -> (setup: Peer.Setup, texts: [String]) {
    let peer = try fixture("Tokenizers/peer.json", as: Peer.self)
    return (try #require(peer.setups.first { $0.name == name }), peer.texts)
  }

  /// Returns the setup's tokenizer.json with its vocabulary.
  private func tokenizer(_ setup: Peer.Setup) throws -> [UInt8] {
    var vocabulary = String(decoding: try bytes("vocab.json"), as: UTF8.self)
    if setup.tokenizer.contains("BertPreTokenizer") {
      let entries = try lines("vocab.txt").enumerated().map { "\(try json($1)):\($0)" }
      vocabulary = "{\(entries.joined(separator: ","))}"
    }
    let merges = try lines("merges.txt").filter { !$0.hasPrefix("#version") }
    let whole = setup.tokenizer.replacing(#""@VOCAB@""#, with: vocabulary)
      .replacing(#""@MERGES@""#, with: try json(merges))
    return Array(whole.utf8)
  }

  private func weights(rows: Int) -> (name: String, bytes: [UInt8]) {
    let header =
      #"{"wte.weight":{"dtype":"F32","shape":[\#(rows),1],"data_offsets":[0,\#(4 * rows)]}}"#
    return (
      "model.safetensors", safetensors(header, data: [UInt8](repeating: 0, count: 4 * rows))
    )
  }

  private func check(_ vocabulary: Vocabulary, _ setup: Peer.Setup, _ texts: [String]) {
    #expect(vocabulary.tokenizesExactly)
    #expect(vocabulary.caveat == nil)
    for (text, expected) in zip(texts, setup.ids) {
      let ids = vocabulary.tokenize(text).map(String.init).joined(separator: " ")
      #expect(ids == expected, "\(setup.name): \(text.debugDescription)")
    }
  }

  @Test(arguments: names) func `tokenizer.json splits as its peer does`(name: String) throws {
    let (setup, texts) = try setup(name)
    let files = [weights(rows: setup.rows), ("tokenizer.json", try tokenizer(setup))]
    try withFiles(files) { path throws in
      check(try #require(try LoadedModel.open(path: path).vocabulary), setup, texts)
    }
  }

  @Test(arguments: names) func `a packed tokenizer splits as before`(name: String) throws {
    let (setup, texts) = try setup(name)
    let files = [weights(rows: setup.rows), ("tokenizer.json", try tokenizer(setup))]
    try withFiles(files) { path throws in
      let model = try LoadedModel.open(path: path)
      _ = try ModelPacker.pack(model, to: path + ".gguf", options: PackOptions())
      let packed = try LoadedModel.open(path: path + ".gguf")
      check(try #require(packed.vocabulary), setup, texts)
      _ = try ModelPacker.pack(packed, to: path + ".2.gguf", options: PackOptions())
      let again = try LoadedModel.open(path: path + ".2.gguf")
      check(try #require(again.vocabulary), setup, texts)
    }
  }

  @Test func `vocab.json and merges.txt split as their peer does`() throws {
    let (setup, texts) = try setup("gpt2")
    let files = [
      weights(rows: setup.rows), ("vocab.json", try bytes("vocab.json")),
      ("merges.txt", try bytes("merges.txt")),
    ]
    try withFiles(files) { path throws in
      let vocabulary = try #require(try LoadedModel.open(path: path).vocabulary)
      check(vocabulary, setup, texts)
      #expect((0..<vocabulary.count).filter(vocabulary.isSpecial) == [0])
    }
  }

  @Test func `vocab.txt splits as its peer does`() throws {
    let (setup, texts) = try setup("bert")
    let files = [weights(rows: setup.rows), ("vocab.txt", try bytes("vocab.txt"))]
    try withFiles(files) { path throws in
      check(try #require(try LoadedModel.open(path: path).vocabulary), setup, texts)
    }
  }

  @Test(arguments: ["gpt2"]) func `the bytes of the tokens are the text`(name: String) throws {
    let (setup, texts) = try setup(name)
    let files = [weights(rows: setup.rows), ("tokenizer.json", try tokenizer(setup))]
    try withFiles(files) { path throws in
      let vocabulary = try #require(try LoadedModel.open(path: path).vocabulary)
      for text in texts {
        #expect(vocabulary.tokenize(text).flatMap(vocabulary.bytes) == Array(text.utf8))
      }
    }
  }
}
