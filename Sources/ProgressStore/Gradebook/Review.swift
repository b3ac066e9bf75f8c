package import Grading

/// A person's mark for one text that answers a question, whoever wrote it.
package struct Review: Sendable, Hashable {
  package let puzzle: String
  package let question: String
  package let text: String
  package let points: Points
  /// What the learner is told; empty for nothing.
  package let comment: String
  /// When it was given, in seconds since 1970.
  package let at: Double

  package init(
    puzzle: String,
    question: String,
    text: String,
    points: Points,
    comment: String,
    at: Double
  ) {
    self.puzzle = puzzle
    self.question = question
    self.text = text
    self.points = points
    self.comment = comment
    self.at = at
  }
}

/// The latest mark of every text, by the time it was given.
package struct Reviews: Sendable {
  private struct Key: Hashable {
    let puzzle: String
    let question: String
    let text: String
  }

  private var latest: [Key: Review] = [:]

  package static let none = Reviews([])

  /// - Parameter reviews: Marks in any order; of two of the same time, the later in the list holds.
  package init(_ reviews: [Review]) {
    for review in reviews {
      let key = Key(puzzle: review.puzzle, question: review.question, text: review.text)
      if let known = latest[key], known.at > review.at { continue }
      latest[key] = review
    }
  }

  package subscript(puzzle: String, question: String, text: String) -> Review? {
    latest[Key(puzzle: puzzle, question: question, text: text)]
  }
}
