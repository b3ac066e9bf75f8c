import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

/// What answers chosen at random are expected to earn.
///
/// A prediction counts for nothing here, since anyone earns it by recording one.
package struct GuessingBaseline: Sendable, Hashable {
  /// More than this share of the points, and guessing pays.
  package static let mostShare = 0.25

  package let expected: Double
  package let possible: Double

  package var share: Double { possible > 0 ? expected / possible : 0 }

  /// The expected points of one option, or of any set of options, chosen at random.
  static func choice(_ question: Question, right: Set<String>) -> Double {
    let count = question.options.count
    guard question.many else { return right.isEmpty ? 0 : question.points / Double(count) }
    // The number of wrong decisions of a random set is binomial, whatever the right set is.
    var probability = 1.0
    for _ in 0..<count { probability /= 2 }
    var expected = 0.0
    for wrong in 0...count {
      expected += probability * question.points * max(0, 1 - 2 * Double(wrong) / Double(count))
      probability *= Double(count - wrong) / Double(wrong + 1)
    }
    return expected
  }

  /// The expected points of a number drawn evenly from where a guess may lie: from half the width of
  /// the truth and the traps below them to as much above.
  static func number(
    _ question: Question,
    truth: Double,
    traps: [Double],
    tolerance: Double
  ) -> Double {
    let known = ([truth] + traps).filter(\.isFinite)
    let low = known.min() ?? truth
    let high = known.max() ?? truth
    let width = high > low ? 2 * (high - low) : 2 * max(abs(truth), tolerance)
    guard width > 0 else { return question.points }
    return question.points * min(1, 2 * tolerance / width)
  }

  /// The expected points of tokens drawn at random, at most: every right one counted, none cancelled.
  static func tokens(_ question: Question, right: Int, of all: Int) -> Double {
    question.points * Double(right) / Double(max(1, all))
  }
}
