import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

extension Grader {
  /// Says that an answer was read, with what it produces; or that it cannot be run.
  func ungraded(_ answer: Answer, _ question: Question, node: AnswerNode) -> Verdict {
    do throws(GradingFailure) {
      switch answer {
      case .tokens(let texts):
        let evidence = try learnersTokens(texts, at: node.place).evidence
        return question.verdict(.ungraded, GradingWording.ungraded, evidence: evidence)
      case .metric(let metric): return try ungraded(metric, question, node: node)
      case .unanswered, .number, .choice, .text:
        return question.verdict(.ungraded, GradingWording.ungraded)
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

  /// Says how a learner's metric is distributed over random pairs, or that it says nothing.
  private func ungraded(
    _ answer: MetricAnswer,
    _ question: Question,
    node: AnswerNode
  ) throws(GradingFailure) -> Verdict {
    let metric = try learnersMetric(answer, node: node)
    let learner = evaluator.with(learnersMetric: metric)
    let pairs = evaluator.randomPairs(count: Invariance.pairCount, seed: 0)
    do throws(Diagnostic) {
      let values = try learner.values(of: metric, pairs: pairs)
      _ = try Evaluator.spread(of: values)
      let evidence = GradingWording.distribution(of: values)
      return question.verdict(.ungraded, GradingWording.ungraded, evidence: evidence)
    } catch {
      guard error.rule == "constant-metric" || error.rule == "non-finite-metric" else {
        throw .unreadable(error.movedIntoAnswer(node))
      }
      let message = "\(GradingWording.ungraded) \(GradingWording.sentence(error))"
      return question.verdict(.ungraded, message)
    }
  }
}
