package import Foundation

/// One check of a submission, as it was graded.
package struct Attempt: Hashable, Sendable {
  package var puzzle: String
  /// The model the submission was made and graded on.
  package var model: String
  package var at: Date
  package var score: Double
  package var possible: Double
  package var isSolved: Bool
  /// A digest of the submission's text; equal digests mean the same submission.
  package var submissionDigest: String
  package var submissionText: String
  /// The verdicts as JSON, kept as they were given.
  package var verdictsJSON: String
  /// The version of the tool that graded it.
  package var toolVersion: String

  /// The attempt's place among the puzzle's attempts, from 1; 0 until it is recorded.
  package internal(set) var number = 0
  /// True when digest, model and verdicts are those of the attempt just before; set on recording.
  package internal(set) var isRepeated = false

  package init(
    puzzle: String,
    model: String,
    at: Date,
    score: Double,
    possible: Double,
    isSolved: Bool,
    submissionDigest: String,
    submissionText: String,
    verdictsJSON: String,
    toolVersion: String
  ) {
    self.puzzle = puzzle
    self.model = model
    self.at = at
    self.score = score
    self.possible = possible
    self.isSolved = isSolved
    self.submissionDigest = submissionDigest
    self.submissionText = submissionText
    self.verdictsJSON = verdictsJSON
    self.toolVersion = toolVersion
  }
}
