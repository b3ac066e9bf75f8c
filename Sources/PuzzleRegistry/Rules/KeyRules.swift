import SourceDiagnostics

/// The rules about how a key and its puzzle fit together.
enum KeyRules {
  /// Returns what is missing from a key or disagrees with its puzzle.
  ///
  /// - Parameters:
  ///   - key: A key, complete or not.
  ///   - puzzle: The puzzle it belongs to.
  ///   - failed: Questions whose key could not be read, about which enough has been said.
  /// - Returns: Errors, in the order of the questions.
  static func errors(
    in key: Key,
    for puzzle: Puzzle,
    unless failed: Set<String> = []
  ) -> [Diagnostic] {
    puzzle.questions.filter { !failed.contains($0.id) }.flatMap { question in
      completeness(of: key, for: question) + points(in: key, for: question)
    }
  }

  private static func completeness(of key: Key, for question: Question) -> [Diagnostic] {
    guard !question.isPrediction else { return [] }
    guard let part = key.questions[question.id] else {
      return [.missingQuestionKey(question.id, kind: question.kind, at: key.place)]
    }
    guard needsReference(part), key.reference[question.id] == nil else { return [] }
    return [.missingReference(question.id, at: key.places[question.id] ?? key.place)]
  }

  /// Returns whether full marks cannot be derived from the key of a question itself.
  private static func needsReference(_ part: QuestionKey) -> Bool {
    switch part {
    case .number, .explain: false
    case .choice(let choice): if case .holds = choice.truth { true } else { false }
    case .tokens, .metric: true
    }
  }

  private static func points(in key: Key, for question: Question) -> [Diagnostic] {
    let parts: String
    let sum: Double
    switch key.questions[question.id] {
    case .metric(let metric):
      parts = "requirements"
      sum = metric.requirements.reduce(0) { $0 + $1.points }
    case .explain(let explain):
      parts = "rubric"
      sum = explain.rubric.reduce(0) { $0 + $1.points }
    default: return []
    }
    // Points such as 0.1 do not add up exactly in binary.
    guard abs(sum - question.points) > 1e-9 else { return [] }
    let format = sum.rounded() == sum && question.points.rounded() == question.points ? "0" : "0.00"
    func shown(_ value: Double) -> String {
      NumberFormat(pattern: format)?.string(value) ?? "\(value)"
    }
    return [
      .pointsMismatch(
        question.id,
        parts: parts,
        sum: shown(sum),
        points: shown(question.points),
        at: key.places[question.id] ?? key.place
      )
    ]
  }
}
