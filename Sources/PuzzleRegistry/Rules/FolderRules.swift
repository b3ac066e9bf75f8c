import SourceDiagnostics

/// The rules about which files are there and how they are stored.
enum FolderRules {
  /// Returns what is odd about the files of one puzzle and its solution.
  static func diagnostics(for id: String, in workbook: WorkbookFolder) -> [Diagnostic] {
    strayFiles(in: workbook.puzzleDirectory(id), known: WorkbookFolder.puzzleFiles)
      + strayFiles(
        in: workbook.solutionDirectory(id),
        known: WorkbookFolder.keyFiles.map { $0 + WorkbookFolder.encodedSuffix }
          + WorkbookFolder.keyFiles
      )
      + WorkbookFolder.keyFiles.flatMap { storage(of: $0, id: id, in: workbook) }
  }

  private static func strayFiles(in folder: String, known: [String]) -> [Diagnostic] {
    WorkbookFolder.entries(of: folder)
      .filter { !$0.hasPrefix(".") && !known.contains($0) }
      .map { .strayFile("\(folder)/\($0)", known: known) }
  }

  private static func storage(
    of name: String,
    id: String,
    in workbook: WorkbookFolder
  ) -> [Diagnostic] {
    let plain = "\(workbook.solutionDirectory(id))/\(name)"
    guard workbook.exists(plain) else { return [] }
    let isAlsoEncoded = workbook.exists(plain + WorkbookFolder.encodedSuffix)
    return [isAlsoEncoded ? .bothForms(plain) : .plainKey(plain, puzzleID: id)]
  }
}
