import EmbeddingMath
import ModelWeights
import SourceDiagnostics
import Testing

/// What tensors are called and how they are turned, for each layout.
@Suite struct NamingTests {
  private func model(_ shapes: KeyValuePairs<String, [Int]>) throws -> LoadedModel {
    try SafetensorsExample(shapes.map { ($0.key, $0.value) }).opened()
  }

  private func canonical(_ fileName: String) throws -> [String?] {
    try model([fileName: [3, 3]]).tensors.map(\.canonicalName)
  }

  @Test(arguments: [
    ("model.decoder.embed_tokens.weight", "W_E"),
    ("model.decoder.layers.3.self_attn.k_proj.weight", "W_K[3]"),
    ("model.decoder.layers.3.self_attn.out_proj.bias", "b_O[3]"),
    ("model.decoder.layers.0.self_attn_layer_norm.bias", "ln1_b[0]"),
    ("model.decoder.layers.0.encoder_attn_layer_norm.weight", "ln_cross_w[0]"),
    ("model.decoder.layers.0.final_layer_norm.weight", "ln2_w[0]"),
    ("model.decoder.layers.11.fc1.weight", "W_in[11]"),
    ("model.decoder.layers.11.fc2.bias", "b_out[11]"),
    ("model.decoder.layer_norm.weight", "ln_final_w"),
    ("model.embed_tokens.weight", "W_E"),
    ("model.norm.weight", "ln_final_w"),
    ("model.layers.7.input_layernorm.weight", "ln1_w[7]"),
    ("model.layers.7.post_attention_layernorm.weight", "ln2_w[7]"),
    ("model.layers.7.self_attn.o_proj.weight", "W_O[7]"),
    ("model.layers.7.mlp.gate_proj.weight", "W_gate[7]"),
    ("model.layers.7.mlp.up_proj.weight", "W_in[7]"),
    ("lm_head.weight", "W_U"),
    ("bert.embeddings.word_embeddings.weight", "W_E"),
    ("embeddings.word_embeddings.weight", "W_E"),
    ("embeddings.token_type_embeddings.weight", "W_type"),
    ("embeddings.LayerNorm.bias", "ln_embed_b"),
    ("bert.encoder.layer.5.attention.self.query.weight", "W_Q[5]"),
    ("bert.embeddings.LayerNorm.gamma", "ln_embed_w"),
    ("bert.encoder.layer.5.output.LayerNorm.beta", "ln2_b[5]"),
    ("encoder.layer.5.attention.output.LayerNorm.weight", "ln1_w[5]"),
    ("encoder.layer.5.output.LayerNorm.weight", "ln2_w[5]"),
    ("encoder.layer.5.intermediate.dense.bias", "b_in[5]"),
    ("gpt_neox.embed_in.weight", "W_E"),
    ("embed_in.weight", "W_E"),
    ("embed_out.weight", "W_U"),
    ("gpt_neox.layers.4.input_layernorm.bias", "ln1_b[4]"),
    ("gpt_neox.layers.4.post_attention_layernorm.bias", "ln2_b[4]"),
    ("gpt_neox.layers.4.attention.dense.bias", "b_O[4]"),
    ("gpt_neox.layers.4.mlp.dense_h_to_4h.weight", "W_in[4]"),
    ("gpt_neox.layers.4.mlp.dense_4h_to_h.bias", "b_out[4]"),
    ("gpt_neox.final_layer_norm.weight", "ln_final_w"),
    ("model.decoder.final_layer_norm.bias", "ln_final_b"),
    ("decoder.layers.2.final_layer_norm.bias", "ln2_b[2]"),
    ("decoder.embed_tokens.weight", "W_E"),
    ("transformer.wte.weight", "W_E"),
    ("h.2.ln_1.weight", "ln1_w[2]"),
    ("transformer.h.2.attn.attention.v_proj.weight", "W_V[2]"),
    ("token_embd.weight", "W_E"),
    ("position_embd.weight", "W_pos"),
    ("token_embd_norm.weight", "ln_embed_w"),
    ("blk.12.attn_norm.bias", "ln1_b[12]"),
    ("blk.12.cross_attn_norm.bias", "ln_cross_b[12]"),
    ("blk.12.ffn_down.weight", "W_out[12]"),
    ("output_norm.weight", "ln_final_w"),
    ("output.weight", "W_U"),
  ])
  func `a tensor gets its TransformerLens name`(fileName: String, name: String) throws {
    #expect(try canonical(fileName) == [name])
  }

