package import MetricLanguage
package import SourceDiagnostics

/// A chart shown with a puzzle, computed from the weights in use.
package struct Plot: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// How the values of one formula are distributed.
    case histogram(Formula)
    /// Several distributions on one axis, in order.
    case overlay([Series])
    /// One point for each entry of two vectors.
    case scatter(Scatter)
    /// The entries of one or more vectors over their numbers.
    case line([Series])
  }

  /// One distribution of an overlay, or one line.
  package struct Series: Sendable, Hashable {
    package let name: String
    package let formula: Formula

    package init(name: String, formula: Formula) {
      self.name = name
      self.formula = formula
    }
  }

  /// What a scatter plot is made of.
  package struct Scatter: Sendable, Hashable {
    package let x: Formula
    package let y: Formula
    /// A mask, which splits the points in two groups, or a vector, which splits them in thirds.
    package let colour: Formula?
    /// The tokens whose points are named; only where there is a point for each token.
    package let label: Formula?
    /// The tokens whose points are drawn; all if `nil`.
    package let rows: Formula?

    package init(
      x: Formula,
      y: Formula,
      colour: Formula? = nil,
      label: Formula? = nil,
      rows: Formula? = nil
    ) {
      self.x = x
      self.y = y
      self.colour = colour
      self.label = label
      self.rows = rows
    }
  }

  /// The kinds that can be drawn, by their keys in `puzzle.yaml`.
  static let kinds = ["histogram", "overlay", "scatter", "line"]

  package let title: String
  package let kind: Kind
  package let caption: String?
  package let place: SourcePlace

  /// Every formula the plot is made of.
  package var formulas: [Formula] {
    switch kind {
    case .histogram(let formula): [formula]
    case .overlay(let series), .line(let series): series.map(\.formula)
    case .scatter(let scatter):
      [scatter.x, scatter.y] + [scatter.colour, scatter.label, scatter.rows].compactMap { $0 }
    }
  }
}
