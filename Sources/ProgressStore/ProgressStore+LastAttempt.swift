import GRDB
package import SourceDiagnostics

extension ProgressStore {
  /// Returns the number and the submission's digest of the latest attempt at a puzzle, if any.
  package func lastAttempt(
    at puzzle: String
  ) throws(Diagnostic) -> (number: Int, submissionDigest: String)? {
    try read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT number, submission_digest FROM attempt
          WHERE puzzle = ? ORDER BY number DESC LIMIT 1
          """,
        arguments: [puzzle]
      ).map { ($0["number"], $0["submission_digest"]) }
    }
  }
}
