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
    return DiagnosticReport(found).diagnostics
  }

  /// Returns what is odd about the workbook as a whole: folders that no command can reach.
  ///
  /// A README.md beside the puzzles or solutions is left alone.
  package func folderDiagnostics() -> [Diagnostic] {
    let ids = Set(puzzleIDs())
    let puzzles = WorkbookFolder.entries(of: path("puzzles"))
      .filter { !$0.hasPrefix(".") && $0 != "README.md" && !ids.contains($0) }
      .map { name in
        let folder = puzzleDirectory(name)
        if isFolder(folder) { return Diagnostic.badPuzzleID(name, folder: folder) }
        return isIdentifier(name) ? .folderIsLink(folder) : .strayFile(folder, known: [])
      }
    let solutions = WorkbookFolder.entries(of: path("solutions"))
      .filter { !$0.hasPrefix(".") && $0 != "README.md" && !ids.contains($0) }
      .map { Diagnostic.orphanKey(solutionDirectory($0)) }
    return DiagnosticReport(puzzles + solutions).diagnostics
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
