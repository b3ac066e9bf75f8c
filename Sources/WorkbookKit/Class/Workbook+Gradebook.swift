import EmbeddingMath
import Foundation
import Grading
import ProgressStore
import PuzzleRegistry
package import SourceDiagnostics

extension Workbook {
  /// Returns a gradebook's grades.
  package func gradebook(_ path: String) throws(Diagnostic) -> GradebookView {
    GradebookView(try GradebookContent(try Gradebook(at: absolute(path), makes: false)))
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
    let gradebook = try Gradebook(at: absolute(path), makes: false)
    let entries = try gradebook.entries()
    let reviews = Reviews(try gradebook.reviews())
    let root = absolute(directory)
    let puzzles = Set(entries.map(\.puzzle)).sorted()
    let classFolder = try ClassFolder(root: root, puzzles: puzzles)
    let files = ClassFolder.bySlot(classFolder.found)
    let policy = try policyInForce(nil, of: gradebook)
    let context = GradingContext(
      models: ClassModels(self),
      root: root,
      bundles: BundleShelf(root: root),
      times: HandInTimes(entries),
      policy: policy.policy,
      policyDigest: policy.digest
    )
    var findings: [GradeFinding] = []
    for (index, puzzle) in puzzles.enumerated() {
      let bench = try GradingBench(puzzle, in: context)
      let own = entries.filter { $0.puzzle == puzzle }
      let candidates = own.map {
        GradingBench.Candidate(
          learner: $0.learner,
          file: files[Slot($0)],
          bundle: classFolder.bundles[$0.learner],
          known: nil
        )
      }
      for (entry, again) in zip(own, bench.entries(candidates, jobs: processorCount())) {
        findings.append(
          GradeFinding(
            learner: entry.learner,
            puzzle: puzzle,
            reason: Self.reason(entry, again, reviews)
          )
        )
      }
      surroundings.progress?(Double(index + 1) / Double(puzzles.count))
    }
    return findings
  }

  private static func reason(
    _ old: GradebookEntry,
    _ new: GradebookEntry,
    _ reviews: Reviews
  ) -> String? {
    if old.digest != new.digest { return "the submission is another one now" }
    if old.pins.puzzle != new.pins.puzzle { return "the puzzle is another one now" }
    if old.pins.key != new.pins.key { return "the key is another one now" }
    if old.pins.model != new.pins.model { return "the weights are other ones now" }
    if old.pins.seed != new.pins.seed { return "the random draws are other ones now" }
    guard !new.isSameGrade(as: old) else { return nil }
    let (before, after) = (GradeStanding(old, reviews), GradeStanding(new, reviews))
    return "graded again it is \(after.summary), not \(before.summary)"
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
    let earlier = try gradebook.overrides().filter {
      $0.learner == learner && $0.puzzle == entry.puzzle
    }
    try gradebook.record(
      GradeOverride(
        learner: learner,
        puzzle: entry.puzzle,
        points: exact,
        reason: reason,
        at: Self.time(surroundings.now(), after: earlier.map(\.at))
      )
    )
    let standing = GradeStanding(entry, Reviews(try gradebook.reviews()))
    return (
      entry.puzzle,
      "\(standing.summary), set to \(Numbers.exactPoints(exact.value)) points"
    )
  }

  /// Returns the time now, or just after the latest of others if the clock was set back since.
  static func time(_ now: Date, after others: [Double]) -> Double {
    max(now.timeIntervalSince1970, (others.max() ?? 0) + 0.001)
  }

  /// Returns what changed in a learner's grades, a sentence each, the oldest first.
  package func gradeHistory(
    of learner: String,
    gradebook path: String
  ) throws(Diagnostic) -> [String] {
    let gradebook = try Gradebook(at: absolute(path), makes: false)
    let known = Set(try gradebook.entries().map(\.learner))
    guard known.contains(learner) else { throw .noSuchLearner(learner, among: known.sorted()) }
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
