import EmbeddingMath
package import MetricLanguage

/// How every choice of similarity, zero point and removed directions fares on a metric question.
package struct VerdictMap: Sendable {
  /// One choice and its verdict.
  package struct Cell: Sendable {
    package let choice: MetricChoice
    package let verdict: Verdict

    /// The choice's parts as a learner writes them.
    package var words: (similarity: String, zeroPoint: String, remove: Int) {
      (choice.similarity.rawValue, choice.zeroPoint.rawValue, choice.remove)
    }
  }

  package let question: String
  package let model: String
  /// Which rows the choices were run on.
  package let rows: String
  /// Every choice that can be made on the model, similarities slowest and removed directions fastest.
  package let cells: [Cell]

  package var accepted: [MetricChoice] {
    cells.filter { $0.verdict.outcome == .correct }.map(\.choice)
  }

  /// The mean share of the question's points that a choice earns.
  package var meanShare: Double {
    let possible = cells.reduce(0) { $0 + $1.verdict.possible }
    return possible > 0 ? cells.reduce(0) { $0 + $1.verdict.points } / possible : 0
  }

  /// The map as lines of text: a line for each zero point, a column for each similarity, and in it a
  /// mark for each number of removed directions, from 0 on.
  ///
  /// `+` is accepted, `~` earns some of the points, `.` earns none, `?` cannot be run.
  package var table: [String] {
    let similarities = Similarity.allCases
    let width = MetricChoice.mostRemoved + 1
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    let nameWidth = ZeroPoint.allCases.map(\.rawValue.count).max() ?? 0
    var lines = [
      padded("", nameWidth)
        + similarities.map { "  " + padded($0.rawValue, width) }.joined()
    ]
    for zero in ZeroPoint.allCases {
      let own = cells.filter { $0.choice.zeroPoint == zero }
      guard !own.isEmpty else { continue }
      var line = padded(zero.rawValue, nameWidth)
      for similarity in similarities {
        let marks = own.filter { $0.choice.similarity == similarity }
          .sorted { $0.choice.remove < $1.choice.remove }
          .map { Self.mark($0.verdict.outcome) }
        line += "  " + padded(marks.joined(), max(width, similarity.rawValue.count))
      }
      while line.hasSuffix(" ") { line.removeLast() }
      lines.append(line)
    }
    return lines
  }

  private static func mark(_ outcome: Outcome) -> String {
    switch outcome {
    case .correct: "+"
    case .partial: "~"
    case .incorrect, .unanswered: "."
    case .unreadable, .ungraded, .fault: "?"
    }
  }
}
