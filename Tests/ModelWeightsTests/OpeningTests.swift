import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

@Suite struct OpeningTests {
  private static let header =
    #"{"wte.weight":{"dtype":"F32","shape":[20,1],"data_offsets":[0,80]}}"#
  private static let weights = (
    name: "model.safetensors", bytes: safetensors(header, data: [UInt8](repeating: 0, count: 80))
  )

  private func fault(path: String) -> Diagnostic? {
    #expect(throws: Diagnostic.self) { try LoadedModel.open(path: path) }
  }

  @Test func `a missing file is named`() {
    let fault = fault(path: "/nonexistent/model.gguf")
    #expect(
      fault?.description
        == "/nonexistent/model.gguf: error: [unreadable-file] cannot open the file: "
        + "no such file or directory"
    )
  }

  @Test func `a device is not a file`() {
    #expect(fault(path: "/dev/null")?.rule == "not-a-file")
  }

  @Test func `a named pipe does not hang`() throws {
    try withTemporaryFolder { folder throws in
      #expect(mkfifo(folder + "/pipe.gguf", 0o600) == 0)
      #expect(fault(path: folder + "/pipe.gguf")?.rule == "not-a-file")
    }
  }

  @Test func `a link the user names is followed`() throws {
    try withFiles([("model.gguf", GGUFExample.plain().bytes)]) { path throws in
      try FileManager.default.createSymbolicLink(atPath: path + ".link", withDestinationPath: path)
      #expect(try LoadedModel.open(path: path + ".link").vocabularySize == 3)
    }
  }

  @Test func `a folder needs model.safetensors`() throws {
    try withFiles([Self.weights]) { path throws in
      let folder = String(path.dropLast("/model.safetensors".count))
      #expect(try LoadedModel.open(path: folder).vocabularySize == 20)
    }
    try withTemporaryFolder { #expect(fault(path: $0)?.rule == "no-weights") }
  }

  @Test(arguments: ["weights.safetensors", "tiny.gguf"])
  func `a folder may hold one file of another name`(name: String) throws {
    let bytes = name.hasSuffix(".gguf") ? GGUFExample.plain().bytes : Self.weights.bytes
    try withFiles([(name, bytes), (".hidden.gguf", []), ("notes.txt", [])]) { path throws in
      let folder = String(path.dropLast(name.count + 1))
      #expect(try LoadedModel.open(path: folder).vocabularySize != nil)
      #expect(try ModelSummary.read(path: folder).rowCount != nil)
    }
  }

  @Test func `model.safetensors comes before other files`() throws {
    let others = [
      ("a.safetensors", [UInt8]()), ("b.gguf", []), ("model.safetensors.index.json", []),
    ]
    try withFiles([Self.weights] + others) { path throws in
      let folder = String(path.dropLast("/model.safetensors".count))
      #expect(try LoadedModel.open(path: folder).vocabularySize == 20)
    }
  }

  @Test func `a folder with several files asks for one of them`() throws {
    try withFiles([("b.gguf", []), ("a.safetensors", [])]) { path throws in
      let fault = fault(path: String(path.dropLast("/b.gguf".count)))
      #expect(fault?.rule == "several-weights")
      #expect(fault?.help == "name one of them: 'a.safetensors', 'b.gguf'")
    }
  }

  @Test(arguments: ["pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "model.pt"])
  func `a folder with nothing but a pickle says so`(name: String) throws {
    try withFiles([(name, [0x80, 2]), ("config.json", [0x7B, 0x7D])]) { path throws in
      let folder = String(path.dropLast(name.count + 1))
      let fault = fault(path: folder)
      #expect(fault?.rule == "pickled-weights")
      #expect(fault?.message.contains("holds only a pickle, '\(name)'") == true)
      #expect(fault?.help?.contains("safetensors") == true)
    }
  }

  @Test(arguments: ["pytorch_model.bin", "model.pt", "model.pkl"])
  func `pickles are refused by name with a way out`(name: String) throws {
    try withFiles([(name, [0x80, 2])]) { path throws in
      let fault = fault(path: path)
      #expect(fault?.rule == "pickled-weights")
      #expect(fault?.help?.contains("safetensors") == true)
    }
  }

  @Test func `pickles and arrays are refused by content`() throws {
    let zip: [UInt8] = [0x50, 0x4B, 3, 4, 0, 0, 0, 0, 0, 0]
    try withFiles([("weights", zip)]) { #expect(fault(path: $0)?.rule == "pickled-weights") }
    let numpy: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 0, 0]
    try withFiles([("weights.npy", numpy)]) { #expect(fault(path: $0)?.rule == "numpy-array") }
    let text: [(String, [UInt8])] = [("words.txt", Array("king 0.1 0.2".utf8))]
    try withFiles(text) { #expect(fault(path: $0)?.rule == "text-file") }
  }

  // MARK: Beside safetensors

  @Test func `rows at the end may lack a name`() throws {
    let lines = (0..<18).map { "w\($0)" }.joined(separator: "\n") + "\n"
    try withFiles([Self.weights, ("vocab.txt", Array(lines.utf8))]) { path throws in
      let vocabulary = try #require(try LoadedModel.open(path: path).vocabulary)
      #expect(vocabulary.count == 20)
      #expect(vocabulary.displayName(of: 17) == "\"w17\"")
      #expect(vocabulary.displayName(of: 19) == "\"<unused19>\"")
      #expect(vocabulary.isSpecial(19))
    }
  }

  @Test(arguments: [17, 21]) func `a vocabulary of another model is refused`(count: Int) throws {
    let lines = (0..<count).map { "w\($0)" }.joined(separator: "\n")
    try withFiles([Self.weights, ("vocab.txt", Array(lines.utf8))]) { path throws in
      let fault = fault(path: path)
      #expect(fault?.rule == "vocabulary-mismatch")
      #expect(fault?.place?.file.hasSuffix("/vocab.txt") == true)
    }
  }

  @Test(arguments: [
    (#"{"model":{"type":"BPE","vocab":{"a":0,"a":1}}}"#, "duplicate-key"),
    (#"{"model":{"type":"BPE","vocab":{"a":0,"b":0}}}"#, "duplicate-token-id"),
    (#"{"model":{"type":"BPE","vocab":{"a":200000000000}}}"#, "sparse-vocabulary"),
    (#"{"model":{"type":"BPE","vocab":{"a":-1}}}"#, "malformed-json"),
    (#"{"model":{"type":"Unigram","vocab":[]}}"#, "unknown-tokenizer"),
    (#"{"model":{}} x"#, "malformed-json"),
    ("[", "malformed-json"),
  ])
  func `a broken tokenizer.json is refused`(text: String, rule: String) throws {
    try withFiles([Self.weights, ("tokenizer.json", Array(text.utf8))]) { path throws in
      let fault = fault(path: path)
      #expect(fault?.rule == rule)
      #expect(fault?.place?.file.hasSuffix("/tokenizer.json") == true)
    }
  }

  @Test func `tokenizer.json names the tokens`() throws {
    let words = (0..<18).map { "\"w\($0)\":\($0)" }.joined(separator: ",")
    let text = """
      {"added_tokens":[{"id":18,"content":"<|end|>","special":true},
        {"id":19,"content":"Ġraw","special":false}],
       "pre_tokenizer":{"type":"Sequence","pretokenizers":[
         {"type":"Digits","individual_digits":true},{"type":"ByteLevel"}]},
       "model":{"type":"BPE","vocab":{\(words)},"merges":[["w","1"],"w 2"]}}
      """
    try withFiles([Self.weights, ("tokenizer.json", Array(text.utf8))]) { path throws in
      let vocabulary = try #require(try LoadedModel.open(path: path).vocabulary)
      #expect(vocabulary.isSpecial(18))
      #expect(vocabulary.bytes(of: 18) == Array("<|end|>".utf8))
      #expect(vocabulary.bytes(of: 19) == Array("Ġraw".utf8))
      #expect(vocabulary.tokenizesExactly)
    }
  }

  @Test func `config.json gives what the weights do not`() throws {
    let config = Array(#"{"model_type":"gpt_neo","max_position_embeddings":2048,"x":[1.5e3]}"#.utf8)
    try withFiles([Self.weights, ("config.json", config)]) { path throws in
      let model = try LoadedModel.open(path: path)
      #expect(model.architecture == "gpt_neo")
      #expect(model.contextLength == 2048)
      #expect(model.name == "model")
    }
  }
}
