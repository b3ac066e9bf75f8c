import SourceDiagnostics

/// A model's weights and vocabulary, opened from a file and read on demand.
///
/// Opening reads headers and token names only. Tensors carry TransformerLens's names; matrices are
/// turned so that a row vector times the matrix is what the model computes.
package struct LoadedModel: Sendable {
  package let name: String
  package let path: String
  /// For example "GGUF v3" or "safetensors".
  package let format: String
  /// For example "whisper", "llama" or "bert"; "unknown" if nothing says.
  package let architecture: String
  package let license: String?
  package let origin: String?
  /// Every tensor, in the order of the file; joined queries, keys and values count as three.
  package let tensors: [TensorInfo]
  package let contextLength: Int?
  /// The tokens of the rows of `W_E`, or `nil` if no names came with the weights.
  package let vocabulary: Vocabulary?
  /// The token ids that the rows had in the original model, where the file holds a part of them.
  package let rowIDs: [Int]?

  let weights: WeightFile
  let sources: [String: TensorSource]

  /// The number of rows of `W_E`.
  package var vocabularySize: Int? { shape(of: "W_E")?.first }

  /// The number of columns of `W_E`.
  package var modelWidth: Int? { shape(of: "W_E")?.last }

  /// One more than the highest layer that any tensor names; 0 if none does.
  package var layerCount: Int {
    (tensors.compactMap { $0.canonicalName.flatMap { TensorNames.split($0).layer } }.max() ?? -1)
      + 1
  }

  /// Returns the shape of a tensor, `[rows, columns]` or, of a vector, `[count]`; `nil` if the model
  /// has none of that name.
  package func shape(of canonical: String) -> [Int]? { sources[canonical]?.shape }
}

/// One tensor of a model, for listings.
package struct TensorInfo: Sendable, Hashable {
  /// TransformerLens's name, or `nil` for a tensor this program has no use for.
  package let canonicalName: String?
  package let fileName: String
  /// Rows and columns as ``LoadedModel/matrix(_:)`` returns them; as stored if there is no
  /// canonical name.
  package let shape: [Int]
  /// For example "F16" or "Q4_1".
  package let dtype: String
  package let byteCount: Int
}

/// Where a canonical tensor is stored, and what has to be done to it.
struct TensorSource: Sendable {
  let stored: StoredTensor
  let transposed: Bool
  let third: Int?
  /// In canonical orientation; one entry for a vector.
  let shape: [Int]

  /// - Throws: If a joined tensor does not fall into three equal parts.
  init(_ stored: StoredTensor, as name: CanonicalName, neoLayout: Bool) throws(Diagnostic) {
    self.stored = stored
    self.third = name.third
    let isMLP = stored.name.contains(".mlp.c_")
    self.transposed = stored.shape.count == 2 && (name.transposed || neoLayout && isMLP)
    var shape = transposed ? Array(stored.shape.reversed()) : stored.shape
    if name.third != nil {
      guard let joined = shape.last, shape.count <= 2, joined.isMultiple(of: 3) else {
        throw .unsplittable(tensor: stored.name, shape: stored.shape)
      }
      shape[shape.count - 1] = joined / 3
    }
    self.shape = shape
  }

  /// How many bytes of the file it takes.
  var byteCount: Int { third == nil ? stored.byteCount : stored.byteCount / 3 }
}
