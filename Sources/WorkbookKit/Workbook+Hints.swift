import Foundation
import MetricLanguage
import ProgressStore
package import PuzzleRegistry
import SourceDiagnostics

/// One hint, with where it stands among the others.
package struct ShownHint: Sendable {
  package let puzzleID: String
  /// Counted from 1.
  package let number: Int
  package let count: Int
  package let title: String?
  /// The hint in Markdown, formulas evaluated.
  package let text: String
  /// Whether every hint had been seen already and this is the last one again.
  package let isRepeated: Bool
}

/// An answer, encoded or in plain text.
package struct ShownAnswer: Sendable {
  package let puzzleID: String
  package let text: String
  package let isDecoded: Bool
  /// Points a person confirms: what an explanation should say, once the answer is decoded.
  package let rubrics: [(question: String, ideas: [ExplainKey.Idea])]
}

extension Workbook {
  /// Returns the next hint and records it; the current puzzle stays what it is.
  ///
  /// - Parameters:
  ///   - name: The puzzle's id or an unambiguous prefix; `nil` for the current or first unsolved.
  ///   - number: A hint that was shown before, to read it again; `nil` for the next.
  /// - Returns: The hint with its place among the others.
  /// - Throws: Why it cannot be read, or that it was not shown yet.
  package func hint(puzzle name: String?, number: Int? = nil) throws -> ShownHint {
    let store = try openStore()
    let id =
      try name.map { (name) throws(Diagnostic) in try folder.resolve(name) }
      ?? suggestedPuzzle(store)
    let puzzle = try folder.loadPuzzle(id)
    let hints = try folder.loadHints(id)
    guard !hints.isEmpty else { throw Diagnostic.noHints(id) }
    let seen = try store.progress(of: id).hintsShown
    if let number, number < 1 || number > min(seen, hints.count) {
      throw Diagnostic.hintNotShown(number, shown: min(seen, hints.count))
    }
    let index = number.map { $0 - 1 } ?? min(seen, hints.count - 1)
    let hint = hints[index]
    let text = try proseWithNumbers(hint.template, of: puzzle)
    try store.recordHint(puzzle: id, number: index + 1, at: surroundings.now())
    return ShownHint(
      puzzleID: id,
      number: index + 1,
      count: hints.count,
      title: hint.title,
      text: text,
      isRepeated: number == nil && seen >= hints.count
    )
  }

  /// Returns the answer and records that it was shown.
  ///
  /// - Parameters:
  ///   - name: The puzzle's id or an unambiguous prefix; `nil` for the current or first unsolved.
  ///   - decoded: Whether in plain text, with its numbers computed; else in rot13 as stored.
  /// - Returns: The answer, with the rubrics to mark explanations by once it is decoded.
  /// - Throws: Why the puzzle, its solution or the store cannot be read.
  package func answer(puzzle name: String?, decoded: Bool) throws -> ShownAnswer {
    let store = try openStore()
    let id =
      try name.map { (name) throws(Diagnostic) in try folder.resolve(name) }
      ?? suggestedPuzzle(store)
    let puzzle = try folder.loadPuzzle(id)
    let plain = "\(folder.solutionDirectory(id))/answer.md"
    if !hasKey(to: id), !FileWriting.exists(plain), !FileWriting.exists(plain + ".rot13") {
      throw Diagnostic.answerWithheld(id)
    }
    let text: String
    var rubrics: [(question: String, ideas: [ExplainKey.Idea])] = []
    if decoded {
      text = try proseWithNumbers(try folder.loadAnswer(id), of: puzzle)
      let key = hasKey(to: id) ? try folder.loadKey(id, for: puzzle) : nil
      for question in puzzle.questions {
        if case .explain(let explain)? = key?.questions[question.id] {
          rubrics.append((question.id, explain.rubric))
        }
      }
    } else {
      // With its numbers filled in, so that decoding it gives what --decode shows.
      text = rot13(try proseWithNumbers(try folder.loadAnswer(id), of: puzzle))
    }
    try store.recordReveal(puzzle: id, decoded: decoded, at: surroundings.now())
    return ShownAnswer(puzzleID: id, text: text, isDecoded: decoded, rubrics: rubrics)
  }

  /// Returns a text with its formulas evaluated, opening the model only if there are any.
  private func proseWithNumbers(_ template: ProseTemplate, of puzzle: Puzzle) throws -> String {
    guard !template.formulas.isEmpty else {
      return template.rendered { (_) throws(Never) in .nan }
    }
    let path = folder.submissionPath(puzzle.id)
    let written = (try? folder.loadSubmission(path: path, puzzle: puzzle))?.model
    let model = try self.model(for: puzzle, given: written)
    return rendered(template, with: try evaluator(model: model, for: puzzle))
  }
}
