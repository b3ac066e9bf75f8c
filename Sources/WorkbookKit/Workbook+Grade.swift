import EmbeddingMath
import Foundation
import Grading
import MetricLanguage
import ModelHub
import ProgressStore
import PuzzleRegistry
import SourceDiagnostics

/// What is to be graded, and where the grades go.
package struct GradingRequest: Sendable {
  /// The class's folder.
  package var directory: String
  /// The puzzles; those that some submission is named after if empty.
  package var puzzles: [String] = []
  /// A CSV file whose first column, or the one headed `learner`, names who is expected.
  package var roster: String?
  /// How many submissions are graded at a time; one for each processor if `nil`.
  package var jobs: Int?
  package var gradebook: String
  /// Whether grades that are in the gradebook may change.
  package var applies = false

  package init(directory: String, gradebook: String) {
    self.directory = directory
    self.gradebook = gradebook
  }
}

/// How a submission stands: its outcome, and its points if it is graded.
package struct GradeStanding: Sendable, Hashable {
  package let outcome: String
  package let points: Double?

  init(_ entry: GradebookEntry) {
    outcome = entry.outcome.rawValue
    points = entry.points?.value
  }

  /// "graded, 12.5 points", or the outcome alone.
  package var summary: String {
    points.map { "\(outcome), \(Numbers.exactPoints($0)) points" } ?? outcome
  }
}

/// What a run of grading did.
package struct GradingResult: Sendable {
  /// A submission that is neither graded nor missing, and why.
  package struct Ended: Sendable {
    package let learner: String
    package let puzzle: String
    package let outcome: String
    package let message: String?
  }

  /// One grade that differs from what the gradebook said.
  package struct Change: Sendable {
    package let learner: String
    package let puzzle: String
    package let before: GradeStanding
    package let after: GradeStanding

    /// Both standings, and the difference where both have points.
    package var summary: String {
      guard let old = before.points, let new = after.points else {
        return "\(before.summary) → \(after.summary)"
      }
      let difference = Points(rounding: new - old).value
      return "\(Numbers.exactPoints(old)) → \(Numbers.exactPoints(new)) points"
        + (difference == 0
          ? ", by other answers"
          : " (\(difference > 0 ? "+" : "")\(Numbers.exactPoints(difference)))")
    }
  }

  package let gradebookPath: String
  package let learners: Int
  package let puzzles: [String]
  /// How many submissions to these puzzles ended how.
  package let counts: [(outcome: String, count: Int)]
  package let ungraded: [Ended]
  /// How many were written in this run; the others stood in the gradebook already.
  package let gradedNow: Int
  package let changes: [Change]
  /// Whether the changes were written.
  package let isApplied: Bool
  /// What the gradebook now says, as one digest.
  package let digest: String
}

extension Workbook {
  /// Grades a class.
  ///
  /// Every expected submission ends as one entry. What is new is written at once, a batch in a
  /// transaction, so that a run that was killed goes on where it stopped; what would change a grade
  /// that is there is written only if the request says so. The grades do not depend on the number of
  /// jobs.
  ///
  /// - Throws: A diagnostic when the class's folder, a key or the gradebook cannot be read.
  package func grade(_ request: GradingRequest) throws -> GradingResult {
    let root = absolute(request.directory)
    var wanted: [String] = []
    for name in request.puzzles { wanted.append(try folder.resolve(name)) }
    let classFolder = try ClassFolder(
      root: root,
      puzzles: wanted.isEmpty ? folder.puzzleIDs() : wanted
    )
    for stray in classFolder.strays.prefix(5) { surroundings.notice(.straySubmission(stray)) }
    let more = classFolder.strays.count - 5
    if more > 0 { surroundings.notice(.moreStrays(more)) }
    let roster = try request.roster.map { try Roster(path: absolute($0)) }
    if wanted.isEmpty {
      let named = Set(classFolder.found.map(\.puzzle))
      wanted = folder.puzzleIDs().filter { roster != nil || named.contains($0) }
    }
    let learners = classFolder.learners.union(roster?.learners ?? []).sorted()
    let path = absolute(request.gradebook)
    let gradebook = try Gradebook(at: path, makes: true)
    var result: GradingResult?
    try gradebook.whileAlone { () throws(Diagnostic) in
      do {
        result = try grade(
          request,
          root: root,
          puzzles: wanted,
          learners: learners,
          found: classFolder.found,
          into: gradebook
        )
      } catch {
        throw error as? Diagnostic ?? (error as? DiagnosticReport)?.diagnostics.first
          ?? Diagnostic("failed", "\(error)")
      }
    }
    guard let result else { throw Diagnostic("failed", "nothing was graded") }
    return result
  }

