package import MetricLanguage
package import SourceDiagnostics

/// What a learner is given: a puzzle's public text, read and checked.
package struct Puzzle: Sendable {
  /// Where a puzzle's idea comes from.
  package struct Source: Sendable, Hashable {
    package let title: String
    package let author: String
    package let year: Int
    package let url: String?
  }

  package let id: String
  package let title: String
  /// The lesson in one sentence, shown once the puzzle is solved.
  package let principle: String?
  package let source: Source?
  /// From 1, easy, to 5.
  package let difficulty: Int
  /// How long the puzzle takes, roughly.
  package let minutes: Int
  /// What a learner needs to know beforehand.
  package let background: String?
  /// The models the puzzle is made for, the preferred one first; never empty.
  package let models: [String]
  /// Further models worth comparing with.
  package let compare: [String]
  package let plots: [Plot]
  /// The questions, in order; ids are distinct.
  package let questions: [Question]
  /// The text of `prompt.md`.
  package let promptTemplate: ProseTemplate
  package let lexicon: Lexicon?
  /// The path of the puzzle's folder.
  package let directory: String
  /// Where the title stands in `puzzle.yaml`, for faults that concern the whole puzzle.
  package let place: SourcePlace

  /// The text of `prompt.md` as written, formulas and all.
  package var prompt: String { promptTemplate.text }

  /// Returns the question with an id.
  package func question(_ id: String) -> Question? {
    questions.first { $0.id == id }
  }
}
