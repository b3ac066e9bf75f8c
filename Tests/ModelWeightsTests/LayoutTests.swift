import EmbeddingMath
import ModelWeights
import SourceDiagnostics
import Testing

/// Each layout's tensors against a plain loop over the stored values.
@Suite struct LayoutTests {
  /// Returns `stored`, rows of `columns`, with rows and columns exchanged.
  private func turned(_ stored: [Float], columns: Int) -> [[Float]] {
    var result = [[Float]](repeating: [], count: columns)
    for (index, value) in stored.enumerated() { result[index % columns].append(value) }
    return result
  }

  private func rows(_ stored: [Float], columns: Int) -> [[Float]] {
    stride(from: 0, to: stored.count, by: columns).map { Array(stored[$0..<$0 + columns]) }
  }

  private func rows(_ model: LoadedModel, _ name: String) throws -> [[Float]] {
    let matrix = try model.matrix(name)
    #expect(model.shape(of: name)?.last == matrix.columnCount)
    return (0..<matrix.rowCount).map { row in
      (0..<matrix.columnCount).map { matrix[row, $0] }
    }
  }

  // MARK: GPT-NeoX

  private static let neoX = SafetensorsExample([
    ("gpt_neox.embed_in.weight", [5, 6]),
    ("gpt_neox.layers.0.attention.query_key_value.weight", [18, 6]),
    ("gpt_neox.layers.0.attention.query_key_value.bias", [18]),
    ("gpt_neox.layers.0.attention.dense.weight", [6, 6]),
    ("gpt_neox.layers.0.mlp.dense_h_to_4h.weight", [24, 6]),
    ("gpt_neox.layers.0.mlp.dense_4h_to_h.weight", [6, 24]),
    ("embed_out.weight", [5, 6]),
  ])

  @Test(arguments: [1, 2, 3, 6])
  func `GPT-NeoX joins queries, keys and values head by head`(headCount: Int) throws {
    let model = try Self.neoX.opened(
      config: #"{"model_type":"gpt_neox","num_attention_heads":\#(headCount)}"#
    )
    let weight = Self.neoX.values("gpt_neox.layers.0.attention.query_key_value.weight")
    let bias = Self.neoX.values("gpt_neox.layers.0.attention.query_key_value.bias")
    let width = 6 / headCount
    var weights = [[[Float]]](
      repeating: [[Float]](repeating: [Float](repeating: -1, count: 6), count: 6),
      count: 3
    )
    var biases = [[Float]](repeating: [Float](repeating: -1, count: 6), count: 3)
    var row = 0
    for head in 0..<headCount {
      for kind in 0..<3 {
        for channel in 0..<width {
          for input in 0..<6 {
            weights[kind][input][head * width + channel] = weight[row * 6 + input]
          }
          biases[kind][head * width + channel] = bias[row]
          row += 1
        }
      }
    }
    for (kind, letter) in ["Q", "K", "V"].enumerated() {
      #expect(try rows(model, "W_\(letter)[0]") == weights[kind])
      #expect(try rows(model, "b_\(letter)[0]") == [biases[kind]])
    }
  }

