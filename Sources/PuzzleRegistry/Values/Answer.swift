package import MetricLanguage

/// A learner's answer, read as its question's kind.
package enum Answer: Sendable, Hashable {
  case unanswered
  case number(Double)
  /// The ids of the chosen options.
  case choice(Set<String>)
  /// The tokens' texts, in the learner's order, without repeats.
  case tokens([String])
  case metric(MetricAnswer)
  case text(String)
}

/// A metric, in either of the two ways a learner may give it.
package enum MetricAnswer: Sendable, Hashable {
  case choice(MetricChoice)
  case formula(Formula)

  /// The metric as a formula.
  package var formulaText: String {
    switch self {
    case .choice(let choice): choice.formulaText
    case .formula(let formula): formula.text
    }
  }
}
