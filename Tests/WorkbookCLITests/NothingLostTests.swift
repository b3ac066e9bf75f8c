import Foundation
import Testing

/// Kills and races: the old state or the new one, never neither.
@Suite(.serialized) struct NothingLostTests {
  private func attempts(_ book: TemporaryWorkbook) throws -> Int {
    // The overview counts recorded attempts.
    let text = try book.run().standardOutput
    guard let range = text.range(of: #"\d+ attempt"#, options: .regularExpression) else { return 0 }
    return Int(text[range].split(separator: " ")[0]) ?? 0
  }

  @Test func `two hundred kills at random instants of check lose nothing`() throws {
    let book = try TemporaryWorkbook()
    try book.run("start", "puzzle1", "--predict", "guess=0.25")
    try book.answer("predicts: 0.5")
    let submission = try book.submission()
    let clock = ContinuousClock()
    let whole = try clock.measure { try book.run("check", "puzzle1") }
    let seconds =
      Double(whole.components.seconds) + Double(whole.components.attoseconds) / 1e18
    var recorded = 1
    var survivors = 0
    for _ in 0..<200 {
      let (process, _, _) = try book.process(["check", "puzzle1"])
      try process.run()
      Thread.sleep(forTimeInterval: Double.random(in: 0...(1.1 * seconds)))
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      // Only a check that was killed may go unrecorded; one that ended is there for good.
      if process.terminationReason == .exit {
        #expect(process.terminationStatus == 1)
        survivors += 1
      }
    }
    let counted = try attempts(book)
    recorded += survivors
    #expect(counted >= recorded && counted <= 201, "\(counted) attempts, \(recorded) known")
    #expect(try book.submission() == submission)
    #expect(try book.outcomes()["guess"] == "correct", "the prediction is still there")
    #expect(try book.run("doctor").status == 0)
    let strays = try FileManager.default.contentsOfDirectory(
      atPath: book.root.appendingPathComponent(".workbook").path
    )
    #expect(!strays.contains { $0.contains("damaged") }, "\(strays)")
  }

  @Test func `kills of start leave a whole submission or none`() throws {
    for _ in 0..<30 {
      let book = try TemporaryWorkbook()
      let (process, _, _) = try book.process(["start", "puzzle1", "--predict", "guess=0.25"])
      try process.run()
      Thread.sleep(forTimeInterval: Double.random(in: 0...0.4))
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      if FileManager.default.fileExists(atPath: book.submissionURL.path) {
        let text = try book.submission()
        #expect(text.hasPrefix("# Suspiciously") && text.contains("  why:"))
      }
      #expect(try book.run("start", "puzzle1").status == 0)
    }
  }

  @Test func `two simultaneous first checks are both recorded`() throws {
    for _ in 0..<5 {
      let book = try TemporaryWorkbook()
      try book.answer("predicts: 0.5")
      let both = try [book.process(["check", "puzzle1"]), book.process(["check", "puzzle1"])]
      for one in both { try one.process.run() }
      for one in both {
        one.process.waitUntilExit()
        #expect(one.process.terminationStatus == 1)
      }
      let listed = try #require(try book.json("list") as? [[String: Any]])
      #expect(listed[0]["score"] as? Double == 0)
      let (process, output, _) = try book.process(["check", "puzzle1"])
      try process.run()
      process.waitUntilExit()
      let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
      #expect(text.contains("attempt 3"))
    }
  }

  /// Starts a process that can be interrupted.
  ///
  /// A child inherits its parent's ignored signals and its thread's blocked ones, and a test may be
  /// run by a shell that ignores interrupts, on a thread that blocks them.
  private func runWithInterrupts(_ process: Process) throws {
    var interrupts = sigset_t()
    var blocked = sigset_t()
    sigemptyset(&interrupts)
    sigaddset(&interrupts, SIGINT)
    let handler = signal(SIGINT, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &interrupts, &blocked)
    defer {
      pthread_sigmask(SIG_SETMASK, &blocked, nil)
      _ = signal(SIGINT, handler)
    }
    try process.run()
  }

  @Test func `an interrupt during long work ends with 130 and says how far it came`() throws {
    let book = try TemporaryWorkbook()
    let (process, output, error) = try book.process([
      "eval", "quantile(pairs(euclidean(a, b)), 0.5)", "--model", "smollm2-135m",
    ])
    try runWithInterrupts(process)
    Thread.sleep(forTimeInterval: 0.7)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    let said = String(decoding: try Data(contentsOf: error), as: UTF8.self)
    #expect(said.hasPrefix("interrupted"), "\(said)")
    #expect(!said.contains("\u{1B}"))
    #expect(try Data(contentsOf: output).isEmpty)
  }

  @Test func `an edited key is stored only if it brings no new fault`() throws {
    let book = try TemporaryWorkbook()
    let key = book.root
      .appendingPathComponent("solutions/\(TemporaryWorkbook.puzzle)/key.yaml.rot13")
    let before = try Data(contentsOf: key)
    func edit(_ script: String, _ option: String...) throws -> TemporaryWorkbook.Output {
      let (process, output, error) = try book.process(
        ["solution", "edit", "puzzle1"] + option,
        environment: ["EDITOR": "sed -i \(script)", "VISUAL": ""]
      )
      try process.run()
      process.waitUntilExit()
      return TemporaryWorkbook.Output(
        status: process.terminationStatus,
        standardOutput: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        standardError: String(decoding: try Data(contentsOf: error), as: UTF8.self)
      )
    }
    let broken = try edit("'s/tolerance: 0.002/tolerance: many/'")
    #expect(broken.status == 1, "\(broken.standardError)")
    #expect(try Data(contentsOf: key) == before)
    #expect(broken.standardError.contains("Your text is kept in"))

    let mended = try edit("'s/tolerance: many/tolerance: 0.0015/'", "--resume")
    #expect(mended.status == 0, "\(mended.standardError)")
    #expect(try Data(contentsOf: key) != before)
    #expect(try book.run("hint", "puzzle1").status == 0)

    #expect(try book.run("solution", "decode", "puzzle1").status == 0)
    let plain = key.deletingPathExtension()
    #expect(try String(contentsOf: plain, encoding: .utf8).contains("tolerance: 0.0015"))
    #expect(!FileManager.default.fileExists(atPath: key.path))
    #expect(try book.run("solution", "encode", "puzzle1").status == 0)
    // With both there, neither is touched.
    try Data("questions: {}\n".utf8).write(to: plain)
    #expect(try book.run("solution", "decode", "puzzle1").status == 2)
    #expect(try String(contentsOf: plain, encoding: .utf8) == "questions: {}\n")
  }
}
