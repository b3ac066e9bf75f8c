/// What a tensor in a file is called here, and how to turn it.
struct CanonicalName: Sendable, Equatable {
  /// For example "W_in[3]".
  let name: String
  /// Whether the file holds it as `torch.nn.Linear` does, outputs first; here inputs come first.
  let transposed: Bool
  let reading: Reading

  /// Which part of the file's tensor it is, as far as the name says; ``Layout`` settles the rest.
  enum Reading: Hashable, Sendable {
    case whole
    /// Queries (0), keys (1) or values (2), each of them in one piece.
    case third(Int)
    /// The same, but in turn for each head: its queries, its keys, its values.
    case thirdOfEachHead(Int)
    /// One row for each position, after as many reserved rows as the layout has.
    case positions
    /// A layer with its inputs first, or in another layout its outputs.
    case layer
  }
}

/// The names that files give tensors, and TransformerLens's names for them.
///
/// One table serves every layout: no file name means two things, and where a name leaves open how
/// its values are arranged, ``Layout`` decides. A `#` in a file's name is the layer. The table for
/// GGUF is also what the packer writes.
enum TensorNames {
  /// Returns what the tensor with a file's name is called; empty if it has no name here.
  ///
  /// Joined queries, keys and values give three names.
  static func canonical(for fileName: String) -> [CanonicalName] {
    var parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
    var layer: Int?
    for index in parts.indices {
      if let number = layerNumber(parts[index]) {
        layer = number
        parts[index] = "#"
        break
      }
    }
    let pattern = parts.joined(separator: ".")
    guard let rule = rules[pattern] ?? prefixes.lazy.compactMap({ shorter(pattern, $0) }).first
    else { return [] }
    let suffix = layer.map { "[\($0)]" } ?? ""
    return zip(rule.names, rule.readings).map { name, reading in
      CanonicalName(name: name + suffix, transposed: rule.transposed, reading: reading)
    }
  }

  /// Returns the GGUF name for one of this project's names, or `nil` if it has none.
  static func gguf(for canonical: String) -> String? {
    let (base, layer) = split(canonical)
    guard let pattern = ggufNames[base], pattern.contains("#") == (layer != nil) else { return nil }
    guard let layer, let mark = pattern.firstIndex(of: "#") else { return pattern }
    return pattern[..<mark] + "\(layer)" + pattern[pattern.index(after: mark)...]
  }

  /// Returns the name without its layer, and the layer: "W_in[3]" is ("W_in", 3).
  static func split(_ canonical: String) -> (base: String, layer: Int?) {
    guard canonical.hasSuffix("]"), let open = canonical.firstIndex(of: "[") else {
      return (canonical, nil)
    }
    let digits = canonical[canonical.index(after: open)...].dropLast()
    guard let layer = layerNumber(digits) else { return (canonical, nil) }
    return (String(canonical[..<open]), layer)
  }

  private static func layerNumber(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 4,
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int(text)
  }

  /// What Hugging Face models put before their names, depending on the class that saved them.
  private static let prefixes = ["model.", "bert.", "transformer.", "gpt_neox."]

  private static func shorter(_ pattern: String, _ prefix: String) -> Rule? {
    pattern.hasPrefix(prefix) ? rules[String(pattern.dropFirst(prefix.count))] : nil
  }

  // MARK: Tables

  private struct Rule {
    let names: [String]
    let transposed: Bool
    /// One for each name.
    var readings: [CanonicalName.Reading] = [.whole]
  }

  /// A file's name without `.weight` or `.bias`, the name of its weight, and that of its bias.
  private typealias Row = (file: String, weight: String, bias: String?)

