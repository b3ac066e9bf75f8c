import SourceDiagnostics

/// Faults of the tensors that a header declares, and of reading them.
extension Diagnostic {
  // MARK: Tensor entries

  static func duplicateTensor(_ name: String) -> Diagnostic {
    Diagnostic(
      "duplicate-tensor",
      "the tensor '\(name)' appears twice",
      help: askForAnotherCopy
    )
  }

  static func badRank(tensor: String, rank: Int) -> Diagnostic {
    Diagnostic(
      "bad-rank",
      "tensor '\(tensor)' has \(rank) dimensions, expected 1 to 4",
      help: askForAnotherCopy
    )
  }

  static func badDimension(tensor: String, dimension: String) -> Diagnostic {
    Diagnostic(
      "bad-dimension",
      "tensor '\(tensor)' has a dimension of \(dimension), expected 1 to \(Int.max)",
      help: askForAnotherCopy
    )
  }

  static func unknownTensorType(tensor: String, type: String) -> Diagnostic {
    Diagnostic(
      "unknown-tensor-type",
      "tensor '\(tensor)' has the unknown type \(type)",
      help: "the format may be newer than this program; "
        + "\(ElementType.readableNames) can be read"
    )
  }

  static func brokenBlocks(tensor: String, columns: Int, type: String, block: Int) -> Diagnostic {
    Diagnostic(
      "broken-blocks",
      "tensor '\(tensor)' has rows of \(columns) values, expected a multiple of \(block)"
        + " for \(type)",
      help: askForAnotherCopy
    )
  }

  static func tensorTooLarge(_ name: String) -> Diagnostic {
    Diagnostic(
      "tensor-size",
      "the dimensions of tensor '\(name)' do not give a whole number of bytes"
        + " a computer can count",
      help: askForAnotherCopy
    )
  }

  static func misalignedTensor(_ name: String, alignment: Int) -> Diagnostic {
    Diagnostic(
      "misaligned-tensor",
      "tensor '\(name)' should begin at a multiple of \(alignment) bytes",
      help: askForAnotherCopy
    )
  }

  static func scatteredTensor(_ name: String, offset: String, expected: Int) -> Diagnostic {
    Diagnostic(
      "scattered-tensor",
      "tensor '\(name)' begins at byte \(offset) of the data, expected \(expected), where the one"
        + " before it ends",
      help: askForAnotherCopy
    )
  }

  static func tensorPastEnd(_ name: String, fileSize: Int) -> Diagnostic {
    Diagnostic(
      "tensor-past-end",
      "tensor '\(name)' ends after the file does, at \(fileSize) bytes",
      help: askForAnotherCopy
    )
  }

  static func wrongTensorSize(_ name: String, declared: Int, needed: Int) -> Diagnostic {
    Diagnostic(
      "tensor-size",
      "tensor '\(name)' is given \(declared) bytes, expected \(needed) for its shape and type",
      help: askForAnotherCopy
    )
  }

  static func strayBytes(_ count: Int) -> Diagnostic {
    Diagnostic(
      "stray-bytes",
      "\(count) bytes at the end of the file belong to no tensor",
      help: askForAnotherCopy
    )
  }

  static func incompleteTensor(_ name: String) -> Diagnostic {
    Diagnostic(
      "incomplete-tensor",
      "the entry of tensor '\(name)' needs 'dtype', 'shape' and two 'data_offsets'",
      help: askForAnotherCopy
    )
  }

  static func unknownTensorField(tensor: String, field: String) -> Diagnostic {
    Diagnostic(
      "unknown-tensor-field",
      "the entry of tensor '\(tensor)' holds '\(field.prefix(80))', expected only 'dtype', 'shape'"
        + " and 'data_offsets'",
      help: askForAnotherCopy
    )
  }

  // MARK: Reading tensors

  static func ambiguousTensor(_ canonical: String, _ first: String, _ second: String) -> Diagnostic
  {
    Diagnostic(
      "ambiguous-tensor",
      "both '\(first)' and '\(second)' would be \(canonical)",
      help: "the file holds two models; save them apart"
    )
  }

  static func unknownTensor(_ name: String, among names: [String]) -> Diagnostic {
    Diagnostic(
      "unknown-tensor",
      "the model has no tensor '\(name)'",
      help: Suggestion.help(for: name, among: names)
    )
  }

  static func unsupportedType(tensor: String, type: String) -> Diagnostic {
    Diagnostic(
      "unsupported-type",
      "reading \(type) is not supported yet (tensor '\(tensor)')",
      help: "use a file that stores this tensor otherwise; \(ElementType.readableNames) can be read"
    )
  }

  static func notAMatrix(tensor: String, shape: [Int]) -> Diagnostic {
    Diagnostic(
      "not-a-matrix",
      "tensor '\(tensor)' has the shape [\(shape.map(String.init).joined(separator: ", "))],"
        + " expected at most two dimensions"
    )
  }

  static func emptyTensor(_ name: String) -> Diagnostic {
    Diagnostic("empty-tensor", "tensor '\(name)' holds no values")
  }

  static func embeddingNotAMatrix(tensor: String, shape: [Int]) -> Diagnostic {
    Diagnostic(
      "not-a-matrix",
      "tensor '\(tensor)' has the shape [\(shape.map(String.init).joined(separator: ", "))],"
        + " expected one row for each token and one column for each channel",
      help: "the file is damaged or was made by a broken tool; get it again from its source"
    )
  }
}
