import EmbeddingMath
import SourceDiagnostics

/// Everything decided about a packed file before its first byte is written.
struct PackPlan {
  /// One tensor to write.
  struct Tensor {
    let name: String
    let fileName: String
    let source: TensorSource
    /// Whether rows are tokens, so that the choice of rows applies.
    let holdsTokens: Bool
    /// As written: rows first, matrices with their outputs first.
    let shape: [Int]
    let type: ElementType
    /// Whether the source's Q8_0 blocks go into the file unchanged.
    let copiesBlocks: Bool
  }

  let tensors: [Tensor]
  let vocabulary: PackedVocabulary?
  /// The source's rows to keep, in order; `nil` if it has no `W_E`.
  let rowIDs: [Int]?
  private let model: LoadedModel
  private let options: PackOptions

  init(_ model: LoadedModel, options: PackOptions) throws(Diagnostic) {
    let rowIDs = try model.vocabularySize.map { size throws(Diagnostic) in
      try Self.rows(options.rows, of: size)
    }
    self.model = model
    self.options = options
    self.rowIDs = rowIDs
    let names = try Self.names(options.tensors, of: model)
    var tensors: [Tensor] = []
    for name in names {
      if let tensor = try Self.tensor(
        name,
        of: model,
        rowCount: rowIDs?.count,
        options: options
      ) {
        tensors.append(tensor)
      }
    }
    guard !tensors.isEmpty else { throw .nothingToPack }
    self.tensors = tensors
    let packsEmbeddings = tensors.contains { $0.name == "W_E" }
    self.vocabulary =
      if packsEmbeddings, let rowIDs, let vocabulary = model.vocabulary {
        PackedVocabulary(vocabulary, ids: rowIDs)
      } else {
        nil
      }
  }

  // MARK: Choosing

  private static func rows(
    _ rows: PackOptions.Rows,
    of size: Int
  ) throws(Diagnostic) -> [Int] {
    switch rows {
    case .all: return Array(0..<size)
    case .range(let range):
      guard range.lowerBound >= 0, range.upperBound <= size, !range.isEmpty else {
        throw .rowsOutOfRange(range, size: size)
      }
      return Array(range)
    case .sample(let count, let seed):
      guard count > 0, count <= size else { throw .sampleTooLarge(count, size: size) }
      var generator = SeededGenerator(seed: seed)
      return generator.sample(count, of: size).sorted()
    }
  }

  /// Returns the canonical names to pack, in the order a forward pass meets them.
  private static func names(
    _ wanted: [String]?,
    of model: LoadedModel
  ) throws(Diagnostic) -> [String] {
    let present = model.sources.keys.sorted { order($0) < order($1) }
    guard let wanted else {
      return present.filter { model.sources[$0]?.stored.type.encoding != nil }
    }
    for name in wanted
    where !present.contains(where: { $0 == name || TensorNames.split($0).base == name }) {
      throw .unknownTensor(name, among: present)
    }
    let chosen = Set(wanted)
    return present.filter { chosen.contains($0) || chosen.contains(TensorNames.split($0).base) }
  }

  private static let sequence = [
    "W_E", "W_pos", "W_type", "ln_embed_w", "ln_embed_b", "ln1_w", "ln1_b", "W_Q", "b_Q", "W_K",
    "b_K", "W_V", "b_V", "W_O", "b_O", "ln_cross_w", "ln_cross_b", "ln2_w", "ln2_b", "W_gate",
    "W_in", "b_in", "W_out", "b_out", "ln_final_w", "ln_final_b", "W_U", "b_U",
  ]

  private static func order(_ name: String) -> (Int, Int, String) {
    let (base, layer) = TensorNames.split(name)
    let step = sequence.firstIndex(of: base) ?? sequence.count
    let isLast = step >= sequence.firstIndex(of: "ln_final_w") ?? 0
    return (layer ?? (isLast ? .max : -1), step, name)
  }

  private static func tensor(
    _ name: String,
    of model: LoadedModel,
    rowCount: Int?,
    options: PackOptions
  ) throws(Diagnostic) -> Tensor? {
    guard let source = model.sources[name], let fileName = TensorNames.gguf(for: name) else {
      return nil
    }
    let base = TensorNames.split(name).base
    let outputsFirst = isOutputsFirst(name, source)
    var shape = outputsFirst ? source.shape.reversed() : source.shape
    var holdsTokens = false
    if base == "W_E" || base == "W_U", shape.count == 2, let size = model.vocabularySize {
      holdsTokens = shape[0] == size
      // Some models give the unembedding rows that no token has; these are kept with all, or not at all.
      guard holdsTokens || rowCount == size else {
        throw .unembeddingMismatch(name, rows: shape[0], expected: size)
      }
    }
    if holdsTokens, let rowCount { shape[0] = rowCount }
    let type = try storage(base, shape: shape, source: source, model: model, options: options)
    let copies =
      type == .q8 && source.stored.type == .q8 && source.part == .whole
      && source.transposed == outputsFirst
    return Tensor(
      name: name,
      fileName: fileName,
      source: source,
      holdsTokens: holdsTokens,
      shape: shape,
      type: type,
      copiesBlocks: copies
    )
  }

