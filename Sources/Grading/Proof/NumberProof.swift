import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

/// Proves that a number's tolerance fits what its truth is made of.
struct NumberProof {
  /// A tolerance is at least so many times the error of the truth.
  static let margin = 10.0
  /// How many other draws tell how far a truth that rests on random draws moves.
  private static let draws: [UInt64] = [101, 202, 303]

  let grader: Grader
  let question: Question
  let key: NumberKey
  let place: SourcePlace
  /// Evaluators of the same weights, each moved within float32's rounding.
  let rounded: Evaluator

  func run() throws(GradingFailure) -> (faults: [Diagnostic], guessing: Double) {
    guard let formula = key.truth else { return ([], 0) }
    let truth = try number(formula)
    var faults: [Diagnostic] = []
    if grader.verdict(on: question, node: .plain("\(truth)", at: place)).outcome != .correct {
      faults.append(.referenceFails(question.id, "its own truth", at: place))
    }
    var traps: [Double] = []
    for trap in key.traps {
      let value = try number(trap.when)
      traps.append(value)
      let verdict = grader.verdict(on: question, node: .plain("\(value)", at: trap.place))
      faults += PuzzleProof.check(verdict, says: trap.says, in: question, at: trap.place)
      // A trap within the tolerance is graded correct, which says it already.
      if verdict.outcome != .correct, abs(value - truth) < 2 * key.tolerance {
        faults.append(.toleranceTooWide(question.id, key.tolerance, at: trap.place))
      }
    }
    faults += try errors(of: formula, truth)
    let guessing = GuessingBaseline.number(
      question,
      truth: truth,
      traps: traps,
      tolerance: key.tolerance
    )
    return (faults, guessing)
  }

  /// Compares the tolerance with how far rounding and other draws move the truth.
  private func errors(of formula: Formula, _ truth: Double) throws(GradingFailure) -> [Diagnostic] {
    let rounding = abs(
      try grader.trusted { () throws(Diagnostic) in try rounded.number(formula) } - truth
    )
    if key.tolerance < Self.margin * rounding {
      return [
        .toleranceTooNarrow(question.id, key.tolerance, rounding, cause: "rounding", at: place)
      ]
    }
    guard formula.drawsAtRandom else { return [] }
    var squares = 0.0
    for offset in Self.draws {
      let drawn = try grader.trusted { () throws(Diagnostic) in
        try grader.evaluator.with(seedOffset: offset).number(formula)
      }
      squares += (drawn - truth) * (drawn - truth)
    }
    let error = (squares / Double(Self.draws.count)).squareRoot()
    guard key.tolerance < Self.margin * error else { return [] }
    return [
      .toleranceTooNarrow(question.id, key.tolerance, error, cause: "other random draws", at: place)
    ]
  }

  private func number(_ formula: Formula) throws(GradingFailure) -> Double {
    try grader.trusted { () throws(Diagnostic) in try grader.evaluator.number(formula) }
  }
}