  private func grade(
    _ request: GradingRequest,
    root: String,
    puzzles: [String],
    learners: [String],
    found: [ClassFolder.Found],
    into gradebook: Gradebook
  ) throws -> GradingResult {
    let known = try gradebook.entries()
    let knownBySlot = Dictionary(known.map { (Slot($0), $0) }) { first, _ in first }
    let bySlot = ClassFolder.bySlot(found)
    var changes: [GradingResult.Change] = []
    var gradedNow = 0
    let models = ClassModels(self)
    let jobs = max(1, request.jobs ?? processorCount())
    for (index, id) in puzzles.enumerated() {
      let bench = try GradingBench(id, models: models, root: root)
      for start in stride(from: 0, to: learners.count, by: Self.batch) {
        let slice = Array(learners[start..<min(start + Self.batch, learners.count)])
        let candidates = slice.map { learner in
          let slot = Slot(learner: learner, puzzle: id)
          return GradingBench.Candidate(
            learner: learner,
            file: bySlot[slot],
            known: knownBySlot[slot]
          )
        }
        let entries = bench.entries(candidates, jobs: jobs)
        // What was cut short may look like a fault of the grader.
        if surroundings.isCancelled?() == true { throw Diagnostic.gradingInterrupted }
        var fresh: [GradebookEntry] = []
        for entry in entries {
          guard let old = knownBySlot[Slot(entry)] else {
            fresh.append(entry)
            continue
          }
          if entry.isSameGrade(as: old) {
            // The same grade under another version or key takes that one's pins.
            if entry.pins != old.pins, request.applies { fresh.append(entry) }
          } else {
            changes.append(
              .init(
                learner: entry.learner,
                puzzle: entry.puzzle,
                before: GradeStanding(old),
                after: GradeStanding(entry)
              )
            )
            if request.applies { fresh.append(entry) }
          }
        }
        gradedNow += fresh.count
        if !fresh.isEmpty { try gradebook.write(fresh, at: surroundings.now()) }
        surroundings.progress?(
          (Double(index) + Double(start + slice.count) / Double(max(1, learners.count)))
            / Double(max(1, puzzles.count))
        )
      }
    }
    let entries = try gradebook.entries()
    let asked = Set(puzzles)
    let own = entries.filter { asked.contains($0.puzzle) }
    return GradingResult(
      gradebookPath: shown(gradebook.path),
      learners: learners.count,
      puzzles: puzzles,
      counts: GradebookEntry.Outcome.allCases.compactMap { outcome in
        let count = own.count { $0.outcome == outcome }
        return count == 0 ? nil : (outcome.rawValue, count)
      },
      ungraded: own.filter { $0.outcome == .unreadable || $0.outcome == .fault }.map {
        .init(
          learner: $0.learner,
          puzzle: $0.puzzle,
          outcome: $0.outcome.rawValue,
          message: $0.message
        )
      },
      gradedNow: gradedNow,
      changes: changes,
      isApplied: request.applies,
      digest: Self.digest(of: entries, overrides: try gradebook.overrides())
    )
  }

  /// How many submissions are graded and written at a time.
  private static let batch = 500

  func absolute(_ path: String) -> String {
    let full = path.hasPrefix("/") ? path : surroundings.currentDirectory + "/" + path
    return URL(fileURLWithPath: full).standardizedFileURL.path
  }

  // MARK: The canonical export

  /// Returns a gradebook as JSON, a line for each grade, in the order of learners and puzzles: no
  /// times, no paths, no evidence, so that equal grades are equal bytes.
  static func canonicalLines(
    of entries: [GradebookEntry],
    overrides: [GradeOverride]
  ) -> String {
    var latest: [Slot: GradeOverride] = [:]
    for override in overrides {
      latest[Slot(learner: override.learner, puzzle: override.puzzle)] = override
    }
    return entries.map { entry in
      JSONValue.object([
        "learner": .text(entry.learner), "puzzle": .text(entry.puzzle),
        "submission": entry.digest.map { .text($0) } ?? .null,
        "outcome": .text(entry.outcome.rawValue),
        "points": entry.points.map { .number($0.value) } ?? .null,
        "override": latest[Slot(entry)].map { .number($0.points.value) } ?? .null,
        "questions": .array(
          entry.marks.map { mark in
            .object([
              "id": .text(mark.question), "outcome": .text(mark.outcome),
              "points": .number(Points(thousandths: mark.thousandths).value),
            ])
          }
        ),
      ]).line + "\n"
    }.joined()
  }

  static func digest(
    of entries: [GradebookEntry],
    overrides: [GradeOverride]
  ) -> String {
    ContentDigest.sha256(canonicalLines(of: entries, overrides: overrides))
  }
}

/// A learner and a puzzle.
struct Slot: Hashable {
  let learner: String
  let puzzle: String

  init(learner: String, puzzle: String) {
    self.learner = learner
    self.puzzle = puzzle
  }

  init(_ entry: GradebookEntry) {
    self.init(learner: entry.learner, puzzle: entry.puzzle)
  }
}

extension Diagnostic {
  fileprivate static func straySubmission(_ path: String) -> Diagnostic {
    Diagnostic(
      "stray-submission",
      "'\(escapingControls(path))' is named after no puzzle and is not graded",
      help:
        "submissions are LEARNER/PUZZLE.yaml or PUZZLE--LEARNER.yaml, with the puzzle's full id",
      severity: .warning
    )
  }

  fileprivate static var gradingInterrupted: Diagnostic {
    Diagnostic("interrupted", "grading was interrupted; run it again to go on")
  }

  fileprivate static func moreStrays(_ count: Int) -> Diagnostic {
    Diagnostic(
      "stray-submission",
      "\(count) more file\(count == 1 ? " is" : "s are") named after no puzzle",
      severity: .warning
    )
  }
}
