package import MetricLanguage
package import PuzzleRegistry
import SourceDiagnostics

/// Grades submissions to one puzzle on one model.
///
/// Pure: the same puzzle, key, weights and answers give the same verdicts, whatever the clock, the
/// disk or the number of threads.
package struct Grader: Sendable {
  package let puzzle: Puzzle
  package let key: Key
  package let evaluator: Evaluator
  /// Whether there is a key; without one, answers are read and nothing more.
  private let hasKey: Bool
  /// What was graded before, if a class is graded.
  let memory: VerdictMemory?

  /// - Parameters:
  ///   - puzzle: The puzzle.
  ///   - key: Its key.
  ///   - evaluator: An evaluator of the submission's model with the puzzle's lexicon.
  ///   - memory: Verdicts of this puzzle on this model; `nil` to keep none.
  package init(puzzle: Puzzle, key: Key, evaluator: Evaluator, memory: VerdictMemory? = nil) {
    self.puzzle = puzzle
    self.key = key
    self.evaluator = evaluator
    self.hasKey = true
    self.memory = memory
  }

  /// Makes a grader for a copy of a puzzle that was handed out without its key.
  ///
  /// It says of every answer whether it can be read; recorded predictions still earn their points.
  package init(withoutKeyTo puzzle: Puzzle, evaluator: Evaluator) {
    self.puzzle = puzzle
    self.key = .absent(for: puzzle)
    self.evaluator = evaluator
    self.hasKey = false
    self.memory = nil
  }

  /// Grades every question of a submission.
  ///
  /// - Parameters:
  ///   - submission: The learner's answers; one that cannot be read does not stop the others.
  ///   - predictions: What was predicted before the first look, by question id.
  /// - Returns: One verdict for each question, then one for each answer to a question there is not.
  package func grade(_ submission: Submission, predictions: [String: Double] = [:]) -> GradeReport {
    var answers: [String: AnswerNode] = [:]
    for (question, node) in submission.answers where answers[question] == nil {
      answers[question] = node
    }
    var report = grade(answers: answers, predictions: predictions)
    let strays = submission.answers.filter { puzzle.question($0.questionID) == nil }
    if !strays.isEmpty {
      let verdicts = strays.map { stray in
        Verdict(
          question: stray.questionID,
          outcome: .unreadable,
          points: 0,
          possible: 0,
          message: Diagnostic.unknownQuestion(
            stray.questionID,
            among: puzzle.questions.map(\.id),
            at: stray.node.place
          ).rendered()
        )
      }
      report = GradeReport(
        puzzle: report.puzzle,
        model: report.model,
        solved: report.solved,
        score: report.score,
        possible: report.possible,
        verdicts: report.verdicts + verdicts
      )
    }
    return report
  }

  /// Grades answers given by question id.
  package func grade(
    answers: [String: AnswerNode],
    predictions: [String: Double] = [:]
  )
    -> GradeReport
  {
    let verdicts = puzzle.questions.map { question in
      question.isPrediction
        ? verdict(onPrediction: question, node: answers[question.id], recorded: predictions)
        : remembered(question, answers[question.id])
    }
    let decisive = zip(puzzle.questions, verdicts).filter {
      !$0.0.isPrediction && $0.0.kind != .explain
    }
    return GradeReport(
      puzzle: puzzle.id,
      model: evaluator.model.modelName,
      solved: !decisive.isEmpty && decisive.allSatisfy { $0.1.outcome == .correct },
      score: verdicts.reduce(0) { $0 + $1.points },
      possible: verdicts.reduce(0) { $0 + $1.possible },
      verdicts: verdicts
    )
  }

  /// Grades one question, or returns the verdict that is kept of this answer.
  func remembered(_ question: Question, _ node: AnswerNode?) -> Verdict {
    guard let memory else { return verdict(on: question, node: node) }
    return memory.verdict(on: question, node) { verdict(on: question, node: node) }
  }

  /// Grades one question that is not a prediction.
  package func verdict(on question: Question, node: AnswerNode?) -> Verdict {
    guard let node else { return question.verdict(.unanswered, GradingWording.unanswered) }
    let answer: Answer
    do throws(Diagnostic) {
      answer = try question.read(node)
    } catch {
      return question.verdict(.unreadable, error.rendered())
    }
    guard answer != .unanswered else {
      return question.verdict(.unanswered, GradingWording.unanswered)
    }
    guard hasKey else { return ungraded(answer, question, node: node) }
    guard let questionKey = key.questions[question.id] else {
      return question.verdict(.fault, GradingWording.noKey(question.id))
    }
    do throws(GradingFailure) {
      switch (answer, questionKey) {
      case (.number(let value), .number(let key)): return try grade(value, question, key)
      case (.choice(let chosen), .choice(let key)): return try grade(chosen, question, key)
      case (.tokens(let tokens), .tokens(let key)):
        return try grade(tokens, question, key, at: node.place)
      case (.metric(let metric), .metric(let key)):
        return try grade(metric, question, key, node: node)
      case (.text(let text), .explain(let key)): return grade(text, question, key)
      default: return question.verdict(.fault, GradingWording.noKey(question.id))
      }
    } catch {
      switch error {
      case .unreadable(let diagnostic):
        return question.verdict(.unreadable, diagnostic.rendered())
      case .fault(let diagnostic):
        return question.verdict(.fault, GradingWording.fault(diagnostic))
      }
    }
  }

  private func verdict(
    onPrediction question: Question,
    node: AnswerNode?,
    recorded: [String: Double]
  ) -> Verdict {
    var evidence: [Verdict.Evidence] = []
    if let predicted = recorded[question.id] {
      evidence.append(
        .init(GradingWording.predicted(predicted), value: predicted)
      )
      // The plot shows the value from the first look on, so it gives nothing away here.
      if case .number(let key)? = key.questions[question.id], let truth = key.truth,
        let value = try? evaluator.number(truth)
      {
        evidence.append(.init(GradingWording.turnedOut(value), value: value))
      }
      return question.verdict(
        .correct,
        GradingWording.predictionRecorded,
        points: question.points,
        evidence: evidence
      )
    }
    guard let node else { return question.verdict(.unanswered, GradingWording.noPrediction) }
    do throws(Diagnostic) {
      guard case .number = try question.read(node) else {
        return question.verdict(.unanswered, GradingWording.noPrediction)
      }
      return question.verdict(.incorrect, GradingWording.latePrediction)
    } catch {
      return question.verdict(.unreadable, error.rendered())
    }
  }
}

/// Why a question could not be graded, and whose doing it was.
enum GradingFailure: Error {
  /// The learner's answer cannot be run.
  case unreadable(Diagnostic)
  /// The key, or the grader, cannot be run.
  case fault(Diagnostic)
}

extension Question {
  /// Makes a verdict on this question.
  func verdict(
    _ outcome: Outcome,
    _ message: String,
    points: Double = 0,
    evidence: [Verdict.Evidence] = [],
    isProvisional: Bool = false
  ) -> Verdict {
    Verdict(
      question: id,
      outcome: outcome,
      points: points,
      possible: self.points,
      message: message,
      evidence: evidence,
      isProvisional: isProvisional
    )
  }

  /// Makes a verdict from a share of the points: all is correct, none incorrect.
  func verdict(
    share: Double,
    _ message: String,
    evidence: [Verdict.Evidence] = []
  ) -> Verdict {
    let outcome: Outcome = share >= 1 ? .correct : share <= 0 ? .incorrect : .partial
    return verdict(outcome, message, points: points * min(1, max(0, share)), evidence: evidence)
  }
}
