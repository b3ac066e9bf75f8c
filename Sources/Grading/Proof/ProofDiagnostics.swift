import EmbeddingMath
import MetricLanguage
import SourceDiagnostics

/// What is said about a puzzle that does not work.
extension Diagnostic {
  static func starterEarns(_ score: Double, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "starter-earns",
      "the untouched starter submission earns \(GradingWording.rounded(score)) points",
      help: "expected 0: some question counts an empty answer as right",
      at: place
    )
  }

  static func referenceFails(
    _ question: String,
    _ why: String,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "reference-fails",
      "the reference answer to '\(question)' is not correct: \(why)",
      at: place
    )
  }

  static func neverSolved(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "reference-fails",
      "no answer solves this puzzle: all it asks for is predictions and explanations",
      help: "ask something that the weights can decide",
      at: place
    )
  }

  static func trapIsRight(_ question: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "trap-is-right",
      "this trap's wrong answer to '\(question)' is graded correct",
      help: "tighten the tolerance or the requirements, or drop the trap",
      at: place
    )
  }

  static func trapIsSilent(
    _ question: String,
    _ said: String,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "trap-is-silent",
      "this trap's wrong answer to '\(question)' is met with another message: \(said)",
      help: "an earlier trap catches it, or it is no wrong answer of this question",
      at: place
    )
  }

  static func trapFails(_ question: String, _ why: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "trap-fails",
      "this trap's answer to '\(question)' cannot be graded: \(why)",
      at: place
    )
  }

  static func toleranceTooWide(
    _ question: String,
    _ tolerance: Double,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "tolerance-too-wide",
      "the tolerance ±\(GradingWording.rounded(tolerance)) of '\(question)' is more than half the "
        + "distance from the truth to this trap",
      at: place
    )
  }

  static func formulaFails(
    _ what: String,
    _ fault: Diagnostic,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "formula-fails",
      "\(what) cannot be evaluated: [\(fault.rule)] \(fault.message)",
      help: fault.help,
      at: place
    )
  }

  static func toleranceTooNarrow(
    _ question: String,
    _ tolerance: Double,
    _ error: Double,
    cause: String,
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "tolerance-too-narrow",
      "the tolerance ±\(GradingWording.rounded(tolerance)) of '\(question)' is under ten times "
        + "the \(GradingWording.rounded(error)) by which \(cause) moves the truth",
      help: "widen it, or use more rows",
      at: place
    )
  }

  static func nothingAccepted(_ question: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "nothing-accepted",
      "no choice of similarity, zero point and removed directions is accepted for '\(question)'",
      help: "lint --map shows how each one fares",
      at: place
    )
  }

  static func wrongChoiceAccepted(
    _ question: String,
    _ choice: MetricChoice,
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "wrong-choice-accepted",
      "\(choice.summary) is among this trap's choices, and '\(question)' accepts it",
      help: "name more parts of the choice in the trap, or tighten the requirements",
      at: place
    )
  }

  static func fragileVerdict(
    _ question: String,
    _ choice: MetricChoice,
    others: Int,
    when variant: String,
    message: String,
    at place: SourcePlace
  ) -> Diagnostic {
    let more = others == 0 ? "" : " and \(others) other choice\(others == 1 ? "" : "s")"
    let fails = others == 0 ? "fails" : "fail"
    return Diagnostic(
      "fragile-verdict",
      "'\(question)' accepts \(choice.summary)\(more), which \(fails) \(variant), "
        + "with '\(message)'",
      help: "move the requirement's threshold away from what these choices reach",
      at: place
    )
  }

  static func guessingPays(_ baseline: GuessingBaseline, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "guessing-pays",
      "random answers earn \(GradingWording.rounded(baseline.expected)) of "
        + "\(GradingWording.rounded(baseline.possible)) points on average, more than "
        + "\(Int(100 * GuessingBaseline.mostShare))%",
      help: "offer more options, narrow tolerances, or require more of a metric",
      at: place
    )
  }

  static func hintTells(_ hint: Int, _ question: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "hint-tells",
      "hint \(hint) contains the answer to '\(question)'",
      help: "lead to the answer without stating it",
      at: place
    )
  }

  static func dumpEarns(
    _ question: String,
    _ what: String,
    _ points: Double,
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "dump-earns",
      "\(what) earns \(GradingWording.rounded(points)) points on '\(question)'",
      help: "use phrases that the prompt and the question do not contain",
      at: place
    )
  }
}

extension MetricChoice {
  /// The choice as a learner writes it.
  package var summary: String {
    "{ similarity: \(similarity.rawValue), zero-point: \(zeroPoint.rawValue), remove: \(remove) }"
  }
}
