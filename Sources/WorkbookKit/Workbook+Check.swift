import Foundation
package import Grading
import MetricLanguage
import ModelHub
import ProgressStore
package import PuzzleRegistry
import SourceDiagnostics

/// What a check found and what comes next.
package struct CheckResult: Sendable {
  package let puzzle: Puzzle
  package let report: GradeReport
  package let submissionPath: String
  /// How many times this puzzle has been checked, this time included.
  package let attempt: Int
  package let hintsShown: Int
  package let hintCount: Int
  package let isRevealed: Bool
  /// Whether this is the check that solved it.
  package let isFirstSolve: Bool
}

extension Workbook {
  /// Grades the submission to a puzzle and records the attempt.
  ///
  /// - Throws: A diagnostic or a report when the submission cannot be read at all, or its model or
  ///   the puzzle's key cannot.
  package func check(puzzle name: String?) throws -> CheckResult {
    let store = try openStore()
    let id =
      try name.map { (name) throws(Diagnostic) in try folder.resolve(name) }
      ?? suggestedPuzzle(store)
    let puzzle = try folder.loadPuzzle(id)
    let path = folder.submissionPath(id)
    guard FileWriting.exists(path) else { throw Diagnostic.noSubmission(id, path: shown(path)) }
    let submission = try folder.loadSubmission(path: path, shownAs: shown(path), puzzle: puzzle)
    for warning in submission.warnings where warning.rule != "unknown-question" {
      // An answer to no question gets a verdict of its own.
      surroundings.notice(warning)
    }
    let key = try folder.loadKey(id, for: puzzle)
    let model = try self.model(for: puzzle, given: submission.model)
    let evaluator = try evaluator(model: model, for: puzzle)
    let progress = try store.progress(of: id)
    let predictions = progress.predictions.filter(\.value.wasBeforeLook).mapValues(\.value)
    let report = Grader(puzzle: puzzle, key: key, evaluator: evaluator)
      .grade(submission, predictions: predictions)
    let attempt = try store.recordAttempt(
      Attempt(
        puzzle: id,
        model: model,
        at: surroundings.now(),
        score: report.score,
        possible: report.possible,
        isSolved: report.solved,
        submissionDigest: ContentDigest.sha256(submission.source.text),
        submissionText: submission.source.text,
        verdictsJSON: try JSONValue(report).rendered,
        toolVersion: Self.toolVersion
      )
    )
    return CheckResult(
      puzzle: puzzle,
      report: report,
      submissionPath: shown(path),
      attempt: attempt,
      hintsShown: progress.hintsShown,
      hintCount: (try? folder.loadHints(id).count) ?? 0,
      isRevealed: progress.revealedAt != nil,
      isFirstSolve: report.solved && progress.solvedAt == nil
    )
  }
}