  /// Matrices stored outputs first, as `torch.nn.Linear` has them.
  private static let linear: [Row] = [
    // GGUF
    ("output", "W_U", "b_U"),
    ("blk.#.attn_q", "W_Q", "b_Q"),
    ("blk.#.attn_k", "W_K", "b_K"),
    ("blk.#.attn_v", "W_V", "b_V"),
    ("blk.#.attn_output", "W_O", "b_O"),
    ("blk.#.ffn_up", "W_in", "b_in"),
    ("blk.#.ffn_gate", "W_gate", nil),
    ("blk.#.ffn_down", "W_out", "b_out"),
    // Whisper and OPT
    ("decoder.layers.#.self_attn.q_proj", "W_Q", "b_Q"),
    ("decoder.layers.#.self_attn.k_proj", "W_K", "b_K"),
    ("decoder.layers.#.self_attn.v_proj", "W_V", "b_V"),
    ("decoder.layers.#.self_attn.out_proj", "W_O", "b_O"),
    ("decoder.layers.#.fc1", "W_in", "b_in"),
    ("decoder.layers.#.fc2", "W_out", "b_out"),
    ("proj_out", "W_U", nil),
    // Llama and its family
    ("layers.#.self_attn.q_proj", "W_Q", "b_Q"),
    ("layers.#.self_attn.k_proj", "W_K", "b_K"),
    ("layers.#.self_attn.v_proj", "W_V", "b_V"),
    ("layers.#.self_attn.o_proj", "W_O", "b_O"),
    ("layers.#.mlp.gate_proj", "W_gate", nil),
    ("layers.#.mlp.up_proj", "W_in", nil),
    ("layers.#.mlp.down_proj", "W_out", nil),
    ("lm_head", "W_U", nil),
    // BERT
    ("encoder.layer.#.attention.self.query", "W_Q", "b_Q"),
    ("encoder.layer.#.attention.self.key", "W_K", "b_K"),
    ("encoder.layer.#.attention.self.value", "W_V", "b_V"),
    ("encoder.layer.#.attention.output.dense", "W_O", "b_O"),
    ("encoder.layer.#.intermediate.dense", "W_in", "b_in"),
    ("encoder.layer.#.output.dense", "W_out", "b_out"),
    // GPT-Neo
    ("h.#.attn.attention.q_proj", "W_Q", nil),
    ("h.#.attn.attention.k_proj", "W_K", nil),
    ("h.#.attn.attention.v_proj", "W_V", nil),
    ("h.#.attn.attention.out_proj", "W_O", "b_O"),
    // GPT-NeoX
    ("layers.#.attention.dense", "W_O", "b_O"),
    ("layers.#.mlp.dense_h_to_4h", "W_in", "b_in"),
    ("layers.#.mlp.dense_4h_to_h", "W_out", "b_out"),
    ("embed_out", "W_U", nil),
  ]

  /// Embeddings, LayerNorms, and matrices stored inputs first.
  private static let plain: [Row] = [
    // GGUF
    ("token_embd", "W_E", nil),
    ("position_embd", "W_pos", nil),
    ("token_types", "W_type", nil),
    ("token_embd_norm", "ln_embed_w", "ln_embed_b"),
    ("output_norm", "ln_final_w", "ln_final_b"),
    ("blk.#.attn_norm", "ln1_w", "ln1_b"),
    ("blk.#.ffn_norm", "ln2_w", "ln2_b"),
    ("blk.#.cross_attn_norm", "ln_cross_w", "ln_cross_b"),
    ("blk.#.attn_output_norm", "ln1_w", "ln1_b"),
    ("blk.#.layer_output_norm", "ln2_w", "ln2_b"),
    // Whisper and OPT
    ("decoder.embed_tokens", "W_E", nil),
    ("decoder.final_layer_norm", "ln_final_w", "ln_final_b"),
    ("decoder.layer_norm", "ln_final_w", "ln_final_b"),
    ("decoder.layers.#.self_attn_layer_norm", "ln1_w", "ln1_b"),
    ("decoder.layers.#.encoder_attn_layer_norm", "ln_cross_w", "ln_cross_b"),
    ("decoder.layers.#.final_layer_norm", "ln2_w", "ln2_b"),
    // Llama and its family
    ("embed_tokens", "W_E", nil),
    ("norm", "ln_final_w", "ln_final_b"),
    ("layers.#.input_layernorm", "ln1_w", "ln1_b"),
    ("layers.#.post_attention_layernorm", "ln2_w", "ln2_b"),
    // BERT
    ("embeddings.word_embeddings", "W_E", nil),
    ("embeddings.position_embeddings", "W_pos", nil),
    ("embeddings.token_type_embeddings", "W_type", nil),
    ("embeddings.LayerNorm", "ln_embed_w", "ln_embed_b"),
    ("encoder.layer.#.attention.output.LayerNorm", "ln1_w", "ln1_b"),
    ("encoder.layer.#.output.LayerNorm", "ln2_w", "ln2_b"),
    // GPT-NeoX; its layers' norms have the Llama family's names
    ("embed_in", "W_E", nil),
    ("final_layer_norm", "ln_final_w", "ln_final_b"),
    // GPT-2 and GPT-Neo; GPT-2's `Conv1D` has inputs first
    ("wte", "W_E", nil),
    ("wpe", "W_pos", nil),
    ("ln_f", "ln_final_w", "ln_final_b"),
    ("h.#.ln_1", "ln1_w", "ln1_b"),
    ("h.#.ln_2", "ln2_w", "ln2_b"),
    ("h.#.attn.c_proj", "W_O", "b_O"),
  ]

