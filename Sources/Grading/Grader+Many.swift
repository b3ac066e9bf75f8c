import EmbeddingMath
import MetricLanguage
package import PuzzleRegistry

/// Grading many answers at once, in an order in which they share what they need.
extension Grader {
  /// Grades choices of one metric question.
  ///
  /// What depends on the model alone is computed once, before the threads could each do it: first what
  /// all zero points share, then what each needs. Choices that differ in the similarity only follow
  /// each other, since they share their rows.
  ///
  /// - Parameters:
  ///   - answers: The choices, each as it is written.
  ///   - question: The question they answer.
  ///   - threads: How many groups are graded at a time; one for each processor if `nil`.
  /// - Returns: A verdict for each, in their order.
  func verdicts(
    on answers: [(choice: MetricChoice, node: AnswerNode)],
    _ question: Question,
    threads: Int? = nil
  ) -> [Verdict] {
    let threads = threads ?? processorCount()
    let zeroPoints = Dictionary(grouping: answers.indices) { answers[$0].choice.zeroPoint }
    let widest = zeroPoints.values.compactMap { indices in
      indices.max { answers[$0].choice.remove < answers[$1].choice.remove }
    }.sorted()
    @Sendable func prepare(_ index: Int) {
      let (choice, node) = answers[index]
      var plain = choice
      plain.similarity = .dot
      _ = verdict(on: question, node: .choice(plain, at: node.place))
      evaluator.prepare(plain)
    }
    if let first = widest.first { prepare(first) }
    _ = concurrentMap(max(0, widest.count - 1), threads: threads) { prepare(widest[$0 + 1]) }
    let alike = Dictionary(grouping: answers.indices) { index in
      var choice = answers[index].choice
      choice.similarity = .dot
      return choice
    }
    let groups = alike.values.sorted { $0[0] < $1[0] }
    let found = concurrentMap(groups.count, threads: threads) { group in
      groups[group].map { remembered(question, answers[$0].node) }
    }
    return zip(groups.joined(), found.joined()).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Grades what many submissions answer, each distinct answer once, for ``grade(_:predictions:)`` to
  /// find.
  ///
  /// - Parameters:
  ///   - submissions: The submissions.
  ///   - threads: How many answers are graded at a time; the verdicts do not depend on it.
  package func remember(_ submissions: [Submission], threads: Int) {
    guard let memory else { return }
    let questions = puzzle.questions.filter { !$0.isPrediction }
    _ = concurrentTasks(questions.count, threads: threads) { index in
      let question = questions[index]
      let answers = memory.unknown(
        submissions.map { submission in
          submission.answers.first { $0.questionID == question.id }?.node
        },
        to: question
      )
      var choices: [(choice: MetricChoice, node: AnswerNode)] = []
      for node in answers {
        if case .metric(.choice(let choice))? = try? question.read(node) {
          choices.append((choice, node))
        } else {
          // One after the other: the first computes the truth, which the others then find.
          _ = remembered(question, node)
        }
      }
      _ = verdicts(on: choices, question, threads: threads)
    }
  }
}

extension Evaluator {
  /// Computes what a choice needs of the model alone, so that it is there when threads ask for it.
  fileprivate func prepare(_ choice: MetricChoice) {
    guard let formula = try? choice.formula, let metric = try? metric(from: formula) else { return }
    _ = try? values(of: metric, pairs: randomPairs(count: 2, seed: 0))
  }
}
