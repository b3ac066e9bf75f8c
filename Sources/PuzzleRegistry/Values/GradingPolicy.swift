/// How a class's points become grades: due dates, what lateness, hints and the answer cost, and which
/// attempt counts.
///
/// Times are seconds since 1970; sizes are exact, in thousandths.
package struct GradingPolicy: Sendable, Hashable {
  /// What is taken off: points, or a percentage.
  package enum Size: Sendable, Hashable {
    /// Thousandths of a point.
    case points(Int)
    /// Thousandths of a percent.
    case percent(Int)
  }

  /// What lateness costs up to some time after the due date.
  package struct LateStep: Sendable, Hashable {
    /// In seconds; `nil` for the last step, which holds from then on.
    package let within: Double?
    /// Of what is left after the cost of hints and of the answer.
    package let off: Size
  }

  /// A later due date for one learner.
  package struct Extension: Sendable, Hashable {
    package let learner: String
    /// The ids of the puzzles it is for; empty for all.
    package let puzzles: [String]
    package let until: Double
    package let reason: String?
  }

  /// Which of several attempts is graded.
  package enum Counted: String, Sendable, CaseIterable { case last, best }

  package let due: Double?
  /// The due dates of puzzles that have one of their own.
  package let dueByPuzzle: [String: Double]
  /// For how many seconds after the due date a submission is not late yet.
  package let grace: Double
  /// In order of time; empty if lateness costs nothing.
  package let late: [LateStep]
  package let extensions: [Extension]
  /// What each hint costs, a percentage being one of the puzzle's points; `nil` for nothing.
  package let hint: Size?
  /// How many hints cost nothing.
  package let freeHints: Int
  /// What seeing the answer costs; `nil` for nothing.
  package let reveal: Size?
  package let counted: Counted
  /// How many attempts count, from the first; `nil` for all.
  package let mostAttempts: Int?

  /// Nothing is due, and nothing costs anything.
  package static let none = GradingPolicy(
    due: nil,
    dueByPuzzle: [:],
    grace: 0,
    late: [],
    extensions: [],
    hint: nil,
    freeHints: 0,
    reveal: nil,
    counted: .last,
    mostAttempts: nil
  )
}
