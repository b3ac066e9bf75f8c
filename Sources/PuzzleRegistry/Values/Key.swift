package import MetricLanguage
package import SourceDiagnostics

/// What is right about a puzzle's questions, and what each known wrong answer means.
package struct Key: Sendable {
  package let puzzleID: String
  /// The key of each question that has one, by question id.
  package let questions: [String: QuestionKey]
  /// Answers that must earn full marks, by question id.
  package let reference: [String: AnswerNode]
  /// Whether the key was stored as rot13.
  package let isEncoded: Bool
  /// Where each question's key starts.
  package let places: [String: SourcePlace]
  /// The start of the file.
  package let place: SourcePlace
}

/// The key of one question, of the question's own kind.
package enum QuestionKey: Sendable {
  case number(NumberKey)
  case choice(ChoiceKey)
  case tokens(TokensKey)
  case metric(MetricKey)
  case explain(ExplainKey)

  package var kind: Question.Kind {
    switch self {
    case .number: .number
    case .choice: .choice
    case .tokens: .tokens
    case .metric: .metric
    case .explain: .explain
    }
  }
}

/// A known wrong answer, with the message that explains the misconception.
package struct Trap<Condition: Sendable>: Sendable {
  package let when: Condition
  package let says: String
  package let place: SourcePlace
}

package struct NumberKey: Sendable {
  /// The right value on the weights in use; absent only for a prediction.
  package let truth: Formula?
  /// How far from the truth an answer may be, in the truth's own unit; 0 or more.
  package let tolerance: Double
  /// Each condition gives a number that an answer within the tolerance is taken for.
  package let traps: [Trap<Formula>]
}

package struct ChoiceKey: Sendable {
  package enum Truth: Sendable {
    /// A formula for each option, in the puzzle's order of options: true where it belongs chosen.
    case holds([(option: String, formula: Formula)])
    /// The options to choose.
    case correct(Set<String>)
  }

  package let truth: Truth
  /// Each condition is an option, wrongly chosen.
  package let traps: [Trap<String>]
}

package struct TokensKey: Sendable {
  /// A formula that gives the set of right tokens.
  package let truth: Formula
  /// How many of the learner's tokens must be in that set; at least 1.
  package let need: Int
  /// Each condition gives a set of tokens that wrong answers come from.
  package let traps: [Trap<Formula>]
}

package struct MetricKey: Sendable {
  package struct Requirement: Sendable {
    package enum Condition: Sendable {
      /// The metric's values stay when the weights are changed so.
      case invariant(Invariance)
      /// A truth about `metric`, the learner's expression.
      case that(Formula)
    }

    package let condition: Condition
    package let points: Double
    /// What is shown when the requirement is not met.
    package let says: String
    package let place: SourcePlace
  }

  /// A change of the weights that a metric may be indifferent to.
  package enum Invariance: String, Sendable, CaseIterable {
    case translation
    case rotation
    case scaling
    case constant
  }

  package enum TrapCondition: Sendable {
    case formula(Formula)
    case choice(MetricPattern)
  }

  package let requirements: [Requirement]
  package let traps: [Trap<TrapCondition>]
}

/// Part of a metric choice: it matches every choice that agrees on the parts it names.
package struct MetricPattern: Sendable, Hashable {
  /// A choice with the named parts; the parts not named are the defaults.
  package let example: MetricChoice
  package let namesSimilarity: Bool
  package let namesZeroPoint: Bool
  package let namesRemove: Bool

  package func matches(_ choice: MetricChoice) -> Bool {
    var agreeing = choice
    if namesSimilarity { agreeing.similarity = example.similarity }
    if namesZeroPoint { agreeing.zeroPoint = example.zeroPoint }
    if namesRemove { agreeing.remove = example.remove }
    return agreeing == choice
  }
}

package struct ExplainKey: Sendable {
  /// An idea an explanation should hold.
  package struct Idea: Sendable, Hashable {
    package let idea: String
    /// Phrases, any of which suggests the idea is there.
    package let any: [String]
    package let points: Double
  }

  package let rubric: [Idea]
}
