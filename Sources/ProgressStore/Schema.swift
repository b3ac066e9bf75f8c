import GRDB

/// The store's tables and how older stores become current ones.
enum Schema {
  /// Marks a database file as a record of progress: the bytes of "wkbk".
  static let applicationID = 0x776B_626B

  /// Returns whether the database says that it is a record of progress.
  static func isMarked(_ db: Database) throws -> Bool {
    try Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID
  }

  /// Every migration ever released, in order.
  ///
  /// A released migration is never edited, renamed or reordered, since learners' stores have run
  /// it; a change of schema is a new migration at the end. Each runs in its own transaction.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1-events") { db in
      // Events are only ever added. Their order is that of `id`; the clock may be set back.
      try db.execute(
        sql: """
          PRAGMA application_id = \(applicationID);
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
          CREATE INDEX reset_by_puzzle ON reset (puzzle);
          """
      )
    }
    return migrator
  }
}
