import Grading
import Testing
import WorkbookKit
import _WorkbookTestSupport

/// How every choice of every metric question fares on the bundled weights is recorded, so that a
/// change of a puzzle, of the grader or of the mathematics that changes a verdict is seen.
@Suite struct VerdictMapTests {
  @Test func `the verdict of every metric choice is as recorded`() throws {
    let maps = try EveryPuzzleTests.lint.get().proofs.flatMap { proof in
      proof.maps.map { (puzzle: proof.puzzle, map: $0) }
    }
    #expect(maps.count >= 5)
    for (puzzle, map) in maps {
      let text = (["on \(map.rows)", ""] + map.table).joined(separator: "\n") + "\n"
      let fault = snapshotFault(text, named: "\(puzzle)--\(map.question)--\(map.model).txt")
      #expect(fault == nil)
    }
  }

  @Test func `plain cosine earns only a part of every metric question, and some choice all of it`()
    throws
  {
    for proof in try EveryPuzzleTests.lint.get().proofs {
      for map in proof.maps {
        #expect(!map.accepted.isEmpty, "\(proof.puzzle)")
        let plain = map.cells.first { $0.words == ("cosine", "origin", 0) }
        #expect(plain?.verdict.outcome == .partial, "\(proof.puzzle) takes plain cosine")
      }
    }
  }
}
