import Foundation
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

/// Texts that the fuzzer found to trap or to flood, made small.
@Suite struct FuzzFindingsTests {
  /// Calls `body` on a thread with the smallest stack that a thread has anywhere.
  private func onSmallStack<Result: Sendable>(
    _ body: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: body()) }
      thread.stackSize = 512 << 10
      thread.start()
    }
  }

  @Test(arguments: [" + 1", " ^ 1", "[0]", ".x", " - 1 * 2", " and 1"])
  func `a long chain does not overflow the stack`(link: String) async {
    for count in [99, 1900] {
      let text = "1" + String(repeating: link, count: count)
      let report = await onSmallStack {
        PuzzleRegistryTests.report {
          let evaluator = Evaluator(model: TinyModel(), threads: 1)
          _ = try evaluator.evaluate(Formula(parsing: text))
        }
      }
      if count > 99 { #expect(report.contains("-too-") || report.contains("[chain-too-long]")) }
    }
  }

  @Test func `a chain may have 100 parts`() throws {
    let formula = try Formula(parsing: "1" + String(repeating: " + 1", count: 99))
    #expect(try Evaluator(model: TinyModel(), threads: 1).number(formula) == 100)
  }

  @Test func `a fault quotes no more than a screen of what it found`() {
    let long = String(repeating: "a\u{301}", count: 40_000)
    #expect(answerFault("metric", "'\(long)'").utf8.count < 20_000)
    #expect(answerFault("metric", "{ similarity: \(long) }").utf8.count < 20_000)
    let place = SourcePlace(
      file: "a.yaml",
      line: 1,
      column: 1,
      quotedLine: "a" + String(repeating: "\u{301}", count: 40_000)
    )
    #expect(Diagnostic("rule", "message", help: long, at: place).rendered().utf8.count < 20_000)
  }
}
