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
  /// Whether there is a key; without one, answers were read and an instructor grades them.
  package let isGraded: Bool
}

extension Workbook {
  /// Grades the submission to a puzzle and records the attempt.
  ///
  /// In a copy that was released without keys, answers are read and not graded.
  ///
  /// - Parameters:
  ///   - name: The puzzle's id or an unambiguous prefix; `nil` for the current or first unsolved.
  ///   - recordsRepeats: Whether a submission that is what it was at the last attempt is another.
  /// - Returns: The verdicts, and what comes next.
  /// - Throws: A diagnostic or a report when the submission cannot be read at all, or its model or
  ///   the puzzle's key cannot.
  package func check(puzzle name: String?, recordsRepeats: Bool = true) throws -> CheckResult {
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
    let key = hasKey(to: id) ? try folder.loadKey(id, for: puzzle) : nil
    let model = try self.model(for: puzzle, given: submission.model)
    let evaluator = try evaluator(model: model, for: puzzle)
    let progress = try store.progress(of: id)
    let predictions = progress.predictions.filter(\.value.wasBeforeLook).mapValues(\.value)
    let grader =
      key.map { Grader(puzzle: puzzle, key: $0, evaluator: evaluator) }
      ?? Grader(withoutKeyTo: puzzle, evaluator: evaluator)
    let report = grader.grade(submission, predictions: predictions)
    let digest = ContentDigest.sha256(submission.source.text)
    let last = recordsRepeats ? nil : try store.lastAttempt(at: id)
    let repeated = last?.submissionDigest == digest ? last?.number : nil
    let attempt =
      try repeated
      ?? store.recordAttempt(
        Attempt(
          puzzle: id,
          model: model,
          at: surroundings.now(),
          score: report.score,
          possible: report.possible,
          isSolved: report.solved,
          submissionDigest: digest,
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
      isFirstSolve: report.solved && progress.solvedAt == nil,
      isGraded: key != nil
    )
  }

  /// Whether there is a key to a puzzle, encoded or plain; copies for learners come without.
  func hasKey(to id: String) -> Bool {
    let plain = "\(folder.solutionDirectory(id))/key.yaml"
    return FileWriting.exists(plain)
      || FileWriting.exists(plain + WorkbookFolder.encodedSuffix)
  }

  /// Returns the id of a puzzle and the path of the submission to it, which must be there.
  package func submission(to name: String?) throws -> (id: String, path: String) {
    let id = try puzzleID(name)
    let path = folder.submissionPath(id)
    guard FileWriting.exists(path) else { throw Diagnostic.noSubmission(id, path: shown(path)) }
    return (id, path)
  }
}
