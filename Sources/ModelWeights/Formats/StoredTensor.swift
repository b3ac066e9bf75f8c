/// One tensor as its file declares it, its place and size already checked against the file.
struct StoredTensor: Sendable {
  let name: String
  /// Outermost dimension first, as numpy prints it; GGUF's reversed order is undone.
  let shape: [Int]
  let type: ElementType
  /// The file it lies in; a model may have several.
  let file: MappedFile
  /// Where its first byte is in the file.
  let offset: Int
  let byteCount: Int

  /// The number of values.
  var elementCount: Int { shape.reduce(1, *) }
  /// The number of rows when seen as a matrix; a vector is one row.
  var rowCount: Int { shape.count < 2 ? 1 : shape[0] }
  /// The number of columns when seen as a matrix.
  var columnCount: Int { shape.last ?? 1 }
}

/// Returns the product of dimensions, or `nil` if it overflows.
func checkedProduct(_ dimensions: [Int]) -> Int? {
  var product = 1
  for dimension in dimensions {
    let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
    guard !overflow else { return nil }
    product = next
  }
  return product
}
