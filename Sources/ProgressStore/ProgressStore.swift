import Foundation
import GRDB
package import SourceDiagnostics

/// A learner's record of progress: starts, predictions, attempts, hints, reveals and resets.
///
/// Each event is one transaction, on the disk when its call returns: killing the process at any
/// moment leaves the record with the event or without it. Events are only added, never changed.
/// Dates are the caller's; the order of events is that of the calls. Calls block, at most
/// ``StoreOptions/busyWait`` while another process writes.
package struct ProgressStore: Sendable {
  /// The database file, or `:memory:`.
  package let path: String
  /// True when the record can be read but not added to; every `record…` then throws.
  package let isReadOnly: Bool

  let writer: any DatabaseWriter

  init(writer: any DatabaseWriter, path: String, isReadOnly: Bool = false) {
    self.writer = writer
    self.path = path
    self.isReadOnly = isReadOnly
  }

  /// Returns a new, empty store that lives as long as the value does.
  package static func inMemory(
    options: StoreOptions = StoreOptions()
  ) throws(Diagnostic) -> ProgressStore {
    let path = ":memory:"
    do {
      let queue = try DatabaseQueue(configuration: StoreFile.configuration(options))
      try Schema.migrator.migrate(queue)
      return ProgressStore(writer: queue, path: path)
    } catch {
      throw Diagnostic.progress(error, path: path)
    }
  }

  /// Returns what is wrong with the database file, or `nil` when it is sound.
  ///
  /// - Complexity: O(the file's size).
  package func integrityProblem() throws(Diagnostic) -> String? {
    do {
      return try writer.read { db in try StoreFile.integrityProblem(db) }
    } catch let error as DatabaseError where error.isDamage {
      return error.message ?? "\(error.resultCode)"
    } catch {
      throw Diagnostic.progress(error, path: path)
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(Diagnostic) -> Value {
    do {
      return try writer.read(body)
    } catch {
      throw Diagnostic.progress(error, path: path)
    }
  }

  /// Runs `body` in one transaction that takes the write lock at once.
  func write<Value>(_ body: (Database) throws -> Value) throws(Diagnostic) -> Value {
    guard !isReadOnly else { throw Diagnostic.progressNotRecorded(path: path) }
    do {
      return try writer.write(body)
    } catch {
      throw Diagnostic.progress(error, path: path)
    }
  }
}
