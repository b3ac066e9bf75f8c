import SourceDiagnostics

/// What is said about a learner's submission and answers.
extension Diagnostic {
  static func otherPuzzle(_ id: String, expected: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "other-puzzle",
      "this submission is for '\(id.prefix(64))', expected '\(expected)'",
      at: place
    )
  }

  static func unknownAnswer(
    _ id: String,
    questions: [String],
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "unknown-question",
      "the puzzle has no question '\(id.prefix(64))', so this is not graded",
      help: Suggestion.help(for: id, among: questions),
      at: place,
      severity: .warning
    )
  }

  static func answerNotNumber(found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "answer-not-number",
      "the answer is \(found), expected a number",
      help: "write one number, such as 0.5, 5e-1 or 50%",
      at: place
    )
  }

  static func decimalComma(_ text: String, meaning: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "decimal-comma",
      "'\(text.prefix(40))' has a comma, expected a decimal point",
      help: "write \(meaning.prefix(40))",
      at: place
    )
  }

  static func answerTooLarge(_ text: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "answer-not-finite",
      "'\(text.prefix(40))' is beyond the largest number that can be held",
      at: place
    )
  }

  static func answerNotFinite(_ text: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "answer-not-finite",
      "the answer is '\(text.prefix(40))', expected a finite number",
      at: place
    )
  }

  static func answerNotOption(found: String, many: Bool, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "answer-not-option",
      "the answer is \(found), expected \(many ? "a list of options" : "one option")",
      help: many ? "write the options in brackets, such as [one, two]" : nil,
      at: place
    )
  }

  static func unknownOption(
    _ name: String,
    options: [String],
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "unknown-option",
      "there is no option '\(name.prefix(64))'",
      help: Suggestion.help(for: name, among: options),
      at: place
    )
  }

  static func tooManyOptions(_ count: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "too-many-options",
      "\(count) options are chosen, expected exactly one",
      at: place
    )
  }

  static func answerNotTokens(found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "answer-not-tokens",
      "the answer holds \(found), expected a list of tokens",
      help: "write them in brackets and quotes, such as [\" dog\", \" cat\"]",
      at: place
    )
  }

  static func tooManyTokens(_ count: Int, most: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "answer-not-tokens",
      "the answer lists \(count) tokens, expected at most \(most)",
      at: place
    )
  }

  static func answerNotText(found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "answer-not-text",
      "the answer is \(found), expected a text",
      help: "start it with '|' and indent the lines below",
      at: place
    )
  }

  static func answerNotMetric(found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "answer-not-metric",
      "the answer is \(found), expected a metric",
      help: "write { similarity: cosine, zero-point: origin, remove: 0 }, or a formula in quotes",
      at: place
    )
  }
}
