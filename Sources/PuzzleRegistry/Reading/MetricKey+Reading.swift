import MetricLanguage
import SourceDiagnostics

extension SchemaReader {
  /// Reads one thing required of a metric: `invariant:` or `that:`, with its points and message.
  mutating func requirement(_ node: YAMLNode) -> MetricKey.Requirement? {
    let what = "a requirement"
    let keys = ["invariant", "that", "points", "says"]
    guard let fields = fields(of: node, what, known: keys) else { return nil }
    let condition: MetricKey.Requirement.Condition?
    switch (fields["invariant"], fields["that"]) {
    case (let node?, nil): condition = invariance(node).map { .invariant($0) }
    case (nil, let node?): condition = formula(node, "'that'").map { .that($0) }
    default:
      if fields.unknown.isEmpty { note(.requirementKindCount(at: source.place(node))) }
      condition = nil
    }
    let points = required("points", of: fields, what).flatMap { self.points($0) }
    let says = text("says", of: fields, what)
    guard let condition, let points, let says else { return nil }
    return MetricKey.Requirement(
      condition: condition,
      points: points,
      says: says,
      place: source.place(node)
    )
  }

  private mutating func invariance(_ node: YAMLNode) -> MetricKey.Invariance? {
    guard let name = text(node, "'invariant'") else { return nil }
    if let invariance = MetricKey.Invariance(rawValue: name) { return invariance }
    note(.unknownInvariance(name, at: source.place(node)))
    return nil
  }

  /// Reads what a metric's trap applies to: a formula, or the parts of a choice.
  mutating func metricTrap(_ fields: Fields) -> MetricKey.TrapCondition? {
    guard let node = required("when", of: fields, "a trap") else { return nil }
    guard case .map = node.content else {
      return formula(node, "'when'").map { .formula($0) }
    }
    return metricPattern(node).map { .choice($0) }
  }

  private mutating func metricPattern(_ node: YAMLNode) -> MetricPattern? {
    guard
      let fields = fields(of: node, "a partial metric choice", known: MetricAnswer.choiceKeys)
    else { return nil }
    let similarity = optionalText("similarity", of: fields)
    let zeroPoint = optionalText("zero-point", of: fields)
    let remove = fields["remove"].flatMap { integer($0, "'remove'", in: 0...3) }
    if fields.all.isEmpty { note(.emptyPattern(at: source.place(node))) }
    let source = self.source
    do {
      let example = try MetricChoice.reading(
        similarity: similarity ?? "cosine",
        zeroPoint: zeroPoint,
        remove: remove
      ) { key in fields[key].map { source.place($0) } ?? source.place(node) }
      return MetricPattern(
        example: example,
        namesSimilarity: similarity != nil,
        namesZeroPoint: zeroPoint != nil,
        namesRemove: remove != nil
      )
    } catch {
      note(error)
      return nil
    }
  }

  /// Reads one idea of a rubric.
  mutating func idea(_ node: YAMLNode) -> ExplainKey.Idea? {
    let what = "an idea of a rubric"
    guard let fields = fields(of: node, what, known: ["idea", "any", "points"]) else { return nil }
    let idea = text("idea", of: fields, what)
    let points = required("points", of: fields, what).flatMap { self.points($0) }
    guard let list = required("any", of: fields, what) else { return nil }
    let phrases = texts(list, "any")
    if list.isEmptyList { note(.emptyList("any", at: source.place(list))) }
    guard let idea, let points, !phrases.isEmpty else { return nil }
    return ExplainKey.Idea(idea: idea, any: phrases, points: points)
  }
}
