package import Foundation

/// What a learner has done on one puzzle; empty for a puzzle never touched.
package struct PuzzleProgress: Hashable, Sendable {
  /// When the puzzle was first started; a later start never moves it.
  package var firstLook: Date?
  /// The model of the latest start.
  package var model: String?
  /// The first prediction made for each question, by question id.
  package var predictions: [String: Prediction] = [:]

  package var attemptCount = 0
  /// The score of the best attempt: the greatest share of its possible points, the earliest of ties.
  package var bestScore: Double?
  package var bestPossible: Double?
  package var lastScore: Double?
  package var lastPossible: Double?
  package var lastAttemptAt: Date?
  /// When the puzzle was first solved; no later attempt or reset takes it back.
  package var solvedAt: Date?

  /// How many different hints were shown.
  package var hintsShown = 0
  /// When the answer was first shown, encoded or decoded.
  package var revealedAt: Date?
  /// When the answer was first shown decoded.
  package var decodedAt: Date?
  /// Every reset, oldest first.
  package var resets: [Reset] = []

  /// Whether anything was seen of the puzzle that a prediction could lean on: the data, a verdict, a
  /// hint or the answer.
  package var wasLookedAt: Bool {
    firstLook != nil || attemptCount > 0 || hintsShown > 0 || revealedAt != nil
  }

  package init() {}

  /// A number the learner committed to, and whether it came before the first look.
  package struct Prediction: Hashable, Sendable {
    package var value: Double
    package var at: Date
    /// True when the puzzle had not been started yet, or was first started at that very date.
    package var wasBeforeLook: Bool

    package init(value: Double, at: Date, wasBeforeLook: Bool) {
      self.value = value
      self.at = at
      self.wasBeforeLook = wasBeforeLook
    }
  }

  /// A submission set back to its starting text, and where the learner's own text went.
  package struct Reset: Hashable, Sendable {
    package var at: Date
    package var backupPath: String

    package init(at: Date, backupPath: String) {
      self.at = at
      self.backupPath = backupPath
    }
  }
}
