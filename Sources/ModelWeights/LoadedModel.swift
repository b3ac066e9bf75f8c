import SourceDiagnostics

/// A model's weights and vocabulary, opened from a file and read on demand.
///
/// Opening reads headers and token names only. Tensors carry TransformerLens's names; matrices are
/// turned so that a row vector times the matrix is what the model computes.
package struct LoadedModel: Sendable {
  package let name: String
  package let path: String
  /// For example "GGUF v3", "safetensors" or "safetensors in 3 files".
  package let format: String
  /// For example "whisper", "llama" or "bert"; "unknown" if nothing says.
  package let architecture: String
  package let license: String?
  package let origin: String?
  /// Every tensor, in the order of the file or files; joined queries, keys and values count as three.
  package let tensors: [TensorInfo]
  package let contextLength: Int?
  /// The tokens of the rows of `W_E`, or `nil` if no names came with the weights.
  package let vocabulary: Vocabulary?
  /// The token ids that the rows had in the original model, where the file holds a part of them.
  package let rowIDs: [Int]?

  let weights: WeightFile
  let sources: [String: TensorSource]

  /// Each tensor of the files once, in their order, with its shape as stored.
  ///
  /// `fileName` differs from one to the next. `canonicalName` is `nil` for a tensor that is joined
  /// of several or has no name here.
  package var storedTensors: [TensorInfo] {
    let names = Dictionary(
      grouping: tensors.filter { $0.canonicalName != nil },
      by: \.fileName
    )
    return weights.tensors.map { tensor in
      let named = names[tensor.name] ?? []
      return TensorInfo(
        canonicalName: named.count == 1 ? named[0].canonicalName : nil,
        fileName: tensor.name,
        shape: tensor.shape,
        dtype: tensor.type.name,
        byteCount: tensor.byteCount
      )
    }
  }

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
  /// The file's own name for it; joined queries, keys and values share one.
  package let fileName: String
  /// Rows and columns as ``LoadedModel/matrix(_:)`` returns them; as stored if there is no
  /// canonical name.
  package let shape: [Int]
  /// For example "F16" or "Q4_1".
  package let dtype: String
  package let byteCount: Int
}
