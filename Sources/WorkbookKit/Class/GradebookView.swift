import Foundation
package import Grading
import ProgressStore
import SourceDiagnostics

/// A gradebook as it is shown and exported.
package struct GradebookView: Sendable {
  /// One learner's grade on one puzzle.
  package struct Grade: Sendable {
    package let learner: String
    package let puzzle: String
    package let standing: GradeStanding
    package let possible: Double?
    /// The points set by hand, and why.
    package let override: (points: Double, reason: String)?
    package let marks: [Mark]
    /// What was answered, by question.
    package let answers: [String: String]
    /// What the policy takes off: `2 hints`, its size, and the points.
    package let deductions: [(reason: String, size: String, points: Double)]
    /// Which attempt is graded, of several; `nil` for the answers as they were handed in.
    package let gradedAttempt: Int?
    package let message: String?
    private let verdictsJSON: String?

    /// What was said about each question, with its evidence; empty unless graded.
    package var verdicts: [Verdict] {
      let report = verdictsJSON.flatMap {
        try? JSONDecoder().decode(GradeReport.self, from: Data($0.utf8))
      }
      return report?.verdicts ?? []
    }

    /// The points that count: those set by hand, else the computed ones.
    package var points: Double? { override?.points ?? standing.points }
    /// Whether some points are suggestions that nobody has confirmed.
    package var isProvisional: Bool { override == nil && marks.contains(where: \.isProvisional) }
  }

  /// One question's part of a grade.
  package struct Mark: Sendable {
    package let question: String
    package let outcome: String
    package let points: Double
    package let possible: Double
    package let isProvisional: Bool
    /// What a person said of the answer; `nil` for nothing.
    package let comment: String?
  }

  package let puzzles: [String]
  package let learners: [String]
  /// By learner, then puzzle.
  package let grades: [Grade]
  /// The canonical export: see ``GradebookContent/canonicalLines``.
  package let canonicalLines: String
  package let digest: String

  init(_ content: GradebookContent) {
    puzzles = Set(content.entries.map(\.puzzle)).sorted {
      $0.compare($1, options: .numeric) == .orderedAscending
    }
    learners = Set(content.entries.map(\.learner)).sorted()
    grades = content.entries.map { Grade($0, content) }
    canonicalLines = content.canonicalLines
    digest = content.digest
  }

  /// How many grades rest on points that nobody has confirmed.
  package var provisionalCount: Int { grades.count(where: \.isProvisional) }

  /// Returns each learner's points on each puzzle; what is not graded has none.
  ///
  /// - Parameter missingAsZero: Whether a missing submission counts as 0 points.
  /// - Returns: The points that count, by learner and puzzle.
  func points(missingAsZero: Bool) -> [Slot: Points] {
    var points: [Slot: Points] = [:]
    for grade in grades {
      let isMissing = grade.standing.outcome == GradebookEntry.Outcome.missing.rawValue
      guard let own = grade.points ?? (isMissing && missingAsZero ? 0 : nil) else { continue }
      points[Slot(learner: grade.learner, puzzle: grade.puzzle)] = Points(rounding: own)
    }
    return points
  }

  /// Returns a line for each learner with the points of each puzzle and their sum.
  ///
  /// What is not graded is blank, and so is a sum without any points; sums are exact.
  package func csv(missingAsZero: Bool) -> String {
    let points = points(missingAsZero: missingAsZero)
    var lines = CSVTable.line(["learner"] + puzzles + ["sum"])
    for learner in learners {
      let own = puzzles.map { points[Slot(learner: learner, puzzle: $0)] }
      let known = own.compactMap(\.self)
      let sum = known.isEmpty ? nil : known.reduce(Points(thousandths: 0), +)
      lines += CSVTable.line(
        [CSVTable.harmless(learner)] + (own + [sum]).map { $0?.text ?? "" }
      )
    }
    return lines
  }
}

extension GradebookView.Grade {
  fileprivate init(_ entry: GradebookEntry, _ content: GradebookContent) {
    let settled = entry.settled(content.reviews)
    learner = entry.learner
    puzzle = entry.puzzle
    standing = GradeStanding(entry, content.reviews)
    possible = entry.possible?.value
    override = content.latestOverrides[Slot(entry)].map { ($0.points.value, $0.reason) }
    marks = (settled?.marks ?? entry.marks).map { mark in
      let comment =
        entry.answers[mark.question]
        .flatMap { content.reviews[entry.puzzle, mark.question, $0]?.comment } ?? ""
      return GradebookView.Mark(
        question: mark.question,
        outcome: mark.outcome,
        points: Points(thousandths: mark.thousandths).value,
        possible: Points(thousandths: mark.possible).value,
        isProvisional: mark.isProvisional,
        comment: comment.isEmpty ? nil : comment
      )
    }
    answers = entry.answers
    deductions = (settled?.deducted.taken ?? []).map {
      ($0.deduction.reason, $0.deduction.sizeText, $0.points.value)
    }
    gradedAttempt = entry.ledger?.gradedAttempt
    message = entry.message
    verdictsJSON = entry.verdictsJSON
  }
}
