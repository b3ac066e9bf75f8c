import SourceDiagnostics
import WorkbookKit

/// How a run of grading is shown: how many submissions ended how, what could not be graded and why,
/// and which grades would change.
struct GradingPage {
  private let result: GradingResult
  private static let mostLines = 20

  init(_ result: GradingResult) {
    self.result = result
  }

  func print(_ shell: Shell) {
    let counts = result.counts
    shell.print(
      "\(counted(result.learners, "learner")), \(counted(result.puzzles.count, "puzzle")): "
        + counts.map { "\($0.count) \($0.outcome)" }.joined(separator: ", ")
        + (result.lateCount == 0 ? "" : "; \(result.lateCount) late")
    )
    shell.print("  \(result.gradedNow) written in this run")
    let ended = result.ungraded
    for entry in ended.prefix(Self.mostLines) {
      shell.print(
        "  \(shell.style.bold(entry.outcome)): \(escapingControls(entry.learner)) \(entry.puzzle)"
      )
      if let message = entry.message?.split(separator: "\n").first {
        shell.print("    " + shell.wrapped(escapingControls(String(message)), indent: 4))
      }
    }
    if ended.count > Self.mostLines {
      shell.print("  and \(ended.count - Self.mostLines) more that are unreadable or a fault")
    }
    printChanges(shell)
    printPolicy(shell)
    if result.waitingTimes > 0 {
      shell.print(
        "\(counted(result.waitingTimes, "grade")) would stay and take another time or record: "
          + "add --apply to write it."
      )
    }
    shell.print("Gradebook: \(result.gradebookPath) · \(result.digest)")
  }

  private func printChanges(_ shell: Shell) {
    guard !result.changes.isEmpty else { return }
    let learners = Set(result.changes.map(\.learner)).count
    shell.print(
      "\(counted(result.changes.count, "grade")) of \(counted(learners, "learner")) "
        + (result.isApplied ? "changed" : "would change") + ":"
    )
    for puzzle in result.puzzles { printSummary(of: puzzle, shell) }
    for change in result.changes.prefix(Self.mostLines) {
      shell.print("  \(escapingControls(change.learner)) \(change.puzzle): \(change.summary)")
    }
    let more = result.changes.count - Self.mostLines
    if more > 0 { shell.print("  and \(more) more") }
    if !result.isApplied {
      shell.print("Nothing of this is written yet: add --apply to write it.")
    }
  }

  /// Says why grades on a puzzle change, of how many learners, and by how much.
  private func printSummary(of puzzle: String, _ shell: Shell) {
    let changes = result.changes.filter { $0.puzzle == puzzle }
    guard !changes.isEmpty else { return }
    var causes: [String] = []
    for cause in changes.flatMap(\.causes) where !causes.contains(cause) { causes.append(cause) }
    let differences = changes.compactMap(\.difference)
    func signed(_ points: Double) -> String {
      (points > 0 ? "+" : "") + Numbers.exactPoints(points)
    }
    var text = "\(puzzle): \(changes.count) of \(counted(result.learners, "learner"))"
    if let least = differences.min(), let most = differences.max() {
      text += least == most ? ", \(signed(least))" : ", \(signed(least)) to \(signed(most))"
      text += " points"
    }
    if !causes.isEmpty { text += ", by: \(causes.prefix(4).joined(separator: ", "))" }
    shell.print(shell.style.bold("  " + shell.wrapped(text, indent: 2)))
  }

  private func printPolicy(_ shell: Shell) {
    if result.isPolicyPending {
      shell.print("The policy is not in force yet: add --apply to put it in force.")
    }
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  var json: JSONValue {
    .object([
      "learners": .integer(result.learners),
      "puzzles": .array(result.puzzles.map { .text($0) }),
      "outcomes": .object(
        Dictionary(uniqueKeysWithValues: result.counts.map { ($0.outcome, .integer($0.count)) })
      ),
      "written": .integer(result.gradedNow), "gradebook": .text(result.gradebookPath),
      "late": .integer(result.lateCount), "waiting": .integer(result.waitingTimes),
      "digest": .text(result.digest), "applied": .bool(result.isApplied),
      "changes": .array(
        result.changes.map { change in
          .object([
            "learner": .text(change.learner), "puzzle": .text(change.puzzle),
            "from": json(change.before), "to": json(change.after),
            "causes": .array(change.causes.map { .text($0) }),
          ])
        }
      ),
    ])
  }

  private func json(_ standing: GradeStanding) -> JSONValue {
    .object([
      "outcome": .text(standing.outcome), "points": standing.points.map { .number($0) } ?? .null,
    ])
  }
}
