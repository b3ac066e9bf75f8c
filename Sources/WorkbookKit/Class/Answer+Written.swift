import Grading
import MetricLanguage
import PuzzleRegistry

extension Answer {
  /// What was answered, as a person reads it; `nil` for no answer.
  var written: String? {
    switch self {
    case .unanswered: nil
    case .number(let number): "\(number)"
    case .choice(let options):
      options.isEmpty ? "nothing chosen" : options.sorted().joined(separator: ", ")
    case .tokens(let tokens): tokens.map { "\"\($0)\"" }.joined(separator: ", ")
    case .metric(.choice(let choice)): choice.summary
    case .metric(.formula(let formula)): formula.canonicalText
    case .text(let text): text
    }
  }
}
