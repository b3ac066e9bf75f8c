import Grading
import PuzzleRegistry
import SourceDiagnostics
import Testing
import WorkbookKit

/// Lint finds each fault, and nothing but that fault, in a copy of a puzzle that has no other.
@Suite struct PlantedFaultTests {
  @Test(arguments: [true, false])
  func `lint finds nothing on the base puzzle`(isLean: Bool) throws {
    let result = try PlantedWorkbook(isLean: isLean).lint()
    #expect(result.report.diagnostics.isEmpty, "\(result.report)")
    #expect(result.proofs.map(\.model) == [PlantedPuzzle.model])
  }

  @Test func `the base puzzle asks a question of every kind`() throws {
    let puzzle = try PlantedWorkbook(isLean: false).puzzle()
    #expect(Set(puzzle.questions.map(\.kind)) == Set(Question.Kind.allCases))
    #expect(Set(puzzle.questions.filter { $0.kind == .choice }.map(\.many)) == [true, false])
  }

  @Test func `every rule of the catalogue has a planted fault`() {
    let planted = Set(PlantedFault.all.map(\.rule))
    let rules = Set(AuthoringRule.all.map(\.id))
    #expect(planted.union(PlantedFault.provenByHand) == rules)
    #expect(planted.isDisjoint(with: PlantedFault.provenByHand))
  }

  @Test(arguments: PlantedFault.all)
  func `a planted fault breaks just its rule`(fault: PlantedFault) throws {
    let copy = try PlantedWorkbook(isLean: fault.isLean, fault.edit)
    let found = try copy.lint().report
    #expect(Set(found.diagnostics.map(\.rule)) == [fault.rule], "\(found)")
    #expect(Set(found.diagnostics.map(\.severity)) == [fault.severity], "\(found)")
    #expect(found.diagnostics.allSatisfy { $0.place != nil }, "\(found)")
    let files = found.diagnostics.compactMap(\.place?.file)
    #expect(files.allSatisfy { !$0.hasPrefix("/") }, "\(files)")
  }

  @Test func `a starter that earns is found`() throws {
    let base = try PlantedWorkbook(isLean: true)
    let grader = try base.grader()
    let blank = StarterSubmission.text(for: grader.puzzle, model: PlantedPuzzle.model)
    let filled = try #require(StarterSubmission.settingAnswer("single", to: "gaps", in: blank))
    for (text, rules) in [(blank, []), (filled, ["starter-earns"])] {
      let starter = try Submission(text: text, file: "starter", puzzle: grader.puzzle)
      #expect(PuzzleProof(grader: grader).run(starter: starter).faults.map(\.rule) == rules)
    }
  }

  @Test func `all faults of all puzzles are found at once, sorted by place`() throws {
    let copy = try PlantedWorkbook(isLean: true) {
      $0.add(PlantedPuzzle.twin())
      try $0.replace("difficulty: 2", with: "difficulty: 9", in: PlantedPuzzle.Path.puzzle)
      try $0.replace("kind: tokens", with: "kind: token", in: PlantedPuzzle.Path.puzzle)
      try $0.append("- TODO\n", to: PlantedPuzzle.Path.hints)
      let twin = "puzzles/\(PlantedPuzzle.twinID)/puzzle.yaml"
      try $0.replace("minutes: 5\n", with: "", in: twin)
      try $0.replace("kind: number", with: "kind: numbr", in: twin)
      $0.write("stray\n", to: "puzzles/\(PlantedPuzzle.twinID)/notes.txt")
      $0.put(.folder, at: "solutions/puzzle3-gone")
    }
    let found = try copy.lint().report
    #expect(
      found.diagnostics.map { "\($0.place?.file ?? "") \($0.rule)" } == [
        "puzzles/puzzle1-planted/puzzle.yaml bad-number",
        "puzzles/puzzle1-planted/puzzle.yaml unknown-kind",
        "puzzles/puzzle2-twin/notes.txt stray-file",
        "puzzles/puzzle2-twin/puzzle.yaml missing-key",
        "puzzles/puzzle2-twin/puzzle.yaml unknown-kind",
        "solutions/puzzle1-planted/hints.yaml.rot13 unfinished",
        "solutions/puzzle3-gone orphan-key",
      ],
      "\(found)"
    )
    #expect(found.diagnostics == DiagnosticReport(found.diagnostics.shuffled()).diagnostics)
  }

  @Test func `a fault of one puzzle leaves the proof of the others`() throws {
    let copy = try PlantedWorkbook(isLean: true) {
      $0.add(PlantedPuzzle.twin(truth: "median(row_norms(W_E[99999]))"))
      try $0.replace("difficulty: 2", with: "difficulty: 9", in: PlantedPuzzle.Path.puzzle)
    }
    let all = try copy.lint()
    #expect(all.report.diagnostics.map(\.rule) == ["bad-number", "formula-fails"])
    #expect(all.proofs.map(\.puzzle) == [PlantedPuzzle.twinID])
    let one = try copy.lint(["puzzle1"])
    #expect(one.report.diagnostics.map(\.rule) == ["bad-number"])
    #expect(one.puzzleCount == 1)
  }
}
