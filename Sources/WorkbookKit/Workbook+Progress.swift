import Foundation
import ProgressStore
import PuzzleRegistry
package import SourceDiagnostics

/// One puzzle in a list, with how far the learner is.
package struct ListedPuzzle: Sendable {
  package enum State: String, Sendable {
    case new
    case started
    case solved
    /// The answer was shown before it was solved.
    case revealed
    /// The puzzle's files cannot be read.
    case broken
  }

  package let id: String
  package let title: String
  /// The lesson; only once the puzzle is solved, since it would tell the answer.
  package let principle: String?
  package let difficulty: Int
  package let minutes: Int
  package let state: State
  /// The best score so far; `nil` before the first check.
  package let score: Double?
  package let possible: Double
  package let isCurrent: Bool
  package let hintsShown: Int
  package let attempts: Int
}

extension Workbook {
  /// Returns every puzzle in natural order, with the learner's progress.
  package func list() throws(Diagnostic) -> [ListedPuzzle] {
    let store = try openStore()
    let progress = try store.allProgress()
    let current = try store.currentPuzzle()
    return folder.puzzleIDs().map { id in
      let own = progress[id] ?? PuzzleProgress()
      let puzzle = try? folder.loadPuzzle(id)
      let state: ListedPuzzle.State =
        puzzle == nil
        ? .broken
        : own.solvedAt != nil
          ? .solved : own.revealedAt != nil ? .revealed : own.firstLook != nil ? .started : .new
      return ListedPuzzle(
        id: id,
        title: puzzle?.title ?? "(cannot be read: workbook lint \(id))",
        principle: state == .solved ? puzzle?.principle : nil,
        difficulty: puzzle?.difficulty ?? 0,
        minutes: puzzle?.minutes ?? 0,
        state: state,
        score: own.bestScore,
        possible: puzzle?.questions.reduce(0) { $0 + $1.points } ?? 0,
        isCurrent: id == current,
        hintsShown: own.hintsShown,
        attempts: own.attemptCount
      )
    }
  }

  /// Whether there is a file of answers to a puzzle.
  package func hasSubmission(_ id: String) -> Bool { FileWriting.exists(folder.submissionPath(id)) }

  /// Moves the submission to a dated backup, so that `start` writes a fresh one.
  ///
  /// - Returns: The backup's path.
  package func reset(puzzle name: String) throws(Diagnostic) -> (id: String, backup: String) {
    let id = try folder.resolve(name)
    let path = folder.submissionPath(id)
    guard FileWriting.exists(path) else { throw .nothingToReset(id, path: shown(path)) }
    let store = try openStore()
    let now = surroundings.now()
    let backup = try FileWriting.moveToBackup(path, at: now)
    try store.recordReset(puzzle: id, backupPath: shown(backup), at: now)
    return (id, shown(backup))
  }
}

extension Workbook {
  /// Returns the shortest name that still names the puzzle: its id up to the first `-`.
  package func shortName(_ id: String) -> String {
    let short = String(id.prefix { $0 != "-" })
    return (try? folder.resolve(short)) == id ? short : id
  }
}
