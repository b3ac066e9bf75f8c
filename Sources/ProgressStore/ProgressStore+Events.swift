package import Foundation
import GRDB
package import SourceDiagnostics

extension ProgressStore {
  /// Records that a puzzle was started, and makes it the current one.
  ///
  /// The first start is the first look for good; later ones only change the model.
  package func recordStart(puzzle: String, model: String, at date: Date) throws(Diagnostic) {
    try write { db in
      try db.execute(
        sql: "INSERT INTO start (puzzle, model, at) VALUES (?, ?, ?)",
        arguments: [puzzle, model, date.timeIntervalSince1970]
      )
    }
  }

  /// Records a prediction, unless the question already has one.
  ///
  /// It counts as made before looking when the puzzle was not started yet, or when `date` is not
  /// after the first look, so that one start can record both in either order. A later one is kept
  /// too, marked as late.
  ///
  /// - Parameters:
  ///   - puzzle: The puzzle's id.
  ///   - question: The question's id, within the puzzle.
  ///   - value: Any number but NaN, which cannot be recorded.
  ///   - date: When it was made.
  /// - Returns: Whether this prediction was kept.
  /// - Throws: `progress-failed` for NaN, and what any event throws.
  @discardableResult
  package func recordPrediction(
    puzzle: String,
    question: String,
    value: Double,
    at date: Date
  ) throws(Diagnostic) -> Bool {
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO prediction (puzzle, question, value, at, was_before_look)
          VALUES (:puzzle, :question, :value, :at, :at <= coalesce(
            (SELECT at FROM start WHERE puzzle = :puzzle ORDER BY id LIMIT 1), :at))
          ON CONFLICT (puzzle, question) DO NOTHING
          """,
        arguments: [
          "puzzle": puzzle, "question": question, "value": value,
          "at": date.timeIntervalSince1970,
        ]
      )
      return db.changesCount > 0
    }
  }

  /// Records a graded submission, also when it repeats the one before.
  ///
  /// - Returns: The attempt's number among the puzzle's attempts, from 1.
  @discardableResult
  package func recordAttempt(_ attempt: Attempt) throws(Diagnostic) -> Int {
    try write { db in
      let previous = try Row.fetchOne(
        db,
        sql: """
          SELECT number, submission_digest = ? AND model = ? AND verdicts = ? AS is_same
          FROM attempt WHERE puzzle = ? ORDER BY number DESC LIMIT 1
          """,
        arguments: [
          attempt.submissionDigest, attempt.model, attempt.verdictsJSON, attempt.puzzle,
        ]
      )
      let number = (previous?["number"] ?? 0) + 1
      let isRepeated: Bool = previous?["is_same"] ?? false
      // The submission goes in as bytes: a text would end at its first NUL.
      try db.execute(
        sql: """
          INSERT INTO attempt (
            puzzle, number, model, at, score, possible, is_solved, is_repeated,
            tool_version, submission_digest, submission, verdicts
          ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          attempt.puzzle, number, attempt.model, attempt.at.timeIntervalSince1970,
          attempt.score, attempt.possible, attempt.isSolved, isRepeated,
          attempt.toolVersion, attempt.submissionDigest, Data(attempt.submissionText.utf8),
          attempt.verdictsJSON,
        ]
      )
      return number
    }
  }

  /// Records that a hint was shown; showing it again changes nothing.
  package func recordHint(puzzle: String, number: Int, at date: Date) throws(Diagnostic) {
    try write { db in
      try db.execute(
        sql: "INSERT INTO hint (puzzle, number, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        arguments: [puzzle, number, date.timeIntervalSince1970]
      )
    }
  }

  /// Records that the answer was shown, as rot13 or decoded.
  package func recordReveal(puzzle: String, decoded: Bool, at date: Date) throws(Diagnostic) {
    try write { db in
      try db.execute(
        sql: "INSERT INTO reveal (puzzle, is_decoded, at) VALUES (?, ?, ?)",
        arguments: [puzzle, decoded, date.timeIntervalSince1970]
      )
    }
  }

  /// Records that a submission was set back, and where the learner's text was kept.
  ///
  /// A reset takes back nothing recorded before it.
  package func recordReset(puzzle: String, backupPath: String, at date: Date) throws(Diagnostic) {
    try write { db in
      try db.execute(
        sql: "INSERT INTO reset (puzzle, backup_path, at) VALUES (?, ?, ?)",
        arguments: [puzzle, backupPath, date.timeIntervalSince1970]
      )
    }
  }
}
