import Foundation
import GRDB
import SourceDiagnostics

/// A store's database file: made whole, checked when opened, moved aside when damaged.
///
/// Its calls need the folder's ``StoreLock``.
struct StoreFile {
  let path: String
  let options: StoreOptions

  /// Files that SQLite keeps beside a database; they share its fate.
  static let companions = ["-wal", "-shm", "-journal"]

  /// How every connection is set up.
  ///
  /// In WAL mode `synchronous = NORMAL` already survives the death of the process, since a commit
  /// has reached the kernel. `FULL` also waits for the disk, so that an event survives a power
  /// cut; events come at a person's pace, so the wait is not felt.
  static func configuration(_ options: StoreOptions) -> Configuration {
    var configuration = Configuration()
    configuration.label = "ProgressStore"
    configuration.busyMode = .timeout(options.busyWait)
    configuration.foreignKeysEnabled = true
    let mostPages = options.mostPages
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      if let mostPages { try db.execute(sql: "PRAGMA max_page_count = \(mostPages)") }
    }
    return configuration
  }

  /// Returns the first line of SQLite's quick check, or `nil` when it finds nothing.
  static func integrityProblem(_ db: Database) throws -> String? {
    let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
    return verdict == "ok" ? nil : verdict ?? "no answer from the check"
  }

  /// Opens the store, first moving a damaged one aside and making a new one where there is none.
  ///
  /// - Parameter seed: What a new store starts as a copy of; `nil` for an empty one.
  /// - Returns: The open database, and a warning if a damaged one was moved aside.
  /// - Throws: A diagnostic, or the database's own error.
  func open(seed: DatabaseQueue? = nil) throws -> (queue: DatabaseQueue, notices: [Diagnostic]) {
    var notices: [Diagnostic] = []
    if let damage = try damageFromOutside() {
      notices.append(try moveAside(damage))
    } else if FileKind(at: path) == .file {
      do {
        return (try openExisting(), [])
      } catch let damage as Damage {
        notices.append(try moveAside(damage))
      }
    }
    try create(seed: seed)
    return (try openExisting(), notices)
  }

  /// Why a file is no record of progress that can be used.
  private struct Damage: Error {
    let reason: String
  }

  /// Returns the damage that shows before SQLite opens the file.
  private func damageFromOutside() throws -> Damage? {
    switch FileKind(at: path) {
    case .file:
      // A store is made under another name and renamed when whole, so none is ever empty.
      return fileSize(path) == 0 ? Damage(reason: "it is empty") : nil
    case .missing:
      return fileSize(path + "-wal") > 0
        ? Damage(reason: "its main file is gone, but not its log") : nil
    case .folder, .other:
      return Damage(reason: "it is not a file")
    case .link:
      throw Diagnostic.storeIsLink(path: path)
    case .unreachable:
      throw Diagnostic.storeUnreachable(path: path)
    }
  }

  private func openExisting() throws -> DatabaseQueue {
    let queue: DatabaseQueue
    do {
      queue = try DatabaseQueue(path: path, configuration: Self.configuration(options))
    } catch let error as DatabaseError where error.isDamage {
      throw Damage(reason: error.message ?? "it is malformed")
    }
    do {
      try check(queue)
      let migrator = Schema.migrator
      if try !queue.read(migrator.hasCompletedMigrations) { try migrator.migrate(queue) }
      return queue
    } catch {
      // Closed before anything is renamed: closing a connection may delete its log by name.
      try? queue.close()
      guard let error = error as? DatabaseError, error.isDamage else { throw error }
      throw Damage(reason: error.message ?? "it is malformed")
    }
  }

  /// Throws ``Damage``, or a diagnostic for a newer store, before anything is written.
  private func check(_ queue: DatabaseQueue) throws {
    try queue.inDatabase { db in
      guard try Schema.isMarked(db) else {
        throw Damage(reason: "it is another program's database")
      }
      guard try !Schema.migrator.hasBeenSuperseded(db) else {
        throw Diagnostic.storeIsNewer(path: path)
      }
      if options.checksWholeFile || fileSize(path) <= options.freelyCheckedBytes,
        let problem = try Self.integrityProblem(db)
      {
        throw Damage(reason: problem)
      }
      // Where shared memory is not to be had, SQLite stays with its rollback journal, which keeps
      // the same promises.
      try db.execute(sql: "PRAGMA journal_mode = WAL")
    }
  }

  /// Makes a whole store under a temporary name, then renames it, so that none is ever half made.
  private func create(seed: DatabaseQueue?) throws {
    let draft = path + ".new"
    for name in [draft] + Self.companions.map({ draft + $0 }) { unlink(name) }
    let queue = try DatabaseQueue(path: draft, configuration: Self.configuration(options))
    do {
      try seed?.backup(to: queue)
      try Schema.migrator.migrate(queue)
      try queue.inDatabase { db in try db.execute(sql: "PRAGMA journal_mode = WAL") }
      try queue.close()
    } catch {
      try? queue.close()
      throw error
    }
    guard rename(draft, path) == 0 else {
      throw Diagnostic.storeNotMade(path: path, errno: errno)
    }
  }

  /// Renames the store and its companions, and returns the notice that says so.
  ///
  /// The main file goes first. A process killed on the way leaves a log without its main file,
  /// which the next opening moves aside in turn.
  private func moveAside(_ damage: Damage) throws -> Diagnostic {
    let names = [""] + Self.companions
    let aside = freeName(path + ".damaged-" + Self.stamp(options.now), companions: names)
    for name in names where FileKind(at: path + name) != .missing {
      guard rename(path + name, aside + name) == 0 else {
        throw Diagnostic.storeNotMovedAside(path: path, reason: damage.reason, errno: errno)
      }
    }
    return Diagnostic.storeMovedAside(path: path, reason: damage.reason, to: aside)
  }

  /// Returns `name`, or that with a number from 2 on, such that nothing stands there.
  private func freeName(_ name: String, companions: [String]) -> String {
    let candidates = [name] + (2...999).map { "\(name)-\($0)" }
    return candidates.first { candidate in
      companions.allSatisfy { FileKind(at: candidate + $0) == .missing }
    } ?? name
  }

  private static func stamp(_ date: Date) -> String {
    let style = Date.ISO8601FormatStyle(
      dateSeparator: .omitted,
      timeSeparator: .omitted,
      timeZone: .gmt
    )
    return date.formatted(style)
  }
}

/// Returns a file's size in bytes; 0 if there is none.
func fileSize(_ path: String) -> Int {
  var info = stat()
  return stat(path, &info) == 0 ? Int(info.st_size) : 0
}

extension DatabaseError {
  /// True when the file's contents are at fault, and not the disk, a lock or the statement.
  var isDamage: Bool { resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB }
}
