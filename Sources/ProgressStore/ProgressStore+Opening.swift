import Foundation
import GRDB
package import SourceDiagnostics

extension ProgressStore {
  /// Opens the workbook's store, making it if need be.
  ///
  /// It lies at `.workbook/progress.sqlite` in the workbook. Where that cannot be written, it lies
  /// in a folder of the workbook's own under `$XDG_STATE_HOME/workbook` (`~/.local/state/workbook`
  /// by default), and starts as a copy of the user's own store in the workbook, if there is one.
  /// Where neither can be written, an existing store is opened for reading only.
  ///
  /// A damaged store is moved aside with its companions, never erased, and a new one made; one
  /// made by a newer version is refused untouched.
  ///
  /// - Parameters:
  ///   - root: The workbook's folder; it must exist.
  ///   - environment: Where `XDG_STATE_HOME` and `HOME` are looked up.
  ///   - options: How long to wait and how much to check.
  /// - Returns: The store, and warnings for the user about where it is and what was moved.
  /// - Throws: What stands in the way, with nothing changed.
  package static func open(
    inWorkbook root: String,
    environment: [String: String],
    options: StoreOptions = StoreOptions()
  ) throws(Diagnostic) -> (store: ProgressStore, notices: [Diagnostic]) {
    guard let root = StoreFolder.realPath(of: root) else {
      throw Diagnostic.workbookMissing(root: root)
    }
    let inside = StoreFolder.inside(root: root)
    if try inside.canBeWritten() { return try open(in: inside, options: options) }

    let outside = StoreFolder.outside(root: root, environment: environment)
    if let outside, try outside.canBeWritten(makesParents: true) {
      let seed = try? ownSnapshot(of: inside, options: options)
      let (store, notices) = try open(in: outside, seed: seed, options: options)
      return (store, [.keptElsewhere(wanted: inside.path, used: outside.path)] + notices)
    }
    for folder in [outside, inside].compactMap(\.self)
    where StoreFolder.isAccessible(folder.store, R_OK) && FileKind(at: folder.store) == .file {
      let store = try openForReading(folder.store, options: options)
      return (store, [.onlyReadable(path: folder.store)])
    }
    throw outside.map { .nowhereToWrite(wanted: inside.path, instead: $0.path) }
      ?? .noHome(wanted: inside.path)
  }

  private static func open(
    in folder: StoreFolder,
    seed: DatabaseQueue? = nil,
    options: StoreOptions
  ) throws(Diagnostic) -> (store: ProgressStore, notices: [Diagnostic]) {
    try StoreLock(path: folder.lock, wait: options.lockWait).held { () throws(Diagnostic) in
      do {
        let (queue, notices) = try StoreFile(path: folder.store, options: options).open(seed: seed)
        return (ProgressStore(writer: queue, path: folder.store), notices)
      } catch {
        throw Diagnostic.progress(error, path: folder.store)
      }
    }
  }

  /// Returns the contents of the store in a folder that cannot be written, if this user made it.
  ///
  /// A store that came with the workbook from someone else is their progress, not this user's.
  private static func ownSnapshot(
    of folder: StoreFolder,
    options: StoreOptions
  ) throws -> DatabaseQueue? {
    var info = stat()
    guard lstat(folder.store, &info) == 0, info.st_uid == geteuid() else { return nil }
    return try StoreSnapshot.load(folder.store, options: options)
  }

  private static func openForReading(
    _ path: String,
    options: StoreOptions
  ) throws(Diagnostic) -> ProgressStore {
    do {
      let queue = try StoreSnapshot.load(path, options: options)
      return ProgressStore(writer: queue, path: path, isReadOnly: true)
    } catch {
      throw Diagnostic.progress(error, path: path)
    }
  }
}