  @Test(arguments: [
    "model.decoder.layers.0.encoder_attn.q_proj.weight", "model.encoder.layers.0.fc1.weight",
    "embeddings.position_ids", "pooler.dense.weight", "blk.x.attn_norm.weight", "x.wte.weight",
    "blk.99999.attn_norm.weight", "h.0.attn.bias", "h.0.attn.attention.masked_bias",
    "gpt_neox.layers.0.attention.rotary_emb.inv_freq", "model.decoder.embed_positions.weight",
  ])
  func `other tensors have no name`(fileName: String) throws {
    #expect(try canonical(fileName) == [nil])
  }

  @Test func `linear layers are turned so that inputs come first`() throws {
    let model = try model(["model.layers.0.mlp.up_proj.weight": [2, 3]])
    #expect(model.shape(of: "W_in[0]") == [3, 2])
    let matrix = try model.matrix("W_in[0]")
    #expect((0..<3).map(matrix.row) == [[0, 3], [1, 4], [2, 5]])
  }

  @Test func `embeddings are not turned`() throws {
    let model = try model(["model.embed_tokens.weight": [2, 3]])
    #expect(try model.matrix("W_E").row(1) == [3, 4, 5])
  }

  @Test func `GPT-2's joined weights are three matrices, inputs first already`() throws {
    let model = try model(["h.0.attn.c_attn.weight": [2, 6], "h.0.attn.c_attn.bias": [6]])
    #expect(
      model.tensors.map(\.canonicalName)
        == ["W_Q[0]", "W_K[0]", "W_V[0]", "b_Q[0]", "b_K[0]", "b_V[0]"]
    )
    #expect(model.shape(of: "W_K[0]") == [2, 2])
    let keys = try model.matrix("W_K[0]")
    #expect((0..<2).map(keys.row) == [[2, 3], [8, 9]])
    #expect(try model.matrix("b_V[0]").row(0) == [16, 17])
  }

  @Test func `joined rows of a GGUF file are split and turned`() throws {
    let model = try model(["blk.0.attn_qkv.weight": [6, 2]])
    let values = try model.matrix("W_V[0]")
    #expect((0..<2).map(values.row) == [[8, 10], [9, 11]])
  }

  @Test func `GPT-Neo's linear layers share GPT-2's names but are turned`() throws {
    let neo = try model([
      "h.0.attn.attention.q_proj.weight": [2, 2], "h.0.mlp.c_fc.weight": [8, 2],
    ])
    #expect(neo.shape(of: "W_in[0]") == [2, 8])
    #expect(try model(["h.0.mlp.c_fc.weight": [2, 8]]).shape(of: "W_in[0]") == [2, 8])
  }

  @Test func `layers are counted from the names`() throws {
    #expect(try model(["h.0.ln_1.weight": [2], "h.9.ln_1.weight": [2]]).layerCount == 10)
    #expect(try model(["wte.weight": [2, 2]]).layerCount == 0)
  }

  @Test func `an unknown name gets a suggestion`() throws {
    let model = try model(["wte.weight": [2, 2], "h.0.ln_1.weight": [2]])
    let fault = #expect(throws: Diagnostic.self) { try model.matrix("W_e") }
    #expect(
      fault?.description
        == "error: [unknown-tensor] the model has no tensor 'W_e'\nhelp: did you mean 'W_E'?"
    )
  }
}
