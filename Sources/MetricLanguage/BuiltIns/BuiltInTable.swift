/// Every name the metric language knows.
package enum BuiltInTable {
  /// All built-ins: families in the reference page's order, names in table order.
  package static let all: [BuiltIn] = [
    similarities, pairBuiltIns, reductions, geometry, statistics, searches, matching, controls,
    elementwise, tokenBuiltIns,
  ].flatMap { $0 }

  package static func named(_ name: String) -> BuiltIn? { byName[name] }

  static let names: [String] = all.map(\.name)

  private static let byName: [String: BuiltIn] = Dictionary(
    all.map { ($0.name, $0) },
    uniquingKeysWith: { first, _ in first }
  )
}

extension BuiltIn {
  /// Returns whether the argument at `position`, with `label` if it has one, is a metric: an
  /// expression of `a` and `b` that is planned rather than evaluated where it stands.
  func takesMetric(at position: Int, label: String?) -> Bool {
    overloads.contains { overload in
      if let label {
        return overload.parameters.contains {
          $0.isLabelled && $0.name == label && $0.kind == .metric
        }
      }
      let plain = overload.parameters.filter { !$0.isLabelled }
      return position < plain.count && plain[position].kind == .metric
    }
  }
}

extension Expression {
  /// Whether `a` or `b` is used as a row of the metric this expression is part of.
  var usesRows: Bool { usesAny(of: ["a", "b"]) }

  /// Whether the expression as a whole is a metric: what its `let`s lead to is computed from rows.
  var isMetric: Bool {
    func visit(_ expression: Expression, _ rows: Set<String>) -> Bool {
      guard case .binding(let name, let value, let body) = expression.kind else {
        return expression.usesAny(of: rows)
      }
      return visit(body, value.usesAny(of: rows) ? rows.union([name]) : rows.subtracting([name]))
    }
    return visit(self, ["a", "b"])
  }

  /// Whether one of `names` is used free, as a value; a metric inside the expression, as in
  /// `mean(pairs(cosine(a, b)))`, has rows of its own and does not count.
  func usesAny(of names: Set<String>) -> Bool {
    switch kind {
    case .name(let name): return names.contains(name)
    case .call(let name, let arguments):
      let builtIn = BuiltInTable.named(name)
      return arguments.enumerated().contains { position, argument in
        builtIn?.takesMetric(at: position, label: argument.label) != true
          && argument.value.usesAny(of: names)
      }
    case .binding(let name, let value, let body):
      return value.usesAny(of: names) || body.usesAny(of: names.subtracting([name]))
    default: return children.contains { $0.usesAny(of: names) }
    }
  }

  /// Whether `name` is used free anywhere, inside metrics too.
  func mentions(_ name: String) -> Bool {
    switch kind {
    case .name(let own): own == name
    case .binding(let bound, let value, let body):
      value.mentions(name) || (bound != name && body.mentions(name))
    default: children.contains { $0.mentions(name) }
    }
  }

  /// Whether the built-in called `name` is used anywhere in this expression.
  func calls(_ name: String) -> Bool {
    if case .call(name, _) = kind { return true }
    return children.contains { $0.calls(name) }
  }
}
