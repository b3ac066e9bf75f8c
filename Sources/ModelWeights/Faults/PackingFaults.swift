import SourceDiagnostics

/// Faults of writing a model.
extension Diagnostic {
  static let nothingToPack = Diagnostic(
    "nothing-to-pack",
    "the model has no tensor that can be packed",
    help: "`workbook models show` lists its tensors and their types"
  )

  static func rowsOutOfRange(_ range: Range<Int>, size: Int) -> Diagnostic {
    Diagnostic(
      "rows-out-of-range",
      "the ids \(range.lowerBound)..\(range.last ?? range.lowerBound) are not all among the model's"
        + " 0..\(size - 1)"
    )
  }

  static func sampleTooLarge(_ count: Int, size: Int) -> Diagnostic {
    Diagnostic(
      "rows-out-of-range",
      "a sample of \(count) rows was asked for, expected 1 to \(size)"
    )
  }

  static func unembeddingMismatch(_ tensor: String, rows: Int, expected: Int) -> Diagnostic {
    Diagnostic(
      "unembedding-mismatch",
      "\(tensor) has outputs for \(rows) tokens, expected \(expected), one for each row of W_E",
      help: "keep all rows, or leave \(tensor) out of the tensors to pack"
    )
  }

  static func cannotWrite(_ path: String, reason: String) -> Diagnostic {
    Diagnostic("unwritable-file", "cannot write '\(path)': \(reason)")
  }

  static func packOverflow(_ tensor: String, type: String) -> Diagnostic {
    Diagnostic(
      "pack-overflow",
      "tensor '\(tensor)' holds values too large for \(type)",
      help: "store matrices as f32"
    )
  }

  static func packFailed(_ part: String) -> Diagnostic {
    Diagnostic(
      "pack-mismatch",
      "\(part) was not read back as it was written",
      help: "the older file, if there was one, is unchanged; this is a fault of the program"
    )
  }
}
