package import Foundation
import GRDB
package import SourceDiagnostics

extension ProgressStore {
  /// Returns what was recorded for one puzzle; empty if nothing was.
  package func progress(of puzzle: String) throws(Diagnostic) -> PuzzleProgress {
    try read { db in try ProgressReader(db, puzzle: puzzle).progress[puzzle] } ?? PuzzleProgress()
  }

  /// Returns the progress of every puzzle with at least one event, by puzzle id.
  package func allProgress() throws(Diagnostic) -> [String: PuzzleProgress] {
    try read { db in try ProgressReader(db, puzzle: nil).progress }
  }

  /// Returns the most recently started puzzle, or `nil` before the first start.
  package func currentPuzzle() throws(Diagnostic) -> String? {
    try read { db in
      try String.fetchOne(db, sql: "SELECT puzzle FROM start ORDER BY id DESC LIMIT 1")
    }
  }

  /// Returns every attempt at a puzzle with its texts, oldest first.
  package func history(of puzzle: String) throws(Diagnostic) -> [Attempt] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: "SELECT * FROM attempt WHERE puzzle = ? ORDER BY number",
        arguments: [puzzle]
      ).map(Attempt.init(row:))
    }
  }
}

extension Attempt {
  fileprivate init(row: Row) {
    self.init(
      puzzle: row["puzzle"],
      model: row["model"],
      at: row.date,
      score: row["score"],
      possible: row["possible"],
      isSolved: row["is_solved"],
      submissionDigest: row["submission_digest"],
      submissionText: String(decoding: row["submission"] as Data, as: UTF8.self),
      verdictsJSON: row["verdicts"],
      toolVersion: row["tool_version"]
    )
    number = row["number"]
    isRepeated = row["is_repeated"]
  }
}

extension Row {
  fileprivate var date: Date { Date(timeIntervalSince1970: self["at"]) }
}

/// Gathers the progress of one puzzle, or of all, from the events in the order they came.
private struct ProgressReader {
  private(set) var progress: [String: PuzzleProgress] = [:]

  init(_ db: Database, puzzle: String?) throws {
    try forEach("puzzle, model, at FROM start", by: "id", in: db, of: puzzle) { row, progress in
      if progress.firstLook == nil { progress.firstLook = row.date }
      progress.model = row["model"]
    }
    try forEach("* FROM prediction", by: "question", in: db, of: puzzle) { row, progress in
      progress.predictions[row["question"]] = PuzzleProgress.Prediction(
        value: row["value"],
        at: row.date,
        wasBeforeLook: row["was_before_look"]
      )
    }
    try forEach(
      "puzzle, at, score, possible, is_solved FROM attempt",
      by: "id",
      in: db,
      of: puzzle
    ) { row, progress in
      progress.add(
        score: row["score"],
        possible: row["possible"],
        isSolved: row["is_solved"],
        at: row.date
      )
    }
    try forEach("puzzle FROM hint", by: "number", in: db, of: puzzle) { _, progress in
      progress.hintsShown += 1
    }
    try forEach("* FROM reveal", by: "id", in: db, of: puzzle) { row, progress in
      if progress.revealedAt == nil { progress.revealedAt = row.date }
      if progress.decodedAt == nil, row["is_decoded"] { progress.decodedAt = row.date }
    }
    try forEach("* FROM reset", by: "id", in: db, of: puzzle) { row, progress in
      progress.resets.append(
        PuzzleProgress.Reset(at: row.date, backupPath: row["backup_path"])
      )
    }
  }

  private mutating func forEach(
    _ selection: String,
    by order: String,
    in db: Database,
    of puzzle: String?,
    _ add: (Row, inout PuzzleProgress) -> Void
  ) throws {
    let filter = puzzle == nil ? "" : "WHERE puzzle = ?"
    let rows = try Row.fetchCursor(
      db,
      sql: "SELECT \(selection) \(filter) ORDER BY \(order)",
      arguments: puzzle.map { [$0] } ?? []
    )
    while let row = try rows.next() {
      add(row, &progress[row["puzzle"], default: PuzzleProgress()])
    }
  }
}

extension PuzzleProgress {
  fileprivate mutating func add(score: Double, possible: Double, isSolved: Bool, at date: Date) {
    attemptCount += 1
    lastScore = score
    lastPossible = possible
    lastAttemptAt = date
    if isSolved, solvedAt == nil { solvedAt = date }
    let best = Self.share(bestScore ?? -.infinity, of: bestPossible ?? 1)
    if Self.share(score, of: possible) > best {
      bestScore = score
      bestPossible = possible
    }
  }

  private static func share(_ score: Double, of possible: Double) -> Double {
    possible > 0 ? score / possible : 0
  }
}

/// When hints and the answer to one puzzle were shown.
package struct PuzzleLedger: Hashable, Sendable {
  package struct Hint: Hashable, Sendable {
    package let number: Int
    package let at: Date
  }

  package struct Reveal: Hashable, Sendable {
    package let isDecoded: Bool
    package let at: Date
  }

  /// By number; each is listed once.
  package let hints: [Hint]
  /// Oldest first.
  package let reveals: [Reveal]
}

extension ProgressStore {
  /// Returns when each hint and the answer to a puzzle were shown.
  package func ledger(of puzzle: String) throws(Diagnostic) -> PuzzleLedger {
    try read { db in
      PuzzleLedger(
        hints: try Row.fetchAll(
          db,
          sql: "SELECT number, at FROM hint WHERE puzzle = ? ORDER BY number",
          arguments: [puzzle]
        ).map { PuzzleLedger.Hint(number: $0["number"], at: $0.date) },
        reveals: try Row.fetchAll(
          db,
          sql: "SELECT is_decoded, at FROM reveal WHERE puzzle = ? ORDER BY id",
          arguments: [puzzle]
        ).map { PuzzleLedger.Reveal(isDecoded: $0["is_decoded"], at: $0.date) }
      )
    }
  }
}
