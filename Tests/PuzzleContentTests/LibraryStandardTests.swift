import Foundation
import PuzzleRegistry
import Testing
import WorkbookKit

/// What the shipped puzzles promise beyond what lint asks of every puzzle.
@Suite struct LibraryStandardTests {
  private static let folder = EveryPuzzleTests.workbook.folder
  private static let ids = folder.puzzleIDs()

  @Test func `there are fourteen puzzles`() {
    #expect(
      Self.ids.map { $0.prefix { $0 != "-" } } == (1...14).map { "puzzle\($0)" }
    )
  }

  @Test(arguments: ids)
  func `a puzzle predicts, shows, asks for an explanation and teaches a principle`(
    id: String
  ) throws {
    let puzzle = try Self.folder.loadPuzzle(id)
    #expect(puzzle.principle != nil)
    #expect(puzzle.questions.contains { $0.isPrediction })
    #expect(!puzzle.plots.isEmpty)
    #expect(puzzle.plots.allSatisfy { $0.caption != nil })
    #expect(puzzle.questions.contains { $0.kind == .explain })
    #expect((10...18).contains(puzzle.questions.reduce(0) { $0 + $1.points }))
  }

  @Test(arguments: ids)
  func `a key has three traps, a rubric of three ideas and a full reference`(
    id: String
  ) throws {
    let puzzle = try Self.folder.loadPuzzle(id)
    let key = try Self.folder.loadKey(id, for: puzzle, revealing: true)
    var traps = 0
    for question in puzzle.questions {
      switch key.questions[question.id] {
      case .number(let number): traps += number.traps.count
      case .choice(let choice): traps += choice.traps.count
      case .tokens(let tokens): traps += tokens.traps.count
      case .metric(let metric): traps += metric.traps.count
      case .explain(let explain):
        #expect(explain.rubric.count >= 3)
        #expect(key.reference[question.id] != nil, "no reference explanation")
      case nil: break
      }
    }
    #expect(traps >= 3)
    let hints = try Self.folder.loadHints(id, revealing: true)
    #expect(hints.count >= 3)
    #expect(key.isEncoded)
  }

  /// A number in prose is a formula, stands in code that the reader can run, or is cited.
  ///
  /// Round thresholds that a question is about, such as 0.9, and those its key names, are its own.
  @Test(arguments: ids)
  func `every decimal number in prose is computed or cited`(id: String) throws {
    let puzzle = try Self.folder.loadPuzzle(id)
    let key = try Self.folder.solutionFile("key.yaml", of: id, limit: BoundedFile.yamlLimit).plain
    let prose =
      [puzzle.prompt] + puzzle.questions.map(\.ask) + puzzle.plots.compactMap(\.caption)
      + puzzle.questions.flatMap { $0.options.map(\.text) }
      + (try Self.folder.loadHints(id, revealing: true).map(\.text))
      + [try Self.folder.loadAnswer(id, revealing: true).text]
    for text in prose {
      for paragraph in Self.paragraphs(of: text) {
        let plain = paragraph.replacing(#/\{\{.*?\}\}/#, with: "").replacing(#/`[^`]*`/#, with: "")
        guard !plain.contains(#/\(.*?\b(19|20)\d\d\)|docs\/measurements\.md/#) else { continue }
        // "to ±0.005" states a tolerance, which is the question's own.
        let stated = plain.replacing(#/(±|within |from |to |\+-)\s?\d+\.\d+/#, with: "")
        let typed = stated.matches(of: #/\b\d+\.\d+/#).map { String($0.output) }
          .filter { $0.wholeMatch(of: #/\d\.\d/#) == nil && !key.contains($0) }
        #expect(typed.isEmpty, "\(id): \(typed) in: \(plain.prefix(200))")
      }
    }
  }

  private static func paragraphs(of text: String) -> [String] {
    var paragraphs: [String] = []
    var isCode = false
    for block in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if block.hasPrefix("```") { isCode.toggle() }
      guard !isCode else { continue }
      if block.allSatisfy(\.isWhitespace) || paragraphs.isEmpty {
        paragraphs.append(String(block))
      } else {
        paragraphs[paragraphs.count - 1] += " " + block
      }
    }
    return paragraphs
  }
}
