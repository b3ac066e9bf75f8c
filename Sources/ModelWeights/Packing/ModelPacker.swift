import EmbeddingMath
package import SourceDiagnostics

/// Writes parts of a model to one plain GGUF file.
package enum ModelPacker {
  /// Packs a model, reads the result back, compares it with the source and only then moves it to
  /// `path`.
  ///
  /// Matrices are stored as llama.cpp stores them (outputs first), under its names where it has
  /// some; a cross-attention LayerNorm is "blk.N.cross_attn_norm". Q8_0 rows of a source that is
  /// already Q8_0 are copied unchanged. Rows that are not 0, 1, 2, … carry their ids in
  /// "workbook.row_ids".
  ///
  /// - Parameters:
  ///   - model: The source.
  ///   - path: Where to write; an older file is replaced.
  ///   - options: What to keep and how to store it.
  ///   - progress: Called with the share done, from 0 to 1.
  /// - Returns: What was written, and how far it is from the source.
  /// - Throws: If a wanted tensor or row is missing or unreadable, a value grows too large for its
  ///   type, the disk fails, or what is read back is not what was meant.
  /// - Complexity: O(values packed); memory for one tensor at a time, as float32.
  package static func pack(
    _ model: LoadedModel,
    to path: String,
    options: PackOptions,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(Diagnostic) -> PackReport {
    let plan = try PackPlan(model, options: options)
    let output = try ReplacementFile(for: path)
    do {
      let byteCount = try write(plan, to: output, progress: progress)
      let packed = try LoadedModel.open(path: output.temporaryPath)
      let tensors = try verify(packed, against: plan)
      try output.moveIntoPlace()
      progress?(1)
      return PackReport(
        path: path,
        byteCount: byteCount,
        rowCount: plan.rowIDs?.count ?? 0,
        tensors: tensors
      )
    } catch {
      output.discard()
      throw error
    }
  }

  private static func write(
    _ plan: PackPlan,
    to output: ReplacementFile,
    progress: (@Sendable (Double) -> Void)?
  ) throws(Diagnostic) -> Int {
    let header = plan.header()
    try output.write(header)
    var written = header.count
    for (index, tensor) in plan.tensors.enumerated() {
      var bytes = try plan.bytes(of: tensor)
      bytes += [UInt8](repeating: 0, count: GGUFWriter.padding(after: bytes.count))
      try output.write(bytes)
      written += bytes.count
      // Reading back takes about as long as a quarter of the work.
      progress?(0.75 * Double(index + 1) / Double(plan.tensors.count))
    }
    try output.finishWriting()
    return written
  }

  // MARK: Reading back

  private static func verify(
    _ packed: LoadedModel,
    against plan: PackPlan
  ) throws(Diagnostic) -> [PackReport.Tensor] {
    if let vocabulary = plan.vocabulary {
      guard let written = packed.vocabulary, written.count == vocabulary.count else {
        throw .packFailed("the vocabulary")
      }
      for row in 0..<written.count where written.names[row] != vocabulary.name(row) {
        throw .packFailed("token \(row)")
      }
    }
    var report: [PackReport.Tensor] = []
    for tensor in plan.tensors {
      guard let source = packed.sources[tensor.name], source.stored.shape == tensor.shape,
        source.stored.name == tensor.fileName
      else { throw .packFailed(tensor.name) }
      report.append(try compare(try packed.storedMatrix(source.stored), with: tensor, in: plan))
    }
    return report
  }

  private static func compare(
    _ written: Matrix,
    with tensor: PackPlan.Tensor,
    in plan: PackPlan
  ) throws(Diagnostic) -> PackReport.Tensor {
    let source = try plan.values(of: tensor)
    var largest = 0.0
    var squares = 0.0
    for row in 0..<written.rowCount {
      for column in 0..<written.columnCount {
        let (value, expected) = (written[row, column], source[plan.sourceRow(row, tensor), column])
        if value.bitPattern == expected.bitPattern || value.isNaN && expected.isNaN { continue }
        guard value.isFinite else { throw .packOverflow(tensor.name, type: tensor.type.name) }
        let difference = Double(value) - Double(expected)
        largest = max(largest, abs(difference))
        squares += difference * difference
      }
    }
    let count = max(1, written.rowCount * written.columnCount)
    return PackReport.Tensor(
      canonicalName: tensor.name,
      fileName: tensor.fileName,
      shape: tensor.shape,
      dtype: tensor.type.name,
      copied: tensor.copiesBlocks,
      largestError: largest,
      rmsError: (squares / Double(count)).squareRoot()
    )
  }
}
