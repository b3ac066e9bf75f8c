import Foundation
import Testing

/// `watch`, without a terminal and on one, while a submission is being edited.
@Suite(.serialized) struct WatchTests {
  /// A watch that runs until it is told to end.
  private final class Watching {
    let process: Process
    private let output: URL
    private let error: URL

    init(_ book: TemporaryWorkbook, _ options: [String] = []) throws {
      (process, output, error) = try book.process(["watch", "puzzle1"] + options)
      try Self.runWithSignals(process)
    }

    deinit {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
    }

    var said: String { get throws { try text(output) } }
    var complained: String { get throws { try text(error) } }

    private func text(_ url: URL) throws -> String {
      String(decoding: try Data(contentsOf: url), as: UTF8.self)
    }

    /// Waits until the output, or the diagnostics, hold a text.
    func wait(for expected: String) throws -> Bool {
      for _ in 0..<400 {
        if try said.contains(expected) || complained.contains(expected) { return true }
        Thread.sleep(forTimeInterval: 0.05)
      }
      return false
    }

    func end(with signal: Int32) -> (reason: Process.TerminationReason, status: Int32) {
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      return (process.terminationReason, process.terminationStatus)
    }

    /// Starts a process that gets every signal, whoever runs the tests ignoring or blocking some.
    static func runWithSignals(_ process: Process) throws {
      let numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT]
      var signals = sigset_t()
      var blocked = sigset_t()
      sigemptyset(&signals)
      for number in numbers { sigaddset(&signals, number) }
      let handlers = numbers.map { ($0, signal($0, SIG_DFL)) }
      pthread_sigmask(SIG_UNBLOCK, &signals, &blocked)
      defer {
        pthread_sigmask(SIG_SETMASK, &blocked, nil)
        for (number, handler) in handlers { _ = signal(number, handler) }
      }
      try process.run()
    }
  }

  private func attempts(_ book: TemporaryWorkbook) throws -> Int {
    let text = try book.run().standardOutput
    let found = text.firstMatch(of: #/(\d+) attempt/#)
    return found.flatMap { Int($0.1) } ?? 0
  }

  @Test(arguments: [[], ["--poll"]])
  func `every save that changes something is checked and recorded once`(options: [String]) throws {
    let book = try TemporaryWorkbook()
    try book.run("start", "puzzle1", "--predict", "guess=0.5")
    let watching = try Watching(book, options)
    #expect(try watching.wait(for: "attempt 1"))
    let way = options.isEmpty ? "watching submissions/" : "looking twice a second"
    #expect(try watching.wait(for: way))
    // Polling is never silent about itself.
    #expect(try watching.complained.contains("looking twice a second") == !options.isEmpty)

    try book.answer("predicts: 0.8422")
    #expect(try watching.wait(for: "attempt 2"))
    #expect(try watching.said.contains("That is the mean pairwise cosine itself."))

    // As most editors do: a new file takes the old one's name.
    let replacement = book.submissionURL.appendingPathExtension("new")
    let text = try book.submission().replacing("0.8422", with: "0.9175")
    try Data(text.utf8).write(to: replacement)
    #expect(rename(replacement.path, book.submissionURL.path) == 0)
    #expect(try watching.wait(for: "attempt 3"))

    // As some do: the old one is removed, and a while later there is a new one.
    try FileManager.default.removeItem(at: book.submissionURL)
    Thread.sleep(forTimeInterval: 0.3)
    try book.answer("predicts: 0.91756")
    #expect(try watching.wait(for: "attempt 4"))
    #expect(try !watching.complained.contains("[no-submission]"))

    // Saved unchanged, and other files in the folder: nothing to check.
    try book.answer("predicts: 0.91756")
    try Data("x".utf8).write(to: replacement)
    Thread.sleep(forTimeInterval: 2.6)
    #expect(try !watching.said.contains("attempt 5"))
    let ended = watching.end(with: SIGTERM)
    #expect(ended.reason == .exit && ended.status == 143)
    #expect(try attempts(book) == 4)
  }

  @Test func `a file that cannot be read is said to be so, and watching goes on`() throws {
    let book = try TemporaryWorkbook()
    try book.run("start", "puzzle1")
    try book.answer("predicts: 0.5")
    let watching = try Watching(book)
    #expect(try watching.wait(for: "attempt 1"))
    try book.write("puzzle: [")
    #expect(try watching.wait(for: "error: [yaml-syntax]"))
    try book.write(Data([0x70, 0xFF]))
    #expect(try watching.wait(for: "UTF-8"))
    try FileManager.default.removeItem(at: book.submissionURL)
    #expect(try watching.wait(for: "error: [no-submission]"))
    #expect(watching.process.isRunning)
    try book.answer("predicts: 0.8422")
    #expect(try watching.wait(for: "attempt 2"))
    let ended = watching.end(with: SIGINT)
    #expect(ended.reason == .exit && ended.status == 130)
    #expect(try attempts(book) == 2)
  }

  @Test func `an answer that was checked before is not recorded again`() throws {
    let book = try TemporaryWorkbook()
    try book.run("start", "puzzle1")
    try book.answer("predicts: 0.5")
    try book.run("check", "puzzle1")
    let watching = try Watching(book)
    #expect(try watching.wait(for: "attempt 1"))
    #expect(watching.end(with: SIGTERM).status == 143)
    #expect(try attempts(book) == 1)
  }

  @Test func `a file written bit by bit is checked once it is whole`() throws {
    let book = try TemporaryWorkbook()
    try book.run("start", "puzzle1")
    try book.answer("predicts: 0.5")
    let watching = try Watching(book)
    #expect(try watching.wait(for: "attempt 1"))
    try book.answer("predicts: 0.8")
    let file = try FileHandle(forWritingTo: book.submissionURL)
    try file.seekToEnd()
    for line in 0..<20 {
      try file.write(contentsOf: Data("  # line \(line)\n".utf8))
      Thread.sleep(forTimeInterval: 0.01)
    }
    try file.write(contentsOf: Data("  moved: 0.958\n".utf8))
    try file.close()
    #expect(try watching.wait(for: "attempt 2"))
    Thread.sleep(forTimeInterval: 1)
    _ = watching.end(with: SIGTERM)
    #expect(try attempts(book) == 2)
    #expect(try book.outcomes()["moved"] == "correct")
  }

  @Test func `without a submission there is nothing to watch`() throws {
    let book = try TemporaryWorkbook()
    let refused = try book.run("watch", "puzzle1")
    #expect(refused.status == 2)
    #expect(refused.standardError.contains("[no-submission]"))
    #expect(try book.run("watch", "nothing").status == 2)
  }

  // MARK: On a terminal

  /// A terminal of the test's own, with the program on it.
  private final class Terminal {
    let process: Process
    private let master: FileHandle
    private let slave: FileHandle
    private(set) var screen = ""

    init(_ book: TemporaryWorkbook, _ arguments: [String]) throws {
      var descriptor: Int32 = -1
      var other: Int32 = -1
      try #require(openpty(&descriptor, &other, nil, nil, nil) == 0)
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      master = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      slave = FileHandle(fileDescriptor: other, closeOnDealloc: true)
      (process, _, _) = try book.process(arguments, environment: ["TERM": "xterm"])
      process.standardInput = slave
      process.standardOutput = slave
      process.standardError = slave
      try Watching.runWithSignals(process)
    }

    deinit {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
    }

    /// Whether typed characters are shown and lines are waited for, as in a shell.
    var isCooked: Bool {
      var settings = termios()
      guard tcgetattr(slave.fileDescriptor, &settings) == 0 else { return false }
      let both = tcflag_t(ICANON | ECHO)
      return settings.c_lflag & both == both
    }

    func type(_ keys: String) throws { try master.write(contentsOf: Data(keys.utf8)) }

    /// Waits until the screen shows a text it did not show before the last call.
    func wait(for expected: String) -> Bool {
      for _ in 0..<400 {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(master.fileDescriptor, &buffer, buffer.count)
        if count > 0 { screen += String(decoding: buffer.prefix(count), as: UTF8.self) }
        if let range = screen.range(of: expected) {
          screen = String(screen[range.upperBound...])
          return true
        }
        if count <= 0 { Thread.sleep(forTimeInterval: 0.05) }
      }
      return false
    }

    func end() -> Int32 {
      for _ in 0..<200 where process.isRunning {
        _ = wait(forNothing: ())
        Thread.sleep(forTimeInterval: 0.02)
      }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      return process.terminationStatus
    }

    /// Reads what is there, so that the program never waits for the screen.
    private func wait(forNothing: Void) -> Bool {
      var buffer = [UInt8](repeating: 0, count: 4096)
      return read(master.fileDescriptor, &buffer, buffer.count) > 0
    }
  }

  @Test func `single keys give hints, the puzzle and a check, and q leaves`() throws {
    let book = try TemporaryWorkbook()
    try book.run("start", "puzzle1")
    let terminal = try Terminal(book, ["watch", "puzzle1"])
    #expect(terminal.wait(for: "attempt 1"))
    #expect(terminal.wait(for: "q quit"))
    #expect(!terminal.isCooked)
    try terminal.type("h")
    #expect(terminal.wait(for: "Hint 1 of 6"))
    #expect(terminal.wait(for: "q quit"))
    try terminal.type("s")
    #expect(terminal.wait(for: "Why is the mean pairwise cosine what it is"))
    #expect(terminal.wait(for: "q quit"))
    try terminal.type("p")
    #expect(terminal.wait(for: "12,497,500"))
    #expect(terminal.wait(for: "q quit"))
    try terminal.type("xc")
    #expect(terminal.wait(for: "attempt 1"))
    #expect(terminal.wait(for: "5 of 6 hints are left"))
    try book.answer("predicts: 0.8422")
    #expect(terminal.wait(for: "attempt 2"))
    #expect(terminal.wait(for: "q quit"))
    try terminal.type("q")
    #expect(terminal.end() == 0)
    #expect(terminal.isCooked)
    #expect(try attempts(book) == 2)
  }

  @Test(
    arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129), (SIGQUIT, 131)] as [(Int32, Int32)]
  )
  func `the terminal is as it was, whatever ends the program`(
    number: Int32,
    status: Int32
  ) throws {
    let book = try TemporaryWorkbook()
    try book.run("start", "puzzle1")
    try book.answer("predicts: 0.5")
    let terminal = try Terminal(book, ["watch", "puzzle1"])
    #expect(terminal.wait(for: "q quit"))
    #expect(!terminal.isCooked)
    kill(terminal.process.processIdentifier, number)
    #expect(terminal.end() == status)
    #expect(terminal.isCooked)
  }

  @Test func `stopped, it gives the terminal back, and takes it again when it goes on`() throws {
    let book = try TemporaryWorkbook()
    try book.run("start", "puzzle1")
    try book.answer("predicts: 0.5")
    let terminal = try Terminal(book, ["watch", "puzzle1"])
    #expect(terminal.wait(for: "q quit"))
    kill(terminal.process.processIdentifier, SIGTSTP)
    for _ in 0..<200 where !terminal.isCooked { Thread.sleep(forTimeInterval: 0.02) }
    #expect(terminal.isCooked)
    Thread.sleep(forTimeInterval: 0.2)
    kill(terminal.process.processIdentifier, SIGCONT)
    #expect(terminal.wait(for: "q quit"))
    #expect(!terminal.isCooked)
    try terminal.type("q")
    #expect(terminal.end() == 0)
    #expect(terminal.isCooked)
  }
}
