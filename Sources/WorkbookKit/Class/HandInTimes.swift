import ProgressStore
import PuzzleRegistry
import SourceDiagnostics

/// When submissions were handed in, as the place that received them says.
struct HandInTimes {
  private var times: [Slot: Double] = [:]
  private var byLearner: [String: Double] = [:]

  static let none = HandInTimes()

  private init() {}

  /// The times that grades were given by.
  init(_ entries: [GradebookEntry]) {
    for entry in entries {
      guard let ledger = entry.ledger, !ledger.isOwnClock else { continue }
      times[Slot(entry)] = ledger.handedIn
    }
  }

  /// Reads a CSV file with the columns `learner`, `time` and, if need be, `puzzle`.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - puzzles: Returns a puzzle's id from its name.
  /// - Throws: What keeps the file from being read.
  init(path: String, puzzles: (String) throws(Diagnostic) -> String) throws(Diagnostic) {
    let table = try CSVTable(try BoundedFile.text(at: path, limit: 64 << 20), file: path)
    let heading = table.rows.first?.map { $0.lowercased() } ?? []
    guard let learner = heading.firstIndex(of: "learner"),
      let time = heading.firstIndex(of: "time")
    else { throw .noTimes(path) }
    let puzzle = heading.firstIndex(of: "puzzle")
    for (index, row) in table.rows.enumerated().dropFirst() {
      guard row.indices.contains(learner), row.indices.contains(time) else {
        throw .badTime(path, line: index + 1, "a row that is too short")
      }
      guard let seconds = ZonedTime.seconds(row[time]) else {
        throw .badTime(path, line: index + 1, "'\(row[time].prefix(40))'")
      }
      let known: Double?
      if let puzzle, row.indices.contains(puzzle), !row[puzzle].isEmpty {
        let slot = Slot(learner: row[learner], puzzle: try puzzles(row[puzzle]))
        known = times.updateValue(seconds, forKey: slot)
      } else {
        known = byLearner.updateValue(seconds, forKey: row[learner])
      }
      if let known, known != seconds {
        throw .badTime(path, line: index + 1, "another time for '\(row[learner])'")
      }
    }
  }

  /// Who a time is for.
  var learners: Set<String> { Set(byLearner.keys).union(times.keys.map(\.learner)) }

  subscript(learner: String, puzzle: String) -> Double? {
    times[Slot(learner: learner, puzzle: puzzle)] ?? byLearner[learner]
  }
}

extension Diagnostic {
  fileprivate static func noTimes(_ file: String) -> Diagnostic {
    Diagnostic(
      "bad-times",
      "'\(file)' has no columns headed 'learner' and 'time'",
      help: "it is a CSV file; a third column 'puzzle' may say which puzzle a time is for"
    )
  }

  fileprivate static func badTime(_ file: String, line: Int, _ found: String) -> Diagnostic {
    Diagnostic(
      "bad-times",
      "row \(line) of '\(file)' has \(escapingControls(found)), expected one time with a zone",
      help: "such as 2026-12-01 23:59 Europe/Berlin, or 2026-12-01T22:59:00Z"
    )
  }
}
