import Foundation
import ModelHub
import PuzzleRegistry

/// What a run of grading goes by beside puzzles and keys: the class's files, the models, and the policy.
struct GradingContext: Sendable {
  let models: ClassModels
  /// The class's folder.
  let root: String
  let bundles: BundleShelf
  let times: HandInTimes
  let policy: GradingPolicy
  /// The SHA-256 of the policy's text; empty without one.
  let policyDigest: String
}

extension Workbook {
  /// The SHA-256 over the digests of what a puzzle asks with: its YAML, its prompt and its word lists.
  func puzzleDigest(_ id: String) throws -> String {
    let files = ["puzzle.yaml", "prompt.md", "lexicon.yaml"].map {
      "\(folder.puzzleDirectory(id))/\($0)"
    }
    return ContentDigest.sha256(
      try files.map { path in
        guard FileWriting.exists(path) else { return "-" }
        return ContentDigest.sha256(
          try BoundedFile.contents(at: path, limit: BoundedFile.proseLimit)
        )
      }.joined(separator: "\n")
    )
  }
}
