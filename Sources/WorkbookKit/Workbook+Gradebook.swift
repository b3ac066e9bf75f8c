import EmbeddingMath
import Foundation
import Grading
import ProgressStore
import PuzzleRegistry
package import SourceDiagnostics

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
    /// Each question with its outcome and points.
    package let marks: [(question: String, outcome: String, points: Double)]
    package let message: String?

    /// The points that count: those set by hand, else the computed ones.
    package var points: Double? { override?.points ?? standing.points }
  }

  package let puzzles: [String]
  package let learners: [String]
  /// By learner, then puzzle.
  package let grades: [Grade]
  /// The canonical export: see ``Workbook/canonicalLines(of:overrides:)``.
  package let canonicalLines: String
  package let digest: String

  init(_ entries: [GradebookEntry], overrides: [GradeOverride], digest: String) {
    var latest: [Slot: GradeOverride] = [:]
    for override in overrides {
      latest[Slot(learner: override.learner, puzzle: override.puzzle)] = override
    }
    puzzles = Set(entries.map(\.puzzle)).sorted {
      $0.compare($1, options: .numeric) == .orderedAscending
    }
    learners = Set(entries.map(\.learner)).sorted()
    grades = entries.map { entry in
      Grade(
        learner: entry.learner,
        puzzle: entry.puzzle,
        standing: GradeStanding(entry),
        possible: entry.possible?.value,
        override: latest[Slot(entry)].map { ($0.points.value, $0.reason) },
        marks: entry.marks.map {
          ($0.question, $0.outcome, Points(thousandths: $0.thousandths).value)
        },
        message: entry.message
      )
    }
    canonicalLines = Workbook.canonicalLines(of: entries, overrides: overrides)
    self.digest = digest
  }

  /// Returns a line for each learner with the points of each puzzle and their sum.
  ///
  /// What is not graded is blank, and so is a sum without any points; sums are exact.
  package func csv(missingAsZero: Bool) -> String {
    var points: [Slot: Points] = [:]
    for grade in grades {
      let isMissing = grade.standing.outcome == GradebookEntry.Outcome.missing.rawValue
      guard let own = grade.points ?? (isMissing && missingAsZero ? 0 : nil) else { continue }
      points[Slot(learner: grade.learner, puzzle: grade.puzzle)] = Points(rounding: own)
    }
    var lines = CSVTable.line(["learner"] + puzzles + ["sum"])
    for learner in learners {
      let own = puzzles.map { points[Slot(learner: learner, puzzle: $0)] }
      let known = own.compactMap(\.self)
      let sum = known.isEmpty ? nil : known.reduce(Points(thousandths: 0), +)
      lines += CSVTable.line(
        [CSVTable.harmless(learner)]
          + (own + [sum]).map { $0.map { Numbers.exactPoints($0.value) } ?? "" }
      )
    }
    return lines
  }
}

extension Workbook {
  /// Returns a gradebook's grades.
  package func gradebook(_ path: String) throws(Diagnostic) -> GradebookView {
    let gradebook = try Gradebook(at: absolute(path), makes: false)
    let entries = try gradebook.entries()
    let overrides = try gradebook.overrides()
    return GradebookView(
      entries,
      overrides: overrides,
      digest: Self.digest(of: entries, overrides: overrides)
    )
  }

  /// One grade that was graded again; the reason says why it does not hold, if it does not.
  package struct GradeFinding: Sendable {
    package let learner: String
    package let puzzle: String
    package let reason: String?
  }

