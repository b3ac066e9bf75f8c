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
}
