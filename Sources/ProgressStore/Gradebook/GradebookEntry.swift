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

    package init(puzzle: String, key: String, model: String, toolVersion: String) {
      self.puzzle = puzzle
      self.key = key
      self.model = model
      self.toolVersion = toolVersion
    }
  }

  /// One question's part of a grade.
  package struct Mark: Sendable, Hashable, Codable {
    package let question: String
    package let outcome: String
    package let thousandths: Int

    package init(question: String, outcome: String, thousandths: Int) {
      self.question = question
      self.outcome = outcome
      self.thousandths = thousandths
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
  package let points: Points?
  package let possible: Points?
  /// One for each question, in the puzzle's order; empty unless graded.
  package let marks: [Mark]
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
    points: Points? = nil,
    possible: Points? = nil,
    marks: [Mark] = [],
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
    self.points = outcome == .graded ? points : nil
    self.possible = possible
    self.marks = marks
    self.message = message
    self.verdictsJSON = verdictsJSON
    self.pins = pins
  }

  /// Whether two grades are the same grade: of the same submission, with the same outcome and points.
  package func isSameGrade(as other: GradebookEntry) -> Bool {
    learner == other.learner && puzzle == other.puzzle && digest == other.digest
      && outcome == other.outcome && points == other.points && marks == other.marks
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
