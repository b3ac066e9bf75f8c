package import Foundation
import GRDB
package import Grading
package import SourceDiagnostics

/// A class's grades in one SQLite file: what each learner earned, what it rests on, and what a person
/// decided.
///
/// Each call is one transaction: killing the process leaves the file with all of it or none. A grade
/// that is replaced is kept among the superseded ones; overrides are only ever added.
package struct Gradebook: Sendable {
  package let path: String
  private let queue: DatabaseQueue

  /// Opens a gradebook, making it if there is none.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - makes: Whether to make it.
  /// - Throws: `no-gradebook`, `not-a-gradebook`, or what the database says; the file stays as it is.
  package init(at path: String, makes: Bool) throws(Diagnostic) {
    switch FileKind(at: path) {
    case .file: break
    case .missing:
      guard makes else { throw .noGradebook(path) }
    case .folder, .other, .link, .unreachable: throw .notAGradebook(path, "it is not a file")
    }
    do {
      let queue = try DatabaseQueue(path: path, configuration: StoreFile.configuration(.init()))
      try queue.inDatabase { db in
        let mark = try Int.fetchOne(db, sql: "PRAGMA application_id")
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
        guard mark == GradebookSchema.applicationID || isEmpty else {
          throw Diagnostic.notAGradebook(path, "it is another program's database")
        }
        guard try !GradebookSchema.migrator.hasBeenSuperseded(db) else {
          throw Diagnostic.notAGradebook(path, "a newer version of this program made it")
        }
        try db.execute(sql: "PRAGMA journal_mode = WAL")
      }
      try GradebookSchema.migrator.migrate(queue)
      self.queue = queue
      self.path = path
    } catch {
      throw Diagnostic.gradebook(error, path: path)
    }
  }

  /// Runs `body` while no other process grades into this file.
  package func whileAlone<Value>(
    _ body: () throws(Diagnostic) -> Value
  ) throws(Diagnostic) -> Value {
    try StoreLock(path: path + ".lock", wait: 2).held(body)
  }

  /// Returns every grade, by learner and puzzle.
  package func entries() throws(Diagnostic) -> [GradebookEntry] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM grade ORDER BY learner, puzzle").map(Self.entry)
    }
  }

  /// Writes grades in one transaction; those they replace are kept as superseded, with the points
  /// they had.
  package func write(_ entries: [GradebookEntry], at date: Date) throws(Diagnostic) {
    let now = date.timeIntervalSince1970
    let reviews = Reviews(try self.reviews())
    try write { db in
      for entry in entries {
        let row = try Row.fetchOne(
          db,
          sql: "SELECT * FROM grade WHERE learner = ? AND puzzle = ?",
          arguments: [entry.learner, entry.puzzle]
        )
        if let row {
          let old = try Self.entry(row)
          try db.execute(
            sql: """
              INSERT INTO superseded
                (learner, puzzle, outcome, digest, points, key_digest, tool_version, graded_at, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
            arguments: [
              old.learner, old.puzzle, old.outcome.rawValue, old.digest,
              old.settled(reviews)?.points.thousandths, old.pins.key, old.pins.toolVersion,
              row["at"] as Double, now,
            ]
          )
        }
        try Self.insert(entry, at: now, into: db)
      }
    }
  }

  private static func insert(
    _ entry: GradebookEntry,
    at now: Double,
    into db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO grade (
          learner, puzzle, outcome, path, digest, model, possible, marks, answers, ledger,
          is_late, deductions, message, verdicts, puzzle_digest, key_digest, model_digest,
          policy_digest, seed, tool_version, at
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        entry.learner, entry.puzzle, entry.outcome.rawValue, entry.path, entry.digest,
        entry.model, entry.possible?.thousandths, try text(of: entry.marks),
        try text(of: entry.answers), try entry.ledger.map { try text(of: $0) },
        entry.isLate, try text(of: entry.deductions), entry.message, entry.verdictsJSON,
        entry.pins.puzzle, entry.pins.key, entry.pins.model, entry.pins.policy,
        entry.pins.seed, entry.pins.toolVersion, now,
      ]
    )
  }

  // MARK: Overrides and history

  /// Records points set by a person; the latest for a learner and puzzle holds.
  package func record(_ override: GradeOverride) throws(Diagnostic) {
    try write { db in try Self.insert(override, into: db) }
  }

  private static func insert(_ override: GradeOverride, into db: Database) throws {
    try db.execute(
      sql: "INSERT INTO override (learner, puzzle, points, reason, at) VALUES (?, ?, ?, ?, ?)",
      arguments: [
        override.learner, override.puzzle, override.points.thousandths, override.reason,
        override.at,
      ]
    )
  }

  /// Returns every override, in the order they were made.
  package func overrides() throws(Diagnostic) -> [GradeOverride] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM override ORDER BY id").map { row in
        GradeOverride(
          learner: row["learner"],
          puzzle: row["puzzle"],
          points: Points(thousandths: row["points"]),
          reason: row["reason"],
          at: row["at"]
        )
      }
    }
  }

  /// Records marks that a person gave.
  package func record(_ reviews: [Review]) throws(Diagnostic) {
    try write { db in
      for review in reviews { try Self.insert(review, into: db) }
    }
  }

  private static func insert(_ review: Review, into db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO review (puzzle, question, text, points, comment, at)
          VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        review.puzzle, review.question, review.text, review.points.thousandths, review.comment,
        review.at,
      ]
    )
  }

  /// Returns every mark that a person gave, in the order in which they were given.
  package func reviews() throws(Diagnostic) -> [Review] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM review ORDER BY id").map { row in
        Review(
          puzzle: row["puzzle"],
          question: row["question"],
          text: row["text"],
          points: Points(thousandths: row["points"]),
          comment: row["comment"],
          at: row["at"]
        )
      }
    }
  }

  /// Returns the text of the policy in force, or `nil` if there is none.
  package func policy() throws(Diagnostic) -> String? {
    try read { db in
      try String.fetchOne(db, sql: "SELECT text FROM policy ORDER BY id DESC LIMIT 1")
    }
  }

  /// Puts a policy in force; the ones before stay in the file.
  package func record(policy text: String, at date: Date) throws(Diagnostic) {
    try write { db in
      try db.execute(
        sql: "INSERT INTO policy (text, at) VALUES (?, ?)",
        arguments: [text, date.timeIntervalSince1970]
      )
    }
  }

  /// One grade that was replaced, and when.
  package struct Superseded: Sendable {
    package let learner: String
    package let puzzle: String
    package let outcome: String
    package let points: Points?
    package let keyDigest: String
    package let toolVersion: String
    package let gradedAt: Double
    package let at: Double
  }

  /// Returns the grades of a learner that were replaced, in the order in which they were.
  package func superseded(learner: String) throws(Diagnostic) -> [Superseded] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: "SELECT * FROM superseded WHERE learner = ? ORDER BY id",
        arguments: [learner]
      ).map { row in
        Superseded(
          learner: row["learner"],
          puzzle: row["puzzle"],
          outcome: row["outcome"],
          points: (row["points"] as Int?).map(Points.init(thousandths:)),
          keyDigest: row["key_digest"],
          toolVersion: row["tool_version"],
          gradedAt: row["graded_at"],
          at: row["at"]
        )
      }
    }
  }

  // MARK: Merging

  /// What another gradebook has and this one lacks.
  package struct Addition: Sendable {
    package var entries: [GradebookEntry] = []
    package var overrides: [GradeOverride] = []
    package var reviews: [Review] = []
    package var policy: String?

    package init() {}

    package var isEmpty: Bool {
      entries.isEmpty && overrides.isEmpty && reviews.isEmpty && policy == nil
    }
  }

  /// Adds all of it in one transaction.
  package func add(_ addition: Addition, at date: Date) throws(Diagnostic) {
    let now = date.timeIntervalSince1970
    try write { db in
      for entry in addition.entries { try Self.insert(entry, at: now, into: db) }
      for override in addition.overrides { try Self.insert(override, into: db) }
      for review in addition.reviews { try Self.insert(review, into: db) }
      if let policy = addition.policy {
        try db.execute(
          sql: "INSERT INTO policy (text, at) VALUES (?, ?)",
          arguments: [policy, now]
        )
      }
    }
  }

  // MARK: The database

  private static func text(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private static func value<Value: Decodable>(_ text: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  private static func entry(_ row: Row) throws -> GradebookEntry {
    GradebookEntry(
      learner: row["learner"],
      puzzle: row["puzzle"],
      outcome: GradebookEntry.Outcome(rawValue: row["outcome"]) ?? .fault,
      path: row["path"],
      digest: row["digest"],
      model: row["model"],
      possible: (row["possible"] as Int?).map(Points.init(thousandths:)),
      marks: try value(row["marks"]),
      answers: try value(row["answers"]),
      ledger: try (row["ledger"] as String?).map { try value($0) },
      isLate: row["is_late"],
      // Most have none.
      deductions: row["deductions"] == "[]" ? [] : try value(row["deductions"]),
      message: row["message"],
      verdictsJSON: row["verdicts"],
      pins: .init(
        puzzle: row["puzzle_digest"],
        key: row["key_digest"],
        model: row["model_digest"],
        toolVersion: row["tool_version"],
        seed: row["seed"],
        policy: row["policy_digest"]
      )
    )
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws(Diagnostic) -> Value {
    do {
      return try queue.read(body)
    } catch {
      throw Diagnostic.gradebook(error, path: path)
    }
  }

  private func write<Value>(_ body: (Database) throws -> Value) throws(Diagnostic) -> Value {
    do {
      return try queue.write(body)
    } catch {
      throw Diagnostic.gradebook(error, path: path)
    }
  }
}

extension Diagnostic {
  fileprivate static func noGradebook(_ path: String) -> Diagnostic {
    Diagnostic(
      "no-gradebook",
      "there is no gradebook '\(path)'",
      help: "workbook grade DIR --out FILE makes one"
    )
  }

  fileprivate static func notAGradebook(_ path: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      "not-a-gradebook",
      "'\(path)' is no gradebook: \(reason)",
      help: "name another file; this one was left as it is"
    )
  }

  fileprivate static func gradebook(_ error: any Error, path: String) -> Diagnostic {
    if let diagnostic = error as? Diagnostic { return diagnostic }
    let reason = (error as? DatabaseError)?.message ?? error.localizedDescription
    return Diagnostic(
      "gradebook-failed",
      "the gradebook '\(path)' cannot be used: \(reason)",
      help: "what was written to it before is safe; see that the file can be read and written"
    )
  }
}
