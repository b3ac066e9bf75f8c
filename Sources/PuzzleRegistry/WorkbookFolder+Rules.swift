package import SourceDiagnostics

extension WorkbookFolder {
  /// Returns every fault of a puzzle and its solution that can be found without weights.
  ///
  /// Diagnostics about an encoded key say and quote what it says: this is for authors.
  ///
  /// - Returns: Errors and warnings, sorted by file and place.
  package func staticDiagnostics(for id: String) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let puzzle = collecting(&found) { () throws(DiagnosticReport) in try loadPuzzle(id) }
    guard isIdentifier(id), isFolder(puzzleDirectory(id)) else { return found }
    if let puzzle {
      found += ProseRules.prompt(puzzle)
      _ = collecting(&found) { () throws(DiagnosticReport) in
        try loadKey(id, for: puzzle, revealing: true)
      }
    } else {
      // Without its questions a key cannot be judged, only missed.
      _ = collecting(&found) { () throws(DiagnosticReport) in
        try solutionFile("key.yaml", of: id, limit: BoundedFile.yamlLimit)
      }
    }
    found += hintDiagnostics(for: id)
    _ = collecting(&found) { () throws(DiagnosticReport) in try loadAnswer(id, revealing: true) }
    found += FolderRules.diagnostics(for: id, in: self)
    found += textDiagnostics(for: id)
    return DiagnosticReport(found).diagnostics
  }

  /// Returns what is odd about the workbook as a whole: folders that no command can reach.
  ///
  /// A README.md beside the puzzles or solutions is left alone.
  package func folderDiagnostics() -> [Diagnostic] {
    let ids = Set(puzzleIDs())
    let known = ids.union(["README.md", PinnedIDs.fileName])
    let puzzles = WorkbookFolder.entries(of: path("puzzles"))
      .filter { !$0.hasPrefix(".") && !known.contains($0) }
      .map { name in
        let folder = puzzleDirectory(name)
        if isFolder(folder) { return Diagnostic.badPuzzleID(name, folder: folder) }
        return isIdentifier(name) ? .folderIsLink(folder) : .strayFile(folder, known: [])
      }
    let solutions = WorkbookFolder.entries(of: path("solutions"))
      .filter { !$0.hasPrefix(".") && $0 != "README.md" && !ids.contains($0) }
      .map { Diagnostic.orphanKey(solutionDirectory($0)) }
    return DiagnosticReport(puzzles + solutions + pinDiagnostics()).diagnostics
  }

  /// Returns what learners' files and grades refer to and is not there any more.
  private func pinDiagnostics() -> [Diagnostic] {
    do throws(DiagnosticReport) {
      guard let pinned = try loadPinnedIDs() else { return [] }
      var present: [String: [String]?] = [:]
      for id in puzzleIDs() { present[id] = .some((try? loadPuzzle(id))?.questions.map(\.id)) }
      return pinned.errors(present: present)
    } catch {
      return error.diagnostics
    }
  }

  /// Returns the places still to be filled in, and files that are not encoded as they are named.
  private func textDiagnostics(for id: String) -> [Diagnostic] {
    var found: [Diagnostic] = []
    func read(_ path: String) -> String? {
      exists(path) ? try? BoundedFile.text(at: path, limit: BoundedFile.proseLimit) : nil
    }
    for name in WorkbookFolder.puzzleFiles {
      let path = "\(puzzleDirectory(id))/\(name)"
      if let text = read(path) { found += TextRules.unfinished(text, at: path) }
    }
    for name in WorkbookFolder.keyFiles {
      let plain = "\(solutionDirectory(id))/\(name)"
      let encoded = plain + WorkbookFolder.encodedSuffix
      if let stored = read(encoded) {
        if TextRules.isPlain(stored) { found.append(.notRot13(encoded)) }
        found += TextRules.unfinished(rot13(stored), at: encoded)
      } else if let text = read(plain) {
        found += TextRules.unfinished(text, at: plain)
      }
    }
    return found
  }

  private func hintDiagnostics(for id: String) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let hints = collecting(&found) { () throws(DiagnosticReport) in
      try loadHints(id, revealing: true)
    }
    guard let hints else { return found }
    let plain = "\(solutionDirectory(id))/hints.yaml"
    let encoded = plain + WorkbookFolder.encodedSuffix
    return found + ProseRules.hints(hints, file: exists(encoded) ? encoded : plain)
  }
}
