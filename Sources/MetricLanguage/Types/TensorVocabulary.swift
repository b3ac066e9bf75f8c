/// The names that tensors can have, without their layers, in any model.
enum TensorVocabulary {
  static let names: Set<String> = [
    "W_E", "W_pos", "W_type", "W_U", "W_Q", "W_K", "W_V", "W_O", "W_gate", "W_in", "W_out", "b_Q",
    "b_K", "b_V", "b_O", "b_in", "b_out", "b_U", "ln_embed_w", "ln_embed_b", "ln1_w", "ln1_b",
    "ln2_w", "ln2_b", "ln_cross_w", "ln_cross_b", "ln_final_w", "ln_final_b",
  ]
}
