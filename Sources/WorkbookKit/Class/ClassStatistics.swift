import Foundation
import Grading
import ProgressStore

/// What a class's answers say about the questions.
package struct ClassStatistics: Sendable {
  /// One question, over everyone whose submission was graded.
  package struct Item: Sendable {
    package let puzzle: String
    package let question: String
    /// How many submissions were graded.
    package let count: Int
    /// How many answered it.
    package let answered: Int
    /// The mean share of the points: near 1 is easy.
    package let difficulty: Double
    /// The correlation between the points here and those on the rest of the puzzle; `nil` where there
    /// are too few learners, or no differences.
    package let discrimination: Double?
    /// The wrong answer most learners gave, how many did, and what they were told.
    package let favourite: (answer: String, count: Int, message: String)?
  }

  /// How learners came to their answers, by the records they handed in.
  package struct Path: Sendable {
    package let puzzle: String
    /// How many handed in a record.
    package let records: Int
    package let solved: Int
    /// The share of those who solved it that had seen a hint before.
    package let hintBeforeSuccess: Double?
    /// The share that had the answer shown without having solved it.
    package let gaveUp: Double?
    /// The mean number of checks.
    package let attempts: Double?
  }

  /// Fewer learners than these say nothing about how a question tells them apart.
  static let fewest = 10

  package let items: [Item]
  package let paths: [Path]
}

extension ClassStatistics {
  init(_ content: GradebookContent) {
    let graded = content.entries.filter { $0.outcome == .graded }
    let byPuzzle = Dictionary(grouping: graded, by: \.puzzle)
    let puzzles = byPuzzle.keys.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    items = puzzles.flatMap { Self.items($0, byPuzzle[$0] ?? [], content.reviews) }
    paths = puzzles.compactMap { Self.path($0, byPuzzle[$0] ?? []) }
  }

  private static func items(
    _ puzzle: String,
    _ entries: [GradebookEntry],
    _ reviews: Reviews
  ) -> [Item] {
    let settled = entries.map { $0.settled(reviews)?.marks ?? [] }
    let sums = settled.map { marks in Double(marks.reduce(0) { $0 &+ $1.thousandths }) }
    let messages = entries.map(Messages.init)
    var order: [String] = []
    for mark in settled.joined() where !order.contains(mark.question) {
      order.append(mark.question)
    }
    return order.map { question in
      var shares: [Double] = []
      var rests: [Double] = []
      var wrong: [String: (count: Int, first: Int)] = [:]
      var answered = 0
      for (index, entry) in entries.enumerated() {
        guard let mark = settled[index].first(where: { $0.question == question }) else { continue }
        shares.append(mark.possible > 0 ? Double(mark.thousandths) / Double(mark.possible) : 0)
        rests.append(sums[index] - Double(mark.thousandths))
        guard let answer = entry.answers[question] else { continue }
        answered += 1
        guard mark.outcome == "incorrect" || mark.outcome == "partial", !mark.isProvisional else {
          continue
        }
        wrong[answer] = ((wrong[answer]?.count ?? 0) + 1, wrong[answer]?.first ?? index)
      }
      // Of equally common ones the first by name, so that the choice is the same each time.
      let favourite = wrong.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }
      return Item(
        puzzle: puzzle,
        question: question,
        count: shares.count,
        answered: answered,
        difficulty: shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count),
        discrimination: shares.count < fewest ? nil : correlation(shares, rests),
        favourite: favourite.flatMap { answer, found in
          found.count < 2 ? nil : (answer, found.count, messages[found.first][question])
        }
      )
    }
  }

  private static func path(_ puzzle: String, _ entries: [GradebookEntry]) -> Path? {
    let ledgers = entries.compactMap(\.ledger).filter(\.hasRecord)
    guard !ledgers.isEmpty else { return nil }
    let solved = ledgers.filter(\.isSolved)
    return Path(
      puzzle: puzzle,
      records: ledgers.count,
      solved: solved.count,
      hintBeforeSuccess: solved.isEmpty
        ? nil : Double(solved.count { $0.hintsBeforeSuccess > 0 }) / Double(solved.count),
      gaveUp: Double(ledgers.count(where: \.gaveUp)) / Double(ledgers.count),
      attempts: Double(ledgers.reduce(0) { $0 + $1.attempts }) / Double(ledgers.count)
    )
  }

  /// Pearson's correlation; `nil` where one of the two never differs.
  static func correlation(_ left: [Double], _ right: [Double]) -> Double? {
    let count = Double(left.count)
    let (leftMean, rightMean) = (left.reduce(0, +) / count, right.reduce(0, +) / count)
    var (both, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
    for (a, b) in zip(left, right) {
      both += (a - leftMean) * (b - rightMean)
      leftSquares += (a - leftMean) * (a - leftMean)
      rightSquares += (b - rightMean) * (b - rightMean)
    }
    guard leftSquares > 1e-9, rightSquares > 1e-9 else { return nil }
    return both / (leftSquares * rightSquares).squareRoot()
  }
}

/// What was said about each question of one grade, read when it is first asked for.
private struct Messages {
  private let json: String?

  init(_ entry: GradebookEntry) {
    json = entry.verdictsJSON
  }

  subscript(question: String) -> String {
    let report = json.flatMap { try? JSONDecoder().decode(GradeReport.self, from: Data($0.utf8)) }
    return report?.verdicts.first { $0.question == question }?.message ?? ""
  }
}
