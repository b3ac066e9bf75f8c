import Foundation
import PuzzleRegistry
import SourceDiagnostics

/// Searches a folder that is to be handed out for what keys say.
///
/// Each text is searched as it is and through rot13. An answer may say what it likes.
struct KeySearch {
  struct Text {
    /// The path within the folder.
    let name: String
    /// The text as it is, and through rot13.
    let forms: [KeySecret.Words]

    init(_ name: String, _ stored: String) {
      self.name = name
      self.forms = [stored, rot13(stored)].map(KeySecret.Words.init)
    }

    /// Returns the line on which a secret first stands in either form.
    func line(of secret: KeySecret) -> Int? {
      forms.lazy.compactMap { secret.line(in: $0) }.first
    }

    /// Whether it is one of the files that learners see of a puzzle from the start.
    func isPublic(of puzzle: String) -> Bool { name.hasPrefix("puzzles/\(puzzle)/") }
    func isSolution(of puzzle: String) -> Bool { name.hasPrefix("solutions/\(puzzle)/") }
    var isAnswer: Bool { name.hasPrefix("solutions/") && name.contains("/answer.md") }
    var isTop: Bool { !name.contains("/") }
  }

  /// What a text's name ends with; anything else is weights.
  private static let suffixes = [".md", ".yaml", ".yml", ".txt", ".json", ".rot13"]

  private(set) var texts: [Text] = []
  /// The paths of all files within the folder.
  private var files: [String] = []

  /// - Parameter folder: The folder; every text in it is read, up to the limit for prose.
  /// - Throws: Why the folder cannot be read.
  init(in folder: String) throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
      let path = "\(folder)/\(name)"
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
      files.append(name)
      guard Self.suffixes.contains(where: name.hasSuffix),
        let text = try? BoundedFile.text(at: path, limit: BoundedFile.proseLimit)
      else { continue }
      texts.append(Text(name, text))
    }
  }

  /// Returns every place where one of the secrets stands, and every file that is named like a key.
  func leaks(of secrets: [KeySecret]) -> [Diagnostic] {
    var found = files.filter { $0.split(separator: "/").last?.hasPrefix("key.") ?? false }
      .map(Diagnostic.keyFileReleased)
    for text in texts where !text.isAnswer {
      for secret in secrets where isLooked(for: secret, in: text) {
        guard let line = text.line(of: secret) else { continue }
        found.append(
          .keyLeak(
            secret.what,
            of: secret.question,
            at: SourcePlace(file: text.name, line: line)
          )
        )
      }
    }
    return found
  }

  /// Formulas are the language of every puzzle: one is a secret only in its own, and only if the
  /// puzzle does not show it.
  private func isLooked(for secret: KeySecret, in text: Text) -> Bool {
    guard secret.isFormula else { return true }
    return (text.isTop || text.isSolution(of: secret.puzzle))
      && !texts.contains { $0.isPublic(of: secret.puzzle) && $0.line(of: secret) != nil }
  }
}
