package import EmbeddingMath
package import SourceDiagnostics

extension LoadedModel {
  /// Reads a tensor as float32, in the orientation of row vector times matrix.
  ///
  /// A vector comes as one row. Quantised values are exactly what the file says: block scale times
  /// integer, rounded once. NaN and infinity pass through.
  ///
  /// - Parameter canonical: A name such as "W_E" or "W_in[0]".
  /// - Returns: The values, of the shape that ``shape(of:)`` gives.
  /// - Throws: If there is no such tensor, its type cannot be read, it is empty or has more than
  ///   two dimensions, or the file has shrunk.
  /// - Complexity: O(values of the stored tensor).
  package func matrix(_ canonical: String) throws(Diagnostic) -> Matrix {
    guard let source = sources[canonical] else {
      throw .unknownTensor(canonical, among: tensors.compactMap(\.canonicalName))
    }
    let stored = try storedMatrix(source.stored)
    guard source.transposed || source.third != nil else { return stored }
    let rows = source.shape.count < 2 ? 1 : source.shape[0]
    let columns = source.shape.last ?? 1
    let first = (source.third ?? 0) * columns
    let transposed = source.transposed
    return Matrix.buildingRowsConcurrently(rowCount: rows, columnCount: columns) { row, values in
      for column in 0..<columns {
        values[column] =
          transposed
          ? stored[first + column, row] : stored[row, first + column]
      }
    }
  }

  /// Reads a tensor as it is stored, rows first.
  func storedMatrix(_ tensor: StoredTensor) throws(Diagnostic) -> Matrix {
    guard tensor.shape.count <= 2 else {
      throw .notAMatrix(tensor: tensor.name, shape: tensor.shape)
    }
    guard let encoding = tensor.type.encoding else {
      throw .unsupportedType(tensor: tensor.name, type: tensor.type.name)
    }
    guard tensor.elementCount > 0 else { throw .emptyTensor(tensor.name) }
    try weights.file.requireUnchanged()
    let file = weights.file
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
}
