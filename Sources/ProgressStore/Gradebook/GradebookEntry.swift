package import Grading

/// One learner's grade on one puzzle, with what it rests on.
package struct GradebookEntry: Sendable, Hashable {
  /// How a submission ended; only `graded` carries points.
  package enum Outcome: String, Sendable, CaseIterable {
    case graded, missing
    /// The file cannot be read as a submission.
    case unreadable
    /// The grader failed on a question; never the learner's loss.
    case fault
  }

  /// What a grade depends on, by digest: the same pins and the same submission give the same grade.
  package struct Pins: Sendable, Hashable {
    package var puzzle: String
    package var key: String
    /// The digest of the model's weights; empty where no model was reached.
    package var model: String
    package var toolVersion: String
    /// What is added to every seed; `0` unless all random draws are to be other ones.
    package var seed: String
    /// The digest of the policy; empty without one.
    package var policy: String

    package init(
      puzzle: String,
      key: String,
      model: String,
      toolVersion: String,
      seed: String,
      policy: String
    ) {
      self.puzzle = puzzle
      self.key = key
      self.model = model
      self.toolVersion = toolVersion
      self.seed = seed
      self.policy = policy
    }
  }

  /// One question's part of a grade.
  package struct Mark: Sendable, Hashable, Codable {
    package let question: String
    package let outcome: String
    package var thousandths: Int
    package let possible: Int
    /// Whether the points are a suggestion that a person has still to confirm.
    package var isProvisional: Bool

    package init(
      question: String,
      outcome: String,
      thousandths: Int,
      possible: Int,
      isProvisional: Bool
    ) {
      self.question = question
      self.outcome = outcome
      self.thousandths = thousandths
      self.possible = possible
      self.isProvisional = isProvisional
    }

    /// Rows of the first version hold no more than the first three.
    package init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        question: try fields.decode(String.self, forKey: .question),
        outcome: try fields.decode(String.self, forKey: .outcome),
        thousandths: try fields.decode(Int.self, forKey: .thousandths),
        possible: try fields.decodeIfPresent(Int.self, forKey: .possible) ?? 0,
        isProvisional: try fields.decodeIfPresent(Bool.self, forKey: .isProvisional) ?? false
      )
    }
  }

  /// What the learner's own record says of the way to the answers, where it was handed in.
  package struct Ledger: Sendable, Hashable, Codable {
    /// When it was handed in, in seconds since 1970; `nil` if nothing says so.
    package var handedIn: Double?
    /// Whether only the learner's clock says when.
    package var isOwnClock: Bool
    package var hints: Int
    package var isRevealed: Bool
    package var attempts: Int
    /// Whether some attempt solved it, by the record.
    package var isSolved: Bool
    /// How many hints came before that attempt.
    package var hintsBeforeSuccess: Int
    /// Whether the answer was shown without the puzzle having been solved before.
    package var gaveUp: Bool
    /// Whether the learner's record was handed in; else only a time is known.
    package var hasRecord: Bool
    /// Which attempt is graded, from 1; `nil` for the answers as they were handed in.
    package var gradedAttempt: Int?

    package init(
      handedIn: Double? = nil,
      isOwnClock: Bool = false,
      hasRecord: Bool = false,
      hints: Int = 0,
      isRevealed: Bool = false,
      attempts: Int = 0,
      isSolved: Bool = false,
      hintsBeforeSuccess: Int = 0,
      gaveUp: Bool = false,
      gradedAttempt: Int? = nil
    ) {
      self.handedIn = handedIn
      self.isOwnClock = isOwnClock
      self.hints = hints
      self.isRevealed = isRevealed
      self.attempts = attempts
      self.isSolved = isSolved
      self.hintsBeforeSuccess = hintsBeforeSuccess
      self.gaveUp = gaveUp
      self.hasRecord = hasRecord
      self.gradedAttempt = gradedAttempt
    }
  }

  package let learner: String
  package let puzzle: String
  package let outcome: Outcome
  /// Where the submission lies, relative to the class's folder; `nil` if it is missing.
  package let path: String?
  /// The SHA-256 of the submission's bytes; `nil` if they could not be read.
  package let digest: String?
  package let model: String?
  /// The puzzle's points.
  package let possible: Points?
  /// One for each question, in the puzzle's order; empty unless graded.
  package let marks: [Mark]
  /// What was answered, by question id, as one text each.
  package let answers: [String: String]
  /// `nil` where only the answers were handed in.
  package let ledger: Ledger?
  /// Whether it was handed in after it was due.
  package let isLate: Bool
  /// What the policy takes off.
  package let deductions: [Deduction]
  /// Why there is no grade, if there is none.
  package let message: String?
  /// The verdicts with their evidence, as JSON.
  package let verdictsJSON: String?
  package let pins: Pins

  package init(
    learner: String,
    puzzle: String,
    outcome: Outcome,
    path: String? = nil,
    digest: String? = nil,
    model: String? = nil,
    possible: Points? = nil,
    marks: [Mark] = [],
    answers: [String: String] = [:],
    ledger: Ledger? = nil,
    isLate: Bool = false,
    deductions: [Deduction] = [],
    message: String? = nil,
    verdictsJSON: String? = nil,
    pins: Pins
  ) {
    self.learner = learner
    self.puzzle = puzzle
    self.outcome = outcome
    self.path = path
    self.digest = digest
    self.model = model
    self.possible = possible
    self.marks = marks
    self.answers = answers
    self.ledger = ledger
    self.isLate = isLate
    self.deductions = deductions
    self.message = message
    self.verdictsJSON = verdictsJSON
    self.pins = pins
  }

  /// Whether two grades are the same grade: of the same submission, with the same outcome, marks and
  /// deductions.
  package func isSameGrade(as other: GradebookEntry) -> Bool {
    learner == other.learner && puzzle == other.puzzle && digest == other.digest
      && outcome == other.outcome && marks == other.marks && isLate == other.isLate
      && deductions == other.deductions && possible == other.possible
  }
}

