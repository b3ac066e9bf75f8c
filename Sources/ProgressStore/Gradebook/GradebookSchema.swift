import GRDB

/// The gradebook's tables.
enum GradebookSchema {
  /// Marks a database file as a gradebook: the bytes of "wkgb".
  static let applicationID = 0x776B_6762

  /// Every migration ever released, in order; as with ``Schema``, one is never edited.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1-grades") { db in
      try db.execute(
        sql: """
          PRAGMA application_id = \(applicationID);
          CREATE TABLE grade (
            learner TEXT NOT NULL,
            puzzle TEXT NOT NULL,
            outcome TEXT NOT NULL,
            path TEXT,
            digest TEXT,
            model TEXT,
            points INTEGER,
            possible INTEGER,
            marks TEXT NOT NULL,
            message TEXT,
            verdicts TEXT,
            puzzle_digest TEXT NOT NULL,
            key_digest TEXT NOT NULL,
            model_digest TEXT NOT NULL,
            tool_version TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (learner, puzzle),
            CHECK ((outcome = 'graded') = (points IS NOT NULL))
          ) STRICT;
          CREATE TABLE superseded (
            id INTEGER PRIMARY KEY,
            learner TEXT NOT NULL,
            puzzle TEXT NOT NULL,
            outcome TEXT NOT NULL,
            digest TEXT,
            points INTEGER,
            key_digest TEXT NOT NULL,
            tool_version TEXT NOT NULL,
            graded_at REAL NOT NULL,
            at REAL NOT NULL
          ) STRICT;
          CREATE TABLE override (
            id INTEGER PRIMARY KEY,
            learner TEXT NOT NULL,
            puzzle TEXT NOT NULL,
            points INTEGER NOT NULL,
            reason TEXT NOT NULL,
            at REAL NOT NULL
          ) STRICT;
          CREATE INDEX superseded_by_learner ON superseded (learner, puzzle);
          CREATE INDEX override_by_learner ON override (learner, puzzle);
          """
      )
    }
    return migrator
  }
}
