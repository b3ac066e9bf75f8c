package import SourceDiagnostics

/// A learner's answers to one puzzle, as written: nothing in them has been judged yet.
package struct Submission: Sendable {
  /// The id the file names.
  package let puzzle: String
  /// The model the answers were made on, if the file names one.
  package let model: String?
  /// The answers, in file order; question ids are distinct, and may be unknown to the puzzle.
  package let answers: [(questionID: String, node: AnswerNode)]
  /// The whole file, as stored.
  package let source: SourceText
  /// What is odd but does no harm, such as an answer to a question that was not asked.
  package let warnings: [Diagnostic]

  package subscript(questionID: String) -> AnswerNode? {
    answers.first { $0.questionID == questionID }?.node
  }
}

/// A value a learner wrote, before the question says what kind of answer it should be.
package indirect enum AnswerNode: Sendable, Hashable {
  package struct Field: Sendable, Hashable {
    package let key: String
    package let keyPlace: SourcePlace
    package let value: AnswerNode

    package init(key: String, keyPlace: SourcePlace, value: AnswerNode) {
      self.key = key
      self.keyPlace = keyPlace
      self.value = value
    }
  }

  /// A text; `innerPlace` is where its first character stands if it stands on one line as it reads.
  case scalar(String, isQuoted: Bool, place: SourcePlace, innerPlace: SourcePlace?)
  case list([AnswerNode], place: SourcePlace)
  case map([Field], place: SourcePlace)
  /// Nothing was written.
  case null(place: SourcePlace)

  package var place: SourcePlace {
    switch self {
    case .scalar(_, _, let place, _), .list(_, let place), .map(_, let place), .null(let place):
      place
    }
  }

  /// What was written, for messages.
  var kind: String {
    switch self {
    case .scalar: "a single value"
    case .list: "a list"
    case .map: "a mapping"
    case .null: "nothing"
    }
  }

  /// Whether it holds no answer: nothing, `null`, `~`, or the placeholder `…`.
  package var isBlank: Bool {
    switch self {
    case .null: true
    case .scalar(let text, let isQuoted, _, _): AnswerNode.isBlank(text, isQuoted: isQuoted)
    case .list, .map: false
    }
  }

  private static func isBlank(_ text: String, isQuoted: Bool) -> Bool {
    let shown = text.filter { !$0.isWhitespace }
    return shown.isEmpty || shown == "…" || shown == "..."
      || !isQuoted && (shown == "~" || shown == "null")
  }
}
