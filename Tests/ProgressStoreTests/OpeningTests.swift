import Foundation
import GRDB
import ProgressStore
import SourceDiagnostics
import Synchronization
import Testing

@Suite struct OpeningTests {
  let workbook: TemporaryWorkbook

  init() throws {
    workbook = try TemporaryWorkbook()
  }

  @Test func `a new store is whole, in WAL mode, and alone in its folder with the lock`() throws {
    let (store, notices) = try workbook.open()
    #expect(notices.isEmpty)
    #expect(store.path == workbook.store)
    #expect(!store.isReadOnly)
    let header = try workbook.data(workbook.store).prefix(100)
    #expect(header.prefix(15) == Data("SQLite format 3".utf8))
    #expect(Array(header[18...19]) == [2, 2])
    #expect(Array(header[68...71]) == Array("wkbk".utf8))
    let names = try workbook.names(in: workbook.folder).filter { !$0.hasPrefix("progress.sqlite-") }
    #expect(names == ["lock", "progress.sqlite"])
  }

  @Test func `events are there when the store is opened again`() throws {
    try workbook.makeStore()
    let (store, notices) = try workbook.open()
    #expect(notices.isEmpty)
    #expect(try store.currentPuzzle() == "kept")
    #expect(try store.integrityProblem() == nil)
  }

  @Test func `a draft left by a killed process is no obstacle`() throws {
    try FileManager.default.createDirectory(
      atPath: workbook.folder,
      withIntermediateDirectories: false
    )
    try Data("half".utf8).write(to: URL(filePath: workbook.store + ".new"))
    try Data("half".utf8).write(to: URL(filePath: workbook.store + ".new-journal"))
    let (store, notices) = try workbook.open()
    #expect(notices.isEmpty)
    #expect(try store.allProgress().isEmpty)
    #expect(try !workbook.names(in: workbook.folder).contains { $0.contains(".new") })
  }

  @Test func `opening an existing store takes well under ten milliseconds`() throws {
    try workbook.makeStore()
    let times = try (0..<20).map { _ in
      try ContinuousClock().measure { _ = try workbook.open() }
    }.sorted()
    // The quickest, since other tests share the machine.
    #expect(times[0] < .milliseconds(10), "from \(times[0]) to \(times[19])")
  }

  // MARK: Many at once

  @Test func `openers at once make one store and lose no event`() throws {
    let faults = Mutex<[String]>([])
    let root = workbook.root
    DispatchQueue.concurrentPerform(iterations: 16) { worker in
      do {
        for _ in 0..<5 {
          let (store, notices) = try ProgressStore.open(inWorkbook: root, environment: [:])
          let number = try store.recordAttempt(attempt(digest: "\(worker)"))
          if !notices.isEmpty || number < 1 {
            faults.withLock { $0.append("\(notices) \(number)") }
          }
        }
      } catch {
        faults.withLock { $0.append("\(error)") }
      }
    }
    #expect(faults.withLock { $0 } == [])
    let history = try workbook.open().store.history(of: "p")
    #expect(history.map(\.number) == Array(1...80))
    #expect(Set(history.map(\.submissionDigest)).count == 16)
  }

  @Test func `a lock that another process keeps is waited for, then named`() throws {
    try workbook.makeStore()
    let descriptor = open(workbook.folder + "/lock", O_RDWR)
    #expect(flock(descriptor, LOCK_EX) == 0)
    defer { close(descriptor) }
    var options = StoreOptions()
    options.lockWait = 0.05
    #expect(
      workbook.fault { _ = try workbook.open(options: options) } == """
        error: [progress-locked] another process has been opening the record of progress for \
        0.05 seconds (it holds 'BASE/course/.workbook/lock')
        help: wait for the other workbook command or end it, then try again
        """
    )
    #expect(flock(descriptor, LOCK_UN) == 0)
    #expect(throws: Never.self) { try workbook.open(options: options) }
  }

  @Test func `a database that another process is writing is waited for, then named`() throws {
    var options = StoreOptions()
    options.busyWait = 0.05
    let store = try workbook.open(options: options).store
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: workbook.store, configuration: configuration)
    try other.inDatabase { db in try db.execute(sql: "BEGIN IMMEDIATE") }
    #expect(
      workbook.fault { try store.recordHint(puzzle: "p", number: 1, at: day(1)) } == """
        error: [progress-busy] the record of progress 'BASE/course/.workbook/progress.sqlite' is \
        in use by another process
        help: wait for the other workbook command or end it, then try again
        """
    )
    #expect(try store.progress(of: "p").hintsShown == 0)
    try other.inDatabase { db in try db.execute(sql: "ROLLBACK") }
    try store.recordHint(puzzle: "p", number: 1, at: day(1))
    #expect(try store.progress(of: "p").hintsShown == 1)
  }

  // MARK: Refusals

  @Test func `a store made by a newer version is refused and left as it is`() throws {
    try workbook.makeStore()
    try workbook.execute("INSERT INTO grdb_migrations VALUES ('9-later')")
    let before = try workbook.data(workbook.store)
    let fault = workbook.fault { _ = try workbook.open() }
    #expect(
      fault == """
        error: [progress-newer] the record of progress 'BASE/course/.workbook/progress.sqlite' \
        was made by a newer version of workbook
        help: update workbook; the record was left as it is
        """
    )
    #expect(try workbook.data(workbook.store) == before)
    #expect(try workbook.names(in: workbook.folder) == ["lock", "progress.sqlite"])
  }

  @Test func `a full disk refuses an event and keeps those before`() throws {
    var options = StoreOptions()
    options.mostPages = 40
    let store = try workbook.open(options: options).store
    try store.recordHint(puzzle: "p", number: 1, at: day(1))
    var large = attempt()
    large.submissionText = String(repeating: "x", count: 200_000)
    #expect(
      workbook.fault { try store.recordAttempt(large) } == """
        error: [progress-disk-full] there is no room to record progress in \
        'BASE/course/.workbook/progress.sqlite'
        help: free some space and try again; what was recorded before is safe
        """
    )
    try store.recordHint(puzzle: "p", number: 2, at: day(1))
    #expect(try store.progress(of: "p").hintsShown == 2)
    #expect(try store.progress(of: "p").attemptCount == 0)
  }

  @Test func `a store that is a link is refused, and its target untouched`() throws {
    try workbook.makeStore()
    let target = workbook.base + "/target"
    try FileManager.default.moveItem(atPath: workbook.store, toPath: target)
    try FileManager.default.createSymbolicLink(
      atPath: workbook.store,
      withDestinationPath: target
    )
    let before = try workbook.data(target)
    #expect(
      workbook.fault { _ = try workbook.open() } == """
        error: [progress-link] 'BASE/course/.workbook/progress.sqlite' is a link, and a record \
        of progress must be a file of its own
        help: remove the link; the folder '.workbook' may be a link instead
        """
    )
    #expect(try workbook.data(target) == before)
  }

  @Test func `a log that cannot be opened is named, and nothing is moved`() throws {
    try workbook.makeStore()
    try FileManager.default.createDirectory(
      atPath: workbook.store + "-wal",
      withIntermediateDirectories: false
    )
    #expect(
      workbook.fault { _ = try workbook.open() } == """
        error: [progress-unwritable] the record of progress \
        'BASE/course/.workbook/progress.sqlite' cannot be written (unable to open database file)
        help: check the permissions of the file and its folder
        """
    )
    #expect(
      try workbook.names(in: workbook.folder) == ["lock", "progress.sqlite", "progress.sqlite-wal"]
    )
  }
}
