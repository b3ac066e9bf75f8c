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
      try FileWriting.replace(target, with: encoding ? rot13(file.text) : file.text)
      try FileManager.default.removeItem(atPath: file.path)
      written.append(shown(target))
    }
    return written
  }

  /// Stores an edited solution file, encoded as it was, if the puzzle still lints.
  ///
  /// - Returns: The faults that kept it from being stored; empty when it was.
  package func store(
    _ edited: String,
    as file: SolutionText,
    of name: String
  ) throws
    -> [Diagnostic]
  {
    let id = try folder.resolve(name)
    let before = try BoundedFile.text(at: file.path, limit: BoundedFile.proseLimit)
    try FileWriting.replace(file.path, with: file.isEncoded ? rot13(edited) : edited)
    let errors = folder.staticDiagnostics(for: id).filter { $0.severity == .error }
    // A file that does not lint is not left behind; the learner's key stays the one that worked.
    if !errors.isEmpty { try FileWriting.replace(file.path, with: before) }
    return errors
  }
}
