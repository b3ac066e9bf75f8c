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
    migrator.registerMigration("2-policy-and-review") { db in
      // Points follow from marks, reviews and deductions, so a graded row no longer holds them.
      try db.execute(
        sql: """
          CREATE TABLE grade2 (
            learner TEXT NOT NULL,
            puzzle TEXT NOT NULL,
            outcome TEXT NOT NULL,
            path TEXT,
            digest TEXT,
            model TEXT,
            possible INTEGER,
            marks TEXT NOT NULL,
            answers TEXT NOT NULL DEFAULT '{}',
            ledger TEXT,
            is_late INTEGER NOT NULL DEFAULT 0 CHECK (is_late IN (0, 1)),
            deductions TEXT NOT NULL DEFAULT '[]',
            message TEXT,
            verdicts TEXT,
            puzzle_digest TEXT NOT NULL,
            key_digest TEXT NOT NULL,
            model_digest TEXT NOT NULL,
            policy_digest TEXT NOT NULL DEFAULT '',
            seed TEXT NOT NULL DEFAULT '0',
            tool_version TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (learner, puzzle)
          ) STRICT;
          INSERT INTO grade2 (learner, puzzle, outcome, path, digest, model, possible, marks, message,
              verdicts, puzzle_digest, key_digest, model_digest, tool_version, at)
            SELECT learner, puzzle, outcome, path, digest, model, possible, marks, message,
              verdicts, puzzle_digest, key_digest, model_digest, tool_version, at FROM grade;
          DROP TABLE grade;
          ALTER TABLE grade2 RENAME TO grade;
          CREATE TABLE review (
            id INTEGER PRIMARY KEY,
            puzzle TEXT NOT NULL,
            question TEXT NOT NULL,
            text TEXT NOT NULL,
            points INTEGER NOT NULL,
            comment TEXT NOT NULL,
            at REAL NOT NULL
          ) STRICT;
          CREATE TABLE policy (
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL,
            at REAL NOT NULL
          ) STRICT;
          """
      )
    }
    return migrator
  }
}
