import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// What the writer writes, the reader reads.
@Suite struct PackingTests {
  /// A Llama-like file: 40 tokens × 64 in Q8_0, one gain, one layer's matrix in F32.
  private func source(name: String = "tiny") -> GGUFExample {
    var generator = SeededGenerator(seed: 3)
    func values(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(generator.gaussian()) }
    }
    var blocks: [UInt8] = []
    for _ in 0..<80 {
      blocks += [UInt8(generator.integer(below: 256)), 0x2C]
      for _ in 0..<32 { blocks.append(UInt8(generator.integer(below: 256))) }
    }
    var example = GGUFExample()
    example.set("general.architecture", text: "llama")
    example.set("general.name", text: name)
    example.set("llama.context_length", unsigned: 512)
    example.set("tokenizer.ggml.model", text: "gpt2")
    example.set("tokenizer.ggml.pre", text: "smollm")
    let letters = (0..<26).map { String(Character(Unicode.Scalar(UInt8(97 + $0)))) }
    let joined = ["ab", "abc", "Ġa", "Ġab", "Ċ", "Ã", "Ġ", "©", "Ã©", "!", "?", "1", "2"]
    example.set("tokenizer.ggml.tokens", strings: letters + joined + ["<|end|>"])
    example.set("tokenizer.ggml.merges", strings: ["a b", "ab c", "Ġ ab", "Ġ a", "Ã ©"])
    example.set("tokenizer.ggml.token_type", signed: [Int32](repeating: 1, count: 39) + [3])
    example.tensors = [
      .init(dimensions: [64, 40], type: 8, data: blocks),
      .init(
        name: "blk.0.ffn_up.weight",
        dimensions: [64, 96],
        data: GGUFExample.floats(values(64 * 96))
      ),
      .init(
        name: "blk.0.attn_norm.weight",
        dimensions: [64],
        data: GGUFExample.floats(values(64))
      ),
      .init(
        name: "blk.0.attn_norm.bias",
        dimensions: [64],
        data: GGUFExample.floats((0..<64).map { Float($0) / 4 })
      ),
    ]
    return example
  }

  /// Packs the source, and calls `body` with the source, the result and the report.
  private func pack<Result>(
    _ options: PackOptions,
    _ body: (LoadedModel, LoadedModel, PackReport) throws -> Result
  ) throws -> Result {
    try withFiles([("source.gguf", source().bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      let report = try ModelPacker.pack(model, to: path + ".packed", options: options)
      return try body(model, LoadedModel.open(path: path + ".packed"), report)
    }
  }

  @Test func `blocks that are Q8_0 already are copied unchanged`() throws {
    try pack(PackOptions(tensors: ["W_E"])) { source, packed, report throws in
      #expect(report.tensors.map(\.copied) == [true])
      #expect(report.tensors.map(\.largestError) == [0])
      #expect(report.rowCount == 40)
      #expect(try packed.matrix("W_E") == source.matrix("W_E"))
    }
  }

  @Test func `everything said about the model survives`() throws {
    let options = PackOptions(name: "small", license: "MIT", origin: "https://example.org/m")
    try pack(options) { source, packed, report throws in
      #expect(packed.name == "small")
      #expect(packed.license == "MIT")
      #expect(packed.origin == "https://example.org/m")
      #expect(packed.architecture == "llama")
      #expect(packed.contextLength == 512)
      #expect(packed.format == "GGUF v3")
      #expect(packed.rowIDs == nil)
      #expect(packed.tensors.map(\.canonicalName) == ["W_E", "ln1_w[0]", "ln1_b[0]", "W_in[0]"])
      #expect(packed.tensors.map(\.dtype) == ["Q8_0", "F32", "F16", "Q8_0"])
      #expect(packed.tensors.last?.fileName == "blk.0.ffn_up.weight")
      let vocabulary = try #require(packed.vocabulary)
      let original = try #require(source.vocabulary)
      for id in 0..<40 {
        #expect(vocabulary.bytes(of: id) == original.bytes(of: id))
        #expect(vocabulary.isSpecial(id) == (id == 39))
      }
      #expect(vocabulary.tokenize("abc ab é12") == original.tokenize("abc ab é12"))
      #expect(vocabulary.tokenize("abc ab é12").count == 6)
    }
  }

  @Test func `errors are reported as they are`() throws {
    try pack(PackOptions(tensors: ["W_in"])) { source, packed, report throws in
      let (before, after) = (try source.matrix("W_in[0]"), try packed.matrix("W_in[0]"))
      var largest = 0.0
      for row in 0..<64 {
        for column in 0..<96 {
          largest = max(largest, abs(Double(before[row, column]) - Double(after[row, column])))
        }
      }
      #expect(report.tensors[0].largestError == largest)
      #expect(largest > 0 && largest < 0.02)
      #expect(report.tensors[0].rmsError < largest)
      #expect(packed.vocabulary == nil)
    }
  }

  @Test func `float32 loses nothing`() throws {
    try pack(PackOptions(matrixType: .f32)) { source, packed, report throws in
      #expect(report.tensors.allSatisfy { $0.largestError == 0 })
      for name in ["W_E", "W_in[0]", "ln1_w[0]", "ln1_b[0]"] {
        #expect(try packed.matrix(name) == source.matrix(name))
      }
    }
  }

  @Test func `parts of stored tensors are packed as they are read`() throws {
    let example = SafetensorsExample([
      ("gpt_neox.embed_in.weight", [3, 6]),
      ("gpt_neox.layers.0.attention.query_key_value.weight", [18, 6]),
      ("gpt_neox.layers.0.attention.query_key_value.bias", [18]),
      ("model.decoder.embed_positions.weight", [7, 6]), ("decoder.final_layer_norm.bias", [6]),
    ])
    let config = Array(#"{"num_attention_heads":3}"#.utf8)
    try withFiles([("model.safetensors", example.bytes), ("config.json", config)]) { path throws in
      let source = try LoadedModel.open(path: path)
      for type in PackOptions.MatrixType.allCases {
        let options = PackOptions(matrixType: type)
        _ = try ModelPacker.pack(source, to: path + ".gguf", options: options)
        let packed = try LoadedModel.open(path: path + ".gguf")
        #expect(packed.contextLength == 5)
        for name in ["W_E", "W_Q[0]", "W_K[0]", "b_K[0]", "W_V[0]", "b_V[0]", "W_pos"] {
          #expect(try packed.matrix(name) == source.matrix(name))
        }
      }
    }
  }

  @Test func `other quantised types are read and written as Q8_0`() throws {
    // A scale of 1/2, sub-block scales of 1 and numbers from -32 to 31, which Q8_0 holds too.
    let block =
      (0..<192).map { UInt8($0 % 256) } + [UInt8](repeating: 1, count: 16) + [0, 0x38]
    var example = GGUFExample()
    example.tensors = [.init(dimensions: [256, 2], type: 14, data: block + block)]
    try withFiles([("model.gguf", example.bytes)]) { path throws in
      let source = try LoadedModel.open(path: path)
      let report = try ModelPacker.pack(source, to: path + ".packed", options: PackOptions())
      #expect(report.tensors.map(\.dtype) == ["Q8_0"])
      #expect(report.tensors.map(\.copied) == [false])
      let packed = try LoadedModel.open(path: path + ".packed")
      let step = try #require(try packed.roundingStep(of: "W_E"))
      #expect(report.tensors[0].largestError <= Double(step) * 0.6)
    }
  }

  @Test func `a range of rows from the start keeps its ids and merges`() throws {
    try pack(PackOptions(rows: .range(0..<28))) { source, packed, _ throws in
      #expect(packed.vocabularySize == 28)
      #expect(packed.rowIDs == nil)
      #expect(packed.vocabulary?.tokenize("abcab") == [27, 26])
    }
  }

  @Test func `other rows carry the ids they had`() throws {
    try pack(PackOptions(rows: .range(26..<30))) { source, packed, _ throws in
      #expect(packed.rowIDs == [26, 27, 28, 29])
      #expect(packed.vocabulary?.bytes(of: 3) == Array(" ab".utf8))
      #expect(try packed.matrix("W_E").row(2) == source.matrix("W_E").row(28))
    }
  }

  @Test func `a sample is the same for the same seed`() throws {
    let options = PackOptions(rows: .sample(count: 10, seed: 5))
    let first = try pack(options) { _, packed, _ in try #require(packed.rowIDs) }
    let second = try pack(options) { source, packed, _ throws in
      let ids = try #require(packed.rowIDs)
      for (row, id) in ids.enumerated() {
        #expect(packed.vocabulary?.bytes(of: row) == source.vocabulary?.bytes(of: id))
        #expect(try packed.matrix("W_E").row(row) == source.matrix("W_E").row(id))
      }
      return ids
    }
    #expect(first == second)
    #expect(first == first.sorted())
    #expect(first.count == 10)
  }

  @Test func `a sample of a sample still knows the first ids`() throws {
    try withFiles([("source.gguf", source().bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      let options = PackOptions(rows: .range(20..<40))
      _ = try ModelPacker.pack(model, to: path + "1", options: options)
      let half = try LoadedModel.open(path: path + "1")
      _ = try ModelPacker.pack(half, to: path + "2", options: PackOptions(rows: .range(5..<7)))
      #expect(try LoadedModel.open(path: path + "2").rowIDs == [25, 26])
    }
  }

  @Test(arguments: [
    PackOptions.Rows.range(0..<41), .range(3..<3), .sample(count: 41, seed: 0),
    .sample(count: 0, seed: 0),
  ])
  func `rows that are not there are refused`(rows: PackOptions.Rows) {
    let fault = #expect(throws: Diagnostic.self) {
      try pack(PackOptions(rows: rows)) { _, _, _ in }
    }
    #expect(fault?.rule == "rows-out-of-range")
  }

  @Test func `an unknown tensor is refused with a suggestion`() {
    let fault = #expect(throws: Diagnostic.self) {
      try pack(PackOptions(tensors: ["W_F"])) { _, _, _ in }
    }
    #expect(fault?.rule == "unknown-tensor")
    #expect(fault?.help == "did you mean 'W_E'?")
  }

  @Test func `values too large for half precision are refused and nothing is left behind`() throws {
    let header = #"{"wte.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#
    let bytes = safetensors(header, data: GGUFExample.floats([1, 1e6]))
    try withFiles([("model.safetensors", bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      let folder = String(path.dropLast("/model.safetensors".count))
      let fault = #expect(throws: Diagnostic.self) {
        try ModelPacker.pack(
          model,
          to: folder + "/out.gguf",
          options: PackOptions(matrixType: .f16)
        )
      }
      #expect(fault?.rule == "pack-overflow")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.safetensors"])
    }
  }

  @Test(arguments: ["", "/", "folder/"]) func `the result needs a file name`(path: String) throws {
    try withFiles([("source.gguf", source().bytes)]) { source throws in
      let model = try LoadedModel.open(path: source)
      let fault = #expect(throws: Diagnostic.self) {
        try ModelPacker.pack(model, to: path, options: PackOptions())
      }
      #expect(fault?.message == "cannot write '\(path)': expected the name of a file")
    }
  }

  @Test func `a folder that does not exist is named`() throws {
    try withFiles([("source.gguf", source().bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      let fault = #expect(throws: Diagnostic.self) {
        try ModelPacker.pack(model, to: "/nonexistent/x.gguf", options: PackOptions())
      }
      #expect(fault?.message == "cannot write '/nonexistent/x.gguf': no such file or directory")
    }
  }
}

@Suite struct PackedWordPieceTests {
  /// Entries that llama.cpp's spelling of WordPiece cannot tell from others.
  @Test(arguments: ["##▁", "##[x]", "#####", "##a"])
  func `odd entries of vocab.txt are packed too`(odd: String) throws {
    let header =
      #"{"embeddings.word_embeddings.weight":{"dtype":"F32","shape":[4,32],"data_offsets":[0,512]}}"#
    let weights = safetensors(header, data: [UInt8](repeating: 0, count: 512))
    let entries = ["[UNK]", "dog", "##s", odd]
    let lines = Array(entries.joined(separator: "\n").utf8)
    try withFiles([("model.safetensors", weights), ("vocab.txt", lines)]) { path throws in
      let packed = path + ".gguf"
      _ = try ModelPacker.pack(
        LoadedModel.open(path: path),
        to: packed,
        options: PackOptions(rows: .all, matrixType: .f32)
      )
      let vocabulary = try #require(try LoadedModel.open(path: packed).vocabulary)
      #expect((0..<4).map { String(decoding: vocabulary.bytes(of: $0), as: UTF8.self) } == entries)
      #expect(vocabulary.tokenize("dogs") == [1, 2])
    }
  }
}
