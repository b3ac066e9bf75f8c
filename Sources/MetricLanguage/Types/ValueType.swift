/// The type of a value of the metric language, with its shape where it is known.
///
/// Some lengths are known only at run time, as the number of rows a mask selects.
package enum ValueType: Hashable, Sendable {
  case number
  case truth
  /// One number for each entry.
  case vector(Dimension)
  /// One truth for each entry.
  case mask(Dimension)
  case matrix(rows: Dimension, columns: Dimension)
  /// An ordered set of token ids.
  case tokens
  case pairSet
  case metric
  /// A distribution over pairs.
  case distribution
  /// A singular value decomposition of a matrix with so many rows and columns.
  case decomposition(rows: Dimension, columns: Dimension)
  case text

  /// The type without its shape.
  var kind: TypeKind {
    switch self {
    case .number: .number
    case .truth: .truth
    case .vector: .vector
    case .mask: .mask
    case .matrix: .matrix
    case .tokens: .tokens
    case .pairSet: .pairSet
    case .metric: .metric
    case .distribution: .distribution
    case .decomposition: .decomposition
    case .text: .text
    }
  }
}

/// The kind of a value, without its shape.
package enum TypeKind: String, Hashable, Sendable, CaseIterable {
  case number
  case truth
  case vector
  case mask
  case matrix
  case tokens
  case pairSet = "pair set"
  case metric
  case distribution
  case decomposition
  case text
}

extension ValueType: CustomStringConvertible {
  package var description: String {
    switch self {
    case .number, .truth, .tokens, .pairSet, .metric, .distribution, .text:
      return kind.rawValue
    case .vector(let count): return "vector [\(count)]"
    case .mask(let count): return "mask [\(count)]"
    case .matrix(let rows, let columns):
      return "matrix [\(rows), \(columns)]"
    case .decomposition(let rows, let columns):
      return "decomposition of a matrix [\(rows), \(columns)]"
    }
  }
}

/// Returns an integer with a comma between each three digits: `50,257`.
package func grouped(_ count: Int) -> String {
  let digits = Array(String(count.magnitude))
  var written = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { written.append(",") }
    written.append(digit)
  }
  return (count < 0 ? "-" : "") + written
}
