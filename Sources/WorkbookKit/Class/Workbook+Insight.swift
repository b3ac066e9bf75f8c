import Foundation
import Grading
import ProgressStore
import PuzzleRegistry
package import SourceDiagnostics

extension Workbook {
  /// Returns what a class's answers say about the questions.
  package func classStatistics(_ path: String) throws(Diagnostic) -> ClassStatistics {
    ClassStatistics(try GradebookContent(try Gradebook(at: absolute(path), makes: false)))
  }

  /// Returns explanations that match beyond chance.
  package func explanationMatches(_ path: String) throws -> ExplanationMatches {
    let content = try GradebookContent(try Gradebook(at: absolute(path), makes: false))
    var explained: [String: [(question: String, asked: String)]] = [:]
    for id in Set(content.entries.map(\.puzzle)) {
      let puzzle = try folder.loadPuzzle(id)
      explained[id] = puzzle.questions.filter { $0.kind == .explain }.map {
        ($0.id, puzzle.prompt + "\n" + $0.ask)
      }
    }
    return ExplanationMatches(content, explained: explained)
  }

  /// One grade that two gradebooks differ about, or that only one has.
  package struct GradeDifference: Sendable {
    package let learner: String
    package let puzzle: String
    package let before: String
    package let after: String
    /// The points more or less; `nil` where one of the two has none.
    package let difference: Double?
  }

  /// Compares two gradebooks, points set by hand among them.
  ///
  /// - Returns: Every difference, by learner and puzzle, and how many grades are the same.
  package func gradebookDifferences(
    from old: String,
    to new: String
  ) throws(Diagnostic) -> (differences: [GradeDifference], same: Int) {
    let before = try gradebook(old)
    let after = try gradebook(new)
    func bySlot(_ view: GradebookView) -> [Slot: GradebookView.Grade] {
      Dictionary(view.grades.map { (Slot(learner: $0.learner, puzzle: $0.puzzle), $0) }) {
        first,
        _ in first
      }
    }
    let (olds, news) = (bySlot(before), bySlot(after))
    var same = 0
    var differences: [GradeDifference] = []
    let slots = Set(olds.keys).union(news.keys)
      .sorted { ($0.learner, $0.puzzle) < ($1.learner, $1.puzzle) }
    for slot in slots {
      let (left, right) = (olds[slot], news[slot])
      let texts = (left.map(Self.summary) ?? "nothing", right.map(Self.summary) ?? "nothing")
      guard texts.0 != texts.1 else {
        same += 1
        continue
      }
      var difference: Double?
      if let before = left?.points, let after = right?.points {
        difference = Points(rounding: after - before).value
      }
      differences.append(
        GradeDifference(
          learner: slot.learner,
          puzzle: slot.puzzle,
          before: texts.0,
          after: texts.1,
          difference: difference
        )
      )
    }
    return (differences, same)
  }

  private static func summary(_ grade: GradebookView.Grade) -> String {
    grade.override.map { "\(Numbers.exactPoints($0.points)) points by hand" }
      ?? grade.standing.summary
  }
}
