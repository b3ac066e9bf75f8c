import Foundation
import ProgressStore
import SourceDiagnostics
import Testing

/// Permissions do not bind the superuser, so what depends on them is tested as anyone else.
private let permissionsBind = geteuid() != 0

@Suite struct LocationTests {
  let workbook: TemporaryWorkbook

  init() throws {
    workbook = try TemporaryWorkbook()
  }

  private func setMode(_ mode: mode_t, _ path: String) { #expect(chmod(path, mode) == 0) }

  /// The one store folder under the home folder.
  private func outside() throws -> String {
    let state = workbook.home + "/.local/state/workbook"
    let names = try workbook.names(in: state)
    #expect(names.count == 1)
    return state + "/" + (names.first ?? "")
  }

  // MARK: Beside the puzzles

  @Test func `a workbook that does not exist is named`() {
    #expect(
      workbook.fault {
        _ = try ProgressStore.open(inWorkbook: workbook.root + "/no", environment: [:])
      } == """
        error: [no-workbook] there is no folder 'BASE/course/no' to keep progress in
        help: name the workbook's folder with --workbook
        """
    )
  }

  @Test func `a workbook that is a file is named`() throws {
    try Data().write(to: URL(filePath: workbook.base + "/file"))
    #expect(
      workbook.fault {
        _ = try ProgressStore.open(inWorkbook: workbook.base + "/file", environment: [:])
      } == """
        error: [progress-no-folder] the folder 'BASE/file/.workbook' cannot be made (not a directory)
        help: check that the disk has room and that the folder above it can be written
        """
    )
  }

  @Test(arguments: [false, true])
  func `a file or a broken link named .workbook is refused`(isLink: Bool) throws {
    if isLink {
      try FileManager.default.createSymbolicLink(
        atPath: workbook.folder,
        withDestinationPath: workbook.base + "/nowhere"
      )
    } else {
      try Data().write(to: URL(filePath: workbook.folder))
    }
    #expect(
      workbook.fault { _ = try workbook.open() } == """
        error: [progress-not-a-folder] 'BASE/course/.workbook' is not a folder, and progress is \
        kept in one of that name
        help: move it away; the folder is made when needed
        """
    )
  }

  @Test func `a link to a folder named .workbook is followed`() throws {
    let elsewhere = workbook.base + "/elsewhere"
    #expect(mkdir(elsewhere, 0o755) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: workbook.folder,
      withDestinationPath: elsewhere
    )
    try workbook.makeStore()
    #expect(try workbook.names(in: elsewhere) == ["lock", "progress.sqlite"])
    #expect(try workbook.open().store.currentPuzzle() == "kept")
  }

  @Test func `the same store is found through a link to the workbook`() throws {
    try workbook.makeStore()
    let link = workbook.base + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: workbook.root)
    let store = try ProgressStore.open(inWorkbook: link, environment: [:]).store
    #expect(store.path == workbook.store)
    #expect(try store.currentPuzzle() == "kept")
  }

  @Test func `a lock that is not a file is named`() throws {
    #expect(mkdir(workbook.folder, 0o755) == 0)
    #expect(mkdir(workbook.folder + "/lock", 0o755) == 0)
    #expect(
      workbook.fault { _ = try workbook.open() } == """
        error: [progress-lock] the lock 'BASE/course/.workbook/lock' cannot be taken (is a directory)
        help: it must be a plain file on a disk that supports locks; remove it and try again
        """
    )
  }

  // MARK: Elsewhere

  @Test(.enabled(if: permissionsBind))
  func `a workbook that cannot be written keeps its progress under the user's state`() throws {
    setMode(0o555, workbook.root)
    let (store, notices) = try workbook.open()
    let folder = try outside()
    #expect(folder.contains(#//course-[0-9a-f]{12}$/#))
    #expect(store.path == folder + "/progress.sqlite")
    #expect(
      notices.map { workbook.shown($0)?.replacing(folder.suffix(12), with: "HASH") } == [
        """
        warning: [progress-elsewhere] 'BASE/course/.workbook' cannot be written, so progress is \
        kept in 'BASE/home/.local/state/workbook/course-HASH'
        help: to keep progress beside the puzzles, make the workbook's folder writable
        """
      ]
    )
    try store.recordStart(puzzle: "p", model: "m", at: day(1))
    #expect(try workbook.open().store.currentPuzzle() == "p")
  }

  @Test(.enabled(if: permissionsBind))
  func `XDG_STATE_HOME is used if absolute, and two workbooks of one name stay apart`() throws {
    let twin = workbook.base + "/twin/course"
    try FileManager.default.createDirectory(atPath: twin, withIntermediateDirectories: true)
    setMode(0o555, workbook.root)
    setMode(0o555, twin)
    let state = workbook.base + "/state"
    let paths = try [workbook.root, twin].map { root in
      try ProgressStore.open(
        inWorkbook: root,
        environment: ["HOME": workbook.home, "XDG_STATE_HOME": state]
      ).store.path
    }
    #expect(paths.allSatisfy { $0.hasPrefix(state + "/workbook/course-") })
    #expect(paths.first != paths.last)
    let relative = try ProgressStore.open(
      inWorkbook: workbook.root,
      environment: ["HOME": workbook.home, "XDG_STATE_HOME": "state"]
    )
    #expect(relative.store.path.hasPrefix(workbook.home + "/.local/state/workbook/course-"))
  }

  @Test(.enabled(if: permissionsBind))
  func `progress made before the workbook became read-only is carried over once`() throws {
    try workbook.makeStore()
    setMode(0o555, workbook.folder)
    let before = try workbook.data(workbook.store)
    let (store, notices) = try workbook.open()
    #expect(notices.map(\.rule) == ["progress-elsewhere"])
    #expect(try store.currentPuzzle() == "kept")
    try store.recordStart(puzzle: "later", model: "m", at: day(2))
    #expect(try workbook.open().store.allProgress().keys.sorted() == ["kept", "later"])
    #expect(try workbook.data(workbook.store) == before)
    #expect(try workbook.names(in: workbook.folder) == ["lock", "progress.sqlite"])
  }

  // MARK: Nowhere

  @Test(.enabled(if: permissionsBind), arguments: [0o444, 0o644] as [mode_t])
  func `a store that can only be read is read, and refuses events`(mode: mode_t) throws {
    try workbook.makeStore()
    setMode(mode, workbook.store)
    setMode(0o555, workbook.folder)
    setMode(0o555, workbook.home)
    let (store, notices) = try workbook.open()
    #expect(store.isReadOnly)
    #expect(store.path == workbook.store)
    #expect(
      notices.map(workbook.shown) == [
        """
        warning: [progress-read-only] 'BASE/course/.workbook/progress.sqlite' can only be read, \
        so nothing you do now is recorded
        help: make its folder writable, or set XDG_STATE_HOME to a folder that is
        """
      ]
    )
    #expect(try store.progress(of: "kept").firstLook == Date(timeIntervalSince1970: 1))
    #expect(try store.integrityProblem() == nil)
    #expect(
      workbook.fault { try store.recordHint(puzzle: "p", number: 1, at: day(1)) } == """
        error: [progress-read-only] this cannot be recorded: \
        'BASE/course/.workbook/progress.sqlite' can only be read
        help: make its folder writable, or set XDG_STATE_HOME to a folder that is
        """
    )
    #expect(try store.progress(of: "p") == PuzzleProgress())
  }

  @Test(.enabled(if: permissionsBind))
  func `with nowhere to write and nothing to read, both places are named`() throws {
    setMode(0o555, workbook.root)
    setMode(0o555, workbook.home)
    let fault = workbook.fault { _ = try workbook.open() }
    #expect(
      fault?.replacing(#/course-[0-9a-f]{12}/#, with: "course-HASH") == """
        error: [progress-unwritable] progress has nowhere to go: neither 'BASE/course/.workbook' \
        nor 'BASE/home/.local/state/workbook/course-HASH' can be written
        help: make one of them writable, or set XDG_STATE_HOME to a folder that is
        """
    )
    #expect(
      workbook.fault { _ = try ProgressStore.open(inWorkbook: workbook.root, environment: [:]) }
        == """
        error: [progress-unwritable] progress has nowhere to go: 'BASE/course/.workbook' cannot \
        be written and there is no home folder
        help: make it writable, or set XDG_STATE_HOME to a folder that is
        """
    )
  }
}
