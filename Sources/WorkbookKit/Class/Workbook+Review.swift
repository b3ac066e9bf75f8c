import Foundation
import Grading
import ProgressStore
import PuzzleRegistry
package import SourceDiagnostics

/// Explanations that say the same, or nearly, to be marked at once; nobody's name is in it.
package struct ReviewGroup: Sendable {
  package let puzzle: String
  package let question: String
  /// What was asked.
  package let ask: String
  package let possible: Double
  /// What the key looks for: each idea with its points.
  package let rubric: [(idea: String, points: Double)]
  /// The texts, each with how many learners wrote it, the most common first.
  package let texts: [(text: String, count: Int)]
  /// What the rubric's words suggest for the first text, and why.
  package let suggestion: (points: Double, reason: String)
  /// The mark the first text has, if it has one.
  package let mark: (points: Double, comment: String)?

  /// How many learners it is about.
  package var count: Int { texts.reduce(0) { $0 + $1.count } }

  /// The group as one for each text.
  package var split: [ReviewGroup] {
    texts.map { text in
      ReviewGroup(
        puzzle: puzzle,
        question: question,
        ask: ask,
        possible: possible,
        rubric: rubric,
        texts: [text],
        suggestion: suggestion,
        mark: mark
      )
    }
  }
}

extension Workbook {
  /// Returns the explanations that await a person's mark, grouped, one question after the other.
  ///
  /// - Parameters:
  ///   - path: The gradebook.
  ///   - name: The puzzle; all if `nil`.
  ///   - question: The question's id; all if `nil`.
  ///   - all: Whether those that have a mark are listed too.
  /// - Returns: The groups of each question, the largest first.
  /// - Throws: What keeps the gradebook or a puzzle from being read.
  package func reviewGroups(
    _ path: String,
    puzzle name: String?,
    question: String?,
    all: Bool
  ) throws -> [ReviewGroup] {
    let content = try GradebookContent(try Gradebook(at: absolute(path), makes: false))
    let wanted = try name.map { (name) throws(Diagnostic) in try folder.resolve(name) }
    let ids = Set(content.entries.map(\.puzzle)).filter { wanted == nil || $0 == wanted }
      .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    var groups: [ReviewGroup] = []
    for id in ids {
      let puzzle = try folder.loadPuzzle(id)
      let key = hasKey(to: id) ? try folder.loadKey(id, for: puzzle) : nil
      for asked in puzzle.questions where asked.kind == .explain {
        guard question == nil || question == asked.id else { continue }
        let rubric: ExplainKey? =
          if case .explain(let own)? = key?.questions[asked.id] { own } else { nil }
        groups += self.groups(content, id, asked, rubric, all: all)
      }
    }
    if let question, groups.isEmpty {
      let known = try ids.flatMap { id in
        try folder.loadPuzzle(id).questions.filter { $0.kind == .explain }.map(\.id)
      }
      guard known.contains(question) else { throw Diagnostic.noExplanation(question, among: known) }
    }
    return groups
  }

  private func groups(
    _ content: GradebookContent,
    _ id: String,
    _ question: Question,
    _ rubric: ExplainKey?,
    all: Bool
  ) -> [ReviewGroup] {
    var counts: [String: Int] = [:]
    var firsts: [String: GradebookEntry] = [:]
    for entry in content.entries where entry.puzzle == id && entry.outcome == .graded {
      guard let text = entry.answers[question.id],
        all || content.reviews[id, question.id, text] == nil
      else { continue }
      counts[text, default: 0] += 1
      if firsts[text] == nil { firsts[text] = entry }
    }
    // The most common first, so that a group is led by what most of it says.
    let texts = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return TextGroups(texts.map(\.key)).groups.map { indices in
      let own = indices.map { (text: texts[$0].key, count: texts[$0].value) }
      let first = own[0].text
      let verdict = firsts[first].flatMap { entry in
        entry.verdictsJSON.flatMap {
          try? JSONDecoder().decode(GradeReport.self, from: Data($0.utf8))
        }?.verdicts.first { $0.question == question.id }
      }
      let review = content.reviews[id, question.id, first]
      return ReviewGroup(
        puzzle: id,
        question: question.id,
        ask: question.ask,
        possible: question.points,
        rubric: rubric?.rubric.map { ($0.idea, $0.points) } ?? [],
        texts: own,
        suggestion: (verdict?.points ?? 0, verdict?.message ?? ""),
        mark: review.map { ($0.points.value, $0.comment) }
      )
    }.sorted { ($1.count, $0.texts[0].text) < ($0.count, $1.texts[0].text) }
  }

  /// Records a person's mark for every text of a group.
  package func recordReview(
    _ group: ReviewGroup,
    points: Double,
    comment: String,
    gradebook path: String
  ) throws(Diagnostic) {
    let gradebook = try Gradebook(at: absolute(path), makes: false)
    let earlier = try gradebook.reviews().filter {
      $0.puzzle == group.puzzle && $0.question == group.question
    }
    let time = Self.time(surroundings.now(), after: earlier.map(\.at))
    try gradebook.record(
      group.texts.map {
        Review(
          puzzle: group.puzzle,
          question: group.question,
          text: $0.text,
          points: Points(rounding: points),
          comment: comment,
          at: time
        )
      }
    )
  }
}

/// Texts that say the same, or nearly: a text joins the first group whose first text has mostly the
/// same runs of three words.
struct TextGroups {
  /// Two texts with this share of all their runs in common are nearly the same.
  static let nearly = 0.7

  /// The indices of the texts in each group, in order.
  private(set) var groups: [[Int]] = []

  init(_ texts: [String]) {
    var leaders: [Set<String>] = []
    var holders: [String: [Int]] = [:]
    for (index, text) in texts.enumerated() {
      let runs = Self.runs(text)
      var shared: [Int: Int] = [:]
      for run in runs {
        for leader in holders[run] ?? [] { shared[leader, default: 0] += 1 }
      }
      let near = shared.filter { leader, count in
        Double(count) >= Self.nearly * Double(runs.count + leaders[leader].count - count)
      }
      // The most alike; of equals, the first.
      if let best = near.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) {
        groups[best.key].append(index)
        continue
      }
      for run in runs { holders[run, default: []].append(groups.count) }
      groups.append([index])
      leaders.append(runs)
    }
  }

  /// The runs of three words; the whole text if it has no three.
  private static func runs(_ text: String) -> Set<String> {
    let words = Grader.words(text)
    guard words.count >= 3 else { return [words.joined(separator: " ")] }
    return Set((0...(words.count - 3)).map { words[$0..<$0 + 3].joined(separator: " ") })
  }
}

extension Diagnostic {
  fileprivate static func noExplanation(_ name: String, among known: [String]) -> Diagnostic {
    Diagnostic(
      "unknown-question",
      "no graded puzzle asks for an explanation by the name '\(escapingControls(name))'",
      help: Suggestion.help(for: name, among: known)
    )
  }
}
