import EmbeddingMath
package import MetricLanguage
package import Plotting
package import PuzzleRegistry
package import SourceDiagnostics

/// Turns distributions into charts, each with its numbers and one sentence.
enum Charts {
  /// Bins of a drawn histogram; the engine's own are finer.
  static let bins = 200

  static func series(_ name: String, _ distribution: PairDistribution) -> HistogramSeries {
    let histogram = distribution.rebinned(to: bins, lower: nil, upper: nil)
    return HistogramSeries(
      name: name,
      lower: histogram.lower,
      upper: histogram.upper,
      counts: histogram.counts,
      mean: distribution.mean,
      standardDeviation: distribution.standardDeviation,
      markers: [
        .init("5%", distribution.quantile(0.05)), .init("median", distribution.quantile(0.5)),
        .init("95%", distribution.quantile(0.95)),
      ]
    )
  }

  /// Says in one sentence what a distribution looks like.
  static func sentence(_ distribution: PairDistribution, unit: String) -> String {
    let low = distribution.quantile(0.25)
    let high = distribution.quantile(0.75)
    var text =
      "The middle half of the \(unit) lies between \(short(low)) and \(short(high)), around a mean "
      + "of \(short(distribution.mean))"
    if distribution.minimum < 0, distribution.maximum > 0 {
      text += "; \(percent(1 - distribution.share(above: 0))) are at or below zero"
    }
    if distribution.nonFiniteCount > 0 {
      text += "; \(grouped(distribution.nonFiniteCount)) are not finite and not shown"
    }
    return text + "."
  }

  static func comparison(_ series: [HistogramSeries]) -> String {
    let means = series.compactMap { part in part.mean.map { "\(part.name) \(short($0))" } }
    return "Means: \(means.joined(separator: ", "))."
  }

  /// What the horizontal axis measures: the metric itself for `pairs(…)`, else the formula.
  static func label(_ formula: Formula) -> String {
    guard case .call("pairs", let arguments) = formula.root.kind, let metric = arguments.first
    else { return formula.canonicalText }
    if case .call(let name, let rows) = metric.value.kind, rows.map(\.value.text) == ["a", "b"] {
      return name
    }
    return metric.value.text
  }

  static func short(_ value: Double) -> String { Numbers.short(value) }

  static func percent(_ share: Double) -> String {
    let value = share * 100
    if value == 0 { return "none" }
    if value < 0.1 { return "under 0.1%" }
    return "\(Numbers.fixed(value, digits: 1))%"
  }
}

extension Workbook {
  /// Draws one plot of a puzzle.
  func chart(_ plot: Plot, with evaluator: Evaluator) throws(Diagnostic) -> Chart {
    try chart(plot.kind, titled: plot.title, caption: plot.caption, with: evaluator)
  }

  /// Draws what the formulas of a plot give.
  ///
  /// - Throws: Why a formula cannot be run, or that it gives nothing this kind of plot can draw.
  package func chart(
    _ kind: Plot.Kind,
    titled title: String,
    caption: String? = nil,
    with evaluator: Evaluator
  ) throws(Diagnostic) -> Chart {
    switch kind {
    case .histogram(let formula):
      return .histogram(try chart(of: formula, titled: title, caption: caption, with: evaluator))
    case .overlay(let parts):
      return .histogram(try overlay(parts, titled: title, caption: caption, with: evaluator))
    case .scatter(let scatter):
      return .scatter(try self.scatter(scatter, titled: title, caption: caption, with: evaluator))
    case .line(let parts):
      return .line(try line(parts, titled: title, caption: caption, with: evaluator))
    }
  }

  private func overlay(
    _ parts: [Plot.Series],
    titled title: String,
    caption: String?,
    with evaluator: Evaluator
  ) throws(Diagnostic) -> HistogramChart {
    var series: [HistogramSeries] = []
    var bases: [String] = []
    var units: Set<String> = []
    for part in parts {
      let (distribution, evaluation, counted) = try distribution(of: part.formula, with: evaluator)
      series.append(Charts.series(part.name, distribution))
      if !bases.contains(evaluation.basis.rows) { bases.append(evaluation.basis.rows) }
      units.insert(counted)
    }
    let comparison = Charts.comparison(series)
    return HistogramChart(
      title: title,
      subtitle: "\(evaluator.model.modelName) · raw weights · \(bases.joined(separator: "; "))",
      series: series,
      axisLabel: parts.first.map { Charts.label($0.formula) } ?? "",
      unit: units.count == 1 ? units.first ?? "pairs" : "values",
      sentence: caption.map { "\($0) \(comparison)" } ?? comparison,
      layout: .overlaid
    )
  }

  /// Draws a distribution or a vector's entries as a histogram.
  package func chart(
    of formula: Formula,
    titled title: String,
    caption: String? = nil,
    with evaluator: Evaluator
  ) throws(Diagnostic) -> HistogramChart {
    let (distribution, evaluation, unit) = try distribution(of: formula, with: evaluator)
    let sentence = Charts.sentence(distribution, unit: unit)
    return HistogramChart(
      title: title,
      subtitle: "\(evaluator.model.modelName) · raw weights · \(evaluation.basis.rows)",
      series: [Charts.series(evaluator.model.modelName, distribution)],
      axisLabel: Charts.label(formula),
      unit: unit,
      sentence: caption.map { "\($0) \(sentence)" } ?? sentence
    )
  }

  func distribution(
    of formula: Formula,
    with evaluator: Evaluator
  ) throws(Diagnostic)
    -> (PairDistribution, Evaluation, unit: String)
  {
    let type = try evaluator.check(formula).type
    switch type {
    case .distribution, .vector: break
    case .metric: return try distribution(of: formula.pairsOfMetric, with: evaluator)
    default: throw .nothingToPlot("\(type)", formula)
    }
    let evaluation = try evaluator.evaluate(formula)
    switch evaluation.value {
    case .distribution(let lazy): return (try lazy.full(), evaluation, "pairs")
    case .vector(let values) where !values.isEmpty:
      return (PairDistribution(values: values), evaluation, "values")
    default: throw .nothingToPlot("empty \(type)", formula)
    }
  }
}
