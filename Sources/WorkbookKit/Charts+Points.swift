import EmbeddingMath
import MetricLanguage
import Plotting
import PuzzleRegistry
import SourceDiagnostics

// Scatter plots and lines: charts of vectors, entry by entry.

extension Workbook {
  /// Draws one point for each entry of two vectors.
  func scatter(
    _ scatter: Plot.Scatter,
    titled title: String,
    caption: String?,
    with evaluator: Evaluator
  ) throws(Diagnostic) -> ScatterChart {
    let x = try vector(scatter.x, with: evaluator)
    let y = try vector(scatter.y, with: evaluator)
    let count = x.values.count
    guard count == y.values.count else {
      throw .unevenVectors(count, y.values.count, scatter.y)
    }
    let perToken = count == evaluator.model.tokenCount
    let shown = try tokens(scatter.rows, perToken: perToken, with: evaluator) ?? Array(0..<count)
    let basis = try scatter.rows.map { (rows) throws(Diagnostic) in
      try evaluator.evaluate(rows).basis.rows
    }
    let labelled = Set(try tokens(scatter.label, perToken: perToken, with: evaluator) ?? [])
    let groups = try groups(scatter.colour, count: count, with: evaluator)
    let drawn = shown + labelled.subtracting(shown).sorted()
    let points = groups.map { group in
      ScatterGroup(
        name: group.name,
        points: drawn.filter { group.holds($0) }.map { index in
          ScatterPoint(
            x: x.values[index],
            y: y.values[index],
            label: labelled.contains(index) ? evaluator.model.displayName(of: index) : nil
          )
        }
      )
    }
    let finite = shown.filter { x.values[$0].isFinite && y.values[$0].isFinite }
    let (left, right) = (finite.map { x.values[$0] }, finite.map { y.values[$0] })
    let numbers =
      finite.count < 2
      ? []
      : [
        "rank correlation \(Numbers.fixed(spearmanCorrelation(left, right), digits: 3))",
        "correlation \(Numbers.fixed(pearsonCorrelation(left, right), digits: 3))",
      ]
    let added = labelled.subtracting(shown).count
    let sentence =
      "\(grouped(finite.count)) points of \(Charts.label(scatter.y)) over \(Charts.label(scatter.x))"
      + (added == 0 ? "." : ", and \(added) named beside them.")
    return ScatterChart(
      title: title,
      subtitle: "\(evaluator.model.modelName) · raw weights · \(basis ?? x.basis)",
      xLabel: Charts.label(scatter.x),
      yLabel: Charts.label(scatter.y),
      groups: points.filter { !$0.points.isEmpty },
      sentence: caption ?? sentence,
      numbers: numbers
    )
  }

  /// Draws the entries of vectors over their numbers, from 0.
  func line(
    _ parts: [Plot.Series],
    titled title: String,
    caption: String?,
    with evaluator: Evaluator
  ) throws(Diagnostic) -> LineChart {
    var series: [LineSeries] = []
    var bases: [String] = []
    for part in parts {
      let vector = try vector(part.formula, with: evaluator)
      series.append(LineSeries(name: part.name, values: vector.values))
      if !bases.contains(vector.basis) { bases.append(vector.basis) }
    }
    let count = series.map(\.values.count).max() ?? 0
    return LineChart(
      title: title,
      subtitle: "\(evaluator.model.modelName) · raw weights · \(bases.joined(separator: "; "))",
      xLabel: "number of the entry, from 0",
      yLabel: parts.count == 1 ? Charts.label(parts[0].formula) : "",
      series: series,
      sentence: caption ?? "\(grouped(count)) entries in their order."
    )
  }

  private func vector(
    _ formula: Formula,
    with evaluator: Evaluator
  ) throws(Diagnostic) -> (values: [Double], basis: String) {
    let evaluation = try evaluator.evaluate(formula)
    guard case .vector(let values) = evaluation.value, !values.isEmpty else {
      throw .noVectorToPlot("\(evaluation.type)", formula)
    }
    return (values, evaluation.basis.rows)
  }

  /// Returns the tokens a formula gives, which are points only where there is one for each token.
  private func tokens(
    _ formula: Formula?,
    perToken: Bool,
    with evaluator: Evaluator
  ) throws(Diagnostic) -> [Int]? {
    guard let formula else { return nil }
    let evaluation = try evaluator.evaluate(formula)
    guard case .tokens(let tokens) = evaluation.value else {
      throw .noTokensToPlot("\(evaluation.type)", formula)
    }
    guard perToken else { throw .noTokensToPlot("points that are not tokens", formula) }
    return tokens
  }

  /// One group of points, and which points are in it.
  private struct PointGroup {
    let name: String
    let holds: (Int) -> Bool
  }

  private func groups(
    _ formula: Formula?,
    count: Int,
    with evaluator: Evaluator
  ) throws(Diagnostic) -> [PointGroup] {
    guard let formula else { return [PointGroup(name: "", holds: { _ in true })] }
    let evaluation = try evaluator.evaluate(formula)
    let name = Charts.label(formula)
    switch evaluation.value {
    case .mask(let mask) where mask.count == count:
      return [
        PointGroup(name: name, holds: { mask[$0] }),
        PointGroup(name: "not \(name)", holds: { !mask[$0] }),
      ]
    case .vector(let values) where values.count == count:
      let low = quantile(1 / 3, of: values)
      let high = quantile(2 / 3, of: values)
      return [
        PointGroup(name: "\(name) up to \(Charts.short(low))", holds: { values[$0] <= low }),
        PointGroup(
          name: "up to \(Charts.short(high))",
          holds: { values[$0] > low && values[$0] <= high }
        ),
        PointGroup(name: "above", holds: { !(values[$0] <= high) }),
      ]
    case .vector(let values): throw .unevenVectors(count, values.count, formula)
    case .mask(let values): throw .unevenVectors(count, values.count, formula)
    default: throw .noColourToPlot("\(evaluation.type)", formula)
    }
  }
}
