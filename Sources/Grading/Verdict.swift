/// How one answer fared.
package enum Outcome: String, Sendable, Codable, CaseIterable {
  case correct
  case partial
  case incorrect
  case unanswered
  /// The answer cannot be read, or costs more than allowed; the other answers are graded all the same.
  case unreadable
  /// The answer was read, and there is no key here to grade it by: an instructor has it.
  case ungraded
  /// The grader failed; never the learner's loss.
  case fault
}

/// What is said about one question: the outcome, the points, why, and what the answer produces.
package struct Verdict: Sendable, Codable, Hashable {
  /// Something computed from the weights with the learner's answer; never the expected value.
  package struct Evidence: Sendable, Codable, Hashable {
    package let text: String
    /// The number the text states, unrounded; `nil` where it states none, or none that is finite.
    package let value: Double?

    package init(_ text: String, value: Double? = nil) {
      self.text = text
      // JSON has no infinities; the text says what there is to say.
      self.value = value.flatMap { $0.isFinite ? $0 : nil }
    }
  }

  package let question: String
  package let outcome: Outcome
  package let points: Double
  package let possible: Double
  package let message: String
  package let evidence: [Evidence]
  /// Whether a person has still to confirm the points.
  package let isProvisional: Bool

  private enum CodingKeys: String, CodingKey {
    case question, outcome, points, possible, message, evidence
    case isProvisional = "provisional"
  }

  package init(
    question: String,
    outcome: Outcome,
    points: Double,
    possible: Double,
    message: String,
    evidence: [Evidence] = [],
    isProvisional: Bool = false
  ) {
    self.question = question
    self.outcome = outcome
    self.points = points
    self.possible = possible
    self.message = message
    self.evidence = evidence
    self.isProvisional = isProvisional
  }
}

/// The verdicts on one submission.
package struct GradeReport: Sendable, Codable, Hashable {
  package let puzzle: String
  package let model: String
  /// Whether every question but predictions and explanations is correct.
  package let solved: Bool
  package let score: Double
  package let possible: Double
  /// One verdict for each question, in the puzzle's order.
  package let verdicts: [Verdict]
}
