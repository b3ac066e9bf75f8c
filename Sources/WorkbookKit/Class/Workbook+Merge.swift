import Grading
import ProgressStore
package import SourceDiagnostics

/// What became of gradebooks that were put together.
package struct MergeResult: Sendable {
  package let path: String
  /// How many grades were not there yet.
  package let added: Int
  /// How many points set by hand, and marks of explanations, were not there yet; the latest of several
  /// hold.
  package let byHand: Int
  /// How many grades there are now, or would have been.
  package let total: Int
  /// Where two of them differ; nothing was written unless there is none.
  package let conflicts: [String]
  package let digest: String
}

extension Workbook {
  /// Adds the grades, marks and overrides of gradebooks to another one, such as those of a class's
  /// parts.
  ///
  /// Merging the same again changes nothing. Where two differ about a grade or the policy, all of it
  /// is named and nothing is written.
  ///
  /// - Parameters:
  ///   - sources: The gradebooks to read.
  ///   - target: The gradebook to add to; it is made if there is none.
  /// - Returns: How many grades were added, or where two differ.
  /// - Throws: What keeps one of them from being read.
  package func mergeGradebooks(
    _ sources: [String],
    into target: String
  ) throws(Diagnostic) -> MergeResult {
    // Each is opened before the target is made.
    var opened: [(name: String, book: Gradebook)] = []
    for source in sources {
      opened.append((shown(absolute(source)), try Gradebook(at: absolute(source), makes: false)))
    }
    let gradebook = try Gradebook(at: absolute(target), makes: true)
    return try gradebook.whileAlone { () throws(Diagnostic) in
      var merger = try Merger(gradebook, named: shown(gradebook.path))
      for (name, book) in opened { try merger.add(book, named: name) }
      let added = merger.addition.entries.count
      if merger.conflicts.isEmpty, !merger.addition.isEmpty {
        try gradebook.add(merger.addition, at: surroundings.now())
      }
      return MergeResult(
        path: shown(gradebook.path),
        added: added,
        byHand: merger.addition.overrides.count + merger.addition.reviews.count,
        total: merger.entryCount,
        conflicts: merger.conflicts,
        digest: try GradebookContent(gradebook).digest
      )
    }
  }
}

/// Finds what gradebooks add to one, and where they differ.
private struct Merger {
  private(set) var addition = Gradebook.Addition()
  private(set) var conflicts: [String] = []
  private var entries: [Slot: (entry: GradebookEntry, from: String)] = [:]
  private var overrides: Set<GradeOverride>
  private var reviews: Set<Review>
  private var policy: (text: String, from: String)?

  var entryCount: Int { entries.count }

  init(_ gradebook: Gradebook, named name: String) throws(Diagnostic) {
    for entry in try gradebook.entries() { entries[Slot(entry)] = (entry, name) }
    overrides = Set(try gradebook.overrides())
    reviews = Set(try gradebook.reviews())
    policy = try gradebook.policy().map { ($0, name) }
  }

  mutating func add(_ gradebook: Gradebook, named name: String) throws(Diagnostic) {
    for entry in try gradebook.entries() {
      guard let known = entries[Slot(entry)] else {
        entries[Slot(entry)] = (entry, name)
        addition.entries.append(entry)
        continue
      }
      guard !known.entry.isSameGrade(as: entry) else { continue }
      let (first, second) = (
        GradeStanding(known.entry, .none).summary, GradeStanding(entry, .none).summary
      )
      conflicts.append(
        "\(escapingControls(entry.learner)) \(entry.puzzle): \(first) in \(known.from), "
          + "\(second) in \(name)" + (first == second ? ", by other answers or marks" : "")
      )
    }
    for override in try gradebook.overrides() where overrides.insert(override).inserted {
      addition.overrides.append(override)
    }
    for review in try gradebook.reviews() where reviews.insert(review).inserted {
      addition.reviews.append(review)
    }
    addition.overrides.sort { $0.at < $1.at }
    addition.reviews.sort { $0.at < $1.at }
    if let text = try gradebook.policy(), text != policy?.text {
      if let policy {
        conflicts.append("the policy of \(policy.from) is not that of \(name)")
      } else {
        policy = (text, name)
        addition.policy = text
      }
    }
  }
}