extension GradebookEntry {
  /// Returns the same grade as another policy judges it.
  package func judged(
    isLate: Bool,
    _ deductions: [Deduction],
    ledger: Ledger?,
    policy: String
  ) -> GradebookEntry {
    var pins = pins
    pins.policy = policy
    return GradebookEntry(
      learner: learner,
      puzzle: puzzle,
      outcome: outcome,
      path: path,
      digest: digest,
      model: model,
      possible: possible,
      marks: marks,
      answers: answers,
      ledger: ledger,
      isLate: isLate,
      deductions: deductions,
      message: message,
      verdictsJSON: verdictsJSON,
      pins: pins
    )
  }
}

/// A grade as it counts: with the marks that a person gave, and after what the policy takes off.
package struct SettledGrade: Sendable, Hashable {
  package let marks: [GradebookEntry.Mark]
  /// The sum of the marks.
  package let earned: Points
  package let deducted: DeductedPoints

  package var points: Points { deducted.left }
  /// Whether some points are suggestions that nobody has confirmed.
  package var isProvisional: Bool { marks.contains(where: \.isProvisional) }
}

extension GradebookEntry {
  /// Returns the grade as it counts; `nil` for a submission that is not graded.
  package func settled(_ reviews: Reviews) -> SettledGrade? {
    guard outcome == .graded else { return nil }
    let marks = marks.map { mark in
      guard let text = answers[mark.question],
        let points = reviews[puzzle, mark.question, text]?.points
      else { return mark }
      var mark = mark
      mark.thousandths = points.thousandths
      mark.isProvisional = false
      return mark
    }
    let earned = Points(thousandths: marks.reduce(0) { $0 &+ $1.thousandths })
    return SettledGrade(
      marks: marks,
      earned: earned,
      deducted: DeductedPoints(deductions, from: earned, of: possible ?? earned)
    )
  }
}

/// Points set by a person in place of those that were computed.
package struct GradeOverride: Sendable, Hashable {
  package let learner: String
  package let puzzle: String
  package let points: Points
  package let reason: String
  /// When it was made, in seconds since 1970.
  package let at: Double

  package init(learner: String, puzzle: String, points: Points, reason: String, at: Double) {
    self.learner = learner
    self.puzzle = puzzle
    self.points = points
    self.reason = reason
    self.at = at
  }
}
