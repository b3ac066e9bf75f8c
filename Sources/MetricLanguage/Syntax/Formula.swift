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
