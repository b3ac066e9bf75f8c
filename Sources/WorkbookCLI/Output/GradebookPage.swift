import SourceDiagnostics
import WorkbookKit

/// How a gradebook is shown: a table of points, or one learner's grades with each question.
struct GradebookPage {
  private let view: GradebookView

  init(_ view: GradebookView) {
    self.view = view
  }

  func print(_ shell: Shell, learner: String?) throws {
    guard let learner else { return printAll(shell) }
    for grade in try grades(of: learner) {
      let possible = grade.possible.map { " of \(Numbers.exactPoints($0))" } ?? ""
      let points = grade.standing.points.map { ", \(Numbers.exactPoints($0))\(possible) points" }
      shell.print(
        "\(shell.style.bold(grade.puzzle)): \(grade.standing.outcome)\(points ?? "")"
          + (grade.standing.isLate ? ", late" : "")
      )
      if let override = grade.override {
        shell.print(
          "  set by hand to \(Numbers.exactPoints(override.points)) points: "
            + escapingControls(override.reason)
        )
      }
      if let message = grade.message {
        shell.print("  " + shell.wrapped(escapingControls(message), indent: 2))
      }
      shell.printTable(
        grade.marks.map { mark in
          [
            "  \(mark.question)", mark.outcome, Numbers.exactPoints(mark.points),
            mark.isProvisional ? "not reviewed yet" : mark.comment.map(escapingControls) ?? "",
          ]
        }
      )
      if let attempt = grade.gradedAttempt { shell.print("  attempt \(attempt) counts") }
      for (reason, size, points) in grade.deductions {
        shell.print("  −\(Numbers.exactPoints(points)) points: \(reason) (\(size))")
      }
    }
  }

  private func printAll(_ shell: Shell) {
    var cells: [String: [String: String]] = [:]
    for grade in view.grades {
      let points = grade.points.map(Numbers.exactPoints) ?? Self.mark(grade.standing.outcome)
      cells[grade.learner, default: [:]][grade.puzzle] =
        points + (grade.override == nil ? "" : "*") + (grade.standing.isLate ? "L" : "")
        + (grade.isProvisional ? "~" : "")
    }
    let short = view.puzzles.map { $0.split(separator: "-").first.map(String.init) ?? $0 }
    shell.printTable(
      [["learner"] + short]
        + view.learners.map { learner in
          [escapingControls(learner)] + view.puzzles.map { cells[learner]?[$0] ?? "" }
        }
    )
    shell.print(
      shell.style.dim(
        "- missing  ? unreadable  ! fault of the grader  * set by hand  L late  ~ not reviewed yet"
      )
    )
    shell.print(shell.style.dim(view.digest))
  }

  private static func mark(_ outcome: String) -> String {
    switch outcome {
    case "missing": "-"
    case "unreadable": "?"
    default: "!"
    }
  }

  private func grades(of learner: String) throws -> [GradebookView.Grade] {
    let grades = view.grades.filter { $0.learner == learner }
    guard !grades.isEmpty else {
      throw Diagnostic(
        "no-such-learner",
        "the gradebook knows no learner '\(escapingControls(learner))'",
        help: Suggestion.help(for: learner, among: view.learners)
      )
    }
    return grades
  }

  func json(learner: String?) throws -> JSONValue {
    let grades = try learner.map(grades) ?? view.grades
    return .object([
      "digest": .text(view.digest),
      "grades": .array(
        grades.map { grade in
          .object([
            "learner": .text(grade.learner), "puzzle": .text(grade.puzzle),
            "outcome": .text(grade.standing.outcome),
            "computed": grade.standing.points.map { .number($0) } ?? .null,
            "points": grade.points.map { .number($0) } ?? .null,
            "possible": grade.possible.map { .number($0) } ?? .null,
            "late": .bool(grade.standing.isLate),
            "deductions": .array(
              grade.deductions.map {
                .object([
                  "reason": .text($0.reason), "size": .text($0.size), "points": .number($0.points),
                ])
              }
            ),
            "override": grade.override.map {
              .object(["points": .number($0.points), "reason": .text($0.reason)])
            } ?? .null,
            "message": grade.message.map { .text($0) } ?? .null,
            "questions": .array(
              grade.marks.map {
                .object([
                  "id": .text($0.question), "outcome": .text($0.outcome),
                  "points": .number($0.points), "possible": .number($0.possible),
                  "provisional": .bool($0.isProvisional),
                ])
              }
            ),
          ])
        }
      ),
    ])
  }
}
