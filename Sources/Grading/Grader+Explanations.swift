import PuzzleRegistry

extension Grader {
  /// Suggests points for an explanation by the ideas it names.
  ///
  /// The points are provisional: a person confirms them. A list of the rubric's words, or the
  /// prompt copied out, is no explanation and earns nothing.
  func grade(_ text: String, _ question: Question, _ key: ExplainKey) -> Verdict {
    let words = Self.words(text)
    var earned = 0.0
    var named: [String] = []
    var phraseWords = 0
    for idea in key.rubric {
      let found = idea.any.filter { Self.contains(words, Self.words($0)) }
      guard let longest = found.map({ Self.words($0).count }).max() else { continue }
      phraseWords += max(longest, found.reduce(0) { $0 + Self.words($1).count })
      earned += idea.points
      named.append(idea.idea)
    }
    let isDump = words.count < 8 || phraseWords * 2 > words.count
    let isCopy = Self.overlap(words, Self.words(puzzle.prompt + " " + question.ask)) > 0.5
    guard !isDump, !isCopy, earned > 0 else {
      return question.verdict(.incorrect, GradingWording.noIdeas, isProvisional: true)
    }
    let share = earned / max(question.points, .leastNonzeroMagnitude)
    return question.verdict(
      share >= 1 ? .correct : .partial,
      GradingWording.ideasNamed(named.count, of: key.rubric.count),
      points: min(question.points, earned),
      isProvisional: true
    )
  }

  /// Returns the words of a text in lower case, without punctuation.
  static func words(_ text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }

  /// Whether the phrase's words stand in the text in a row; the last may go on, so that `centre`
  /// finds `centred`.
  static func contains(_ words: [String], _ phrase: [String]) -> Bool {
    guard let last = phrase.last, words.count >= phrase.count else { return false }
    return (0...(words.count - phrase.count)).contains { start in
      words[start..<start + phrase.count - 1].elementsEqual(phrase.dropLast())
        && words[start + phrase.count - 1].hasPrefix(last)
    }
  }

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
