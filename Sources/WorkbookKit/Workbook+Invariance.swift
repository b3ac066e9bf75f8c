import EmbeddingMath
package import MetricLanguage
package import Plotting
import PuzzleRegistry
import SourceDiagnostics

/// What a metric notices and what it does not, on one model.
package struct InvarianceFindings: Sendable {
  package let metric: String
  package let model: String
  package let seeds: Int
  /// How many rows nearest neighbours were sought for with each seed, and among how many.
  package let neighbourhood: (queries: Int, candidates: Int)
  package let reports: [InvarianceReport]
  /// Which of the transformations are symmetries of the model, and what that makes of the metric.
  package let sentence: String
}

/// A puzzle's plot with its own metric and with another.
package struct TriedMetric: Sendable {
  package let before: HistogramChart
  package let after: HistogramChart
  package let invariances: InvarianceFindings
}

extension Workbook {
  /// Re-evaluates a metric with the embeddings translated, rotated, scaled, and with a constant
  /// added to every channel.
  ///
  /// - Parameters:
  ///   - text: A formula of `a` and `b`, or a choice such as `{ similarity: cosine }`.
  ///   - evaluator: An evaluator of the model.
  /// - Returns: How far the metric's values move, and one sentence on what that means.
  /// - Throws: Why the metric cannot be read or run.
  package func invariances(
    ofMetric text: String,
    with evaluator: Evaluator
  ) throws
    -> InvarianceFindings
  {
    let formula = try metricFormula(text)
    let type = try evaluator.check(formula).type
    guard type == .metric else { throw Diagnostic.notAMetric(formula, found: "\(type)") }
    let seeds: ClosedRange<UInt64> = 1...3
    let reports = try evaluator.invariances(of: Metric(formula), seeds: seeds)
    let around = evaluator.neighbourhood(for: Metric(formula), seed: seeds.lowerBound)
    return InvarianceFindings(
      metric: formula.text,
      model: evaluator.model.modelName,
      seeds: seeds.count,
      neighbourhood: (around.queries.count, around.candidates.count),
      reports: reports,
      sentence: Self.sentence(reports, formula.text, evaluator.model)
    )
  }

  /// Draws a puzzle's first plot as it is and with another metric in it; nothing is recorded.
  ///
  /// - Throws: A diagnostic when the puzzle was not started, so that a prediction stays one.
  package func tryMetric(_ text: String, on name: String, model: String?) throws -> TriedMetric {
    let opened = try open(puzzle: name, model: model)
    guard opened.openPredictions.isEmpty else {
      throw Diagnostic.startFirst(opened.puzzle.id)
    }
    let formula = try metricFormula(text)
    var found: (plot: Plot, original: Formula, replaced: Formula)?
    for plot in opened.puzzle.plots where found == nil {
      guard case .histogram(let original) = plot.kind,
        let replaced = try original.replacingMetric(with: formula)
      else { continue }
      found = (plot, original, replaced)
    }
    guard let (plot, original, replaced) = found else {
      throw Diagnostic.nothingToTry(opened.puzzle.id)
    }
    let before = try chart(of: original, titled: plot.title, with: opened.evaluator)
    let after = try chart(of: replaced, titled: "With \(formula.text)", with: opened.evaluator)
    return TriedMetric(
      before: before,
      after: after,
      invariances: try invariances(ofMetric: text, with: opened.evaluator)
    )
  }

  /// Reads a metric as a learner writes it: a formula, or a choice in braces.
  private func metricFormula(_ text: String) throws -> Formula {
    guard text.drop(while: \.isWhitespace).hasPrefix("{") else {
      return try Formula(parsing: text)
    }
    let answer = try MetricAnswer(yaml: text)
    return try Formula(parsing: answer.formulaText)
  }

  private static func sentence(
    _ reports: [InvarianceReport],
    _ metric: String,
    _ model: any ModelAccess
  ) -> String {
    let moves = reports.filter { !$0.holds }.map(\.transformation)
    let hasPositions = model.shape(of: "W_pos") != nil
    let centres = model.tensorNames.contains { $0.hasPrefix("ln") && $0.contains("_b") }
    var symmetries: [String] = []
    if hasPositions {
      symmetries.append(
        "translation is a symmetry of \(model.modelName): its positions take the vector back, so "
          + "every input stays what it was"
      )
    } else {
      symmetries.append(
        "translation is no symmetry of \(model.modelName): it adds no positions that could take the "
          + "vector back"
      )
      if centres { symmetries.append("a constant is one, since LayerNorm removes it") }
    }
    symmetries.append("rotation and scaling are properties of the metric")
    let verdict: String
    if moves.isEmpty {
      verdict = "Nothing here moves this metric"
    } else {
      verdict = "This metric moves under \(moves.map(\.rawValue).joined(separator: ", "))"
    }
    let warning =
      hasPositions && moves.contains(.translation)
      ? " So its values say in part where zero happens to lie, which the model does not know." : ""
    return "\(verdict); \(symmetries.joined(separator: "; ")).\(warning)"
  }
}

extension Formula {
  /// Returns the formula with the metric of its `pairs(…)` replaced, or `nil` if it has none.
  fileprivate func replacingMetric(with metric: Formula) throws(Diagnostic) -> Formula? {
    guard case .call("pairs", let arguments) = root.kind, !arguments.isEmpty else { return nil }
    let rest = arguments.dropFirst().map { argument in
      ", " + (argument.label.map { "\($0): " } ?? "") + argument.value.text
    }
    // A metric with lets of its own needs parentheses as an argument.
    return try Formula(parsing: "pairs((\(metric.text))\(rest.joined()))")
  }
}
