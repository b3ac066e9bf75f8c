import Foundation
import Grading
import Plotting
import PuzzleRegistry
import SourceDiagnostics

/// Pages of feedback that were written.
package struct FeedbackResult: Sendable {
  package let directory: String
  package let pages: Int
  /// How many grades rest on points that nobody has confirmed.
  package let provisionalCount: Int
}

extension Workbook {
  /// Writes a page for each learner: what was asked, how they fared and why, with the puzzles' plots.
  ///
  /// - Parameters:
  ///   - path: The gradebook.
  ///   - learner: The one learner to write a page for; `nil` for all.
  ///   - out: The folder to make; it must not be there yet, or be empty.
  ///   - format: What to write.
  ///   - isInline: Whether an HTML page holds its plots, rather than lying beside them.
  /// - Returns: What was written.
  /// - Throws: What keeps the gradebook from being read or a page from being written.
  package func writeFeedback(
    gradebook path: String,
    learner: String?,
    to out: String,
    as format: FeedbackFormat,
    isInline: Bool
  ) throws -> FeedbackResult {
    let view = try gradebook(path)
    let learners = learner.map { [$0] } ?? view.learners
    let byLearner = Dictionary(grouping: view.grades, by: \.learner)
    for name in learners where byLearner[name] == nil {
      throw Diagnostic.noSuchLearner(name, among: view.learners)
    }
    let target = absolute(out)
    if FileWriting.exists(target) {
      guard try FileManager.default.contentsOfDirectory(atPath: target).isEmpty else {
        throw Diagnostic.feedbackExists(shown(target))
      }
    }
    var puzzles: [String: FeedbackPuzzle] = [:]
    for (index, id) in view.puzzles.enumerated() {
      puzzles[id] = try feedbackPuzzle(id)
      surroundings.progress?(Double(index + 1) / Double(view.puzzles.count + 1))
    }
    let staging = try StagingFolder(for: target)
    if format == .markdown || !isInline {
      for (id, puzzle) in puzzles {
        for (index, plot) in puzzle.plots.enumerated() {
          let path = "\(staging.path)/\(Self.plotPath(id, index + 1))"
          _ = try FileWriting.create(plot.svg, at: path)
        }
      }
    }
    var names: Set<String> = []
    for name in learners {
      let page = FeedbackPage(learner: name, grades: byLearner[name] ?? [], puzzles: puzzles)
      let suffix = format == .html ? ".html" : ".md"
      var stem = Self.fileName(name)
      // Disks that ignore case, or the characters replaced, must not make two learners one.
      while !names.insert(stem.lowercased()).inserted { stem += "_" }
      let text = page.text(format, isInline: isInline, plotPath: Self.plotPath)
      guard try FileWriting.create(text, at: "\(staging.path)/\(stem)\(suffix)") else {
        throw Diagnostic.feedbackExists(shown(target))
      }
    }
    try staging.commit()
    return FeedbackResult(
      directory: shown(target),
      pages: learners.count,
      provisionalCount: view.provisionalCount
    )
  }

  private static func plotPath(_ puzzle: String, _ number: Int) -> String {
    "plots/\(puzzle)-\(number).svg"
  }

  private func feedbackPuzzle(_ id: String) throws -> FeedbackPuzzle {
    let puzzle = try folder.loadPuzzle(id)
    let model = try self.model(for: puzzle, given: nil)
    let evaluator = try evaluator(model: model, for: puzzle, reportsProgress: false)
    var asks: [String: String] = [:]
    for question in puzzle.questions {
      asks[question.id] = rendered(question.askTemplate, with: evaluator)
    }
    var plots: [(svg: String, sentence: String)] = []
    for plot in puzzle.plots {
      let chart = try chart(plot, with: evaluator)
      plots.append((chart.svg(), "\(chart.title). \(chart.sentence)"))
    }
    return FeedbackPuzzle(title: puzzle.title, asks: asks, plots: plots)
  }
}

extension Diagnostic {
  fileprivate static func feedbackExists(_ path: String) -> Diagnostic {
    Diagnostic(
      "folder-exists",
      "'\(path)' is there and not empty",
      help: "name a folder that is not there yet"
    )
  }
}
