import Foundation
import GRDB
import ProgressStore
import SourceDiagnostics
import Testing

@Suite struct DamageTests {
  let workbook: TemporaryWorkbook
  let options: StoreOptions

  init() throws {
    workbook = try TemporaryWorkbook()
    var options = StoreOptions()
    options.now = Date(timeIntervalSince1970: 1_767_225_600)
    self.options = options
  }

  private var aside: String { workbook.store + ".damaged-20260101T000000Z" }

  private func notice(_ reason: String, name: String = "damaged-20260101T000000Z") -> String {
    """
    warning: [progress-damaged] the record of progress 'BASE/course/.workbook/progress.sqlite' \
    is damaged (\(reason)); it was moved to 'BASE/course/.workbook/progress.sqlite.\(name)' and \
    a new one was started
    help: nothing was erased: sqlite3's '.recover' may get earlier attempts out of it
    """
  }

  /// Opens the store and expects an empty one, that works, and one notice.
  private func expectNewStore(_ reason: String, name: String = "damaged-20260101T000000Z") throws {
    let (store, notices) = try workbook.open(options: options)
    #expect(notices.map(workbook.shown) == [notice(reason, name: name)])
    #expect(try store.allProgress().isEmpty)
    try store.recordStart(puzzle: "new", model: "m", at: day(1))
    #expect(try workbook.open(options: options).notices.isEmpty)
    #expect(try store.currentPuzzle() == "new")
  }

  enum Damage: String, CaseIterable, CustomTestStringConvertible {
    case emptied, cutToTenBytes, cutToHalf, headerOverwritten, textInItsPlace, pageOverwritten

    var testDescription: String { rawValue }

    var reason: String {
      switch self {
      case .emptied: "it is empty"
      case .cutToTenBytes, .headerOverwritten, .textInItsPlace: "file is not a database"
      case .cutToHalf: "database disk image is malformed"
      case .pageOverwritten: "*** in database main ***"
      }
    }

    func apply(to data: Data) -> Data {
      switch self {
      case .emptied: Data()
      case .cutToTenBytes: data.prefix(10)
      case .cutToHalf: data.prefix(data.count / 2)
      case .headerOverwritten: Data(repeating: 0xFF, count: 64) + data.dropFirst(64)
      case .textInItsPlace: Data(String(repeating: "my notes\n", count: 900).utf8)
      case .pageOverwritten: data.dropLast(4096) + Data(repeating: 0xA5, count: 4096)
      }
    }
  }

  @Test(arguments: Damage.allCases)
  func `a damaged store is moved aside whole and a new one started`(_ damage: Damage) throws {
    try workbook.makeStore()
    let bytes = damage.apply(to: try workbook.data(workbook.store))
    try bytes.write(to: URL(filePath: workbook.store))
    if damage == .pageOverwritten {
      let (store, notices) = try workbook.open(options: options)
      let text = workbook.shown(notices.first) ?? ""
      #expect(text.hasPrefix(String(notice("*** in database main ***").prefix(120))))
      #expect(try store.allProgress().isEmpty)
    } else {
      try expectNewStore(damage.reason)
    }
    #expect(try workbook.data(aside) == bytes)
  }

