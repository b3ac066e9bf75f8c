package import EmbeddingMath
package import SourceDiagnostics

extension LoadedModel {
  /// Reads a tensor as float32, in the orientation of row vector times matrix.
  ///
  /// A vector comes as one row. Quantised values are bit for bit those of ggml's own decoding.
  /// NaN and infinity pass through.
  ///
  /// - Parameter canonical: A name such as "W_E" or "W_in[0]".
  /// - Returns: The values, of the shape that ``shape(of:)`` gives.
  /// - Throws: If there is no such tensor, its type cannot be read, it is empty or has more than
  ///   two dimensions, or the file has shrunk.
  /// - Complexity: O(values of the stored tensor).
  package func matrix(_ canonical: String) throws(Diagnostic) -> Matrix {
    let source = try source(canonical)
    let stored = try storedMatrix(source.stored)
    guard source.transposed || source.part != .whole else { return stored }
    let rows = source.shape.count < 2 ? 1 : source.shape[0]
    let outputs = source.storedOutputs
    let transposed = source.transposed
    let firstRow = source.firstStoredRow
    return Matrix.buildingRowsConcurrently(
      rowCount: rows,
      columnCount: outputs.count
    ) { row, values in
      for column in outputs.indices {
        values[column] =
          transposed
          ? stored[outputs[column], row] : stored[firstRow + row, outputs[column]]
      }
    }
  }

  /// Returns where a tensor is stored, or throws with a suggestion if there is none of that name.
  func source(_ canonical: String) throws(Diagnostic) -> TensorSource {
    guard let source = sources[canonical] else {
      throw .unknownTensor(canonical, among: tensors.compactMap(\.canonicalName))
    }
    return source
  }

  /// Reads a tensor as it is stored, rows first.
  func storedMatrix(_ tensor: StoredTensor) throws(Diagnostic) -> Matrix {
    guard tensor.shape.count <= 2 else {
      throw .notAMatrix(tensor: tensor.name, shape: tensor.shape)
    }
    let encoding = try encoding(of: tensor)
    guard tensor.elementCount > 0 else { throw .emptyTensor(tensor.name) }
    let file = tensor.file
    try file.requireUnchanged()
    let rowBytes = tensor.byteCount / tensor.rowCount
    return Matrix.buildingRowsConcurrently(
      rowCount: tensor.rowCount,
      columnCount: tensor.columnCount
    ) { row, values in
      let start = tensor.offset + row * rowBytes
      // The reader checked that the whole tensor lies in the file, so this is never nil.
      file.withBytes(in: start..<start + rowBytes) { bytes in
        RowCodec.decode(bytes, as: encoding, into: &values)
      }
    }
  }
  /// Returns how a tensor's values are stored, or throws if this program cannot read them.
  func encoding(of tensor: StoredTensor) throws(Diagnostic) -> ElementType.Encoding {
    guard let encoding = tensor.type.encoding else {
      throw .unsupportedType(tensor: tensor.name, type: tensor.type.name)
    }
    return encoding
  }
}
