import Foundation
import PuzzleRegistry
import SourceDiagnostics
import Testing
import WorkbookKit

/// Every puzzle that is shipped is linted, and proven on the bundled weights.
@Suite struct EveryPuzzleTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  private static let workbook = Workbook(
    root: root,
    surroundings: .init(
      environment: [:],
      currentDirectory: root,
      now: { Date(timeIntervalSince1970: 0) },
      notice: { _ in }
    )
  )

  @Test func `the workbook lints without an error or a warning`() throws {
    let report = try Self.workbook.lint()
    #expect(report.diagnostics.isEmpty, "\(report)")
  }

  @Test func `there is a puzzle`() {
    #expect(Self.workbook.folder.puzzleIDs().contains("puzzle1-suspicious-similarities"))
  }
}