  /// Returns whether the packed file has a tensor's outputs as rows, as llama.cpp has all matrices
  /// but tables to look up in.
  private static func isOutputsFirst(_ name: String, _ source: TensorSource) -> Bool {
    let base = TensorNames.split(name).base
    return source.shape.count == 2 && base.hasPrefix("W_")
      && !["W_E", "W_pos", "W_type"].contains(base)
  }

  private static func storage(
    _ base: String,
    shape: [Int],
    source: TensorSource,
    model: LoadedModel,
    options: PackOptions
  ) throws(Diagnostic) -> ElementType {
    guard shape.count == 2 else {
      let values = try model.storedMatrix(source.stored)
      return fitsHalf(values) ? .f16 : .f32
    }
    switch options.matrixType {
    case .f32: return .f32
    case .f16: return .f16
    case .q8:
      let isSmall = base == "W_pos" || base == "W_type"
      return isSmall || !shape[1].isMultiple(of: ElementType.q8.elementsPerBlock) ? .f16 : .q8
    }
  }

  /// Returns whether every value survives as half precision.
  private static func fitsHalf(_ values: Matrix) -> Bool {
    (0..<values.rowCount).allSatisfy { row in
      values.withRow(row) { row in
        row.indices.allSatisfy { HalfFloat.float(HalfFloat.bits(row[$0])) == row[$0] }
      }
    }
  }

  // MARK: Contents

  /// Returns the file's header.
  func header() -> [UInt8] {
    var writer = GGUFWriter()
    let architecture = model.architecture
    writer.set("general.architecture", text: architecture)
    writer.set("general.name", text: options.name ?? model.name)
    if let license = options.license ?? model.license {
      writer.set("general.license", text: license)
    }
    if let origin = options.origin ?? model.origin {
      writer.set("workbook.origin", text: origin)
      if origin.hasPrefix("https://") { writer.set("general.url", text: origin) }
    }
    writer.set("general.alignment", unsigned: UInt32(GGUFWriter.alignment))
    if tensors.contains(where: { $0.type == .q8 }) {
      writer.set("general.quantization_version", unsigned: 2)
    }
    let sizes = [
      ("block_count", model.layerCount), ("context_length", model.contextLength),
      ("embedding_length", model.modelWidth),
    ]
    for (key, size) in sizes {
      if let size = size.flatMap(UInt32.init(exactly:)) {
        writer.set("\(architecture).\(key)", unsigned: size)
      }
    }
    writeTokens(to: &writer)
    for tensor in tensors {
      guard let code = tensor.type.ggufCode else { continue }
      writer.declare(
        tensor.fileName,
        shape: tensor.shape,
        code: code,
        byteCount: byteCount(of: tensor)
      )
    }
    return writer.header()
  }

  private func writeTokens(to writer: inout GGUFWriter) {
    guard tensors.contains(where: { $0.name == "W_E" }), let rowIDs else { return }
    let isPrefix = rowIDs.last == rowIDs.count - 1
    vocabulary?.write(to: &writer, includesMerges: isPrefix)
    if !isPrefix || model.rowIDs != nil {
      let original = rowIDs.map { model.rowIDs?[$0] ?? $0 }
      writer.set("workbook.row_ids", unsigned: original.map { UInt32(truncatingIfNeeded: $0) })
    }
  }

  private func byteCount(of tensor: Tensor) -> Int {
    checkedProduct(tensor.shape).flatMap(tensor.type.byteCount(elements:)) ?? 0
  }

  /// Returns the source's row for a row of the packed tensor.
  func sourceRow(_ row: Int, _ tensor: Tensor) -> Int {
    tensor.holdsTokens ? rowIDs?[row] ?? row : row
  }

  /// Returns the source's values in the orientation of the packed file, all rows.
  func values(of tensor: Tensor) throws(Diagnostic) -> Matrix {
    let outputsFirst = Self.isOutputsFirst(tensor.name, tensor.source)
    if tensor.source.part == .whole, tensor.source.transposed == outputsFirst {
      return try model.storedMatrix(tensor.source.stored)
    }
    let values = try model.matrix(tensor.name)
    return outputsFirst ? values.transposed() : values
  }

  /// Returns a tensor's data as it goes into the file, without padding.
  func bytes(of tensor: Tensor) throws(Diagnostic) -> [UInt8] {
    if tensor.copiesBlocks { return try copiedBlocks(of: tensor) }
    guard let encoding = tensor.type.encoding else { return [] }
    let source = try values(of: tensor)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount(of: tensor))
    for row in 0..<(tensor.shape.count < 2 ? 1 : tensor.shape[0]) {
      let values = source.withRow(sourceRow(row, tensor)) { row in row.indices.map { row[$0] } }
      RowCodec.append(values, as: encoding, to: &bytes)
    }
    return bytes
  }

  private func copiedBlocks(of tensor: Tensor) throws(Diagnostic) -> [UInt8] {
    let stored = tensor.source.stored
    let file = stored.file
    try file.requireUnchanged()
    let rowBytes = stored.byteCount / max(1, stored.rowCount)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount(of: tensor))
    for row in 0..<tensor.shape[0] {
      let start = stored.offset + sourceRow(row, tensor) * rowBytes
      guard let block = file.bytes(in: start..<start + rowBytes) else { throw .fileShrank }
      bytes += block
    }
    return bytes
  }
}
