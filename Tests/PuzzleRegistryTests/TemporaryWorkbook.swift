import Foundation
import PuzzleRegistry

/// A workbook in a folder of its own, deleted with the value.
final class TemporaryWorkbook: Sendable {
  let root: String

  var folder: WorkbookFolder { WorkbookFolder(root: root) }

  /// Makes an empty workbook.
  init() throws {
    root =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("workbook-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: root)
  }

  /// Makes a workbook that holds the example puzzle.
  static func withExample(encoded: Bool = true) throws -> TemporaryWorkbook {
    let workbook = try TemporaryWorkbook()
    let puzzle = "puzzles/\(ExamplePuzzle.id)"
    try workbook.write(ExamplePuzzle.puzzleYAML, to: "\(puzzle)/puzzle.yaml")
    try workbook.write(ExamplePuzzle.prompt, to: "\(puzzle)/prompt.md")
    try workbook.write(ExamplePuzzle.lexiconYAML, to: "\(puzzle)/lexicon.yaml")
    try workbook.writeSolution(ExamplePuzzle.keyYAML, "key.yaml", encoded: encoded)
    try workbook.writeSolution(ExamplePuzzle.hintsYAML, "hints.yaml", encoded: encoded)
    try workbook.writeSolution(ExamplePuzzle.answer, "answer.md", encoded: encoded)
    return workbook
  }

  func path(_ relative: String) -> String { "\(root)/\(relative)" }

  func write(_ text: String, to relative: String) throws {
    try write(Data(text.utf8), to: relative)
  }

  func write(_ bytes: Data, to relative: String) throws {
    let url = URL(fileURLWithPath: path(relative))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try bytes.write(to: url)
  }

  func writeSolution(_ text: String, _ name: String, encoded: Bool = true) throws {
    let path = "solutions/\(ExamplePuzzle.id)/\(name)"
    try write(encoded ? rot13(text) : text, to: encoded ? path + ".rot13" : path)
  }

  func remove(_ relative: String) throws {
    try FileManager.default.removeItem(atPath: path(relative))
  }

  /// Returns `text` with this folder's path taken out.
  func shortened(_ text: String) -> String {
    text.replacingOccurrences(of: root + "/", with: "")
  }
}
