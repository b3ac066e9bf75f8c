import EmbeddingMath
import MetricLanguage
package import PuzzleRegistry
package import SourceDiagnostics

/// Proves on real weights that a puzzle works: the starter earns nothing, the reference everything,
/// and each trap is less than right and says its own words.
package struct PuzzleProof: Sendable {
  private let grader: Grader
  private let puzzle: Puzzle
  private let key: Key

  package init(grader: Grader) {
    self.grader = grader
    self.puzzle = grader.puzzle
    self.key = grader.key
  }

  /// Runs every proof.
  ///
  /// - Parameter starter: The submission a learner starts from.
  /// - Returns: Every fault found, in the puzzle's order; empty when the puzzle is proven.
  package func faults(starter: Submission) -> [Diagnostic] {
    starterFaults(starter) + formulaFaults() + puzzle.questions.flatMap(faults)
  }

  private func starterFaults(_ starter: Submission) -> [Diagnostic] {
    let report = grader.grade(starter)
    guard report.solved || report.score > 0 else { return [] }
    return [.starterEarns(report.score, at: puzzle.place)]
  }

  /// Formulas in plots and prose are run once, so that no learner is the first to do it.
  private func formulaFaults() -> [Diagnostic] {
    var faults: [Diagnostic] = []
    func run(_ formula: Formula, at place: SourcePlace, what: String) {
      do throws(Diagnostic) {
        _ = try grader.evaluator.evaluate(formula)
      } catch {
        faults.append(.formulaFails(what, error, at: place))
      }
    }
    for plot in puzzle.plots {
      switch plot.kind {
      case .histogram(let formula): run(formula, at: plot.place, what: "the plot '\(plot.title)'")
      case .overlay(let series):
        for part in series { run(part.formula, at: plot.place, what: "the plot '\(plot.title)'") }
      }
    }
    func number(_ formula: Formula, at place: SourcePlace, what: String) {
      do throws(Diagnostic) {
        _ = try grader.evaluator.number(formula)
      } catch {
        faults.append(.formulaFails(what, error, at: place))
      }
    }
    for formula in puzzle.promptTemplate.formulas {
      number(formula, at: puzzle.place, what: "the prompt")
    }
    for question in puzzle.questions {
      for formula in question.askTemplate.formulas {
        number(formula, at: question.place, what: "the question '\(question.id)'")
      }
    }
    return faults
  }

  private func faults(of question: Question) -> [Diagnostic] {
    guard let questionKey = key.questions[question.id] else { return [] }
    let place = key.places[question.id] ?? key.place
    if question.isPrediction {
      guard case .number(let key) = questionKey, let truth = key.truth else { return [] }
      do throws(Diagnostic) {
        _ = try grader.evaluator.number(truth)
        return []
      } catch {
        return [.formulaFails("the truth of '\(question.id)'", error, at: place)]
      }
    }
    do throws(GradingFailure) {
      switch questionKey {
      case .number(let key): return try numberFaults(question, key, place)
      case .choice(let key): return referenceFaults(question, place) + choiceFaults(question, key)
      case .tokens(let key):
        return referenceFaults(question, place) + (try tokenFaults(question, key))
      case .metric(let key): return referenceFaults(question, place) + metricFaults(question, key)
      case .explain: return []
      }
    } catch {
      switch error {
      case .fault(let fault), .unreadable(let fault):
        return [.formulaFails("the key of '\(question.id)'", fault, at: place)]
      }
    }
  }

  private func numberFaults(
    _ question: Question,
    _ key: NumberKey,
    _ place: SourcePlace
  )
    throws(GradingFailure) -> [Diagnostic]
  {
    guard let formula = key.truth else { return [] }
    let truth = try grader.trusted { () throws(Diagnostic) in try grader.evaluator.number(formula) }
    var faults: [Diagnostic] = []
    if grader.verdict(on: question, node: .plain("\(truth)", at: place)).outcome != .correct {
      faults.append(.referenceFails(question.id, "its own truth", at: place))
    }
    for trap in key.traps {
      let value = try grader.trusted { () throws(Diagnostic) in
        try grader.evaluator.number(trap.when)
      }
      let verdict = grader.verdict(on: question, node: .plain("\(value)", at: trap.place))
      faults += check(verdict, says: trap.says, in: question, at: trap.place)
      if abs(value - truth) < 2 * key.tolerance {
        faults.append(.toleranceTooWide(question.id, key.tolerance, at: trap.place))
      }
    }
    return faults
  }

  private func choiceFaults(_ question: Question, _ key: ChoiceKey) -> [Diagnostic] {
    key.traps.flatMap { trap in
      let verdict = grader.verdict(on: question, node: .plain(trap.when, at: trap.place))
      return check(verdict, says: trap.says, in: question, at: trap.place)
    }
  }

  private func tokenFaults(
    _ question: Question,
    _ key: TokensKey
  ) throws(GradingFailure)
    -> [Diagnostic]
  {
    var faults: [Diagnostic] = []
    for trap in key.traps {
      let evaluation = try grader.trusted { () throws(Diagnostic) in
        try grader.evaluator.evaluate(trap.when)
      }
      guard case .tokens(let tokens) = evaluation.value else {
        faults.append(.trapFails(question.id, "it gives \(evaluation.type)", at: trap.place))
        continue
      }
      let texts = tokens.prefix(key.need).compactMap(grader.tokenText)
      let node = AnswerNode.list(texts.map { .plain($0, at: trap.place) }, place: trap.place)
      let verdict = grader.verdict(on: question, node: node)
      faults += check(verdict, says: trap.says, in: question, at: trap.place)
    }
    return faults
  }

  private func metricFaults(_ question: Question, _ key: MetricKey) -> [Diagnostic] {
    key.traps.flatMap { trap in
      let text: String
      switch trap.when {
      case .formula(let formula): text = formula.text
      case .choice(let pattern):
        return check(
          grader.verdict(on: question, node: .choice(pattern.example, at: trap.place)),
          says: trap.says,
          in: question,
          at: trap.place
        )
      }
      let verdict = grader.verdict(on: question, node: .plain(text, at: trap.place))
      return check(verdict, says: trap.says, in: question, at: trap.place)
    }
  }

  private func referenceFaults(_ question: Question, _ place: SourcePlace) -> [Diagnostic] {
    guard let node = key.reference[question.id] else { return [] }
    let verdict = grader.verdict(on: question, node: node)
    guard verdict.outcome != .correct else { return [] }
    return [.referenceFails(question.id, verdict.message, at: place)]
  }

  private func check(
    _ verdict: Verdict,
    says message: String,
    in question: Question,
    at place: SourcePlace
  ) -> [Diagnostic] {
    if verdict.outcome == .correct { return [.trapIsRight(question.id, at: place)] }
    if verdict.outcome == .fault || verdict.outcome == .unreadable {
      return [.trapFails(question.id, verdict.message, at: place)]
    }
    if verdict.message != message {
      return [.trapIsSilent(question.id, verdict.message, at: place)]
    }
    return []
  }
}

extension Grader {
  /// Returns the text of a token, if a submission can name it by its text.
  func tokenText(_ token: Int) -> String? {
    let name = evaluator.model.displayName(of: token)
    guard name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") else { return nil }
    let text = String(name.dropFirst().dropLast())
    return evaluator.model.tokenID(text) == token ? text : nil
  }
}

extension AnswerNode {
  /// An answer as a learner would write it.
  static func plain(_ text: String, at place: SourcePlace) -> AnswerNode {
    .scalar(text, isQuoted: true, place: place, innerPlace: nil)
  }

  static func choice(_ choice: MetricChoice, at place: SourcePlace) -> AnswerNode {
    func field(_ key: String, _ value: String) -> Field {
      Field(key: key, keyPlace: place, value: .plain(value, at: place))
    }
    return .map(
      [
        field("similarity", choice.similarity.rawValue),
        field("zero-point", choice.zeroPoint.rawValue), field("remove", "\(choice.remove)"),
      ],
      place: place
    )
  }
}

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
}
