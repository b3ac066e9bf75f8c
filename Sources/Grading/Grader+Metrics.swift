import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

extension Grader {
  func grade(
    _ answer: MetricAnswer,
    _ question: Question,
    _ key: MetricKey,
    node: AnswerNode
  ) throws(GradingFailure) -> Verdict {
    let metric = try learnersMetric(answer, node: node)
    let learner = evaluator.with(learnersMetric: metric)
    let pairs = evaluator.randomPairs(count: Invariance.pairCount, seed: 0)
    var evidence: [Verdict.Evidence] = []
    do throws(Diagnostic) {
      let values = try learner.values(of: metric, pairs: pairs)
      _ = try Evaluator.spread(of: values)
      evidence.append(contentsOf: GradingWording.distribution(of: values))
      if !metric.isNamedSimilarity { evidence.append(.init(GradingWording.ranksByLikeness)) }
    } catch {
      // A metric that says nothing earns nothing, whatever the requirements let through.
      if error.rule == "constant-metric" || error.rule == "non-finite-metric" {
        return question.verdict(.incorrect, GradingWording.sentence(error))
      }
      throw .unreadable(error.movedIntoAnswer(node))
    }
    var earned = 0.0
    var failures: [String] = []
    for requirement in key.requirements {
      let met: Bool
      switch requirement.condition {
      case .invariant(let kind):
        let result = try invariance(of: metric, kind, learner)
        evidence.append(GradingWording.invariance(result))
        met = result.holds
      case .that(let formula):
        met = try holds(formula, learner, node)
      }
      if met { earned += requirement.points } else { failures.append(requirement.says) }
    }
    if failures.isEmpty {
      return question.verdict(
        .correct,
        GradingWording.correct,
        points: question.points,
        evidence: evidence
      )
    }
    var message = failures.joined(separator: " ")
    if let trap = try trap(for: answer, metric, key, pairs: pairs) { message = trap }
    return question.verdict(
      share: min(0.99, earned / max(question.points, .leastNonzeroMagnitude)),
      message,
      evidence: evidence
    )
  }

  /// Runs a requirement; where only the learner's metric makes it too costly, that is said.
  private func holds(
    _ formula: Formula,
    _ learner: Evaluator,
    _ node: AnswerNode
  )
    throws(GradingFailure) -> Bool
  {
    do throws(Diagnostic) {
      return try learner.truth(formula)
    } catch {
      if error.rule == "too-costly" || error.rule == "too-large" {
        throw .unreadable(error.at(node.place))
      }
      throw .fault(error)
    }
  }

  /// Returns the learner's metric, checked for names, shapes and cost.
  func learnersMetric(
    _ answer: MetricAnswer,
    node: AnswerNode
  ) throws(GradingFailure)
    -> Metric
  {
    do throws(Diagnostic) {
      let formula: Formula
      switch answer {
      case .choice(let choice): formula = try choice.formula
      case .formula(let written): formula = written
      }
      guard let metric = try evaluator.metric(from: formula) else {
        throw .notAMetric(found: "\(try evaluator.check(formula).type)")
      }
      return metric
    } catch {
      throw .unreadable(error.movedIntoAnswer(node))
    }
  }

  private func invariance(
    of metric: Metric,
    _ kind: MetricKey.Invariance,
    _ learner: Evaluator
  ) throws(GradingFailure) -> Invariance {
    guard let transformation = ModelTransformation(rawValue: kind.rawValue) else {
      throw .fault(Diagnostic("no-transformation", "no transformation named '\(kind.rawValue)'"))
    }
    return try trusted { () throws(Diagnostic) in
      try learner.invariance(of: metric, under: transformation)
    }
  }

  /// Returns the message of the first trap this metric falls into: it is one of the trap's choices,
  /// or its values are those of the trap's formula.
  private func trap(
    for answer: MetricAnswer,
    _ metric: Metric,
    _ key: MetricKey,
    pairs: PairSet
  ) throws(GradingFailure) -> String? {
    // Most traps are told apart by a few pairs, and each pair may cost a sort.
    let few = PairSet(
      left: Array(pairs.left.prefix(20)),
      right: Array(pairs.right.prefix(20)),
      listed: 20
    )
    for trap in key.traps {
      switch trap.when {
      case .choice(let pattern):
        if case .choice(let choice) = answer, pattern.matches(choice) { return trap.says }
      case .formula(let formula):
        let other = Metric(formula)
        let mayAgree = (try? evaluator.agree(metric, other, on: few, within: 1e-3)) ?? true
        guard mayAgree else { continue }
        let isSame = try trusted { () throws(Diagnostic) in
          try evaluator.agree(metric, other, on: pairs)
        }
        if isSame { return trap.says }
      }
    }
    return nil
  }
}

extension Evaluator {
  /// Returns whether two metrics give the same values on the given pairs, within a share of their
  /// spread; the standard one is what rounding makes.
  func agree(
    _ first: Metric,
    _ second: Metric,
    on pairs: PairSet,
    within share: Double = 1e-4
  ) throws(Diagnostic) -> Bool {
    let left = try values(of: first, pairs: pairs)
    let right = try values(of: second, pairs: pairs)
    let spread = try Evaluator.spread(of: left)
    return zip(left, right).allSatisfy { abs($0 - $1) <= share * spread }
  }
}
