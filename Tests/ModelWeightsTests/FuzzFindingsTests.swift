import ModelWeights
import SourceDiagnostics
import Testing

/// Files that the fuzzer found to trap, made small.
@Suite struct FuzzFindingsTests {
  private func pack(_ example: SafetensorsExample, _ rows: PackOptions.Rows) throws -> LoadedModel {
    let model = try example.opened(config: #"{"model_type":"gpt2"}"#)
    return try withTemporaryFolder { folder in
      let path = folder + "/packed.gguf"
      let options = PackOptions(rows: rows, matrixType: .f32)
      _ = try ModelPacker.pack(model, to: path, options: options)
      return try LoadedModel.open(path: path)
    }
  }

  @Test(arguments: [3, 6])
  func `an unembedding of another number of tokens is packed whole`(tokens: Int) throws {
    let example = SafetensorsExample([("wte.weight", [4, 2]), ("lm_head.weight", [tokens, 2])])
    let packed = try pack(example, .all)
    #expect(packed.shape(of: "W_U") == [2, tokens])
    #expect(packed.shape(of: "W_E") == [4, 2])
  }

  @Test(arguments: [3, 6])
  func `an unembedding of another number of tokens is not packed in part`(tokens: Int) throws {
    let example = SafetensorsExample([("wte.weight", [4, 2]), ("lm_head.weight", [tokens, 2])])
    let fault = #expect(throws: Diagnostic.self) { try pack(example, .range(1..<3)) }
    #expect(fault?.rule == "unembedding-mismatch")
  }

  @Test(arguments: ["h.0.mlp.c_fc.weight", "lm_head.weight"])
  func `a vector where a matrix belongs is packed as it is`(name: String) throws {
    let example = SafetensorsExample([("wte.weight", [4, 2]), (name, [5])])
    let packed = try pack(example, .all)
    #expect(packed.tensors.map(\.shape) == [[4, 2], [5]])
  }

  @Test func `no rows at the end of the integers are out of range`() throws {
    let example = SafetensorsExample([("wte.weight", [4, 2])])
    let fault = #expect(throws: Diagnostic.self) { try pack(example, .range(Int.min..<Int.min)) }
    #expect(fault?.rule == "rows-out-of-range")
  }

  @Test(arguments: [[UInt8](" \u{301}a".utf8), [0x20, 0xFF], [0x20, 0xE2, 0x96]])
  func `a space before an accent or a broken character survives packing`(name: [UInt8]) throws {
    var example = GGUFExample.plain()
    var tokens = FileBytes()
    for token in [[0x61], name, [0x62]] {
      tokens.put(UInt64(token.count))
      tokens.bytes += token
    }
    example.set("tokenizer.ggml.model", text: "llama")
    example.pairs.append(
      ("tokenizer.ggml.tokens", 9, GGUFExample.array(8, count: 3, tokens.bytes))
    )
    try withFiles([("model.gguf", example.bytes)]) { path in
      let packed = path + ".packed"
      _ = try ModelPacker.pack(try LoadedModel.open(path: path), to: packed, options: PackOptions())
      #expect(try LoadedModel.open(path: packed).vocabulary?.bytes(of: 1) == name)
    }
  }

  @Test(arguments: ["lstrip", "rstrip"])
  func `tokens of space in a text of spaces take linear time`(rule: String) throws {
    let tokenizer = """
      {"added_tokens":[{"id":1,"content":"  ","special":false,"normalized":false,"\(rule)":true}],
       "pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":0,"  ":1},"merges":[]}}
      """
    let weights = SafetensorsExample([("wte.weight", [2, 1])]).bytes
    let files = [("model.safetensors", weights), ("tokenizer.json", Array(tokenizer.utf8))]
    let model = try withFiles(files) { try LoadedModel.open(path: $0) }
    let vocabulary = try #require(model.vocabulary)
    let clock = ContinuousClock()
    // At the square of its length this would take an hour.
    let time = clock.measure {
      let text = String(repeating: " ", count: 400_000)
      #expect(vocabulary.tokenize(text).count == 200_000)
    }
    #expect(time < .seconds(100))
  }
}
