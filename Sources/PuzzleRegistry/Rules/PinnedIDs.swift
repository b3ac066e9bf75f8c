package import SourceDiagnostics

/// The ids that learners' files, keys and grades refer to, and that must not be lost.
///
/// Kept in `puzzles/ids.yaml`: each puzzle's id with the ids of its questions.
package struct PinnedIDs: Sendable, Hashable {
  package static let fileName = "ids.yaml"

  /// Each puzzle with its questions, in the file's order.
  package let puzzles: [Entry]

  package struct Entry: Sendable, Hashable {
    package let puzzle: String
    package let questions: [String]
    let place: SourcePlace
  }

  /// Reads the file.
  ///
  /// - Throws: Every fault of it.
  package init(yaml: String, file: String) throws(DiagnosticReport) {
    let source = YAMLSource(yaml, file: file)
    var reader = SchemaReader(source: source)
    let root = try SchemaReader.root(of: source)
    var entries: [Entry] = []
    for field in reader.fields(of: root, "the list of ids", known: nil)?.all ?? [] {
      entries.append(
        Entry(
          puzzle: field.key,
          questions: reader.texts(field.value, field.key),
          place: source.place(keyOf: field)
        )
      )
    }
    guard reader.faults.isEmpty else { throw DiagnosticReport(reader.faults) }
    puzzles = entries
  }

  /// Returns an error for each id that is not there any more.
  ///
  /// - Parameter present: The puzzles that are there, with the ids of their questions; `nil` for one
  ///   that cannot be read, about which enough is said elsewhere.
  /// - Returns: The errors, in the file's order.
  package func errors(present: [String: [String]?]) -> [Diagnostic] {
    puzzles.flatMap { entry -> [Diagnostic] in
      guard let puzzle = present[entry.puzzle] else {
        return [.lostPuzzle(entry.puzzle, at: entry.place)]
      }
      guard let questions = puzzle else { return [] }
      return entry.questions.filter { !questions.contains($0) }
        .map { .lostQuestion($0, of: entry.puzzle, at: entry.place) }
    }
  }

  /// Returns the text of a file that holds the ids of `old` and those of the given puzzles.
  package static func text(
    adding puzzles: [(id: String, questions: [String])],
    to old: PinnedIDs?
  ) -> String {
    var lines = [
      "# Ids that learners' files and grades refer to: none may be lost or change its meaning.",
      "# Written by: workbook lint --pin-ids",
    ]
    var pinned = (old?.puzzles ?? []).map { (id: $0.puzzle, questions: $0.questions) }
    for puzzle in puzzles {
      if let index = pinned.firstIndex(where: { $0.id == puzzle.id }) {
        let known = pinned[index].questions
        pinned[index].questions += puzzle.questions.filter { !known.contains($0) }
      } else {
        pinned.append(puzzle)
      }
    }
    for puzzle in pinned.sorted(by: { naturallyPrecedes($0.id, $1.id) }) {
      lines.append("\(puzzle.id): [\(puzzle.questions.joined(separator: ", "))]")
    }
    // A file that holds no value could not be read back.
    if pinned.isEmpty { lines.append("{}") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension WorkbookFolder {
  /// The path of the list of pinned ids.
  package var pinnedIDsPath: String { path("puzzles", PinnedIDs.fileName) }

  /// Reads the list of pinned ids; `nil` where there is none.
  package func loadPinnedIDs() throws(DiagnosticReport) -> PinnedIDs? {
    guard exists(pinnedIDsPath) else { return nil }
    do {
      let text = try BoundedFile.text(at: pinnedIDsPath, limit: BoundedFile.yamlLimit)
      return try PinnedIDs(yaml: text, file: pinnedIDsPath)
    } catch let report as DiagnosticReport {
      throw report
    } catch let fault as Diagnostic {
      throw DiagnosticReport(fault)
    } catch {
      throw DiagnosticReport([])
    }
  }
}
