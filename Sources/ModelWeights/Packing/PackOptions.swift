/// What to keep of a model and how to store it.
package struct PackOptions: Sendable {
  /// Which rows of `W_E` to keep.
  package enum Rows: Sendable, Hashable {
    case all
    /// The rows with these ids, which may not leave the vocabulary.
    case range(Range<Int>)
    /// So many rows, drawn without replacement by the portable generator, in the order of their ids.
    case sample(count: Int, seed: UInt64)
  }

  /// How matrices are stored.
  ///
  /// Positions and token types are stored as F16 even with `q8`, and so are rows that are not whole
  /// blocks of 32; vectors as F16 where that loses nothing, else as F32.
  package enum MatrixType: String, Sendable, CaseIterable {
    case q8 = "q8_0"
    case f16, f32
  }

  package var rows: Rows
  package var matrixType: MatrixType
  /// What the file says it is; the source's own words if `nil`.
  package var name: String?
  package var license: String?
  package var origin: String?
  /// Canonical names, "W_Q" standing for every layer's; `nil` for every tensor that can be packed.
  package var tensors: [String]?

  package init(
    rows: Rows = .all,
    matrixType: MatrixType = .q8,
    name: String? = nil,
    license: String? = nil,
    origin: String? = nil,
    tensors: [String]? = nil
  ) {
    self.rows = rows
    self.matrixType = matrixType
    self.name = name
    self.license = license
    self.origin = origin
    self.tensors = tensors
  }
}

/// What was written, and how far the stored values are from the source's.
package struct PackReport: Sendable {
  package struct Tensor: Sendable, Hashable {
    package let canonicalName: String
    package let fileName: String
    /// As stored: rows first.
    package let shape: [Int]
    /// For example "Q8_0".
    package let dtype: String
    /// Whether the source's own blocks were copied.
    package let copied: Bool
    /// The largest difference of any value, and the root mean square of all differences.
    package let largestError: Double
    package let rmsError: Double
  }

  package let path: String
  package let byteCount: Int
  /// The rows of `W_E`; 0 if it was not packed.
  package let rowCount: Int
  package let tensors: [Tensor]
}
