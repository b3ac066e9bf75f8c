/// What a model's layout says about its tensors beyond their names.
///
/// Where a name leaves two readings, a mark that only one layout has decides between them. Without
/// such a mark the tensor stays unnamed: nothing is guessed.
struct Layout {
  /// For example "whisper", "llama" or "bert"; "unknown" if nothing says.
  let architecture: String
  /// The layout of a decoder's positions; `nil` if nothing says or two marks disagree.
  private let decoder: String?
  private let hasLinearMLP: Bool
  /// Whether every joined matrix is three square ones, so that all heads have their own keys.
  private let joinsSquares: Bool
  private let headCount: Int?

  /// - Parameters:
  ///   - tensors: All of the model's tensors.
  ///   - architecture: What the files say, as `config.json` spells it; `nil` if they do not.
  ///   - headCount: The number of attention heads, if anything says.
  init(_ tensors: [StoredTensor], architecture: String?, headCount: Int? = nil) {
    func has(_ mark: String) -> Bool { tensors.contains { $0.name.contains(mark) } }
    var decoders = Set(Self.decoderMarks.filter { has($0.mark) }.map(\.layout))
    let marked = decoders.count == 1 ? decoders.first : nil
    if let architecture { decoders.insert(architecture) }
    self.decoder = decoders.count == 1 ? decoders.first : nil
    self.architecture =
      architecture ?? marked ?? Self.marks.first { has($0.mark) }?.layout ?? "unknown"
    self.hasLinearMLP = architecture == "gpt_neo" || has(".attn.attention.")
    self.joinsSquares = tensors.allSatisfy(Self.isUnjoinedOrSquares)
    self.headCount = headCount.flatMap { (1...Self.mostHeads).contains($0) ? $0 : nil }
  }

  private static let mostHeads = 1 << 20

  /// Names that only one of the layouts with a "decoder" has.
  private static let decoderMarks = [
    (mark: "decoder.layer_norm.", layout: "whisper"), (mark: ".encoder_attn", layout: "whisper"),
    (mark: "decoder.final_layer_norm.", layout: "opt"),
  ]

  /// The first that a name contains tells the layout, for files that do not state it.
  private static let marks = [
    (mark: "decoder.", layout: "unknown"), (mark: "embeddings.word_embeddings.", layout: "bert"),
    (mark: ".attn.attention.", layout: "gpt_neo"), (mark: "attn.c_attn.", layout: "gpt2"),
    (mark: "embed_in.", layout: "gpt_neox"), (mark: "embed_tokens.", layout: "llama"),
  ]

  /// Returns what a tensor holds, by canonical name; empty if it has no name or no sure reading.
  func sources(of tensor: StoredTensor) -> [(name: String, source: TensorSource)] {
    var sources: [(name: String, source: TensorSource)] = []
    for canonical in TensorNames.canonical(for: tensor.name) {
      guard let source = source(canonical, in: tensor) else { return [] }
      sources.append((canonical.name, source))
    }
    return sources
  }

  private func source(_ canonical: CanonicalName, in tensor: StoredTensor) -> TensorSource? {
    let isMatrix = tensor.shape.count == 2
    var transposed = isMatrix && canonical.transposed
    let part: TensorSource.Part
    switch canonical.reading {
    case .whole: part = .whole
    case .layer:
      part = .whole
      transposed = isMatrix && hasLinearMLP
    case .third(let third):
      guard joinsSquares else { return nil }
      part = .third(third)
    case .thirdOfEachHead(let third):
      guard joinsSquares, let headCount,
        (canonical.transposed ? tensor.rowCount : tensor.columnCount)
          .isMultiple(of: 3 * headCount)
      else { return nil }
      part = .thirdOfEachHead(third, headCount: headCount)
    case .positions:
      switch decoder {
      case "whisper": part = .whole
      case "opt" where isMatrix && tensor.shape[0] > Self.reservedPositions:
        part = .rows(from: Self.reservedPositions)
      default: return nil
      }
    }
    return TensorSource(stored: tensor, transposed: transposed, part: part)
  }

  /// OPT looks up position *p* in row *p* + 2; the first two rows belong to no position.
  private static let reservedPositions = 2

  private static func isUnjoinedOrSquares(_ tensor: StoredTensor) -> Bool {
    let names = TensorNames.canonical(for: tensor.name)
    guard names.count == 3 else { return true }
    switch tensor.shape.count {
    case 1: return tensor.shape[0].isMultiple(of: 3)
    case 2:
      let (outputs, inputs) =
        names[0].transposed
        ? (tensor.shape[0], tensor.shape[1]) : (tensor.shape[1], tensor.shape[0])
      return outputs.isMultiple(of: 3) && outputs / 3 == inputs
    default: return false
    }
  }
}
