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
  /// A CSV file of when submissions were handed in.
  package var times: String?
  /// The policy's file; the gradebook's own policy if `nil`.
  package var policy: String?
  /// The part of the class to grade; all if `nil`.
  package var shard: Shard?
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

/// A part of a class: who is in it depends on the learner's name alone.
package struct Shard: Sendable, Hashable {
  /// From 1.
  package let number: Int
  package let count: Int

  /// - Returns: `nil` unless `number` is one of 1 to `count`, which is at most 100,000.
  package init?(_ number: Int, of count: Int) {
    guard (1...100_000).contains(count), (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  func contains(_ learner: String) -> Bool {
    let hash = UInt64(ContentDigest.sha256(learner).prefix(12), radix: 16) ?? 0
    return hash % UInt64(count) == UInt64(number - 1)
  }
}

/// How a submission stands: its outcome, and its points if it is graded.
package struct GradeStanding: Sendable, Hashable {
  package let outcome: String
  package let points: Double?
  package let isLate: Bool

  init(_ entry: GradebookEntry, _ reviews: Reviews) {
    outcome = entry.outcome.rawValue
    points = entry.settled(reviews)?.points.value
    isLate = entry.isLate
  }

  /// "graded, 12.5 points", or the outcome alone.
  package var summary: String {
    (points.map { "\(outcome), \(Numbers.exactPoints($0)) points" } ?? outcome)
      + (isLate ? ", late" : "")
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
    /// What is another one than before: `key 2b8ffd3d → 91c0a7be`, `answers`.
    package let causes: [String]

    /// How many points more or less; `nil` where one of the two has none.
    package var difference: Double? {
      guard let old = before.points, let new = after.points else { return nil }
      return Points(rounding: new - old).value
    }

    /// Both standings, and the difference where both have points.
    package var summary: String {
      guard let old = before.points, let new = after.points else {
        return "\(before.summary) → \(after.summary)"
      }
      let difference = Points(rounding: new - old).value
      return "\(Numbers.exactPoints(old)) → \(Numbers.exactPoints(new)) points"
        + (difference == 0
          ? before.isLate == after.isLate
            ? ", by \(causes.joined(separator: " and "))"
            : after.isLate ? ", and late" : ", and no longer late"
          : " (\(difference > 0 ? "+" : "")\(Numbers.exactPoints(difference)))")
    }
  }

  package let gradebookPath: String
  package let learners: Int
  package let puzzles: [String]
  /// How many submissions to these puzzles ended how.
  package let counts: [(outcome: String, count: Int)]
  /// How many were handed in late.
  package let lateCount: Int
  package let ungraded: [Ended]
  /// How many were written in this run; the others stood in the gradebook already.
  package let gradedNow: Int
  package let changes: [Change]
  /// How many grades stay what they are and were handed in at another time, or with another record,
  /// than the gradebook says.
  package let waitingTimes: Int
  /// Whether the changes were written.
  package let isApplied: Bool
  /// Whether a new policy waits for the changes to be written.
  package let isPolicyPending: Bool
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
    let bundles = BundleShelf(root: root)
    if wanted.isEmpty {
      var named = Set(classFolder.found.map(\.puzzle))
      for bundle in classFolder.bundles.values where bundle.fault == nil {
        named.formUnion((try? bundles.bundle(at: bundle.path))?.puzzles.map(\.puzzle) ?? [])
      }
      // Bundles none of which can be read may be about any of them.
      let isAny = roster != nil || (named.isEmpty && !classFolder.bundles.isEmpty)
      wanted = folder.puzzleIDs().filter { isAny || named.contains($0) }
    }
    let learners = classFolder.learners.union(roster?.learners ?? [])
      .filter { request.shard?.contains($0) ?? true }.sorted()
    let times = try request.times.map { (path) throws(Diagnostic) in
      try HandInTimes(path: absolute(path)) { (name) throws(Diagnostic) in
        try folder.resolve(name)
      }
    }
    let everyone = classFolder.learners.union(roster?.learners ?? [])
    if let times, let file = request.times {
      noticeStrangers(times.learners.subtracting(everyone), in: file)
    }
    let path = absolute(request.gradebook)
    let gradebook = try Gradebook(at: path, makes: true)
    let policy = try policyInForce(request.policy, of: gradebook)
    noticeStrangers(
      Set(policy.policy.extensions.map(\.learner)).subtracting(everyone),
      in: request.policy ?? "the gradebook's policy"
    )
    let context = GradingContext(
      models: ClassModels(self),
      root: root,
      bundles: bundles,
      times: times ?? .none,
      policy: policy.policy,
      policyDigest: policy.digest
    )
    var result: GradingResult?
    try gradebook.whileAlone { () throws(Diagnostic) in
      do {
        result = try grade(
          request,
          puzzles: wanted,
          learners: learners,
          classFolder,
          by: policy,
          in: context,
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

  private func noticeStrangers(_ names: Set<String>, in file: String) {
    for name in names.sorted().prefix(5) { surroundings.notice(.stranger(name, in: file)) }
  }

  /// A policy, its text, and whether the gradebook has another one so far.
  struct PolicyInForce {
    var policy = GradingPolicy.none
    var text: String?
    var isNew = false

    var digest: String { text.map { ContentDigest.sha256($0) } ?? "" }
  }

  /// Returns the policy in a file, or the gradebook's own if none is given.
  func policyInForce(_ file: String?, of gradebook: Gradebook) throws -> PolicyInForce {
    let stored = try gradebook.policy()
    guard
      let text = try file.map({ try BoundedFile.text(at: absolute($0), limit: 4 << 20) })
        ?? stored
    else { return PolicyInForce() }
    let name = file ?? "the gradebook's policy"
    let policy = try GradingPolicy(yaml: text, file: name)
    for id in Array(policy.dueByPuzzle.keys).sorted() + policy.extensions.flatMap(\.puzzles) {
      guard try folder.resolve(id) == id else { throw Diagnostic.shortPuzzleName(id, in: name) }
    }
    return PolicyInForce(policy: policy, text: text, isNew: text != stored)
  }

  private func grade(
    _ request: GradingRequest,
    puzzles: [String],
    learners: [String],
    _ classFolder: ClassFolder,
    by policy: PolicyInForce,
    in context: GradingContext,
    into gradebook: Gradebook
  ) throws -> GradingResult {
    let known = try gradebook.entries()
    let reviews = Reviews(try gradebook.reviews())
    // Under a new policy nothing is written before it is known what else it changes.
    let writesNew = request.applies || !policy.isNew || known.isEmpty
    if policy.isNew, writesNew, let text = policy.text {
      try gradebook.record(policy: text, at: surroundings.now())
    }
    let knownBySlot = Dictionary(known.map { (Slot($0), $0) }) { first, _ in first }
    let bySlot = ClassFolder.bySlot(classFolder.found)
    var changes: [GradingResult.Change] = []
    var gradedNow = 0
    var waiting = 0
    let jobs = max(1, request.jobs ?? processorCount())
    for (index, id) in puzzles.enumerated() {
      let bench = try GradingBench(id, in: context)
      for start in stride(from: 0, to: learners.count, by: Self.batch) {
        let slice = Array(learners[start..<min(start + Self.batch, learners.count)])
        let candidates = slice.map { learner in
          let slot = Slot(learner: learner, puzzle: id)
          return GradingBench.Candidate(
            learner: learner,
            file: bySlot[slot],
            bundle: classFolder.bundles[learner],
            known: knownBySlot[slot]
          )
        }
        let entries = bench.entries(candidates, jobs: jobs)
        // What was cut short may look like a fault of the grader.
        if surroundings.isCancelled?() == true { throw Diagnostic.gradingInterrupted }
        var fresh: [GradebookEntry] = []
        for entry in entries {
          guard let old = knownBySlot[Slot(entry)] else {
            if writesNew { fresh.append(entry) }
            continue
          }
          if entry.isSameGrade(as: old) {
            // The same grade under another version or key takes that one's pins, and the time and
            // the record it was handed in with now, by which a later policy judges.
            if entry.pins != old.pins || entry.ledger != old.ledger {
              if request.applies { fresh.append(entry) }
              if !request.applies, entry.ledger != old.ledger { waiting += 1 }
            }
          } else {
            changes.append(
              .init(
                learner: entry.learner,
                puzzle: entry.puzzle,
                before: GradeStanding(old, reviews),
                after: GradeStanding(entry, reviews),
                causes: Self.causes(old, entry)
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
    let content = try GradebookContent(gradebook)
    let asked = Set(puzzles)
    let own = content.entries.filter { asked.contains($0.puzzle) }
    let undated =
      context.policy == .none
      ? 0
      : own.count {
        $0.outcome == .graded && context.policy.due(of: $0.puzzle, for: $0.learner) != nil
          && $0.ledger?.handedIn == nil
      }
    if undated > 0 { surroundings.notice(.noTimes(undated)) }
    return GradingResult(
      gradebookPath: shown(gradebook.path),
      learners: learners.count,
      puzzles: puzzles,
      counts: GradebookEntry.Outcome.allCases.compactMap { outcome in
        let count = own.count { $0.outcome == outcome }
        return count == 0 ? nil : (outcome.rawValue, count)
      },
      lateCount: own.count(where: \.isLate),
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
      waitingTimes: waiting,
      isApplied: request.applies,
      isPolicyPending: policy.isNew && !writesNew,
      digest: content.digest
    )
  }

  /// Says what differs between what two grades of a learner rest on.
  private static func causes(_ old: GradebookEntry, _ new: GradebookEntry) -> [String] {
    func change(_ name: String, _ pin: KeyPath<GradebookEntry.Pins, String>) -> String? {
      let (before, after) = (old.pins[keyPath: pin], new.pins[keyPath: pin])
      guard before != after, !before.isEmpty, !after.isEmpty else { return nil }
      return "\(name) \(before.prefix(8)) → \(after.prefix(8))"
    }
    return [
      old.digest == new.digest ? nil : "answers", change("key", \.key), change("puzzle", \.puzzle),
      change("weights", \.model), change("version", \.toolVersion),
      old.deductions == new.deductions && old.isLate == new.isLate ? nil : "policy or times",
    ].compactMap(\.self)
  }

  /// How many submissions are graded and written at a time.
  private static let batch = 500

  func absolute(_ path: String) -> String {
    let full = path.hasPrefix("/") ? path : surroundings.currentDirectory + "/" + path
    return URL(fileURLWithPath: full).standardizedFileURL.path
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

  fileprivate static func stranger(_ name: String, in file: String) -> Diagnostic {
    Diagnostic(
      "unknown-learner",
      "'\(escapingControls(file))' names '\(escapingControls(name))', who is not in this class",
      severity: .warning
    )
  }

  fileprivate static func shortPuzzleName(_ name: String, in file: String) -> Diagnostic {
    Diagnostic(
      "unknown-puzzle",
      "'\(escapingControls(file))' names the puzzle '\(escapingControls(name))', expected a full id"
    )
  }

  fileprivate static func noTimes(_ count: Int) -> Diagnostic {
    Diagnostic(
      "no-times",
      "nothing says when \(count) submission\(count == 1 ? " was" : "s were") handed in, "
        + "so \(count == 1 ? "it counts" : "they count") as in time",
      help: "give a CSV file of learners and times with --times",
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
