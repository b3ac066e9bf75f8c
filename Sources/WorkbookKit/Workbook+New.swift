import Foundation
import PuzzleRegistry
package import SourceDiagnostics

/// The files of a puzzle that was just made.
package struct NewPuzzle: Sendable {
  package let id: String
  /// The paths of the files, as they are shown, the puzzle's before the solution's.
  package let files: [String]
}

extension Workbook {
  /// The longest title a new puzzle may be given, in characters.
  private static let longestTitle = 200

  /// Makes the folders of a new puzzle and its solution from a template.
  ///
  /// The files are complete before either folder gets its name. The solution gets it first: killed in
  /// between, the program leaves a solution without a puzzle, which no command but `lint` heeds.
  ///
  /// - Parameters:
  ///   - id: The new puzzle's id.
  ///   - template: What to begin from.
  ///   - title: The title; `nil` for one that has to be filled in.
  /// - Returns: What was made.
  /// - Throws: That the id is none, or is taken, or that the workbook cannot be written; then nothing
  ///   was made.
  package func makePuzzle(
    _ id: String,
    from template: PuzzleTemplate,
    title: String? = nil
  ) throws(Diagnostic) -> NewPuzzle {
    try checkNew(id)
    let puzzlePath = folder.puzzleDirectory(id)
    let solutionPath = folder.solutionDirectory(id)
    let quoted = try Self.quoted(title: title ?? "TODO: a title")
    let solutions = URL(fileURLWithPath: solutionPath).deletingLastPathComponent().path
    let isNewFolder = mkdir(solutions, 0o777) == 0
    guard isNewFolder || errno == EEXIST else {
      throw .cannotWrite(shown(solutions), reason: String(cString: strerror(errno)).lowercased())
    }
    do throws(Diagnostic) {
      let puzzle = try StagingFolder(for: puzzlePath)
      let solution = try StagingFolder(for: solutionPath)
      for (staging, files) in [
        (puzzle, template.puzzleFiles), (solution, template.solutionFiles),
      ] {
        for file in files {
          _ = try FileWriting.create(
            file.filled(id: id, title: quoted),
            at: "\(staging.path)/\(file.name)"
          )
        }
      }
      try solution.commit()
      do throws(Diagnostic) {
        try puzzle.commit()
      } catch {
        solution.revert()
        throw error
      }
    } catch {
      if isNewFolder { rmdir(solutions) }
      guard var place = error.place else { throw error }
      place.file = shown(place.file)
      throw error.at(place)
    }
    return NewPuzzle(
      id: id,
      files: template.puzzleFiles.map { shown("\(puzzlePath)/\($0.name)") }
        + template.solutionFiles.map { shown("\(solutionPath)/\($0.name)") }
    )
  }

  /// Refuses an id that is none or is taken; warns of one that makes a short name ambiguous.
  private func checkNew(_ id: String) throws(Diagnostic) {
    guard isIdentifier(id) else { throw .badNewID(id) }
    for path in [folder.puzzleDirectory(id), folder.solutionDirectory(id)]
    where FileWriting.exists(path) {
      throw .idTaken(id, path: shown(path))
    }
    let ids = folder.puzzleIDs()
    // An exact id wins over a longer one that begins with it, so that one would lose a name.
    if let other = ids.first(where: { $0.hasPrefix(id + "-") }) {
      throw .prefixTaken(id, by: other)
    }
    let short = String(id.prefix { $0 != "-" })
    let sharing = ids.filter { $0.hasPrefix(short + "-") }
    if short != id, sharing.count == 1, let other = sharing.first, !ids.contains(short) {
      surroundings.notice(.sharedShortName(short, id: id, other: other))
    }
  }

  /// Returns a title as a YAML text in double quotes.
  private static func quoted(title: String) throws(Diagnostic) -> String {
    let isClean = title.unicodeScalars.allSatisfy {
      $0.properties.generalCategory != .control && $0.properties.generalCategory != .lineSeparator
        && $0.properties.generalCategory != .paragraphSeparator
    }
    guard isClean, title.contains(where: { !$0.isWhitespace }), title.count <= longestTitle else {
      throw .badTitle(longest: longestTitle)
    }
    let escaped = title.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(escaped)\""
  }
}
