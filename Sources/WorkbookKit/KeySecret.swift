import MetricLanguage
import PuzzleRegistry

/// A text of a key that no learner should come across.
struct KeySecret: Hashable {
  /// Shorter texts stand in many a place by chance.
  private static let leastWords = 4
  private static let leastFormulaCharacters = 13

  let puzzle: String
  let question: String
  /// What it is in the key, such as `truth`.
  let what: String
  let isFormula: Bool
  private let words: [Substring]

  /// - Returns: `nil` for a formula, or a text, so short that it may stand anywhere.
  private init?(
    _ what: String,
    of question: Question,
    in puzzle: Puzzle,
    text: String,
    isFormula: Bool
  ) {
    let words = Words(text)
    self.words = (isFormula ? words.symbols : words.plain).map(\.text)
    let isLong =
      isFormula
      ? text.count { !$0.isWhitespace } >= Self.leastFormulaCharacters
      : self.words.count >= Self.leastWords
    guard isLong else { return nil }
    self.puzzle = puzzle.id
    self.question = question.id
    self.what = what
    self.isFormula = isFormula
  }

  /// Returns the line, from 1, on which this first stands in a text; `nil` if it does not.
  func line(in text: Words) -> Int? {
    let candidates = isFormula ? text.symbols : text.plain
    guard let first = words.first, candidates.count >= words.count else { return nil }
    for start in 0...(candidates.count - words.count)
    where candidates[start].text == first
      && zip(words, candidates[start...]).allSatisfy({ $0 == $1.text })
    {
      return candidates[start].line
    }
    return nil
  }

  /// A text cut into words, so that line breaks, indentation, case and quotes hide nothing.
  struct Words {
    struct Word {
      let text: Substring
      let line: Int
    }

    /// Letters and digits in lower case; what stands between them does not count.
    let plain: [Word]
    /// As formulas are compared: names and numbers as they are, and every other sign but quotes.
    let symbols: [Word]

    init(_ text: String) {
      var plain: [Word] = []
      var symbols: [Word] = []
      var line = 1
      var rest = text[...]
      while let character = rest.first {
        if character.isLetter || character.isNumber {
          let word = rest.prefix { $0.isLetter || $0.isNumber }
          symbols.append(Word(text: word, line: line))
          plain.append(Word(text: word.lowercased()[...], line: line))
          rest = rest[word.endIndex...]
          continue
        }
        if character.isNewline {
          line += 1
        } else if !character.isWhitespace, character != "\"", character != "'" {
          symbols.append(Word(text: rest.prefix(1), line: line))
        }
        rest = rest.dropFirst()
      }
      self.plain = plain
      self.symbols = symbols
    }
  }
}

extension KeySecret {
  /// Returns the secrets of a key, in the order of the puzzle's questions.
  ///
  /// Not among them is what the puzzle itself may well say: options, single phrases of a rubric,
  /// short formulas.
  static func secrets(of key: Key, for puzzle: Puzzle) -> [KeySecret] {
    puzzle.questions.flatMap { question in
      let own = key.questions[question.id].map { parts(of: $0) } ?? []
      return (own + reference(key.reference[question.id], to: question)).compactMap { part in
        KeySecret(part.what, of: question, in: puzzle, text: part.text, isFormula: part.isFormula)
      }
    }
  }

  private typealias Part = (what: String, text: String, isFormula: Bool)

  private static func parts(of key: QuestionKey) -> [Part] {
    switch key {
    case .number(let key):
      return (key.truth.map { [formula("truth", $0)] } ?? []) + key.traps.flatMap { ofTrap($0) }
    case .choice(let key):
      let messages = key.traps.map { message("trap's message", $0.says) }
      guard case .holds(let formulas) = key.truth else { return messages }
      return formulas.map { formula("formula for '\($0.option)'", $0.formula) } + messages
    case .tokens(let key): return [formula("truth", key.truth)] + key.traps.flatMap { ofTrap($0) }
    case .metric(let key):
      return key.requirements.flatMap { ofRequirement($0) }
        + key.traps.flatMap { trap in
          if case .formula(let when) = trap.when {
            return [formula("trap", when), message("trap's message", trap.says)]
          }
          return [message("trap's message", trap.says)]
        }
    case .explain(let key):
      return key.rubric.flatMap { idea in
        let phrases = message("phrases", idea.any.joined(separator: ", "))
        return [message("idea", idea.idea)] + (idea.any.count > 1 ? [phrases] : [])
      }
    }
  }

  private static func ofTrap(_ trap: Trap<Formula>) -> [Part] {
    [formula("trap", trap.when), message("trap's message", trap.says)]
  }

  private static func ofRequirement(_ requirement: MetricKey.Requirement) -> [Part] {
    let says = message("requirement's message", requirement.says)
    guard case .that(let condition) = requirement.condition else { return [says] }
    return [formula("requirement", condition), says]
  }

  private static func reference(_ node: AnswerNode?, to question: Question) -> [Part] {
    guard case .scalar(let text, _, _, _)? = node else { return [] }
    switch question.kind {
    case .metric: return [("reference", text, true)]
    case .explain: return [("reference", text, false)]
    case .number, .choice, .tokens: return []
    }
  }

  private static func formula(_ what: String, _ formula: Formula) -> Part {
    (what, formula.text, true)
  }

  private static func message(_ what: String, _ text: String) -> Part { (what, text, false) }
}
