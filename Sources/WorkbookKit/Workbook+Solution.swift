import Foundation
import PuzzleRegistry
package import SourceDiagnostics

/// A file of a solution, decoded.
package struct SolutionText: Sendable {
  /// The plain name, such as `key.yaml`.
  package let name: String
  package let path: String
  package let isEncoded: Bool
  package let text: String
}

extension Workbook {
  private static let solutionNames = ["key.yaml", "hints.yaml", "answer.md"]

  /// Returns the files of a puzzle's solution in plain text.
  package func solution(of name: String) throws -> [SolutionText] {
    let id = try folder.resolve(name)
    return try Self.solutionNames.compactMap { name in
      let plain = "\(folder.solutionDirectory(id))/\(name)"
      for (path, isEncoded) in [(plain + ".rot13", true), (plain, false)]
      where FileWriting.exists(path) {
        let stored = try BoundedFile.text(at: path, limit: BoundedFile.proseLimit)
        return SolutionText(
          name: name,
          path: path,
          isEncoded: isEncoded,
          text: isEncoded ? rot13(stored) : stored
        )
      }
      return nil
    }
  }

  /// Encodes or decodes the files of a puzzle's solution on disk.
  ///
  /// The new file is complete before the old one goes.
  ///
  /// - Returns: The paths written.
  package func recode(_ name: String, encoding: Bool) throws -> [String] {
    var written: [String] = []
    for file in try solution(of: name) where file.isEncoded != encoding {
      let plain = file.isEncoded ? String(file.path.dropLast(".rot13".count)) : file.path
      let target = encoding ? plain + ".rot13" : plain
      let isNew = try FileWriting.create(encoding ? rot13(file.text) : file.text, at: target)
      guard isNew else { throw Diagnostic.solutionExists(shown(target)) }
      try FileManager.default.removeItem(atPath: file.path)
      written.append(shown(target))
    }
    return written
  }

  /// Stores an edited solution file, encoded as it was, if it brings no new fault.
  ///
  /// The edited text is linted in a copy of the puzzle, so a fault never reaches the file itself;
  /// faults that were there before, in this file or another, do not stand in its way.
  ///
  /// - Returns: The new faults that kept it from being stored; empty when it was stored.
  package func store(
    _ edited: String,
    as file: SolutionText,
    of name: String
  ) throws
    -> [Diagnostic]
  {
    let id = try folder.resolve(name)
    let stored = try BoundedFile.text(at: file.path, limit: BoundedFile.proseLimit)
    guard (file.isEncoded ? rot13(stored) : stored) == file.text else {
      throw Diagnostic.solutionChanged(shown(file.path))
    }
    let text = file.isEncoded ? rot13(edited) : edited
    let copy = FileManager.default.temporaryDirectory
      .appendingPathComponent("workbook-lint-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: copy) }
    for (part, source) in [
      ("puzzles", folder.puzzleDirectory(id)), ("solutions", folder.solutionDirectory(id)),
    ] {
      try FileManager.default.createDirectory(
        atPath: "\(copy)/\(part)",
        withIntermediateDirectories: true
      )
      try FileManager.default.copyItem(atPath: source, toPath: "\(copy)/\(part)/\(id)")
    }
    let trial = WorkbookFolder(root: copy)
    let fileName = URL(fileURLWithPath: file.path).lastPathComponent
    let before = Set(Self.errors(of: id, in: trial))
    try FileWriting.replace("\(trial.solutionDirectory(id))/\(fileName)", with: text)
    let new = trial.staticDiagnostics(for: id).filter {
      $0.severity == .error && !before.contains("[\($0.rule)] \($0.message)")
    }
    if new.isEmpty { try FileWriting.replace(file.path, with: text) }
    return new.map { fault in
      guard var place = fault.place else { return fault }
      place.file = place.file.replacing(copy + "/", with: "")
      return fault.at(place)
    }
  }

  private static func errors(of id: String, in folder: WorkbookFolder) -> [String] {
    folder.staticDiagnostics(for: id).filter { $0.severity == .error }
      .map { "[\($0.rule)] \($0.message)" }
  }
}