  @Test func `damage in a large store is found when asked for, and by the store itself`() throws {
    do {
      let store = try workbook.open().store
      var large = attempt()
      large.submissionText = String(repeating: "x", count: 3_000_000)
      try store.recordAttempt(large)
      try store.recordAttempt(attempt())
    }
    let start = 4096 * (try workbook.rootPage(of: "attempt") - 1)
    var bytes = try workbook.data(workbook.store)
    bytes.replaceSubrange(start..<start + 4096, with: Data(repeating: 0xA5, count: 4096))
    try bytes.write(to: URL(filePath: workbook.store))

    do {
      let (store, notices) = try workbook.open(options: options)
      #expect(notices.isEmpty)
      #expect(try store.integrityProblem() != nil)
      #expect(
        workbook.fault { _ = try store.allProgress() } == """
          error: [progress-damaged] the record of progress \
          'BASE/course/.workbook/progress.sqlite' is damaged (database disk image is malformed)
          help: run 'workbook doctor', which moves it aside and starts a new one
          """
      )
    }
    var thorough = options
    thorough.checksWholeFile = true
    let (store, notices) = try workbook.open(options: thorough)
    #expect(notices.map(\.rule) == ["progress-damaged"])
    #expect(try store.allProgress().isEmpty)
    #expect(try workbook.data(aside) == bytes)
  }

  @Test func `a folder in the store's place is moved aside with what is in it`() throws {
    try FileManager.default.createDirectory(
      atPath: workbook.store,
      withIntermediateDirectories: true
    )
    try Data("x".utf8).write(to: URL(filePath: workbook.store + "/mine"))
    try expectNewStore("it is not a file")
    #expect(try workbook.names(in: aside) == ["mine"])
  }

  @Test func `a pipe in the store's place is moved aside without waiting for a writer`() throws {
    try FileManager.default.createDirectory(
      atPath: workbook.folder,
      withIntermediateDirectories: false
    )
    #expect(mkfifo(workbook.store, 0o600) == 0)
    try expectNewStore("it is not a file")
  }

  @Test func `another program's database is moved aside unchanged`() throws {
    try FileManager.default.createDirectory(
      atPath: workbook.folder,
      withIntermediateDirectories: false
    )
    try workbook.execute("CREATE TABLE bookmarks (url TEXT)")
    let before = try workbook.data(workbook.store)
    try expectNewStore("it is another program's database")
    #expect(try workbook.data(aside) == before)
  }

  @Test func `the log of a damaged store goes with it`() throws {
    try workbook.makeStore()
    try Data().write(to: URL(filePath: workbook.store))
    try Data("log".utf8).write(to: URL(filePath: workbook.store + "-wal"))
    try expectNewStore("it is empty")
    #expect(try workbook.data(aside + "-wal") == Data("log".utf8))
  }

  @Test func `a log without its main file is moved aside`() throws {
    try FileManager.default.createDirectory(
      atPath: workbook.folder,
      withIntermediateDirectories: false
    )
    try Data("log".utf8).write(to: URL(filePath: workbook.store + "-wal"))
    try expectNewStore("its main file is gone, but not its log")
    #expect(try workbook.data(aside + "-wal") == Data("log".utf8))
  }

  @Test func `two stores damaged in one second are both kept`() throws {
    for text in ["first", "second"] {
      try? FileManager.default.createDirectory(
        atPath: workbook.folder,
        withIntermediateDirectories: false
      )
      try Data(text.utf8).write(to: URL(filePath: workbook.store))
      let name = text == "first" ? "damaged-20260101T000000Z" : "damaged-20260101T000000Z-2"
      try expectNewStore("file is not a database", name: name)
    }
    #expect(try workbook.data(aside) == Data("first".utf8))
    #expect(try workbook.data(aside + "-2") == Data("second".utf8))
  }

  @Test func `a damaged store that cannot be moved aside is named and kept`() throws {
    // A path so long that the longer name no longer fits.
    var root = workbook.root
    let length = Int(PATH_MAX) - "/.workbook/progress.sqlite".utf8.count - 5
    while length - root.utf8.count > 1 {
      root += "/" + String(repeating: "d", count: min(200, length - root.utf8.count - 1))
      guard mkdir(root, 0o755) == 0 else { break }
    }
    #expect(mkdir(root + "/.workbook", 0o755) == 0)
    #expect(mkdir(root + "/.workbook/progress.sqlite", 0o755) == 0)
    let fault = workbook.fault {
      _ = try ProgressStore.open(inWorkbook: root, environment: [:], options: options)
    }
    #expect(
      fault?.replacing(root.replacing(workbook.base, with: "BASE"), with: "ROOT") == """
        error: [progress-damaged] the record of progress 'ROOT/.workbook/progress.sqlite' is \
        damaged (it is not a file) and cannot be moved aside (file name too long)
        help: move it away yourself; nothing was erased
        """
    )
  }
}
