/// The kinds of files that are fuzzed, each by a process of its own.
package enum FuzzFormat: String, CaseIterable, Sendable {
  case gguf, safetensors, shards, tokenizers, embeddings
  case puzzles, keys, submissions, formulas

  /// How many of a hundred files are of this kind.
  package var share: Int {
    switch self {
    case .gguf: 25
    case .safetensors: 12
    case .shards: 5
    case .tokenizers: 18
    case .embeddings: 10
    case .puzzles: 8
    case .keys: 7
    case .submissions: 7
    case .formulas: 8
    }
  }
}
