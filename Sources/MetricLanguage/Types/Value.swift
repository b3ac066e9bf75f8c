package import EmbeddingMath

/// A value of the metric language.
package enum Value: Sendable {
  case number(Double)
  case truth(Bool)
  case vector([Double])
  case mask([Bool])
  case matrix(Matrix)
  case tokens([Int])
  case pairSet(PairSet)
  case metric(Metric)
  case distribution(LazyDistribution)
  case decomposition(Decomposition)
  case text(String)

  package var kind: TypeKind {
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

/// Pairs of token ids, such as the synonyms of a lexicon.
package struct PairSet: Sendable, Hashable {
  package let left: [Int]
  package let right: [Int]
  /// How many pairs the lexicon lists, of which only those with one token for each word are here.
  package let listed: Int

  package init(left: [Int], right: [Int], listed: Int) {
    precondition(left.count == right.count, "\(left.count) left and \(right.count) right tokens")
    self.left = left
    self.right = right
    self.listed = listed
  }

  package var count: Int { left.count }
}

/// The singular value decomposition of a matrix, singular values descending.
package struct Decomposition: Sendable {
  let decomposition: SingularValueDecomposition
  let rowCount: Int

  var columnCount: Int { decomposition.rightVectors.first?.count ?? 0 }
}

/// A function of two rows `a` and `b`, held as its expression until it is planned.
package struct Metric: Sendable {
  /// The metric's expression.
  package let expression: Expression
  /// What the names stand for that were bound around it.
  let bindings: [String: Value]

  package init(_ formula: Formula) {
    self.init(formula.root, bindings: [:])
  }

  init(_ expression: Expression, bindings: [String: Value]) {
    self.expression = expression
    self.bindings = bindings
  }

  init(_ similarity: Similarity) {
    func name(_ text: String) -> Expression.Argument {
      .init(label: nil, value: Expression(.name(text), 0..<0))
    }
    self.init(
      Expression(.call(name: similarity.rawValue, arguments: [name("a"), name("b")]), 0..<0),
      bindings: [:]
    )
  }

  package var text: String { Printer.print(expression) }

  /// Whether it is `similarity(f(a), f(b))`, so that a distance among them is known to be one.
  package var isNamedSimilarity: Bool { namedSimilarity != nil }

  /// The similarity, where the metric is `similarity(f(a), f(b))`.
  var namedSimilarity: Similarity? {
    var body = expression
    while case .binding(_, let value, let inner) = body.kind, !value.usesRows { body = inner }
    return body.fusedForm?.similarity
  }
}
