import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

extension Grader {
  func grade(
    _ chosen: Set<String>,
    _ question: Question,
    _ key: ChoiceKey
  )
    throws(GradingFailure) -> Verdict
  {
    let correct = try correctOptions(key)
    if chosen == correct {
      return question.verdict(.correct, GradingWording.correct, points: question.points)
    }
    let message =
      key.traps.first { chosen.contains($0.when) && !correct.contains($0.when) }?.says
    guard question.many else {
      return question.verdict(.incorrect, message ?? GradingWording.wrongChoice)
    }
    // A wrong decision about an option cancels a right one, so guessing earns nothing on average.
    let wrong = chosen.symmetricDifference(correct).count
    let share = 1 - 2 * Double(wrong) / Double(max(1, question.options.count))
    return question.verdict(share: share, message ?? GradingWording.wrongChoices)
  }

  /// Returns the options that are right on this model.
  func correctOptions(_ key: ChoiceKey) throws(GradingFailure) -> Set<String> {
    switch key.truth {
    case .correct(let options): return options
    case .holds(let formulas):
      var correct: Set<String> = []
      for (option, formula) in formulas {
        let holds = try trusted { () throws(Diagnostic) in try evaluator.truth(formula) }
        if holds { correct.insert(option) }
      }
      return correct
    }
  }
}