  /// Grades every submission in a gradebook again and compares.
  ///
  /// Nothing is written.
  ///
  /// - Parameters:
  ///   - path: The gradebook.
  ///   - directory: The class's folder.
  /// - Returns: A finding for each grade.
  /// - Throws: What keeps the gradebook, the class's folder or a key from being read.
  package func verifyGradebook(_ path: String, directory: String) throws -> [GradeFinding] {
    let entries = try Gradebook(at: absolute(path), makes: false).entries()
    let root = absolute(directory)
    let puzzles = Set(entries.map(\.puzzle)).sorted()
    let classFolder = try ClassFolder(root: root, puzzles: puzzles)
    let files = ClassFolder.bySlot(classFolder.found)
    let models = ClassModels(self)
    var findings: [GradeFinding] = []
    for (index, puzzle) in puzzles.enumerated() {
      let bench = try GradingBench(puzzle, models: models, root: root)
      let own = entries.filter { $0.puzzle == puzzle }
      let candidates = own.map {
        GradingBench.Candidate(learner: $0.learner, file: files[Slot($0)], known: nil)
      }
      for (entry, again) in zip(own, bench.entries(candidates, jobs: processorCount())) {
        findings.append(
          GradeFinding(
            learner: entry.learner,
            puzzle: puzzle,
            reason: Self.reason(entry, again)
          )
        )
      }
      surroundings.progress?(Double(index + 1) / Double(puzzles.count))
    }
    return findings
  }

  private static func reason(_ old: GradebookEntry, _ new: GradebookEntry) -> String? {
    if old.digest != new.digest { return "the submission is another one now" }
    if old.pins.puzzle != new.pins.puzzle { return "the puzzle is another one now" }
    if old.pins.key != new.pins.key { return "the key is another one now" }
    if old.pins.model != new.pins.model { return "the weights are other ones now" }
    guard !new.isSameGrade(as: old) else { return nil }
    return "graded again it is \(GradeStanding(new).summary), not \(GradeStanding(old).summary)"
  }

  /// Sets a learner's points on a puzzle by hand.
  ///
  /// - Returns: The puzzle's id, and what was set.
  /// - Throws: That the gradebook has no such grade.
  package func overrideGrade(
    of learner: String,
    on puzzle: String,
    points: Double,
    reason: String,
    gradebook path: String
  ) throws(Diagnostic) -> (puzzle: String, summary: String) {
    let gradebook = try Gradebook(at: absolute(path), makes: false)
    let entries = try gradebook.entries().filter { $0.learner == learner }
    guard
      let entry = entries.first(where: { $0.puzzle == puzzle || $0.puzzle.hasPrefix(puzzle + "-") })
    else {
      throw .noSuchGrade(learner, puzzle, known: entries.map(\.puzzle))
    }
    let exact = Points(rounding: points)
    try gradebook.record(
      GradeOverride(
        learner: learner,
        puzzle: entry.puzzle,
        points: exact,
        reason: reason,
        at: surroundings.now().timeIntervalSince1970
      )
    )
    return (
      entry.puzzle,
      "\(GradeStanding(entry).summary), set to \(Numbers.exactPoints(exact.value)) points"
    )
  }

  /// Returns what changed in a learner's grades, a sentence each, the oldest first.
  package func gradeHistory(
    of learner: String,
    gradebook path: String
  ) throws(Diagnostic) -> [String] {
    let gradebook = try Gradebook(at: absolute(path), makes: false)
    var events: [(at: Double, text: String)] = try gradebook.superseded(learner: learner).map {
      old in
      let points = old.points.map { ", \(Numbers.exactPoints($0.value)) points" } ?? ""
      return (
        old.at,
        "\(old.puzzle): \(old.outcome)\(points), graded \(Self.date(old.gradedAt)) by version "
          + "\(old.toolVersion) and key \(old.keyDigest.prefix(8)), was replaced"
      )
    }
    events += try gradebook.overrides().filter { $0.learner == learner }.map { override in
      (
        override.at,
        "\(override.puzzle): set to \(Numbers.exactPoints(override.points.value)) points: "
          + escapingControls(override.reason)
      )
    }
    return events.sorted { $0.at < $1.at }.map { "\(Self.date($0.at))  \($0.text)" }
  }

  private static func date(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).ISO8601Format()
  }
}

extension Diagnostic {
  fileprivate static func noSuchGrade(
    _ learner: String,
    _ puzzle: String,
    known: [String]
  ) -> Diagnostic {
    Diagnostic(
      "no-such-grade",
      "the gradebook has no grade of '\(escapingControls(learner))' on '\(escapingControls(puzzle))'",
      help: known.isEmpty
        ? "workbook gradebook show lists the learners" : "it has: \(known.joined(separator: ", "))"
    )
  }
}
