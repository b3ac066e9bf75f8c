package import SourceDiagnostics

extension WorkbookFolder {
  /// The names of the files of a key, as they read when plain.
  package static let keyFiles = ["key.yaml", "hints.yaml", "answer.md"]
  /// The names of the files of a puzzle.
  package static let puzzleFiles = ["puzzle.yaml", "prompt.md", "lexicon.yaml"]
  /// What an encoded file's name ends with.
  package static let encodedSuffix = ".rot13"

  /// A file of a key, with how it is stored.
  package struct SolutionFile: Sendable, Hashable {
    package let path: String
    package let isEncoded: Bool
    /// The text as stored.
    package let stored: String

    /// The text to read and edit.
    package var plain: String { isEncoded ? rot13(stored) : stored }
  }

  // MARK: Puzzles

  /// Reads a puzzle from its folder.
  ///
  /// - Throws: Every fault of its files.
  package func loadPuzzle(_ id: String) throws(DiagnosticReport) -> Puzzle {
    let directory = puzzleDirectory(id)
    guard isIdentifier(id) else { throw DiagnosticReport(.badPuzzleID(id, folder: directory)) }
    guard isFolder(directory) else {
      let isThere = exists(directory)
      throw DiagnosticReport(
        isThere
          ? .folderIsLink(directory)
          : .unknownPuzzle(id, suggestion: Suggestion.help(for: id, among: puzzleIDs()))
      )
    }
    var faults: [Diagnostic] = []
    func text(_ name: String, _ limit: Int) -> String? {
      collecting(&faults) { () throws(DiagnosticReport) in
        try WorkbookFolder.text(at: "\(directory)/\(name)", limit: limit)
      }
    }
    let yaml = text("puzzle.yaml", BoundedFile.yamlLimit)
    let prompt = text("prompt.md", BoundedFile.proseLimit)
    let lexicon =
      exists("\(directory)/lexicon.yaml") ? text("lexicon.yaml", BoundedFile.yamlLimit) : nil
    if let prompt, prompt.allSatisfy(\.isWhitespace) {
      faults.append(.emptyProse("\(directory)/prompt.md"))
    }
    // What can be read is read even beside a file that cannot, so that all faults show at once.
    let puzzle =
      yaml.flatMap { yaml in
        collecting(&faults) { () throws(DiagnosticReport) in
          try Puzzle(
            id: id,
            directory: directory,
            yaml: yaml,
            prompt: prompt ?? "",
            lexicon: lexicon
          )
        }
      }
    guard faults.isEmpty, let puzzle else { throw DiagnosticReport(faults) }
    return puzzle
  }

  // MARK: Solutions

  /// Reads the key of a puzzle.
  ///
  /// - Parameters:
  ///   - id: The puzzle's id.
  ///   - puzzle: The puzzle the key is read against.
  ///   - revealing: Whether diagnostics may say and quote what an encoded key says.
  /// - Returns: The key, complete for the puzzle.
  /// - Throws: Every fault of the file.
  package func loadKey(
    _ id: String,
    for puzzle: Puzzle,
    revealing: Bool = false
  ) throws(DiagnosticReport) -> Key {
    let file = try solutionFile("key.yaml", of: id, limit: BoundedFile.yamlLimit)
    return try Key(
      yaml: file.stored,
      file: file.path,
      for: puzzle,
      isEncoded: file.isEncoded,
      revealing: revealing
    )
  }

  /// Reads the hints of a puzzle, in the order they are given.
  ///
  /// - Throws: Every fault of the file.
  package func loadHints(_ id: String, revealing: Bool = false) throws(DiagnosticReport) -> [Hint] {
    let file = try solutionFile("hints.yaml", of: id, limit: BoundedFile.yamlLimit)
    return try Hint.hints(
      yaml: file.stored,
      file: file.path,
      puzzleID: id,
      isEncoded: file.isEncoded,
      revealing: revealing
    )
  }

  /// Reads the answer to a puzzle, decoded.
  ///
  /// - Throws: Every fault of the file.
  package func loadAnswer(
    _ id: String,
    revealing: Bool = false
  ) throws(DiagnosticReport) -> ProseTemplate {
    let file = try solutionFile("answer.md", of: id, limit: BoundedFile.proseLimit)
    guard !file.plain.allSatisfy(\.isWhitespace) else {
      throw DiagnosticReport(.emptyProse(file.path))
    }
    do {
      return try ProseTemplate(parsing: file.plain, file: file.path)
    } catch {
      guard file.isEncoded, !revealing else { throw error }
      let stored = SourceText(file.stored, file: file.path)
      throw error.quoting(stored).concealed(id)
    }
  }

  /// Returns a file of a key, encoded or plain; the encoded one wins where both are there.
  ///
  /// - Parameters:
  ///   - name: One of ``keyFiles``.
  ///   - id: The puzzle's id.
  ///   - limit: The most bytes the file may hold.
  /// - Returns: The file, its text not yet checked.
  /// - Throws: That it is missing or cannot be read.
  package func solutionFile(
    _ name: String,
    of id: String,
    limit: Int
  ) throws(DiagnosticReport) -> SolutionFile {
    let plain = "\(solutionDirectory(id))/\(name)"
    let encoded = plain + WorkbookFolder.encodedSuffix
    let isEncoded = exists(encoded)
    guard isEncoded || exists(plain) else {
      throw DiagnosticReport(.missingKeyFile(encoded, puzzleID: id))
    }
    let path = isEncoded ? encoded : plain
    return SolutionFile(
      path: path,
      isEncoded: isEncoded,
      stored: try WorkbookFolder.text(at: path, limit: limit)
    )
  }

  // MARK: Submissions

  /// Reads a learner's file.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - name: The path that diagnostics show; the real one if `nil`.
  ///   - puzzle: The puzzle it should answer; `nil` for any.
  /// - Returns: The submission, its answers unread.
  /// - Throws: What stops the file from being read at all.
  package func loadSubmission(
    path: String,
    shownAs name: String? = nil,
    puzzle: Puzzle? = nil
  ) throws(DiagnosticReport) -> Submission {
    let text: String
    do {
      text = try WorkbookFolder.text(at: path, limit: BoundedFile.yamlLimit)
    } catch {
      throw DiagnosticReport(
        error.diagnostics.map { fault in
          guard let name, var place = fault.place else { return fault }
          place.file = name
          return fault.at(place)
        }
      )
    }
    return try Submission(text: text, file: name ?? path, puzzle: puzzle)
  }

  private static func text(at path: String, limit: Int) throws(DiagnosticReport) -> String {
    do {
      return try BoundedFile.text(at: path, limit: limit)
    } catch {
      throw DiagnosticReport(error)
    }
  }
}

extension DiagnosticReport {
  /// Returns the report with each place quoting `source`, a text whose characters stand alike.
  fileprivate func quoting(_ source: SourceText) -> DiagnosticReport {
    DiagnosticReport(
      diagnostics.map { fault in
        guard let place = fault.place, let line = place.line else { return fault }
        return fault.at(source.place(line: line, column: place.column, length: place.length))
      }
    )
  }
}
