import Foundation
import MetricLanguage
import Testing

/// `docs/metric-language.md` is made from the table; `RECORD_SNAPSHOTS=1` writes it anew.
@Suite struct ReferencePageTests {
  private static let page = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/metric-language.md")

  @Test func `the reference page says what the table says`() throws {
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(ReferencePage.markdown.utf8).write(to: Self.page)
      Issue.record("recorded; run again without RECORD_SNAPSHOTS")
      return
    }
    let written = try String(contentsOf: Self.page, encoding: .utf8)
    #expect(written == ReferencePage.markdown, "write it anew with RECORD_SNAPSHOTS=1")
  }

  @Test func `every built-in is on the page`() {
    for builtIn in BuiltInTable.all {
      for signature in builtIn.signatures {
        #expect(ReferencePage.markdown.contains(signature), "\(signature)")
      }
    }
  }
}
