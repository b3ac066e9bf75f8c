import Foundation
import GRDB
import ProgressStore
import Testing

@Suite struct SchemaTests {
  // A migration that was released is never edited: learners' stores have run it. If this test
  // fails, put the change into a new migration and add what it makes below.
  @Test func `the schema is the one that was released`() throws {
    let workbook = try TemporaryWorkbook()
    try workbook.makeStore()
    let queue = try DatabaseQueue(path: workbook.store)
    let (migrations, schema, mark) = try queue.read { db in
      (
        try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid"),
        try String.fetchAll(
          db,
          sql: """
            SELECT sql FROM sqlite_master
            WHERE sql IS NOT NULL AND tbl_name <> 'grdb_migrations' ORDER BY rowid
            """
        ),
        try Int.fetchOne(db, sql: "PRAGMA application_id")
      )
    }
    #expect(migrations == ["1-events"])
    #expect(mark == 0x776B_626B)
    #expect(schema.joined(separator: ";\n") == Self.released)
  }

  static let released = """
    CREATE TABLE start (
      id INTEGER PRIMARY KEY,
      puzzle TEXT NOT NULL,
      model TEXT NOT NULL,
      at REAL NOT NULL
    ) STRICT;
    CREATE INDEX start_by_puzzle ON start (puzzle);
    CREATE TABLE prediction (
      puzzle TEXT NOT NULL,
      question TEXT NOT NULL,
      value REAL NOT NULL,
      at REAL NOT NULL,
      was_before_look INTEGER NOT NULL CHECK (was_before_look IN (0, 1)),
      PRIMARY KEY (puzzle, question)
    ) STRICT;
    CREATE TABLE attempt (
      id INTEGER PRIMARY KEY,
      puzzle TEXT NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0),
      model TEXT NOT NULL,
      at REAL NOT NULL,
      score REAL NOT NULL,
      possible REAL NOT NULL,
      is_solved INTEGER NOT NULL CHECK (is_solved IN (0, 1)),
      is_repeated INTEGER NOT NULL CHECK (is_repeated IN (0, 1)),
      tool_version TEXT NOT NULL,
      submission_digest TEXT NOT NULL,
      submission BLOB NOT NULL,
      verdicts TEXT NOT NULL,
      UNIQUE (puzzle, number)
    ) STRICT;
    CREATE TABLE hint (
      puzzle TEXT NOT NULL,
      number INTEGER NOT NULL,
      at REAL NOT NULL,
      PRIMARY KEY (puzzle, number)
    ) STRICT;
    CREATE TABLE reveal (
      id INTEGER PRIMARY KEY,
      puzzle TEXT NOT NULL,
      is_decoded INTEGER NOT NULL CHECK (is_decoded IN (0, 1)),
      at REAL NOT NULL
    ) STRICT;
    CREATE INDEX reveal_by_puzzle ON reveal (puzzle);
    CREATE TABLE reset (
      id INTEGER PRIMARY KEY,
      puzzle TEXT NOT NULL,
      backup_path TEXT NOT NULL,
      at REAL NOT NULL
    ) STRICT;
    CREATE INDEX reset_by_puzzle ON reset (puzzle)
    """
}
