import MetricLanguage
import SourceDiagnostics

extension SchemaReader {
  /// Reads the list under `plots:`; a plot with a fault is left out.
  mutating func plots(_ node: YAMLNode?) -> [Plot] {
    guard let node, let elements = list(node, "'plots'") else { return [] }
    var plots: [Plot] = []
    for element in elements {
      if let plot = plot(element) { plots.append(plot) }
    }
    return plots
  }

  private mutating func plot(_ node: YAMLNode) -> Plot? {
    let keys = ["title", "caption"] + Plot.kinds
    guard let fields = fields(of: node, "a plot", known: keys) else { return nil }
    let title = text("title", of: fields, "a plot")
    let caption = optionalText("caption", of: fields)
    guard let kind = plotKind(fields), let title else { return nil }
    return Plot(title: title, kind: kind, caption: caption, place: source.place(node))
  }

  private mutating func plotKind(_ fields: Fields) -> Plot.Kind? {
    let kinds = fields.all.filter { Plot.kinds.contains($0.key) }
    guard kinds.count == 1, let kind = kinds.first else {
      if fields.unknown.isEmpty { note(.plotKindCount(at: source.place(fields.node))) }
      return nil
    }
    switch kind.key {
    case "histogram": return formula(kind.value, "'histogram'").map { .histogram($0) }
    case "overlay": return series(kind.value, "overlay").map { .overlay($0) }
    case "scatter": return scatter(kind.value).map { .scatter($0) }
    default:
      // One line needs no name.
      guard case .scalar = kind.value.content else {
        return series(kind.value, "line").map { .line($0) }
      }
      return formula(kind.value, "'line'").map { .line([Plot.Series(name: "", formula: $0)]) }
    }
  }

  private mutating func series(_ node: YAMLNode, _ key: String) -> [Plot.Series]? {
    guard let elements = list(node, "'\(key)'") else { return nil }
    guard !elements.isEmpty else {
      note(.emptyList(key, at: source.place(node)))
      return nil
    }
    var series: [Plot.Series] = []
    for element in elements {
      guard let fields = fields(of: element, "a series", known: ["name", "formula"]) else {
        continue
      }
      let name = text("name", of: fields, "a series")
      let formula = formula("formula", of: fields, "a series")
      if let name, let formula { series.append(Plot.Series(name: name, formula: formula)) }
    }
    return series
  }

  private mutating func scatter(_ node: YAMLNode) -> Plot.Scatter? {
    let keys = ["x", "y", "colour", "label", "rows"]
    guard let fields = fields(of: node, "a scatter plot", known: keys) else { return nil }
    let x = formula("x", of: fields, "a scatter plot")
    let y = formula("y", of: fields, "a scatter plot")
    let colour = fields["colour"].flatMap { formula($0, "'colour'") }
    let label = fields["label"].flatMap { formula($0, "'label'") }
    let rows = fields["rows"].flatMap { formula($0, "'rows'") }
    guard let x, let y else { return nil }
    return Plot.Scatter(x: x, y: y, colour: colour, label: label, rows: rows)
  }
}
