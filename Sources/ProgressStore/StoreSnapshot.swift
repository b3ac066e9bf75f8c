import Foundation
import GRDB
import SourceDiagnostics

/// Reads a store that cannot be written.
///
/// SQLite needs to write beside a WAL database even to read it, so the files are copied to a
/// temporary folder and read from there into memory. The originals are only read.
enum StoreSnapshot {
  /// Returns the store's contents as an in-memory database of the current schema.
  static func load(_ store: String, options: StoreOptions) throws -> DatabaseQueue {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appending(path: "workbook-\(UUID().uuidString)")
    try manager.createDirectory(
      at: folder,
      withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700]
    )
    defer { try? manager.removeItem(at: folder) }
    let copy = folder.appending(path: "progress.sqlite").path
    for companion in ["", "-wal"] where FileKind(at: store + companion) == .file {
      try manager.copyItem(atPath: store + companion, toPath: copy + companion)
      chmod(copy + companion, 0o600)
    }
    let memory = try DatabaseQueue(configuration: StoreFile.configuration(options))
    let source = try DatabaseQueue(path: copy, configuration: StoreFile.configuration(options))
    try source.backup(to: memory)
    try source.close()
    guard try memory.read(Schema.isMarked) else {
      throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "it is another program's database")
    }
    guard try !memory.read(Schema.migrator.hasBeenSuperseded) else {
      throw Diagnostic.storeIsNewer(path: store)
    }
    try Schema.migrator.migrate(memory)
    return memory
  }
}
