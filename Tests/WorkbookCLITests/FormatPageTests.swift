import Foundation
import Testing

/// The puzzle that the page on the format takes as its example, put together from the page.
@Suite struct FormatPageTests {
  private static let page = TemporaryWorkbook.repository
    .appendingPathComponent("docs/puzzle-format.md")

  @Test func `the example is a puzzle without a fault, and its submission can be read`() throws {
    let book = try TemporaryWorkbook(only: TemporaryWorkbook.puzzle)
    let created = try book.run("new", "long-rows", "--title", "Which rows are long?")
    try #require(created.status == 0, "\(created.standardError)")
    let blocks = try Self.blocks()
    func block(_ section: String, _ language: String = "yaml") throws -> String {
      try #require(blocks.first { $0.section == section && $0.language == language }).text
    }
    let plots = try block("Plots")
    let questions = try block("Questions")
    let puzzle = try block("puzzle.yaml").replacing("questions:\n", with: plots + "questions:\n")
    let files = [
      "puzzles/long-rows/puzzle.yaml": puzzle + questions,
      "puzzles/long-rows/prompt.md": try block("Formulas and prose", "markdown"),
      "puzzles/long-rows/lexicon.yaml": try block("lexicon.yaml"),
      "solutions/long-rows/key.yaml": blocks.filter { $0.section == "key.yaml" }.map(\.text)
        .joined(),
      "solutions/long-rows/hints.yaml": try block("hints.yaml and answer.md"),
      "solutions/long-rows/answer.md": try block("hints.yaml and answer.md", "markdown"),
      "submissions/long-rows.yaml": try block("Submissions"),
    ]
    try FileManager.default.createDirectory(
      at: book.root.appendingPathComponent("submissions"),
      withIntermediateDirectories: true
    )
    for (path, text) in files {
      try Data(text.utf8).write(to: book.root.appendingPathComponent(path))
    }
    #expect(try book.run("solution", "encode", "long-rows").status == 0)
    let lint = try book.run("lint", "long-rows")
    #expect(lint.standardOutput.contains("1 puzzle, 0 errors, 0 warnings"), "\(lint)")
    // The page shows how the table of the metric question is to be read.
    let table = try block("What lint proves", "text")
    #expect(lint.standardOutput.contains(table), "\(lint.standardOutput)")
    let check = try book.run("check", "long-rows")
    #expect(!check.standardOutput.contains("cannot be read"), "\(check)")
    #expect(check.standardOutput.contains("ruler"), "\(check)")
  }

  private struct Block {
    var section: String
    var language: String
    var text = ""
  }

  /// Reads the page's blocks with the headings they stand under.
  private static func blocks() throws -> [Block] {
    var found: [Block] = []
    var section = ""
    var isInside = false
    for line in try String(contentsOf: page, encoding: .utf8).split(
      separator: "\n",
      omittingEmptySubsequences: false
    ) {
      if line.hasPrefix("```") {
        if !isInside { found.append(Block(section: section, language: String(line.dropFirst(3)))) }
        isInside.toggle()
      } else if isInside {
        found[found.count - 1].text += line + "\n"
      } else if line.hasPrefix("## ") {
        section = String(line.dropFirst(3))
      }
    }
    try #require(!isInside, "a block is not closed")
    return found
  }
}
