import Foundation
import Grading
import ProgressStore
import PuzzleRegistry
package import SourceDiagnostics

/// What is to be filled into a file that a learning management system exported.
package struct FillRequest: Sendable {
  package var file: String
  package var gradebook: String
  /// The heading of the column to fill, or its unambiguous beginning.
  package var column: String
  /// The heading of the column that says who a row is about; found by the file's kind if `nil`.
  package var id: String?
  /// The puzzles whose points are added up; all if empty.
  package var puzzles: [String] = []
  /// A CSV file with columns `learner` and `id`, where the names of learners are not the file's ids.
  package var names: String?
  /// Where the filled file goes; `nil` to look at what would change only.
  package var out: String?
  package var missingAsZero = false
  /// Whether cells that hold something else may be filled.
  package var overwrites = false
  /// Whether rows and learners without a partner are passed over.
  package var isPartial = false
  /// Whether points are written with a decimal comma.
  package var usesDecimalComma = false

  package init(file: String, gradebook: String, column: String) {
    self.file = file
    self.gradebook = gradebook
    self.column = column
  }
}

/// What was filled, or would be.
package struct FillResult: Sendable {
  package struct Overwrite: Sendable {
    package let id: String
    package let before: String
    package let after: String
  }

  /// What kind of file it is taken for.
  package let kind: String
  package let column: String
  package let idColumn: String
  /// How many cells were filled, or would be.
  package let filled: Int
  /// How many already held the very points.
  package let unchanged: Int
  /// How many rows stay as they are because there are no points for them.
  package let blank: Int
  /// How many sums leave out a puzzle of which nothing is graded.
  package let gaps: Int
  package let overwrites: [Overwrite]
  /// Where the file was written; `nil` if it was not.
  package let path: String?
}

extension Workbook {
  /// Fills one column of a file that Canvas, Moodle or Brightspace exported; every other byte stays.
  ///
  /// - Returns: What was filled, or would be.
  /// - Throws: Every id without a partner or that stands twice, a column that is not there, cells that
  ///   would be overwritten; nothing is written then.
  package func fillGrades(_ request: FillRequest) throws(Diagnostic) -> FillResult {
    let view = try gradebook(request.gradebook)
    var puzzles: Set<String> = []
    for name in request.puzzles { puzzles.insert(try folder.resolve(name)) }
    let points = view.points(missingAsZero: request.missingAsZero)
    var sums: [String: Points] = [:]
    for (slot, own) in points where puzzles.isEmpty || puzzles.contains(slot.puzzle) {
      sums[slot.learner] = (sums[slot.learner] ?? Points(thousandths: 0)) + own
    }
    let gaps = Set(
      view.grades.filter { grade in
        (puzzles.isEmpty || puzzles.contains(grade.puzzle)) && sums[grade.learner] != nil
          && points[Slot(learner: grade.learner, puzzle: grade.puzzle)] == nil
      }.map(\.learner)
    )
    let path = absolute(request.file)
    let bytes = [UInt8](try BoundedFile.contents(at: path, limit: 256 << 20))
    let sheet = try GradeSheet(
      try CSVDocument(bytes, file: shown(path)),
      file: shown(path),
      column: request.column,
      id: request.id
    )
    let ids = try request.names.map { (path) throws(Diagnostic) in
      try LearnerIDs(path: absolute(path))
    }
    let plan = try sheet.plan(
      sums: sums,
      learners: Set(view.learners),
      ids: ids,
      isPartial: request.isPartial,
      decimalComma: request.usesDecimalComma
    )
    var written: String?
    if let out = request.out {
      guard plan.overwrites.isEmpty || request.overwrites else {
        throw .wouldOverwrite(plan.overwrites.count, column: sheet.columnName)
      }
      let target = absolute(out)
      guard !FileWriting.exists(target) else { throw .fillTargetExists(shown(target)) }
      let filled = sheet.document.replacing(plan.edits)
      // It was UTF-8 before, and digits are.
      let text = String(decoding: filled, as: UTF8.self)
      guard try FileWriting.create(text, at: target) else {
        throw .fillTargetExists(shown(target))
      }
      written = shown(target)
    }
    return FillResult(
      kind: sheet.kind.rawValue,
      column: sheet.columnName,
      idColumn: sheet.idName,
      filled: plan.edits.count,
      unchanged: plan.unchanged,
      blank: plan.blank,
      gaps: gaps.count,
      overwrites: plan.overwrites,
      path: written
    )
  }
}

/// Learners' names in the class's folder, by the ids that another system knows them by.
private struct LearnerIDs {
  let idByLearner: [String: String]

