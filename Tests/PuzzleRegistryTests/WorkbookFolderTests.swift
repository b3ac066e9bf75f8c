import Foundation
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import Testing

@Suite struct WorkbookFolderTests {
  @Test(arguments: [true, false])
  func `the example loads, encoded or plain`(encoded: Bool) throws {
    let workbook = try TemporaryWorkbook.withExample(encoded: encoded)
    let folder = workbook.folder
    let puzzle = try folder.loadPuzzle(ExamplePuzzle.id)
    let key = try folder.loadKey(ExamplePuzzle.id, for: puzzle)
    #expect(
      puzzle.questions.map(\.id) == ["guess", "predicts", "which", "metric", "closest", "why"]
    )
    #expect(puzzle.models == ["gpt-neo-125m", "whisper-tiny.en"])
    #expect(puzzle.questions[0].isPrediction)
    #expect(puzzle.questions[2].many)
    #expect(puzzle.questions[2].options.map(\.id) == ["shuffle-channels", "shuffle-tokens"])
    #expect(puzzle.plots.count == 2)
    #expect(puzzle.lexicon?.pairs["synonyms"]?.map(\.left) == ["big", "quick", "no"])
    #expect(puzzle.lexicon?.words["animals"] == ["dog", "cat", "on"])
    #expect(key.isEncoded == encoded)
    #expect(key.questions.keys.sorted() == ["closest", "metric", "predicts", "which", "why"])
    #expect(try folder.loadHints(ExamplePuzzle.id).count == 3)
    #expect(try folder.loadAnswer(ExamplePuzzle.id).text == ExamplePuzzle.answer)
  }

  @Test func `an encoded example has nothing to complain about`() throws {
    let workbook = try TemporaryWorkbook.withExample()
    #expect(workbook.folder.staticDiagnostics(for: ExamplePuzzle.id).isEmpty)
    #expect(workbook.folder.folderDiagnostics().isEmpty)
  }

  @Test func `a plain example is told to encode each file`() throws {
    let workbook = try TemporaryWorkbook.withExample(encoded: false)
    let found = workbook.folder.staticDiagnostics(for: ExamplePuzzle.id)
    #expect(found.map(\.rule) == ["plain-key", "plain-key", "plain-key"])
    #expect(found.allSatisfy { $0.severity == .warning })
  }

  @Test func `a prefix up to a hyphen names a puzzle`() throws {
    let workbook = try TemporaryWorkbook()
    for id in ["puzzle10-tokens", "puzzle2-b", "puzzle1-suspicious", "puzzle1x", "a-b", "a-c", "a"]
    {
      try workbook.write("", to: "puzzles/\(id)/puzzle.yaml")
    }
    let folder = workbook.folder
    #expect(
      folder.puzzleIDs()
        == ["a", "a-b", "a-c", "puzzle1-suspicious", "puzzle1x", "puzzle2-b", "puzzle10-tokens"]
    )
    #expect(try folder.resolve("puzzle1") == "puzzle1-suspicious")
    #expect(try folder.resolve("Puzzle10") == "puzzle10-tokens")
    #expect(try folder.resolve("puzzle10-tokens") == "puzzle10-tokens")
    #expect(try folder.resolve("a") == "a")
    #expect(
      report { _ = try folder.resolve("puzle1") }
        == "error: [unknown-puzzle] there is no puzzle 'puzle1'\nhelp: did you mean 'puzzle1'?"
    )
    #expect(report { _ = try folder.resolve("puzzle") }.contains("[unknown-puzzle]"))
    #expect(report { _ = try folder.resolve("") }.contains("[unknown-puzzle]"))
    try workbook.remove("puzzles/a")
    #expect(
      report { _ = try folder.resolve("a") }
        == "error: [ambiguous-puzzle] 'a' names 2 puzzles\nhelp: name one of: a-b, a-c"
    )
  }

  @Test func `a workbook without puzzles says so`() throws {
    let workbook = try TemporaryWorkbook()
    #expect(
      workbook.shortened(report { _ = try workbook.folder.resolve("puzzle1") })
        == """
        error: [no-puzzles] there is no puzzle in 'puzzles'
        help: name the workbook's folder with --workbook, or add a puzzle: docs/puzzle-format.md says how
        """
    )
  }

  @Test func `faults of all files are reported at once`() throws {
    let workbook = try TemporaryWorkbook.withExample()
    let puzzle = "puzzles/\(ExamplePuzzle.id)"
    try workbook.write(
      ExamplePuzzle.puzzleYAML.replacingOccurrences(of: "minutes:", with: "minuts:"),
      to: "\(puzzle)/puzzle.yaml"
    )
    try workbook.write("{{ 1 }}", to: "\(puzzle)/prompt.md")
    try workbook.write("{}", to: "\(puzzle)/lexicon.yaml")
    try workbook.write("", to: "\(puzzle)/lexicon.yml")
    try workbook.writeSolution("[only one]", "hints.yaml")
    try workbook.remove("solutions/\(ExamplePuzzle.id)/answer.md.rot13")
    let found = workbook.folder.staticDiagnostics(for: ExamplePuzzle.id)
    #expect(
      found.map(\.rule) == [
        "bad-lexicon", "stray-file", "prose-formula", "unknown-key", "missing-file", "few-hints",
      ]
    )
  }

  @Test func `an encoded key's fault is shown encoded, except to its author`() throws {
    let workbook = try TemporaryWorkbook.withExample()
    let faulty = ExamplePuzzle.keyYAML.replacingOccurrences(of: "tolerance:", with: "tolerence:")
    try workbook.writeSolution(faulty, "key.yaml")
    let folder = workbook.folder
    let puzzle = try folder.loadPuzzle(ExamplePuzzle.id)
    let hidden = report { _ = try folder.loadKey(ExamplePuzzle.id, for: puzzle) }
    #expect(hidden.contains("gbyrerapr: 0.01"))
    #expect(!hidden.contains("toler"))
    #expect(hidden.contains("'workbook lint \(ExamplePuzzle.id)' says which"))
    let shown = report { _ = try folder.loadKey(ExamplePuzzle.id, for: puzzle, revealing: true) }
    #expect(shown.contains("4 |     tolerence: 0.01"))
    #expect(shown.contains("did you mean 'tolerance'?"))
  }

  @Test func `faults of encoded hints and answers are shown encoded`() throws {
    let workbook = try TemporaryWorkbook.withExample()
    try workbook.writeSolution("- secret {{ x }}\n", "hints.yaml")
    try workbook.writeSolution("line\nsecret {{ (x | 0 }}\n", "answer.md")
    let folder = workbook.folder
    let hints = report { _ = try folder.loadHints(ExamplePuzzle.id) }
    let answer = report { _ = try folder.loadAnswer(ExamplePuzzle.id) }
    #expect(hints.contains("1 | - frperg {{ k }}"))
    #expect(answer.contains("2 | frperg {{ (k | 0 }}"))
    #expect(!hints.contains("secret") && !answer.contains("secret"))
    #expect(
      report { _ = try folder.loadAnswer(ExamplePuzzle.id, revealing: true) }.contains("secret")
    )
  }

  @Test func `both forms of a file are a fault, and the encoded one is read`() throws {
    let workbook = try TemporaryWorkbook.withExample()
    try workbook.writeSolution("[]", "hints.yaml", encoded: false)
    #expect(try workbook.folder.loadHints(ExamplePuzzle.id).count == 3)
    #expect(workbook.folder.staticDiagnostics(for: ExamplePuzzle.id).map(\.rule) == ["two-forms"])
  }

  @Test func `a linked puzzle folder is not followed`() throws {
    let workbook = try TemporaryWorkbook.withExample()
    try FileManager.default.createSymbolicLink(
      atPath: workbook.path("puzzles/linked"),
      withDestinationPath: workbook.path("puzzles/\(ExamplePuzzle.id)")
    )
    #expect(workbook.folder.puzzleIDs() == [ExamplePuzzle.id])
    #expect(
      workbook.shortened(report { _ = try workbook.folder.loadPuzzle("linked") })
        == """
        puzzles/linked: error: [not-a-folder] this is not a folder, expected a puzzle's folder
        help: put the folder itself here; links are not followed
        """
    )
  }

  @Test func `folders that no command can reach are found`() throws {
    let workbook = try TemporaryWorkbook.withExample()
    try workbook.write("", to: "puzzles/Bad_Name/puzzle.yaml")
    try workbook.write("", to: "puzzles/notes.txt")
    try workbook.write("", to: "puzzles/README.md")
    try workbook.write("", to: "solutions/old/key.yaml")
    #expect(
      workbook.folder.folderDiagnostics().map(\.rule) == ["bad-name", "stray-file", "orphan-key"]
    )
  }

  @Test(arguments: ["../etc", "a/b", "A", "", "a--b", "-a", String(repeating: "a", count: 65)])
  func `what is not an id is never opened`(id: String) throws {
    let workbook = try TemporaryWorkbook()
    #expect(report { _ = try workbook.folder.loadPuzzle(id) }.contains("[bad-name]"))
    #expect(workbook.folder.staticDiagnostics(for: id).map(\.rule) == ["bad-name"])
  }

  @Test func `paths start as the user named the folder`() {
    #expect(WorkbookFolder(root: ".").submissionPath("a") == "submissions/a.yaml")
    #expect(WorkbookFolder(root: "/x/").puzzleDirectory("a") == "/x/puzzles/a")
    #expect(WorkbookFolder(root: "/").puzzleDirectory("a") == "/puzzles/a")
  }

  @Test func `numbers in names sort as numbers`() {
    let names = ["b", "a10", "a9", "a010", "a", "a1-b", "a1", "a1-a"]
    #expect(
      names.sorted(by: naturallyPrecedes) == ["a", "a1", "a1-a", "a1-b", "a9", "a010", "a10", "b"]
    )
  }
}
