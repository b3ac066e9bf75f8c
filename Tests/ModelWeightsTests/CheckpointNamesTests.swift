import ModelWeights
import Testing

/// Every tensor name of real checkpoints is either named or a buffer known to be none.
@Suite struct CheckpointNamesTests {
  struct Checkpoint: Sendable, CustomTestStringConvertible {
    let name: String
    let config: String
    let layerCount: Int
    /// Names of matrices, vectors and buffers; "#" is the layer.
    let matrices: [String]
    var joined: [String] = []
    let vectors: [String]
    let buffers: [String]
    /// The number of tensors with a canonical name, joined ones counted once.
    let namedCount: Int

    var testDescription: String { name }

    func expanded(_ patterns: [String]) -> [String] {
      patterns.flatMap { pattern in
        pattern.contains("#")
          ? (0..<layerCount).map { pattern.replacing("#", with: "\($0)") } : [pattern]
      }
    }
  }

  private static func weights(_ names: [String]) -> [String] { names.map { $0 + ".weight" } }

  private static func both(_ names: [String]) -> [String] {
    names.flatMap { [$0 + ".weight", $0 + ".bias"] }
  }

  private static func biases(_ names: [String]) -> [String] { names.map { $0 + ".bias" } }

  private static func gpt2(_ name: String, prefix: String, layerCount: Int) -> Checkpoint {
    let layers = ["attn.c_proj", "mlp.c_fc", "mlp.c_proj"].map { "\(prefix)h.#.\($0)" }
    let norms = ["h.#.ln_1", "h.#.ln_2", "ln_f"].map { prefix + $0 }
    return Checkpoint(
      name: name,
      config: #"{"model_type":"gpt2","n_head":2,"n_positions":1024}"#,
      layerCount: layerCount,
      matrices: weights(["\(prefix)wte", "\(prefix)wpe"] + layers),
      joined: both(["\(prefix)h.#.attn.c_attn"]),
      vectors: biases(layers) + both(norms),
      buffers: ["\(prefix)h.#.attn.bias", "\(prefix)h.#.attn.masked_bias"],
      namedCount: 12 * layerCount + 4
    )
  }

  private static func opt(prefix: String) -> Checkpoint {
    let linear = [
      "self_attn.k_proj", "self_attn.v_proj", "self_attn.q_proj", "self_attn.out_proj", "fc1",
      "fc2",
    ].map { "\(prefix)decoder.layers.#.\($0)" }
    let norms = [
      "layers.#.self_attn_layer_norm", "layers.#.final_layer_norm", "final_layer_norm",
    ].map { "\(prefix)decoder.\($0)" }
    return Checkpoint(
      name: "opt-125m, \(prefix)decoder",
      config: #"{"model_type":"opt","num_attention_heads":12,"max_position_embeddings":2048}"#,
      layerCount: 12,
      matrices: weights(
        ["\(prefix)decoder.embed_tokens", "\(prefix)decoder.embed_positions", "lm_head"] + linear
      ),
      vectors: biases(linear) + both(norms),
      buffers: [],
      namedCount: 197
    )
  }

  private static let neo = {
    let projections = ["k_proj", "v_proj", "q_proj"].map { "transformer.h.#.attn.attention.\($0)" }
    let layers = ["attn.attention.out_proj", "mlp.c_fc", "mlp.c_proj"]
      .map { "transformer.h.#.\($0)" }
    return Checkpoint(
      name: "gpt-neo-125m",
      config: #"{"model_type":"gpt_neo","num_heads":12,"max_position_embeddings":2048}"#,
      layerCount: 12,
      matrices: weights(["transformer.wte", "transformer.wpe", "lm_head"] + projections + layers),
      vectors: biases(layers)
        + both(["h.#.ln_1", "h.#.ln_2", "ln_f"].map { "transformer." + $0 }),
      buffers: ["bias", "masked_bias"].map { "transformer.h.#.attn.attention.\($0)" },
      namedCount: 13 * 12 + 5
    )
  }()

  private static let pythia = {
    let linear = ["attention.dense", "mlp.dense_h_to_4h", "mlp.dense_4h_to_h"]
      .map { "gpt_neox.layers.#.\($0)" }
    let norms = [
      "layers.#.input_layernorm", "layers.#.post_attention_layernorm", "final_layer_norm",
    ].map { "gpt_neox." + $0 }
    return Checkpoint(
      name: "pythia-70m",
      config: #"{"model_type":"gpt_neox","num_attention_heads":2,"rotary_pct":0.25}"#,
      layerCount: 6,
      matrices: weights(["gpt_neox.embed_in", "embed_out"] + linear),
      joined: both(["gpt_neox.layers.#.attention.query_key_value"]),
      vectors: biases(linear) + both(norms),
      buffers: ["bias", "masked_bias", "rotary_emb.inv_freq"]
        .map { "gpt_neox.layers.#.attention.\($0)" },
      namedCount: 76
    )
  }()

  static let checkpoints = [
    gpt2("gpt2", prefix: "", layerCount: 12),
    gpt2("distilgpt2", prefix: "transformer.", layerCount: 6),
    neo, pythia, opt(prefix: "model."), opt(prefix: ""),
  ]

  @Test(arguments: checkpoints)
  func `every tensor is named or a known buffer`(checkpoint: Checkpoint) throws {
    let joined = checkpoint.expanded(checkpoint.joined)
    let buffers = checkpoint.expanded(checkpoint.buffers)
    var shapes: [SafetensorsExample.Shape] = []
    shapes += checkpoint.expanded(checkpoint.matrices).map { ($0, [4, 4]) }
    shapes += joined.map {
      ($0, $0.hasSuffix(".bias") ? [12] : $0.contains("c_attn") ? [4, 12] : [12, 4])
    }
    shapes += checkpoint.expanded(checkpoint.vectors).map { ($0, [4]) }
    shapes += buffers.map { ($0, $0.hasSuffix("masked_bias") ? [] : [1, 1, 2, 2]) }
    let model = try SafetensorsExample(shapes).opened(config: checkpoint.config)

    let unnamed = model.tensors.filter { $0.canonicalName == nil }.map(\.fileName)
    #expect(Set(unnamed) == Set(buffers))
    #expect(model.layerCount == checkpoint.layerCount)
    let named = Set(model.tensors.filter { $0.canonicalName != nil }.map(\.fileName))
    #expect(named.count == checkpoint.namedCount)
    for file in joined {
      #expect(model.tensors.filter { $0.fileName == file }.count == 3)
    }
    for name in model.tensors.compactMap(\.canonicalName) { _ = try model.matrix(name) }
  }
}