  init(path: String) throws(Diagnostic) {
    let table = try CSVTable(try BoundedFile.text(at: path, limit: 16 << 20), file: path)
    let heading = table.rows.first?.map { $0.lowercased() } ?? []
    guard let learner = heading.firstIndex(of: "learner"), let id = heading.firstIndex(of: "id")
    else { throw .noNames(path) }
    var ids: [String: String] = [:]
    for row in table.rows.dropFirst()
    where row.indices.contains(learner) && row.indices.contains(id) && !row[id].isEmpty {
      if let known = ids.updateValue(row[id], forKey: row[learner]), known != row[id] {
        throw .twoIDs(row[learner], known, row[id], file: path)
      }
    }
    idByLearner = ids
  }
}

/// A sheet of grades as a learning management system exports it.
private struct GradeSheet {
  enum Kind: String {
    case canvas = "Canvas", moodle = "Moodle", brightspace = "Brightspace", other
  }

  let document: CSVDocument
  let kind: Kind
  let columnName: String
  let idName: String
  private let file: String
  private let column: Int
  private let id: Int
  /// The rows that are about a learner.
  private let learnerRows: [Int]

  init(
    _ document: CSVDocument,
    file: String,
    column: String,
    id: String?
  ) throws(Diagnostic) {
    guard let heading = document.rows.first?.map(\.text), heading.count > 1 else {
      throw .noSheet(file)
    }
    self.document = document
    self.file = file
    kind =
      heading.contains("SIS Login ID") || (heading.contains("Student") && heading.contains("ID"))
      ? .canvas
      : heading.contains("OrgDefinedId") || heading.contains { $0.contains(" Points Grade") }
        ? .brightspace
        : heading.contains("Identifier") || heading.contains { $0.lowercased() == "email address" }
          ? .moodle : .other
    self.column = try Self.index(of: column, in: heading, file: file)
    columnName = heading[self.column]
    let usual =
      switch kind {
      case .canvas: ["SIS Login ID", "ID"]
      case .moodle: ["Email address", "Identifier"]
      case .brightspace: ["Username", "OrgDefinedId"]
      case .other: ["learner"]
      }
    let found = usual.compactMap { name in
      heading.firstIndex { $0.lowercased() == name.lowercased() }
    }.first
    if let id {
      self.id = try Self.index(of: id, in: heading, file: file)
    } else if let found {
      self.id = found
    } else {
      throw .noIDColumn(heading, file: file)
    }
    idName = heading[self.id]
    guard self.id != self.column else { throw .sameColumn(columnName) }
    let isCanvas = kind == .canvas
    learnerRows = document.rows.indices.dropFirst().filter { row in
      let cells = document.rows[row]
      if cells.allSatisfy({ $0.text.isEmpty }) { return false }
      guard isCanvas, let first = cells.first?.text else { return true }
      // Below the headings Canvas says how grades are posted and what each assignment is worth.
      let name = first.drop(while: \.isWhitespace)
      return !name.hasPrefix("Points Possible") && !(name.isEmpty && row <= 2)
        && name != "Student, Test"
    }
  }

  private static func index(
    of name: String,
    in heading: [String],
    file: String
  ) throws(Diagnostic) -> Int {
    let exact = heading.indices.filter { heading[$0] == name }
    if exact.count == 1 { return exact[0] }
    let begun = heading.indices.filter {
      heading[$0].lowercased().hasPrefix(name.lowercased())
    }
    guard exact.isEmpty, begun.count == 1 else {
      throw .noColumn(name, matches: max(exact.count, begun.count), heading, file: file)
    }
    return begun[0]
  }

  struct Plan {
    var edits: [(row: Int, column: Int, text: String)] = []
    var overwrites: [FillResult.Overwrite] = []
    var unchanged = 0
    var blank = 0
  }

  /// Brightspace writes a `#` before names, so that no spreadsheet takes them for numbers.
  private func identity(_ text: String) -> String {
    kind == .brightspace && text.hasPrefix("#") ? String(text.dropFirst()) : text
  }