  /// GPT-2's `Conv1D` layers and GPT-Neo's `Linear` ones, of the same names.
  private static let layers: [Row] = [
    ("h.#.mlp.c_fc", "W_in", "b_in"),
    ("h.#.mlp.c_proj", "W_out", "b_out"),
  ]

  /// Queries, keys and values in one: the file's name without its ending, whether its outputs come
  /// first, and how the three are arranged.
  private static let joined: [(file: String, transposed: Bool, isByHead: Bool)] = [
    ("blk.#.attn_qkv", true, false),
    ("h.#.attn.c_attn", false, false),
    ("layers.#.attention.query_key_value", true, true),
  ]

  private static let rules: [String: Rule] = {
    var rules: [String: Rule] = [:]
    func add(_ row: Row, transposed: Bool, _ reading: CanonicalName.Reading) {
      rules["\(row.file).weight"] = Rule(
        names: [row.weight],
        transposed: transposed,
        readings: [reading]
      )
      guard let bias = row.bias else { return }
      rules["\(row.file).bias"] = Rule(names: [bias], transposed: false)
      // The oldest BERT checkpoints keep TensorFlow's names.
      if row.file.hasSuffix(".LayerNorm") {
        rules["\(row.file).gamma"] = Rule(names: [row.weight], transposed: false)
        rules["\(row.file).beta"] = Rule(names: [bias], transposed: false)
      }
    }
    for row in linear { add(row, transposed: true, .whole) }
    for row in plain { add(row, transposed: false, .whole) }
    for row in layers { add(row, transposed: false, .layer) }
    add(("decoder.embed_positions", "W_pos", nil), transposed: false, .positions)
    for (file, transposed, isByHead) in joined {
      for (ending, letter, turned) in [("weight", "W", transposed), ("bias", "b", false)] {
        rules["\(file).\(ending)"] = Rule(
          names: ["Q", "K", "V"].map { "\(letter)_\($0)" },
          transposed: turned,
          readings: (0..<3).map { isByHead ? .thirdOfEachHead($0) : .third($0) }
        )
      }
    }
    return rules
  }()

  private static let ggufNames: [String: String] = {
    var names: [String: String] = [:]
    for row in linear + plain
    where row.file.hasPrefix("blk.") || !row.file.contains(".") && ggufGlobals.contains(row.file) {
      for (name, ending) in [(row.weight, "weight"), (row.bias ?? "", "bias")]
      where names[name] == nil && !name.isEmpty {
        names[name] = "\(row.file).\(ending)"
      }
    }
    return names
  }()

  private static let ggufGlobals: Set<String> = [
    "output", "token_embd", "position_embd", "token_types", "token_embd_norm", "output_norm",
  ]
}