  @Test(arguments: [nil, "{}", #"{"num_attention_heads":4}"#, #"{"num_attention_heads":0}"#])
  func `without a fitting number of heads the joined tensors have no name`(
    config: String?
  ) throws {
    let model = try Self.neoX.opened(config: config)
    #expect(model.architecture == "gpt_neox")
    #expect(model.shape(of: "W_Q[0]") == nil)
    let joined = model.tensors.filter { $0.fileName.contains("query_key_value") }
    #expect(joined.map(\.canonicalName) == [nil, nil])
    #expect(joined.map(\.shape) == [[18, 6], [18]])
    #expect(model.shape(of: "W_O[0]") == [6, 6])
  }

  @Test(arguments: ["2", "0", "-1", "4", "x", "9223372036854775807", "99999999999999999999"])
  func `a part of a model may carry the number of heads itself`(heads: String) throws {
    let shapes: [SafetensorsExample.Shape] = [
      ("layers.0.attention.query_key_value.weight", [6, 2])
    ]
    let part = SafetensorsExample(
      shapes,
      metadata: ["architecture": "gpt_neox", "num_attention_heads": heads]
    )
    #expect(try part.opened().shape(of: "W_Q[0]") == (heads == "2" ? [2, 2] : nil))
  }

  @Test func `GPT-NeoX's linear layers are turned and its embeddings are not`() throws {
    let model = try Self.neoX.opened()
    for (name, file, columns) in [
      ("W_O[0]", "gpt_neox.layers.0.attention.dense.weight", 6),
      ("W_in[0]", "gpt_neox.layers.0.mlp.dense_h_to_4h.weight", 6),
      ("W_out[0]", "gpt_neox.layers.0.mlp.dense_4h_to_h.weight", 24),
      ("W_U", "embed_out.weight", 6),
    ] {
      #expect(try rows(model, name) == turned(Self.neoX.values(file), columns: columns))
    }
    let embeddings = rows(Self.neoX.values("gpt_neox.embed_in.weight"), columns: 6)
    #expect(try rows(model, "W_E") == embeddings)
  }

  @Test func `a GGUF file has whole queries before keys before values`() throws {
    let example = SafetensorsExample([("blk.0.attn_qkv.weight", [18, 6])])
    let model = try example.opened(config: #"{"num_attention_heads":3}"#)
    let stored = example.values("blk.0.attn_qkv.weight")
    for (kind, letter) in ["Q", "K", "V"].enumerated() {
      let part = Array(stored[kind * 36..<(kind + 1) * 36])
      #expect(try rows(model, "W_\(letter)[0]") == turned(part, columns: 6))
    }
  }

  // MARK: OPT and Whisper

  private static let positions = "model.decoder.embed_positions.weight"
  private static let optMark: SafetensorsExample.Shape = (
    "model.decoder.final_layer_norm.weight", [4]
  )
  private static let whisperMarks: [SafetensorsExample.Shape] = [
    ("model.decoder.layer_norm.weight", [4]),
    ("model.decoder.layers.0.encoder_attn.q_proj.weight", [4, 4]),
    ("model.decoder.layers.0.encoder_attn_layer_norm.weight", [4]),
  ]

  @Test func `OPT's position p is row p + 2`() throws {
    let example = SafetensorsExample([(Self.positions, [9, 4]), Self.optMark])
    let model = try example.opened()
    #expect(model.architecture == "opt")
    #expect(model.contextLength == 7)
    #expect(model.shape(of: "W_pos") == [7, 4])
    #expect(model.tensors[0].byteCount == 7 * 4 * 4)
    let stored = example.values(Self.positions)
    let values = try rows(model, "W_pos")
    for position in 0..<7 {
      #expect(values[position] == Array(stored[(position + 2) * 4..<(position + 3) * 4]))
    }
  }

  @Test(arguments: whisperMarks.indices)
  func `Whisper's positions begin at the first row`(mark: Int) throws {
    let example = SafetensorsExample([(Self.positions, [3, 4]), Self.whisperMarks[mark]])
    let model = try example.opened()
    #expect(model.architecture == "whisper")
    #expect(try rows(model, "W_pos") == rows(example.values(Self.positions), columns: 4))
  }

  @Test func `positions that could be either model's have no name`() throws {
    let alone = SafetensorsExample([(Self.positions, [9, 4])])
    let both = SafetensorsExample([(Self.positions, [9, 4]), Self.optMark, Self.whisperMarks[2]])
    let whisper = SafetensorsExample([(Self.positions, [9, 4]), Self.whisperMarks[0]])
    for model in [
      try alone.opened(), try alone.opened(config: #"{"model_type":"bart"}"#), try both.opened(),
      try whisper.opened(config: #"{"model_type":"opt"}"#),
      try whisper.opened(config: #"{"model_type":"mbart"}"#),
    ] {
      #expect(model.shape(of: "W_pos") == nil)
      #expect(model.tensors[0].canonicalName == nil)
      #expect(model.tensors[0].shape == [9, 4])
    }
  }

  @Test func `the configuration or the file's own words settle positions too`() throws {
    let shapes = [(name: Self.positions, shape: [9, 4])]
    let alone = SafetensorsExample(shapes)
    #expect(try alone.opened(config: #"{"model_type":"opt"}"#).shape(of: "W_pos") == [7, 4])
    #expect(try alone.opened(config: #"{"model_type":"whisper"}"#).shape(of: "W_pos") == [9, 4])
    let part = SafetensorsExample(shapes, metadata: ["architecture": "opt"])
    #expect(try part.opened().shape(of: "W_pos") == [7, 4])
  }

  @Test func `positions with no more than the reserved rows have no name`() throws {
    let example = SafetensorsExample([(Self.positions, [2, 4]), Self.optMark])
    #expect(try example.opened().shape(of: "W_pos") == nil)
  }

  @Test func `OPT's linear layers are turned`() throws {
    let example = SafetensorsExample([
      ("decoder.layers.0.self_attn.out_proj.weight", [4, 4]),
      ("decoder.layers.0.fc1.weight", [8, 4]), ("decoder.layers.0.fc2.weight", [4, 8]),
      ("decoder.final_layer_norm.weight", [4]),
    ])
    let model = try example.opened()
    for (name, tensor) in zip(["W_O[0]", "W_in[0]", "W_out[0]"], example.shapes) {
      let stored = example.values(tensor.name)
      #expect(try rows(model, name) == turned(stored, columns: tensor.shape[1]))
    }
  }

  // MARK: GPT-2 and GPT-Neo

  @Test(arguments: ["", "transformer."])
  func `GPT-2's layers have their inputs first already`(prefix: String) throws {
    let example = SafetensorsExample([
      ("\(prefix)h.0.attn.c_attn.weight", [4, 12]), ("\(prefix)h.0.attn.c_proj.weight", [4, 4]),
      ("\(prefix)h.0.mlp.c_fc.weight", [4, 16]), ("\(prefix)h.0.mlp.c_proj.weight", [16, 4]),
    ])
    let model = try example.opened()
    #expect(model.architecture == "gpt2")
    for (name, tensor) in zip(["W_O[0]", "W_in[0]", "W_out[0]"], example.shapes.dropFirst()) {
      let stored = example.values(tensor.name)
      #expect(try rows(model, name) == rows(stored, columns: tensor.shape[1]))
    }
    let joined = rows(example.values(example.shapes[0].name), columns: 12)
    for (kind, letter) in ["Q", "K", "V"].enumerated() {
      let part = joined.map { Array($0[kind * 4..<(kind + 1) * 4]) }
      #expect(try rows(model, "W_\(letter)[0]") == part)
    }
  }

  @Test func `GPT-Neo's layers are turned, of whatever shape they are`() throws {
    let example = SafetensorsExample([
      ("transformer.h.0.attn.attention.out_proj.weight", [4, 4]),
      ("transformer.h.0.mlp.c_fc.weight", [16, 4]), ("transformer.h.0.mlp.c_proj.weight", [4, 16]),
    ])
    let model = try example.opened()
    #expect(model.architecture == "gpt_neo")
    for (name, tensor) in zip(["W_O[0]", "W_in[0]", "W_out[0]"], example.shapes) {
      let stored = example.values(tensor.name)
      #expect(try rows(model, name) == turned(stored, columns: tensor.shape[1]))
    }
    let part = SafetensorsExample([("transformer.h.0.mlp.c_fc.weight", [16, 4])])
    #expect(
      try part.opened(config: #"{"model_type":"gpt_neo"}"#).shape(of: "W_in[0]") == [4, 16]
    )
  }

  @Test(arguments: [[4, 6], [4, 13], [12, 4], [2, 4, 12]])
  func `joined matrices that are not three square ones have no name`(shape: [Int]) throws {
    let example = SafetensorsExample([
      ("h.0.attn.c_attn.weight", shape), ("h.0.attn.c_attn.bias", [12]), ("wte.weight", [3, 4]),
    ])
    let model = try example.opened()
    #expect(model.tensors.map(\.canonicalName) == [nil, nil, "W_E"])
  }
}
