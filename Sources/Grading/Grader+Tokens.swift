import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

extension Grader {
  /// Returns the tokens that the texts are, without repeats, and what is said of each text.
  func learnersTokens(
    _ texts: [String],
    at place: SourcePlace
  ) throws(GradingFailure) -> (tokens: [Int], evidence: [Verdict.Evidence]) {
    var tokens: [Int] = []
    var evidence: [Verdict.Evidence] = []
    for text in texts {
      guard let token = evaluator.model.tokenID(text) else {
        throw .unreadable(
          .notOneToken(
            text,
            pieces: evaluator.model.pieces(of: text).map(evaluator.model.displayName),
            at: place
          )
        )
      }
      if !tokens.contains(token) { tokens.append(token) }
      evidence.append(.init("\(evaluator.model.displayName(of: token)) is token \(token)"))
    }
    return (tokens, evidence)
  }

  func grade(
    _ texts: [String],
    _ question: Question,
    _ key: TokensKey,
    at place: SourcePlace
  )
    throws(GradingFailure) -> Verdict
  {
    let truth = try set(key.truth)
    let (tokens, named) = try learnersTokens(texts, at: place)
    var evidence = named
    let hits = tokens.count { truth.contains($0) }
    // Shown only for a full answer, so that it cannot be used to try tokens one by one.
    if tokens.count >= key.need {
      evidence.append(
        .init(GradingWording.tokensThatBelong(hits, of: tokens.count), value: Double(hits))
      )
    }
    // A wrong token cancels a right one, so that a long list of guesses earns nothing.
    let net = hits - (tokens.count - hits)
    if net >= key.need, hits >= key.need {
      return question.verdict(
        .correct,
        GradingWording.correct,
        points: question.points,
        evidence: evidence
      )
    }
    for trap in key.traps {
      let wrong = try set(trap.when)
      let caught = tokens.count { wrong.contains($0) && !truth.contains($0) }
      if caught > 0, 2 * caught >= tokens.count {
        return question.verdict(.incorrect, trap.says, evidence: evidence)
      }
    }
    return question.verdict(
      share: min(0.99, Double(net) / Double(max(1, key.need))),
      net > 0
        ? GradingWording.tooFewTokens(need: key.need)
        : hits > 0 ? GradingWording.mixedTokens : GradingWording.wrongTokens,
      evidence: evidence
    )
  }

  func set(_ formula: Formula) throws(GradingFailure) -> Set<Int> {
    let evaluation = try trusted { () throws(Diagnostic) in try evaluator.evaluate(formula) }
    guard case .tokens(let tokens) = evaluation.value else {
      throw .fault(
        Diagnostic("type", "expected a formula that gives tokens, found \(evaluation.type)")
      )
    }
    return Set(tokens)
  }
}
