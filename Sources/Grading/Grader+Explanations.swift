import PuzzleRegistry

extension Grader {
  /// Suggests points for an explanation by the ideas it names.
  ///
  /// The points are provisional: a person confirms them, so the outcome is never `correct`. A list of the rubric's words, or the
  /// prompt copied out, is no explanation and earns nothing.
  func grade(_ text: String, _ question: Question, _ key: ExplainKey) -> Verdict {
    let words = Self.words(text)
    var earned = 0.0
    var named: [String] = []
    var phraseWords = 0
    for idea in key.rubric {
      let counts = idea.any.map { phrase in
        let phrase = Self.words(phrase)
        return (Self.occurrences(of: phrase, in: words), phrase.count)
      }
      guard counts.contains(where: { $0.0 > 0 }) else { continue }
      phraseWords += counts.reduce(0) { $0 + $1.0 * $1.1 }
      earned += idea.points
      named.append(idea.idea)
    }
    // Sentences have words between the ideas, and do not say the same again and again.
    let isDump =
      words.count < 8 || phraseWords * 2 > words.count || Set(words).count * 3 < words.count
    let isCopy = Self.overlap(words, Self.words(puzzle.prompt + " " + question.ask)) > 0.5
    guard !isDump, !isCopy, earned > 0 else {
      return question.verdict(.incorrect, GradingWording.noIdeas, isProvisional: true)
    }
    return question.verdict(
      .partial,
      GradingWording.ideasNamed(named.count, of: key.rubric.count),
      points: min(question.points, earned),
      isProvisional: true
    )
  }

  /// Returns the words of a text in lower case, without punctuation.
  package static func words(_ text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }

  /// How often the phrase's words stand in the text in a row; the last may have another ending, so
  /// that `vector` finds `vectors` and `centre` finds `centred`.
  static func occurrences(of phrase: [String], in words: [String]) -> Int {
    guard let last = phrase.last, words.count >= phrase.count else { return 0 }
    return (0...(words.count - phrase.count)).count { start in
      let end = words[start + phrase.count - 1]
      return words[start..<start + phrase.count - 1].elementsEqual(phrase.dropLast())
        && end.hasPrefix(last) && endings.contains(String(end.dropFirst(last.count)))
    }
  }

  private static let endings: Set<String> = ["", "s", "es", "d", "ed", "ing", "r", "ly"]

  /// The share of the text's runs of four words that stand in `other` too.
  static func overlap(_ words: [String], _ other: [String]) -> Double {
    func runs(_ words: [String]) -> [ArraySlice<String>] {
      words.count < 4 ? [] : (0...(words.count - 4)).map { words[$0..<$0 + 4] }
    }
    let own = runs(words)
    guard !own.isEmpty else { return 0 }
    let known = Set(runs(other))
    return Double(own.count { known.contains($0) }) / Double(own.count)
  }
}