  func plan(
    sums: [String: Points],
    learners: Set<String>,
    ids: LearnerIDs?,
    isPartial: Bool,
    decimalComma: Bool
  ) throws(Diagnostic) -> Plan {
    var learnerByID: [String: String] = [:]
    var problems: [String] = []
    for learner in learners.sorted() {
      guard let id = ids == nil ? learner : ids?.idByLearner[learner] else {
        problems.append("'\(learner)' has no id in the list of names")
        continue
      }
      if let other = learnerByID.updateValue(learner, forKey: id) {
        problems.append("'\(other)' and '\(learner)' have the same id '\(id)'")
      }
    }
    var rowByID: [String: Int] = [:]
    var duplicates: [String] = []
    for row in learnerRows {
      guard document.rows[row].indices.contains(id), document.rows[row].indices.contains(column)
      else {
        duplicates.append("row \(row + 1) is shorter than the headings")
        continue
      }
      let own = identity(document.rows[row][id].text)
      if let first = rowByID[own] {
        duplicates.append("'\(own)' stands in rows \(first + 1) and \(row + 1)")
      } else {
        rowByID[own] = row
      }
    }
    for id in learnerByID.keys.sorted() where rowByID[id] == nil {
      let alike = rowByID.keys.first { $0.lowercased() == id.lowercased() }
      problems.append(
        "'\(id)' is in the gradebook and not in the file"
          + (alike.map { "; '\($0)' differs in upper and lower case only" } ?? "")
      )
    }
    for (id, row) in rowByID.sorted(by: { $0.value < $1.value }) where learnerByID[id] == nil {
      problems.append("'\(id)' in row \(row + 1) is not in the gradebook")
    }
    // An id that stands twice is never guessed at; a missing partner may be meant.
    let refused = duplicates + (isPartial ? [] : problems)
    guard refused.isEmpty else { throw .unmatchedIDs(refused, file: file, column: idName) }
    var plan = Plan()
    for (id, row) in rowByID.sorted(by: { $0.value < $1.value }) {
      guard let learner = learnerByID[id] else { continue }
      guard let points = sums[learner] else {
        plan.blank += 1
        continue
      }
      let text = decimalComma ? points.text.replacing(".", with: ",") : points.text
      // Where fields are separated by commas, a decimal comma needs quotes.
      let cell =
        decimalComma && document.separator == UInt8(ascii: ",") && text.contains(",")
        ? "\"\(text)\"" : text
      let before = document.rows[row][column].text
      if Self.isSame(before, points) {
        plan.unchanged += 1
        continue
      }
      let trimmed = before.filter { !$0.isWhitespace }
      if !trimmed.isEmpty, trimmed != "-" {
        plan.overwrites.append(.init(id: id, before: before, after: text))
      }
      plan.edits.append((row, column, cell))
    }
    return plan
  }

  /// Whether a cell holds these points already, however it writes them.
  private static func isSame(_ cell: String, _ points: Points) -> Bool {
    guard let value = Double(cell.replacing(",", with: ".")), value.isFinite else { return false }
    return Points(rounding: value) == points
  }
}

extension Diagnostic {
  /// At most this many lines of a list are shown.
  private static let listed = 20

  fileprivate static func noSheet(_ file: String) -> Diagnostic {
    Diagnostic("bad-csv", "'\(file)' has no headings", help: "give the file the LMS exported")
  }

  fileprivate static func noNames(_ file: String) -> Diagnostic {
    Diagnostic("bad-csv", "'\(file)' has no columns headed 'learner' and 'id'")
  }

  fileprivate static func twoIDs(
    _ learner: String,
    _ first: String,
    _ second: String,
    file: String
  ) -> Diagnostic {
    Diagnostic(
      "unmatched-ids",
      "'\(file)' gives '\(escapingControls(learner))' two ids: '\(escapingControls(first))' and "
        + "'\(escapingControls(second))'"
    )
  }

  fileprivate static func noColumn(
    _ name: String,
    matches: Int,
    _ heading: [String],
    file: String
  ) -> Diagnostic {
    Diagnostic(
      "no-column",
      matches == 0
        ? "'\(file)' has no column headed '\(name)'"
        : "'\(name)' means \(matches) columns of '\(file)'",
      help: matches == 0
        ? Suggestion.closest(to: name, among: heading).map { "did you mean '\($0)'?" }
          ?? "it has: \(heading.map { "'\($0)'" }.joined(separator: ", "))"
        : "write the whole heading"
    )
  }

  fileprivate static func noIDColumn(_ heading: [String], file: String) -> Diagnostic {
    Diagnostic(
      "no-column",
      "no column of '\(file)' is known to say who a row is about",
      help: "name it with --id; it has: \(heading.map { "'\($0)'" }.joined(separator: ", "))"
    )
  }

  fileprivate static func sameColumn(_ name: String) -> Diagnostic {
    Diagnostic("no-column", "'\(name)' says who a row is about, so it cannot be filled")
  }

  fileprivate static func unmatchedIDs(
    _ problems: [String],
    file: String,
    column: String
  ) -> Diagnostic {
    let more = problems.count - listed
    return Diagnostic(
      "unmatched-ids",
      "the learners of the gradebook are not those of '\(file)' by '\(column)':\n"
        + problems.prefix(listed).map { "  \(escapingControls($0))" }.joined(separator: "\n")
        + (more > 0 ? "\n  and \(more) more" : ""),
      help: "choose the column with --id, give ids with --names, or pass over them with --partial"
    )
  }

  fileprivate static func wouldOverwrite(_ count: Int, column: String) -> Diagnostic {
    Diagnostic(
      "would-overwrite",
      "\(count) cell\(count == 1 ? "" : "s") of '\(column)' hold\(count == 1 ? "s" : "") something "
        + "else",
      help: "leave --out away to see which; --overwrite fills them"
    )
  }

  fileprivate static func fillTargetExists(_ path: String) -> Diagnostic {
    Diagnostic("file-exists", "'\(path)' is there already", help: "name another file with --out")
  }
}
