import ModelWeights

/// Which tensors of a model to fetch.
package struct PullSelection: Sendable, Hashable {
  /// The layers whose matrices are wanted.
  package var layers: Set<Int> = []
  /// Whether everything the checkpoint holds is wanted.
  package var isEverything = false

  /// Embeddings, positions and every LayerNorm, which is what most puzzles need.
  package init() {}

  /// Returns whether a tensor is among those wanted.
  ///
  /// - Parameters:
  ///   - names: TransformerLens's names for it.
  ///   - isTied: Whether the unembedding is the embedding, and a copy of it is not wanted.
  /// - Returns: `false` for a tensor without a name, unless everything is wanted.
  func includes(_ names: [String], isTied: Bool) -> Bool {
    guard !isEverything else { return true }
    return names.contains { name in
      let (base, layer) = Self.split(name)
      if let layer, layers.contains(layer) { return true }
      return ["W_E", "W_pos", "W_type", "b_U"].contains(base) || base.hasPrefix("ln")
        || base == "W_U" && !isTied
    }
  }

  /// Returns a tensor's name without its layer, and the layer.
  static func split(_ name: String) -> (base: Substring, layer: Int?) {
    guard name.last == "]", let open = name.firstIndex(of: "[") else { return (name[...], nil) }
    return (name[..<open], Int(name[name.index(after: open)...].dropLast()))
  }
}

extension PullSelection {
  /// Returns whether nothing more would be fetched for another selection.
  func covers(_ other: PullSelection) -> Bool {
    isEverything || !other.isEverything && layers.isSuperset(of: other.layers)
  }

  mutating func formUnion(_ other: PullSelection) {
    layers.formUnion(other.layers)
    isEverything = isEverything || other.isEverything
  }
}
