import Foundation
import PuzzleRegistry
import SourceDiagnostics
import Testing

/// Files built to trap, hang or flood the reader.
@Suite struct HostileYAMLTests {
  /// Long enough for a loaded machine, far shorter than what an unguarded reader would take.
  private static let patience = Duration.seconds(300)

  /// Reads `text` as a submission on a small stack and returns its report.
  private func reading(_ text: String) async -> String {
    await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: submissionFaults(text)) }
      thread.stackSize = 512 * 1024
      thread.start()
    }
  }

  /// Reads `text` and returns its report, and whether that took no longer than is to be borne.
  ///
  /// The thread that reads takes the time: whoever waits for it may have to wait for other tests.
  private func readingInTime(_ text: String) async -> (report: String, isInTime: Bool) {
    await withCheckedContinuation { continuation in
      let thread = Thread {
        let clock = ContinuousClock()
        let start = clock.now
        let report = submissionFaults(text)
        continuation.resume(returning: (report, clock.now - start < HostileYAMLTests.patience))
      }
      thread.stackSize = 512 * 1024
      thread.start()
    }
  }

  @Test(arguments: ["[", "{", "- ", "? ", "[{", "{a: ", "- ? "])
  func `deep nesting on one line does not overflow the stack`(opening: String) async {
    let deep = String(repeating: opening, count: 50_000)
    #expect(await reading(deep).contains("[too-deep]"))
    #expect(await reading("a: \(deep)").contains("error:"))
  }

  @Test func `deep nesting over many lines does not overflow the stack`() async {
    var keys = ""
    for level in 0..<480 { keys += String(repeating: " ", count: level) + "a:\n" }
    #expect(await reading(keys).contains("[too-deep]"))
    var dashes = ""
    for row in 0..<6 {
      dashes += String(repeating: " ", count: 300 * row) + String(repeating: "- ", count: 150)
      dashes += "\n"
    }
    #expect(await reading(dashes).contains("[too-deep]"))
    let quoted = String(repeating: "[\"]\", ", count: 995) + String(repeating: "]", count: 995)
    #expect(await reading(quoted).contains("[too-deep]"))
    let keyed = String(repeating: "{? ", count: 995) + String(repeating: "}", count: 995)
    #expect(await reading(keyed).contains("[too-deep]"))
  }

  @Test(arguments: ["a: *j", "? *j\n: 1", "{*j : 1}", "? [*j, *i]\n: 1"])
  func `aliases of aliases do not multiply`(use: String) async {
    var text = "a: &a [x, x, x, x, x, x, x, x]\n"
    for (name, inner) in zip("bcdefghij", "abcdefghi") {
      let uses = Array(repeating: "*\(inner)", count: 8).joined(separator: ", ")
      text += "\(name): &\(name) [\(uses)]\n"
    }
    let (report, isInTime) = await readingInTime(text + use)
    #expect(report.contains("[yaml-anchor]"))
    #expect(isInTime)
  }

  @Test func `Markdown emphasis and ampersands in prose are not aliases`() throws {
    let lines = Array(repeating: "    *note* that *p = &note and & note", count: 3)
    let text = "puzzle: x\nanswers:\n  why: |\n" + lines.joined(separator: "\n")
    #expect(try Submission(text: text, file: "a.yaml")["why"] != nil)
  }

  @Test func `one very long line costs little`() async {
    let values = Array(repeating: "[é]", count: 9_000).joined(separator: ",")
    let (report, isInTime) = await readingInTime("puzzle: x\nanswers: {a: [\(values)]}")
    #expect(report.isEmpty)
    #expect(isInTime)
  }

  @Test func `more values than allowed are refused`() async {
    let values = Array(repeating: "a", count: 25_000).joined(separator: ",")
    #expect(
      await reading("puzzle: x\nanswers: {a: [\(values)]}")
        .hasSuffix("error: [too-many-values] this file holds more than 20000 values")
    )
  }

  @Test func `the faults of a file are capped`() throws {
    let keys = (0..<5_000).map { "key\($0): 1" }.joined(separator: "\n")
    do {
      _ = try ExamplePuzzle.puzzle(yaml: keys)
      Issue.record("a puzzle of unknown keys was read")
    } catch {
      #expect(error.diagnostics.count == 100)
    }
  }

  @Test func `scalars are the text they are spelt with`() throws {
    let text = """
      puzzle: on
      model: no
      answers:
        a: no
        b: ~
        c: 0o17
        d: 2001-01-01
        e: 1_000
        f: yes
        g:
        h: ''
        NO: Norway
      """
    let submission = try Submission(text: text, file: "a.yaml")
    #expect(submission.puzzle == "on")
    #expect(submission.model == "no")
    let texts = submission.answers.map { answer -> String? in
      if case .scalar(let text, _, _, _) = answer.node { text } else { nil }
    }
    #expect(texts == ["no", "~", "0o17", "2001-01-01", "1_000", "yes", nil, "", "Norway"])
    #expect(submission.answers.map(\.questionID).last == "NO")
  }

  @Test func `Windows line ends and old line ends read alike`() throws {
    let unix = try Submission(text: ExamplePuzzle.submissionYAML, file: "a.yaml")
    for ending in ["\r\n", "\r"] {
      let text = ExamplePuzzle.submissionYAML.replacing("\n", with: ending)
      let other = try Submission(text: text, file: "a.yaml")
      #expect(other.answers.map(\.node) == unix.answers.map(\.node))
    }
  }

  @Test func `unusual line separators do not move the caret`() {
    #expect(
      submissionFaults("puzzle: \"a\u{2028}b\u{85}c\"\nmodel: [x]").hasPrefix("a.yaml:2:8: error:")
    )
  }
}
