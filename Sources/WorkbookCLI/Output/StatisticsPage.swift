import MetricLanguage
import SourceDiagnostics
import WorkbookKit

/// How the statistics of a class are shown: a table of questions, then how learners got there.
struct StatisticsPage {
  private let statistics: ClassStatistics

  init(_ statistics: ClassStatistics) {
    self.statistics = statistics
  }

  func print(_ shell: Shell) {
    var puzzle = ""
    for item in statistics.items {
      if item.puzzle != puzzle {
        puzzle = item.puzzle
        shell.print()
        shell.print(
          shell.style.bold(puzzle) + ": \(item.count) graded"
            + (path(puzzle).map { "; " + $0 } ?? "")
        )
      }
      let difficulty = "\(Int((100 * item.difficulty).rounded()))% of the points"
      let discrimination = item.discrimination.map {
        "discrimination " + Numbers.fixed($0, digits: 2)
      }
      let parts = ["answered by \(item.answered)", difficulty, discrimination].compactMap(\.self)
      shell.print("  \(item.question): \(parts.joined(separator: ", "))")
      guard let favourite = item.favourite else { continue }
      shell.print(
        "    "
          + shell.wrapped(
            "most common wrong answer, by \(favourite.count): "
              + escapingControls(String(favourite.answer.prefix(100))),
            indent: 4
          )
      )
      if !favourite.message.isEmpty {
        shell.print(
          "    " + shell.style.dim(shell.wrapped(escapingControls(favourite.message), indent: 4))
        )
      }
    }
    if statistics.items.isEmpty { shell.print("Nothing is graded yet.") }
  }

  private func path(_ puzzle: String) -> String? {
    guard let path = statistics.paths.first(where: { $0.puzzle == puzzle }) else { return nil }
    func percent(_ share: Double?) -> String {
      share.map { "\(Int((100 * $0).rounded()))%" } ?? "–"
    }
    return
      "of \(path.records) records \(path.solved) solved, \(percent(path.hintBeforeSuccess)) of "
      + "these after a hint; \(percent(path.gaveUp)) gave up; "
      + "\(path.attempts.map { Numbers.fixed($0, digits: 1) } ?? "–") checks each"
  }

  var json: JSONValue {
    .object([
      "questions": .array(
        statistics.items.map { item in
          .object([
            "puzzle": .text(item.puzzle), "question": .text(item.question),
            "graded": .integer(item.count), "answered": .integer(item.answered),
            "difficulty": .number(item.difficulty),
            "discrimination": item.discrimination.map { .number($0) } ?? .null,
            "wrong": item.favourite.map {
              .object([
                "answer": .text($0.answer), "count": .integer($0.count),
                "message": .text($0.message),
              ])
            } ?? .null,
          ])
        }
      ),
      "paths": .array(
        statistics.paths.map { path in
          .object([
            "puzzle": .text(path.puzzle), "records": .integer(path.records),
            "solved": .integer(path.solved),
            "hintBeforeSuccess": path.hintBeforeSuccess.map { .number($0) } ?? .null,
            "gaveUp": path.gaveUp.map { .number($0) } ?? .null,
            "attempts": path.attempts.map { .number($0) } ?? .null,
          ])
        }
      ),
    ])
  }
}

/// How matching explanations are shown, with what chance alone gives.
struct SimilarityPage {
  private let found: ExplanationMatches
  private static let caution = """
    A match is a reason to read both texts, and no proof of anything. That two learners chose the same \
    options, numbers or metrics is none either: there are few to choose from, and the right ones are \
    chosen most.
    """

  init(_ found: ExplanationMatches) {
    self.found = found
  }

  func print(_ shell: Shell) {
    for match in found.matches {
      let names = match.learners.map(escapingControls).joined(separator: ", ")
      shell.print(
        "\(shell.style.bold(match.puzzle)) \(match.question): "
          + (match.share == 1 && match.learners.count > 1
            ? "the same words"
            : "\(Int((100 * match.share).rounded()))% of the shorter text's runs")
      )
      shell.print("  " + shell.wrapped(names, indent: 2))
      shell.print(
        "  " + shell.style.dim(shell.wrapped("“\(escapingControls(match.example))”", indent: 2))
      )
    }
    if found.matches.isEmpty { shell.print("No explanations match beyond chance.") }
    shell.print()
    for base in found.bases where base.pairs > 0 {
      shell.print(
        shell.style.dim(
          "\(base.puzzle) \(base.question): \(base.touching) of \(grouped(base.pairs)) pairs of "
            + "different texts share any telling run of words"
        )
      )
    }
    shell.print(shell.wrapped(Self.caution, indent: 0))
  }

  var json: JSONValue {
    .object([
      "caution": .text(Self.caution),
      "matches": .array(
        found.matches.map { match in
          .object([
            "puzzle": .text(match.puzzle), "question": .text(match.question),
            "learners": .array(match.learners.map { .text($0) }), "share": .number(match.share),
            "runs": .integer(match.runs), "example": .text(match.example),
          ])
        }
      ),
      "bases": .array(
        found.bases.map { base in
          .object([
            "puzzle": .text(base.puzzle), "question": .text(base.question),
            "texts": .integer(base.texts), "pairs": .integer(base.pairs),
            "touching": .integer(base.touching),
          ])
        }
      ),
    ])
  }
}
