import Foundation
import Grading
import ProgressStore

/// Explanations that match more than explanations of the same thing do by chance.
///
/// Two learners who chose the same option have told nothing about each other: options are few. Texts
/// are long. What is compared are runs of five words; those of the prompt, or that many learners of
/// the class use, say nothing either and are left out.
package struct ExplanationMatches: Sendable {
  /// Learners whose explanations match.
  package struct Match: Sendable {
    package let puzzle: String
    package let question: String
    package let learners: [String]
    /// Which share of the shorter text's telling runs both have; 1 for texts that are the same.
    package let share: Double
    /// How many telling runs they have in common.
    package let runs: Int
    /// A run of words they have in common.
    package let example: String
  }

  /// How alike pairs of explanations of one question are in the whole class.
  package struct Base: Sendable {
    package let puzzle: String
    package let question: String
    package let texts: Int
    package let pairs: Int
    /// How many pairs have any telling run in common.
    package let touching: Int
  }

  /// Texts shorter than these say too little to compare, in words.
  static let fewestWords = 12
  /// So many runs must be shared, and that share of the shorter text's.
  static let fewestRuns = 4
  static let leastShare = 0.4
  private static let runLength = 5
  private static let mostMatches = 200

  package let matches: [Match]
  package let bases: [Base]

  /// - Parameters:
  ///   - content: The gradebook.
  ///   - explained: The questions that ask for an explanation with the text they were asked with, by
  ///     puzzle.
  init(_ content: GradebookContent, explained: [String: [(question: String, asked: String)]]) {
    var matches: [Match] = []
    var bases: [Base] = []
    for (puzzle, questions) in explained.sorted(by: { $0.key < $1.key }) {
      for (question, asked) in questions {
        let texts = content.entries.filter { $0.puzzle == puzzle && $0.outcome == .graded }
          .compactMap { entry in
            entry.answers[question].map { (learner: entry.learner, words: Grader.words($0)) }
          }.filter { $0.words.count >= Self.fewestWords }
        let found = Self.compare(texts, asked: asked, puzzle: puzzle, question: question)
        matches += found.matches
        bases.append(found.base)
      }
    }
    self.matches = Array(
      matches.sorted { ($0.share, $0.runs) > ($1.share, $1.runs) }.prefix(Self.mostMatches)
    )
    self.bases = bases
  }

  private static func runs(_ words: [String]) -> [String] {
    guard words.count >= runLength else { return [] }
    return (0...(words.count - runLength)).map {
      words[$0..<$0 + runLength].joined(separator: " ")
    }
  }

  private static func compare(
    _ texts: [(learner: String, words: [String])],
    asked: String,
    puzzle: String,
    question: String
  ) -> (matches: [Match], base: Base) {
    // The same text is one group, however many have it.
    let groups = Dictionary(grouping: texts) { $0.words.joined(separator: " ") }
      .sorted { $0.key < $1.key }
    var matches: [Match] = []
    for (text, members) in groups where members.count > 1 {
      matches.append(
        Match(
          puzzle: puzzle,
          question: question,
          learners: members.map(\.learner).sorted(),
          share: 1,
          runs: runs(members[0].words).count,
          example: String(text.prefix(120))
        )
      )
    }
    let known = Set(runs(Grader.words(asked)))
    let own = groups.map { Set(runs($0.value[0].words)).subtracting(known) }
    var holders: [String: [Int]] = [:]
    for (index, runs) in own.enumerated() {
      for run in runs { holders[run, default: []].append(index) }
    }
    // What one in ten writes, or three of a small class, is a common way to say it.
    let most = max(3, groups.count / 10)
    let telling = holders.filter { $0.value.count <= most }
    let tellingCounts = own.map { runs in runs.count { telling[$0] != nil } }
    var shared: [Int: (count: Int, example: String)] = [:]
    for (run, indices) in telling.sorted(by: { $0.key < $1.key }) where indices.count > 1 {
      for (position, left) in indices.enumerated() {
        for right in indices[(position + 1)...] {
          let key = left * groups.count + right
          shared[key] = ((shared[key]?.count ?? 0) + 1, shared[key]?.example ?? run)
        }
      }
    }
    for (key, found) in shared.sorted(by: { $0.key < $1.key }) {
      let (left, right) = (key / groups.count, key % groups.count)
      let shorter = min(tellingCounts[left], tellingCounts[right])
      let share = shorter == 0 ? 0 : Double(found.count) / Double(shorter)
      guard found.count >= fewestRuns, share >= leastShare else { continue }
      matches.append(
        Match(
          puzzle: puzzle,
          question: question,
          learners: [groups[left].value[0].learner, groups[right].value[0].learner].sorted(),
          share: min(1, share),
          runs: found.count,
          example: found.example
        )
      )
    }
    let base = Base(
      puzzle: puzzle,
      question: question,
      texts: texts.count,
      pairs: groups.count * (groups.count - 1) / 2,
      touching: shared.count
    )
    return (matches, base)
  }
}
