import EmbeddingMath
package import SourceDiagnostics

/// A formula of the metric language: its text and its tree.
///
/// Parsing checks the grammar only; names and shapes are checked against a model by ``Evaluator``.
/// A formula never loops, recurses or touches files, so evaluating one always ends.
package struct Formula: Sendable, Hashable {
  package let text: String
  package let root: Expression

  /// Parses `text`.
  ///
  /// - Throws: A diagnostic whose place has the file `<formula>` and lines and columns of `text`.
  package init(parsing text: String) throws(Diagnostic) {
    self.text = text
    self.root = try Parser.parse(SourceText(text, file: Self.file))
  }

  init(root: Expression) {
    self.root = root
    self.text = Printer.print(root)
  }

  /// The file name that places inside a formula carry.
  package static let file = "<formula>"

  /// For a metric, the formula of its values on all pairs of rows; its `let`s stay outside.
  package var pairsOfMetric: Formula {
    func visit(_ expression: Expression) -> Expression {
      if case .binding(let name, let value, let body) = expression.kind, !value.usesRows {
        return Expression(.binding(name: name, value: value, body: visit(body)), expression.range)
      }
      return Expression(
        .call(name: "pairs", arguments: [.init(label: nil, value: expression)]),
        expression.range
      )
    }
    return Formula(root: visit(root))
  }

  /// The formula as the printer writes it: parsing it again gives an equal tree.
  package var canonicalText: String { Printer.print(root) }

  package static func == (left: Formula, right: Formula) -> Bool { left.root == right.root }

  package func hash(into hasher: inout Hasher) { hasher.combine(root) }

  var source: SourceText { SourceText(text, file: Self.file) }
}

extension Formula {
  package var drawsAtRandom: Bool { root.drawsAtRandom }
}

extension Expression {
  /// Whether its value may depend on random draws, by a seed it names or by one it does not: that of
  /// `auc_of_shuffles`, of `analogies`, and of a metric that is run pair by pair on a sample of rows.
  var drawsAtRandom: Bool {
    /// `similarities` are the names bound to metrics that are run on all rows.
    func visit(_ expression: Expression, _ similarities: Set<String>) -> Bool {
      func isSimilarity(_ metric: Expression) -> Bool {
        if case .name(let name) = metric.kind {
          return Similarity(rawValue: name) != nil || similarities.contains(name)
        }
        return Metric(metric, bindings: [:]).isNamedSimilarity
      }
      switch expression.kind {
      case .call("auc_of_shuffles", _), .call("analogies", _): return true
      case .call(let name, let arguments):
        if arguments.contains(where: { $0.label == "seed" }) { return true }
        if name == "pairs", !arguments.contains(where: { $0.label == "among" }),
          let metric = arguments.first(where: { $0.label == nil }), !isSimilarity(metric.value)
        {
          return true
        }
      case .binding(let name, let value, let body):
        let inner =
          value.usesRows && isSimilarity(value)
          ? similarities.union([name]) : similarities.subtracting([name])
        return visit(value, similarities) || visit(body, inner)
      default: break
      }
      return expression.children.contains { visit($0, similarities) }
    }
    return visit(self, [])
  }
}

extension Expression {
  /// Whether its value may depend on a puzzle's word lists.
  var readsLexicon: Bool {
    if case .call(let name, _) = kind, let builtIn = BuiltInTable.named(name),
      builtIn.overloads.contains(where: { $0.parameters.contains { $0.name == "list" } })
    {
      return true
    }
    return children.contains(where: \.readsLexicon)
  }
}

extension Formula {
  /// Every text literal in it, such as the tokens it names.
  package var texts: [String] {
    func visit(_ expression: Expression) -> [String] {
      if case .text(let text) = expression.kind { return [text] }
      return expression.children.flatMap(visit)
    }
    return visit(root)
  }
}
