import MetricLanguage
package import SourceDiagnostics

/// The rule that no two puzzles of a workbook ask the same thing.
package enum SameQuestionRule {
  /// Returns an error for each question, and each title, that an earlier puzzle has already.
  ///
  /// Questions are the same when they ask the same words of the same options, or are right by the
  /// same formulas. Predictions may be repeated: what one puzzle finds another may start from.
  ///
  /// - Parameter puzzles: The puzzles with their keys, in the workbook's order.
  /// - Returns: Errors, in the puzzles' order.
  package static func errors(in puzzles: [(puzzle: Puzzle, key: Key?)]) -> [Diagnostic] {
    var known: [String: (puzzle: String, question: String)] = [:]
    var titles: [String: String] = [:]
    var errors: [Diagnostic] = []
    for (puzzle, key) in puzzles {
      if let other = titles[puzzle.title] {
        errors.append(.sameTitle(puzzle.title, as: other, at: puzzle.place))
      }
      titles[puzzle.title] = puzzle.id
      for question in puzzle.questions where !question.isPrediction {
        let marks = marks(of: question, key?.questions[question.id])
        let twin = marks.lazy.compactMap { known[$0] }.first { $0.puzzle != puzzle.id }
        if let twin {
          errors.append(
            .sameQuestion(question.id, as: twin.question, of: twin.puzzle, at: question.place)
          )
        }
        for mark in marks where known[mark] == nil { known[mark] = (puzzle.id, question.id) }
      }
    }
    return errors
  }

  /// Texts of which two questions that are the same share one.
  private static func marks(of question: Question, _ key: QuestionKey?) -> [String] {
    var marks: [String] = []
    // "Explain what you found." may well end several puzzles.
    if question.kind != .explain {
      let options = question.options.map(\.text).sorted().joined(separator: "|")
      marks.append("asks \(squeezed(question.ask)) of \(squeezed(options))")
    }
    switch key {
    case .number(let number):
      if let truth = number.truth { marks.append("number \(truth.canonicalText)") }
    case .tokens(let tokens): marks.append("tokens \(tokens.truth.canonicalText)")
    case .metric(let metric):
      let conditions = metric.requirements.map { requirement in
        switch requirement.condition {
        case .invariant(let invariance): invariance.rawValue
        case .that(let formula): formula.canonicalText
        }
      }
      marks.append("metric \(conditions.sorted().joined(separator: " and "))")
    case .choice, .explain, nil: break
    }
    return marks
  }

  private static func squeezed(_ text: String) -> String {
    text.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
