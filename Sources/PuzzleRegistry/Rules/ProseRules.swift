import SourceDiagnostics

/// The rules about how much a learner is told: not too much at first, enough when stuck.
enum ProseRules {
  static let mostPromptWords = 1200
  static let leastHints = 3

  static func prompt(_ puzzle: Puzzle) -> [Diagnostic] {
    let words = puzzle.prompt.split(whereSeparator: \.isWhitespace).count
    guard words > mostPromptWords else { return [] }
    let place = SourcePlace(file: "\(puzzle.directory)/prompt.md")
    return [.longPrompt(words, most: mostPromptWords, at: place)]
  }

  static func hints(_ hints: [Hint], file: String) -> [Diagnostic] {
    guard hints.count < leastHints else { return [] }
    return [.fewHints(hints.count, least: leastHints, at: SourcePlace(file: file))]
  }
}
