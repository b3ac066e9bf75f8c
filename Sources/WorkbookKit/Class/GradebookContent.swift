import Grading
import ModelHub
import ProgressStore
import SourceDiagnostics

/// All that a gradebook says: the grades, the marks given by hand, and the points set by hand.
struct GradebookContent {
  let entries: [GradebookEntry]
  let reviews: Reviews
  /// Each in the order in which they were made.
  let overrides: [GradeOverride]
  /// The override that holds, by learner and puzzle.
  let latestOverrides: [Slot: GradeOverride]

  init(_ gradebook: Gradebook) throws(Diagnostic) {
    entries = try gradebook.entries()
    reviews = Reviews(try gradebook.reviews())
    overrides = try gradebook.overrides()
    var latest: [Slot: GradeOverride] = [:]
    for override in overrides {
      let slot = Slot(learner: override.learner, puzzle: override.puzzle)
      // Merged gradebooks list them in another order than that in which they were made.
      if let known = latest[slot], known.at > override.at { continue }
      latest[slot] = override
    }
    latestOverrides = latest
  }

  /// The points that count: those set by hand, else the settled ones; `nil` where there are none.
  func points(_ entry: GradebookEntry) -> Points? {
    latestOverrides[Slot(entry)]?.points ?? entry.settled(reviews)?.points
  }

  /// The gradebook as JSON, a line for each grade, in the order of learners and puzzles: no times, no
  /// paths, no evidence, so that equal grades are equal bytes.
  var canonicalLines: String {
    entries.map { entry in
      let settled = entry.settled(reviews)
      return JSONValue.object([
        "learner": .text(entry.learner), "puzzle": .text(entry.puzzle),
        "submission": entry.digest.map { .text($0) } ?? .null,
        "outcome": .text(entry.outcome.rawValue), "late": .bool(entry.isLate),
        "points": settled.map { .number($0.points.value) } ?? .null,
        "override": latestOverrides[Slot(entry)].map { .number($0.points.value) } ?? .null,
        "questions": .array(
          (settled?.marks ?? []).map { mark in
            .object([
              "id": .text(mark.question), "outcome": .text(mark.outcome),
              "points": .number(Points(thousandths: mark.thousandths).value),
            ])
          }
        ),
        "deductions": .array(
          (settled?.deducted.taken ?? []).map { taken in
            .object([
              "kind": .text(taken.deduction.kind.rawValue), "points": .number(taken.points.value),
            ])
          }
        ),
      ]).line + "\n"
    }.joined()
  }

  var digest: String { ContentDigest.sha256(canonicalLines) }
}
