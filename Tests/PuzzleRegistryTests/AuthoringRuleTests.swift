import Foundation
import PuzzleRegistry
import SourceDiagnostics
import Testing

@Suite struct AuthoringRuleTests {
  @Test func `rule ids are distinct, sorted names`() {
    let ids = AuthoringRule.all.map(\.id)
    #expect(ids == Set(ids).sorted())
    #expect(ids.allSatisfy(isIdentifier))
    #expect(AuthoringRule.named("unknown-key")?.id == "unknown-key")
    #expect(AuthoringRule.named("no-such-rule") == nil)
  }

  @Test func `every rule is summed up and explained in whole sentences`() {
    for rule in AuthoringRule.all {
      #expect(!rule.summary.hasSuffix(".") && rule.summary.first?.isUppercase == false)
      #expect(rule.explanation.hasSuffix(".") && !rule.explanation.contains("  "))
    }
  }

  @Test func `every rule that an author can break is in the catalogue`() throws {
    let wording = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/PuzzleRegistry/Wording")
    var used: Set<String> = []
    for file in ["FileDiagnostics", "SchemaDiagnostics", "FolderDiagnostics"] {
      let text = try String(
        contentsOf: wording.appendingPathComponent("\(file).swift"),
        encoding: .utf8
      )
      for match in text.matches(of: /Diagnostic\(\s*"([a-z0-9-]+)"/) {
        used.insert(String(match.1))
      }
    }
    #expect(used.count > 30)
    // These are about a name typed on the command line, not about a file.
    used.subtract(["no-puzzles", "unknown-puzzle", "ambiguous-puzzle"])
    #expect(used.subtracting(AuthoringRule.all.map(\.id)).isEmpty)
    let proofs = AuthoringRule.proofs.map(\.id)
    #expect(
      Set(AuthoringRule.all.map(\.id)).subtracting(used).subtracting(proofs) == ["unknown-option"]
    )
  }

  @Test func `few hints, a long prompt and a plain key are warnings`() throws {
    let workbook = try TemporaryWorkbook.withExample()
    try workbook.writeSolution("[one, two]", "hints.yaml")
    try workbook.write(
      String(repeating: "word ", count: 1201),
      to: "puzzles/\(ExamplePuzzle.id)/prompt.md"
    )
    try workbook.remove("solutions/\(ExamplePuzzle.id)/key.yaml.rot13")
    try workbook.writeSolution(ExamplePuzzle.keyYAML, "key.yaml", encoded: false)
    let found = workbook.folder.staticDiagnostics(for: ExamplePuzzle.id)
    let expected = """
      puzzles/puzzle1-suspicious-similarities/prompt.md: warning: [long-prompt] the prompt has 1201 words, expected at most 1200
      help: move what is not needed to begin into hints
      solutions/puzzle1-suspicious-similarities/hints.yaml.rot13: warning: [few-hints] there are 2 hints, expected 3 or more
      help: lead from a nudge to the last step
      solutions/puzzle1-suspicious-similarities/key.yaml: warning: [plain-key] this file is not encoded, so a learner may read it by accident
      help: encode it with 'workbook solution encode puzzle1-suspicious-similarities'
      """
    #expect(workbook.shortened(DiagnosticReport(found).description) == expected)
  }

  @Test func `missing files are each named`() throws {
    let workbook = try TemporaryWorkbook()
    try workbook.write("", to: "puzzles/empty/prompt.md")
    let found = workbook.folder.staticDiagnostics(for: "empty")
    let expected = """
      puzzles/empty/prompt.md: error: [empty-value] this file is empty, expected a text
      puzzles/empty/puzzle.yaml: error: [missing-file] there is no such file
      solutions/empty/answer.md.rot13: error: [missing-file] 'empty' has no answer.md.rot13
      help: write it here as plain text, then encode it with 'workbook solution encode empty'
      solutions/empty/hints.yaml.rot13: error: [missing-file] 'empty' has no hints.yaml.rot13
      help: write it here as plain text, then encode it with 'workbook solution encode empty'
      solutions/empty/key.yaml.rot13: error: [missing-file] 'empty' has no key.yaml.rot13
      help: write it here as plain text, then encode it with 'workbook solution encode empty'
      """
    #expect(workbook.shortened(DiagnosticReport(found).description) == expected)
  }

  @Test func `a puzzle that is not there is a fault`() throws {
    let workbook = try TemporaryWorkbook.withExample()
    #expect(workbook.folder.staticDiagnostics(for: "nothing").map(\.rule) == ["unknown-puzzle"])
  }
}
