import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

extension Grader {
  /// A trap catches a wrong number this many tolerances around its own: a learner rounds.
  static let trapReach = 2.5

  func grade(
    _ value: Double,
    _ question: Question,
    _ key: NumberKey
  )
    throws(GradingFailure) -> Verdict
  {
    guard let truth = key.truth else {
      throw .fault(Diagnostic("no-truth", "the key gives no truth for '\(question.id)'"))
    }
    let expected = try trusted { () throws(Diagnostic) in try evaluator.number(truth) }
    guard expected.isFinite else {
      throw .fault(Diagnostic("no-truth", "the truth of '\(question.id)' is not a finite number"))
    }
    if abs(value - expected) <= key.tolerance {
      return question.verdict(.correct, GradingWording.correct, points: question.points)
    }
    for trap in key.traps {
      let wrong = try trusted { () throws(Diagnostic) in try evaluator.number(trap.when) }
      if abs(value - wrong) <= Self.trapReach * key.tolerance {
        return question.verdict(.incorrect, trap.says)
      }
    }
    return question.verdict(.incorrect, GradingWording.wrongNumber(tolerance: key.tolerance))
  }

  /// Runs what the key asks for; when it fails, the fault is ours.
  func trusted<Result>(_ body: () throws(Diagnostic) -> Result) throws(GradingFailure) -> Result {
    do throws(Diagnostic) {
      return try body()
    } catch {
      throw .fault(error)
    }
  }
}
