import Foundation
import GRDB
import ProgressStore
import SourceDiagnostics

/// An empty workbook folder, and a home folder beside it, gone when the value is.
final class TemporaryWorkbook {
  /// The folder that holds both, without links.
  let base: String
  var root: String { base + "/course" }
  var home: String { base + "/home" }
  var folder: String { root + "/.workbook" }
  var store: String { folder + "/progress.sqlite" }

  init() throws {
    let made = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
    base = made.resolvingSymlinksInPath().path
    for folder in [root, home] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }
  }

  deinit {
    for path in [root, folder, home] { chmod(path, 0o755) }
    try? FileManager.default.removeItem(atPath: base)
  }

  /// Opens the workbook's store with the home folder as the environment's only entry.
  func open(
    options: StoreOptions = StoreOptions()
  ) throws(Diagnostic) -> (store: ProgressStore, notices: [Diagnostic]) {
    try ProgressStore.open(inWorkbook: root, environment: ["HOME": home], options: options)
  }

  /// Makes a store with one start on 'kept' and closes it.
  func makeStore() throws {
    try open().store.recordStart(puzzle: "kept", model: "m", at: Date(timeIntervalSince1970: 1))
  }

  /// Runs a statement on the store's file behind the tool's back.
  func execute(_ sql: String) throws {
    let queue = try DatabaseQueue(path: store)
    try queue.inDatabase { db in try db.execute(sql: sql) }
    try queue.close()
  }

  /// Returns the page, from 1, at which a table of the store starts.
  func rootPage(of table: String) throws -> Int {
    let queue = try DatabaseQueue(path: store)
    defer { try? queue.close() }
    return try queue.read { db in
      try Int.fetchOne(
        db,
        sql: "SELECT rootpage FROM sqlite_master WHERE name = ?",
        arguments: [table]
      )
    } ?? 0
  }

  func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  func data(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  /// Returns the diagnostic with the temporary folder written `BASE`.
  func shown(_ diagnostic: Diagnostic?) -> String? {
    diagnostic?.description.replacing(base, with: "BASE")
  }

  /// Returns what `body` throws, as ``shown(_:)`` writes it.
  func fault(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch let diagnostic as Diagnostic {
      return shown(diagnostic)
    } catch {
      return "\(error)"
    }
  }
}

func day(_ number: Double) -> Date { Date(timeIntervalSince1970: number * 86_400) }

func attempt(
  _ puzzle: String = "p",
  score: Double = 1,
  possible: Double = 4,
  solved: Bool = false,
  digest: String = "d",
  model: String = "m",
  verdicts: String = "[]",
  at date: Date = day(1)
) -> Attempt {
  Attempt(
    puzzle: puzzle,
    model: model,
    at: date,
    score: score,
    possible: possible,
    isSolved: solved,
    submissionDigest: digest,
    submissionText: "puzzle: \(puzzle)\n",
    verdictsJSON: verdicts,
    toolVersion: "1.2.3"
  )
}
