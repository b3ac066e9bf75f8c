import EmbeddingMath
package import SourceDiagnostics

extension LoadedModel {
  /// Calls `body` with a stored tensor's values as little-endian float32, in the file's own order,
  /// in pieces of at most 1 MiB.
  ///
  /// A tensor of any number of dimensions will do; an empty one gives no piece. Values stored as
  /// float32 pass through byte for byte, so the same numbers give the same bytes in any format.
  ///
  /// - Parameters:
  ///   - fileName: The file's own name for the tensor, as in ``storedTensors``.
  ///   - body: Called with one piece after another.
  /// - Throws: If there is no such tensor, its type cannot be read, or the file has shrunk.
  /// - Complexity: O(values); memory for one piece.
  package func float32Bytes(
    ofStored fileName: String,
    _ body: ([UInt8]) -> Void
  ) throws(Diagnostic) {
    guard let tensor = weights.tensors.first(where: { $0.name == fileName }) else {
      throw .unknownTensor(fileName, among: weights.tensors.map(\.name))
    }
    if try encoding(of: tensor) == .f32 {
      for range in pieces(of: tensor) {
        try tensor.file.requireUnchanged()
        guard let bytes = tensor.file.bytes(in: range) else { throw .fileShrank }
        body(bytes)
      }
    } else {
      try forEachPiece(of: tensor) { values in
        body(values.littleEndianBytes)
        return true
      }
    }
  }

  /// Returns the first value, in the order of rows, that is NaN or infinite; `nil` if all are finite.
  ///
  /// Rows and columns are those of ``matrix(_:)``, and so are the faults. Vectors are one row.
  ///
  /// - Complexity: O(values of the stored tensor), and in memory for one piece of it unless there is
  ///   something to find.
  package func firstNonFinite(
    in canonical: String
  ) throws(Diagnostic) -> (row: Int, column: Int, value: Float)? {
    let source = try source(canonical)
    guard source.stored.shape.count <= 2 else {
      throw .notAMatrix(tensor: source.stored.name, shape: source.stored.shape)
    }
    var areFinite = true
    try forEachPiece(of: source.stored) { values in
      areFinite = Self.areFinite(values)
      return areFinite
    }
    // What was found may lie in another part of the stored tensor.
    guard !areFinite else { return nil }
    let matrix = try matrix(canonical)
    return matrix.firstNonFinite().map { ($0.row, $0.column, matrix[$0.row, $0.column]) }
  }

  /// Returns the largest distance between neighbouring values that a quantised tensor can hold.
  ///
  /// That is the largest scale of its blocks, or of their sub-blocks in the K types: a value may be
  /// half of it away from what it was before it was rounded. NaN scales are left out.
  ///
  /// - Returns: `nil` for a tensor in F32, F16 or BF16, which has no such step.
  /// - Throws: If there is no such tensor, its type cannot be read, or the file has shrunk.
  /// - Complexity: O(blocks).
  package func roundingStep(of canonical: String) throws(Diagnostic) -> Float? {
    let source = try source(canonical)
    let tensor = source.stored
    guard case .blocks(let blocks) = try encoding(of: tensor) else { return nil }
    try tensor.file.requireUnchanged()
    let rowBytes = tensor.byteCount / max(1, tensor.rowCount)
    var largest: Float = 0
    for row in source.storedRows {
      let start = tensor.offset + row * rowBytes
      let step = tensor.file.withBytes(in: start..<start + rowBytes) { blocks.largestStep(in: $0) }
      guard let step else { throw .fileShrank }
      largest = max(largest, step)
    }
    return largest
  }

  // MARK: Pieces

  private static let valuesInPiece = 1 << 18

  /// Returns the ranges of a tensor's file that hold its pieces: whole blocks, 1 MiB as float32.
  private func pieces(of tensor: StoredTensor) -> [Range<Int>] {
    guard let size = tensor.type.byteCount(elements: Self.valuesInPiece), size > 0 else {
      return []
    }
    let end = tensor.offset + tensor.byteCount
    return stride(from: tensor.offset, to: end, by: size).map { $0..<min($0 + size, end) }
  }

  /// Decodes a tensor piece by piece, in the file's order, until `body` returns false.
  private func forEachPiece(
    of tensor: StoredTensor,
    _ body: ([Float]) -> Bool
  ) throws(Diagnostic) {
    let encoding = try encoding(of: tensor)
    for range in pieces(of: tensor) {
      try tensor.file.requireUnchanged()
      let blockCount = range.count * 8 / tensor.type.bitsPerBlock
      let values = tensor.file.withBytes(in: range) { bytes in
        [Float](count: blockCount * tensor.type.elementsPerBlock) { values in
          RowCodec.decode(bytes, as: encoding, into: &values)
        }
      }
      guard let values else { throw .fileShrank }
      guard body(values) else { return }
    }
  }

  /// Returns whether no value is NaN or infinite, without a branch for each value.
  private static func areFinite(_ values: [Float]) -> Bool {
    var carry: UInt32 = 0
    // An exponent of all ones, and only that, carries into the sign's place.
    for value in values { carry |= (value.bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000 }
    return carry < 0x8000_0000
  }
}
