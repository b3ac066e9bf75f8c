import Foundation
import Grading
import PuzzleRegistry
import SourceDiagnostics
import Testing
import WorkbookKit

/// Every puzzle that is shipped is linted, and proven on the bundled weights.
@Suite struct EveryPuzzleTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static let workbook = Workbook(
    root: root,
    surroundings: .init(
      environment: [:],
      currentDirectory: root,
      now: { Date(timeIntervalSince1970: 0) },
      notice: { _ in }
    )
  )

  /// The proof of the whole library, which takes minutes, once for all tests.
  static let lint = Result { try workbook.lint() }

  @Test func `the workbook lints without an error or a warning`() throws {
    let report = try Self.lint.get().report
    #expect(report.diagnostics.isEmpty, "\(report)")
  }

  @Test func `guessing is expected to earn at most a quarter of each puzzle`() throws {
    for proof in try Self.lint.get().proofs {
      #expect(proof.guessing.share <= 0.25, "\(proof.puzzle) on \(proof.model)")
    }
  }

  @Test func `every puzzle is proven on a bundled model`() throws {
    let proven = Set(try Self.lint.get().proofs.map(\.puzzle))
    #expect(proven == Set(Self.workbook.folder.puzzleIDs()))
  }

  @Test func `every id is pinned`() throws {
    let pinned = try #require(try Self.workbook.folder.loadPinnedIDs())
    for id in Self.workbook.folder.puzzleIDs() {
      let questions = try Self.workbook.folder.loadPuzzle(id).questions.map(\.id)
      let entry = try #require(pinned.puzzles.first { $0.puzzle == id }, "\(id)")
      #expect(Set(entry.questions).isSuperset(of: questions), "\(id)")
    }
  }
}
