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

  /// The formula as the printer writes it: parsing it again gives an equal tree.
  package var canonicalText: String { Printer.print(root) }

  package static func == (left: Formula, right: Formula) -> Bool { left.root == right.root }

  package func hash(into hasher: inout Hasher) { hasher.combine(root) }

  var source: SourceText { SourceText(text, file: Self.file) }
}
