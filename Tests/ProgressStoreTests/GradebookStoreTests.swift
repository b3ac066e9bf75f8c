import Foundation
import GRDB
import Grading
import ProgressStore
import Testing

/// The gradebook as a file: older ones become current, and nothing a person decided is lost.
@Suite struct GradebookStoreTests {
  private let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("gradebook-\(UUID().uuidString).sqlite").path

  private func entry(_ learner: String, thousandths: Int, key: String = "k1") -> GradebookEntry {
    GradebookEntry(
      learner: learner,
      puzzle: "puzzle1-one",
      outcome: .graded,
      digest: "d",
      possible: Points(thousandths: 10_000),
      marks: [
        .init(
          question: "why",
          outcome: "partial",
          thousandths: thousandths,
          possible: 10_000,
          isProvisional: true
        )
      ],
      answers: ["why": "because"],
      ledger: .init(handedIn: 5, hints: 2),
      isLate: true,
      pins: .init(puzzle: "p", key: key, model: "m", toolVersion: "1", seed: "0", policy: "")
    )
  }

  @Test func `what is written comes back, and what it replaces is kept with its points`() throws {
    let book = try Gradebook(at: path, makes: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try book.write([entry("ada", thousandths: 2_500)], at: Date(timeIntervalSince1970: 1))
    #expect(try book.entries() == [entry("ada", thousandths: 2_500)])
    let mark = Review(
      puzzle: "puzzle1-one",
      question: "why",
      text: "because",
      points: Points(thousandths: 4_000),
      comment: "yes",
      at: 2
    )
    try book.record([mark])
    let settled = try #require(try book.entries()[0].settled(Reviews(try book.reviews())))
    #expect(settled.points.text == "4" && !settled.isProvisional)
    #expect(try book.entries()[0].settled(.none)?.isProvisional == true)
    try book.write([entry("ada", thousandths: 1, key: "k2")], at: Date(timeIntervalSince1970: 3))
    let old = try #require(try book.superseded(learner: "ada").first)
    #expect(old.points?.text == "4" && old.keyDigest == "k1" && old.gradedAt == 1 && old.at == 3)
    #expect(try book.policy() == nil)
    try book.record(policy: "due: x", at: Date(timeIntervalSince1970: 4))
    #expect(try Gradebook(at: path, makes: false).policy() == "due: x")
  }

  @Test func `a gradebook of the first version keeps its grades, overrides and history`() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try makeFirstVersion()
    let book = try Gradebook(at: path, makes: false)
    let entry = try #require(try book.entries().first)
    #expect(entry.learner == "ada" && entry.outcome == .graded && entry.pins.seed == "0")
    #expect(entry.settled(.none)?.points.text == "2.5")
    #expect(entry.answers.isEmpty && entry.ledger == nil && !entry.isLate)
    #expect(try book.overrides().map(\.reason) == ["ill"])
    #expect(try book.superseded(learner: "ada").first?.points?.text == "1")
  }

  private func makeFirstVersion() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in
      try db.execute(
        sql: """
          PRAGMA application_id = \(0x776B_6762);
          CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
          INSERT INTO grdb_migrations VALUES ('1-grades');
          CREATE TABLE grade (learner TEXT NOT NULL, puzzle TEXT NOT NULL, outcome TEXT NOT NULL,
            path TEXT, digest TEXT, model TEXT, points INTEGER, possible INTEGER, marks TEXT NOT NULL,
            message TEXT, verdicts TEXT, puzzle_digest TEXT NOT NULL, key_digest TEXT NOT NULL,
            model_digest TEXT NOT NULL, tool_version TEXT NOT NULL, at REAL NOT NULL,
            PRIMARY KEY (learner, puzzle)) STRICT;
          CREATE TABLE superseded (id INTEGER PRIMARY KEY, learner TEXT NOT NULL,
            puzzle TEXT NOT NULL, outcome TEXT NOT NULL, digest TEXT, points INTEGER,
            key_digest TEXT NOT NULL, tool_version TEXT NOT NULL, graded_at REAL NOT NULL,
            at REAL NOT NULL) STRICT;
          CREATE TABLE override (id INTEGER PRIMARY KEY, learner TEXT NOT NULL, puzzle TEXT NOT NULL,
            points INTEGER NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL) STRICT;
          INSERT INTO grade VALUES ('ada', 'puzzle1-one', 'graded', 'a', 'd', 'm', 2500, 10000,
            '[{"outcome":"partial","question":"why","thousandths":2500}]', NULL, '{}', 'p', 'k', 'm',
            '0.1.0', 7);
          INSERT INTO superseded VALUES (1, 'ada', 'puzzle1-one', 'graded', 'd', 1000, 'k', '0.1.0', 6, 7);
          INSERT INTO override VALUES (1, 'ada', 'puzzle1-one', 3000, 'ill', 8);
          """
      )
    }
    try queue.close()
  }
}
