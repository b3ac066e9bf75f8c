import EmbeddingMath
import MetricLanguage
package import PuzzleRegistry
import SourceDiagnostics

/// Proves on real weights that a puzzle works: the starter earns nothing, the reference everything,
/// each trap is less than right and says its own words, tolerances fit, no choice is accepted by
/// accident, and neither guessing nor a heap of words pays.
package struct PuzzleProof: Sendable {
  private let grader: Grader
  private let puzzle: Puzzle
  private let key: Key
  private let progress: @Sendable (Double) -> Void

  /// - Parameters:
  ///   - grader: The puzzle with its key, on the model to prove it on.
  ///   - progress: Called now and then, on any thread, with the share that is done.
  package init(grader: Grader, progress: @escaping @Sendable (Double) -> Void = { _ in }) {
    self.grader = grader
    self.puzzle = grader.puzzle
    self.key = grader.key
    self.progress = progress
  }

  /// Runs every proof.
  ///
  /// - Parameter starter: The submission a learner starts from.
  /// - Returns: Every fault found, in the puzzle's order, with how each metric choice fares and what
  ///   guessing earns.
  package func run(starter: Submission) -> ProofReport {
    var faults = starterFaults(starter) + unsolvableFaults() + formulaFaults()
    var maps: [VerdictMap] = []
    var expected = 0.0
    let rounded = grader.evaluator.with(
      model: AlteredModel(grader.evaluator.model, alteration: .rounding(seed: 1))
    )
    let weights = puzzle.questions.map { $0.kind == .metric ? 8.0 : 1.0 }
    let whole = weights.reduce(0, +)
    var done = 0.0
    for (question, weight) in zip(puzzle.questions, weights) {
      let start = done
      let part = prove(question, rounded: rounded) { [progress] share in
        progress((start + share * weight) / whole)
      }
      faults += part.faults
      expected += part.guessing
      maps += part.maps
      done += weight
      progress(done / whole)
    }
    let guessing = GuessingBaseline(
      expected: expected,
      possible: puzzle.questions.filter { !$0.isPrediction }.reduce(0) { $0 + $1.points }
    )
    if guessing.share > GuessingBaseline.mostShare {
      faults.append(.guessingPays(guessing, at: puzzle.place))
    }
    return ProofReport(
      puzzle: puzzle.id,
      model: grader.evaluator.model.modelName,
      faults: faults,
      maps: maps,
      guessing: guessing
    )
  }

  private func starterFaults(_ starter: Submission) -> [Diagnostic] {
    let report = grader.grade(starter)
    guard report.solved || report.score > 0 else { return [] }
    return [.starterEarns(report.score, at: puzzle.place)]
  }

  /// A puzzle is solved by the questions that are neither predictions nor explanations.
  private func unsolvableFaults() -> [Diagnostic] {
    let decides = puzzle.questions.contains { !$0.isPrediction && $0.kind != .explain }
    return decides ? [] : [.neverSolved(at: puzzle.place)]
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
      for formula in plot.formulas {
        run(formula, at: plot.place, what: "the plot '\(plot.title)'")
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

  // MARK: Questions

  /// What the proof of one question found.
  private struct Part {
    var faults: [Diagnostic] = []
    var guessing = 0.0
    var maps: [VerdictMap] = []
  }

  private func prove(
    _ question: Question,
    rounded: Evaluator,
    progress: @escaping @Sendable (Double) -> Void
  ) -> Part {
    guard let questionKey = key.questions[question.id] else { return Part() }
    let place = key.places[question.id] ?? key.place
    if question.isPrediction {
      guard case .number(let key) = questionKey, let truth = key.truth else { return Part() }
      do throws(Diagnostic) {
        _ = try grader.evaluator.number(truth)
        return Part()
      } catch {
        return Part(
          faults: [.formulaFails("the truth of '\(question.id)'", error, at: place)]
        )
      }
    }
    do throws(GradingFailure) {
      switch questionKey {
      case .number(let key):
        let proof = NumberProof(
          grader: grader,
          question: question,
          key: key,
          place: place,
          rounded: rounded
        )
        let (faults, guessing) = try proof.run()
        return Part(faults: faults, guessing: guessing)
      case .choice(let key):
        return Part(
          faults: referenceFaults(question, place) + choiceFaults(question, key),
          guessing: GuessingBaseline.choice(question, right: try grader.correctOptions(key))
        )
      case .tokens(let key):
        return Part(
          faults: referenceFaults(question, place) + (try tokenFaults(question, key)),
          guessing: GuessingBaseline.tokens(
            question,
            right: try grader.set(key.truth).count,
            of: grader.evaluator.model.tokenCount
          )
        )
      case .metric(let key):
        let proof = MetricProof(
          grader: grader,
          question: question,
          key: key,
          place: place,
          progress: progress
        )
        let (map, faults) = proof.run()
        return Part(
          faults: referenceFaults(question, place) + metricFaults(question, key) + faults,
          guessing: map.meanShare * question.points,
          maps: [map]
        )
      case .explain(let key):
        let proof = ExplanationProof(grader: grader, question: question, key: key, place: place)
        return Part(faults: explanationReferenceFaults(question, place) + proof.faults())
      }
    } catch {
      switch error {
      case .fault(let fault), .unreadable(let fault):
        return Part(faults: [.formulaFails("the key of '\(question.id)'", fault, at: place)])
      }
    }
  }

  private func choiceFaults(_ question: Question, _ key: ChoiceKey) -> [Diagnostic] {
    key.traps.flatMap { trap in
      let verdict = grader.verdict(on: question, node: .plain(trap.when, at: trap.place))
      return Self.check(verdict, says: trap.says, in: question, at: trap.place)
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
      faults += Self.check(verdict, says: trap.says, in: question, at: trap.place)
    }
    return faults
  }

  private func metricFaults(_ question: Question, _ key: MetricKey) -> [Diagnostic] {
    key.traps.flatMap { trap in
      let node: AnswerNode
      switch trap.when {
      case .formula(let formula): node = .plain(formula.text, at: trap.place)
      case .choice(let pattern): node = .choice(pattern.example, at: trap.place)
      }
      let verdict = grader.verdict(on: question, node: node)
      return Self.check(verdict, says: trap.says, in: question, at: trap.place)
    }
  }

  private func referenceFaults(_ question: Question, _ place: SourcePlace) -> [Diagnostic] {
    guard let node = key.reference[question.id] else { return [] }
    let verdict = grader.verdict(on: question, node: node)
    guard verdict.outcome != .correct else { return [] }
    return [.referenceFails(question.id, verdict.message, at: place)]
  }

  /// A reference explanation must be recognised as full of the rubric's ideas.
  private func explanationReferenceFaults(
    _ question: Question,
    _ place: SourcePlace
  ) -> [Diagnostic] {
    guard let node = key.reference[question.id] else { return [] }
    let verdict = grader.verdict(on: question, node: node)
    guard verdict.points < question.points - 1e-9 else { return [] }
    return [.referenceFails(question.id, verdict.message, at: place)]
  }

  static func check(
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
