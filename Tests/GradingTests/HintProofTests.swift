import Grading
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

/// Which hints contain an answer, and which only look as if they did.
@Suite struct HintProofTests {
  private static let puzzleYAML = """
    title: Hints
    difficulty: 1
    minutes: 5
    models: [tiny]
    questions:
      - { id: guess, kind: number, before-looking: true, points: 1, ask: What comes out? }
      - { id: level, kind: number, points: 2, ask: How high? }
      - { id: below, kind: number, points: 2, ask: How low? }
      - { id: three, kind: number, points: 2, ask: How many? }
      - id: single
        kind: choice
        points: 1
        ask: Which one?
        options: { gaps: The gaps between any rows, none: Nothing }
      - { id: near, kind: tokens, points: 2, ask: Name one. }
      - { id: chosen, kind: metric, points: 1, ask: Choose. }
      - { id: written, kind: metric, points: 1, ask: Write. }
    """
  private static let keyYAML = """
    questions:
      guess: { truth: "0.77", tolerance: 0.01 }
      level: { truth: "0.6 - 0.04", tolerance: 0.005 }
      below: { truth: "0 - 0.25", tolerance: 0.005 }
      three: { truth: "1 + 2", tolerance: 0 }
      single: { correct: [gaps] }
      near: { truth: "nearest(W_E[8], k: 2, by: euclidean)", need: 1 }
      chosen: { require: [{ that: "1 < 2", points: 1, says: No. }] }
      written: { require: [{ that: "1 < 2", points: 1, says: No. }] }
    reference:
      near: [" w8"]
      chosen: { similarity: spearman, zero-point: token-median }
      written: "0 - norm(a - b)"
    """

  /// The questions that a hint tells the answer to.
  private func told(_ text: String, title: String? = nil) throws -> [String] {
    let puzzle = try Puzzle(id: "hints", directory: "hints", yaml: Self.puzzleYAML, prompt: "Look.")
    let grader = Grader(
      puzzle: puzzle,
      key: try Key(yaml: Self.keyYAML, file: "key.yaml", for: puzzle),
      evaluator: Evaluator(model: TinyModel())
    )
    let quoted = text.replacing("'", with: "''")
    let hints = try Hint.hints(
      yaml: "- { \(title.map { "title: '\($0)', " } ?? "")text: '\(quoted)' }",
      file: "hints.yaml",
      puzzleID: "hints"
    )
    let faults = HintProof(grader: grader).faults(hints, at: SourcePlace(file: "hints.yaml"))
    #expect(faults.allSatisfy { $0.rule == "hint-tells" && $0.message.contains("hint 1 ") })
    return faults.compactMap { fault in
      puzzle.questions.map(\.id).first { fault.message.contains("'\($0)'") }
    }
  }

  @Test(
    arguments: [
      ("It comes to {{ 0.5 + 0.06 | 0.00 }}.", "level"),
      ("It is about 0.56, as you will see.", "level"), ("It is .56", "level"),
      ("It is 56% of it.", "level"), ("It is 56.2 % of it.", "level"),
      ("Run `0.6-0.04`.", "level"), ("Look at -0.25.", "below"),
      ("Look at −0.25.", "below"), ("Between 0.1-0.25 and zero.", "below"),
      ("It leaves the gaps between any rows alone.", "single"),
      ("Think of \" w8\" first.", "near"), ("Think of ' w9' first.", "near"),
      ("Take spearman from token-median.", "chosen"), ("Try `0-norm(a-b)`.", "written"),
    ]
  )
  func `a hint that contains an answer is found`(text: String, question: String) throws {
    #expect(try told(text) == [question])
  }

  @Test func `a title is part of its hint`() throws {
    #expect(try told("Think.", title: "It is 0.56") == ["level"])
  }

  @Test(
    arguments: [
      // Small whole numbers are too common to tell anything.
      "There are 3 steps, and 56 rows.", "In 2023 it took {{ 4 | 0 }} lines.",
      // Other numbers, and a prediction's.
      "It is not 0.57.", "It is below 0.5.", "You may have guessed 0.77.", "It is 5.6%.",
      // Part of an option, a token without its space or quotes, one word of a choice.
      "Look at the gaps.", "Nothing is wrong.", "Try w8 and \"w8\".", "Try \" w20\".",
      "Ranks are what spearman compares.", "What is special about token-median?",
      "What does norm(a - b) do?", "A date such as 1.2.3 is no number.",
    ]
  )
  func `a hint that only leads there is none of that`(text: String) throws {
    #expect(try told(text).isEmpty)
  }
}
