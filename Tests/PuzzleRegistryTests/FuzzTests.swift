import Testing
import _WorkbookTestSupport

/// Damaged files of puzzles and damaged formulas end in a value or in diagnostics: never in a trap, a
/// hang or a flood.
///
/// Each kind has a process of its own, which the system ends when a limit is broken. See
/// `docs/fuzzing.md` for running it longer and for repeating what it finds.
@Suite(.serialized) struct FuzzTests {
  @Test(.enabled(if: FuzzPlan.includes(.puzzles)))
  func `damaged puzzles are read or refused`() async {
    await #expect(processExitsWith: .success) { try FuzzProcess.run(PuzzleFuzz.self) }
    expect(.puzzles, opened: 0.05, rules: 20)
  }

  @Test(.enabled(if: FuzzPlan.includes(.keys)))
  func `damaged keys, hints and answers are read or refused`() async {
    await #expect(processExitsWith: .success) { try FuzzProcess.run(KeyFuzz.self) }
    expect(.keys, opened: 0.05, rules: 18)
  }

  @Test(.enabled(if: FuzzPlan.includes(.submissions)))
  func `damaged submissions are read or refused`() async {
    await #expect(processExitsWith: .success) { try FuzzProcess.run(SubmissionFuzz.self) }
    expect(.submissions, opened: 0.1, rules: 20)
  }

  @Test(.enabled(if: FuzzPlan.includes(.formulas)))
  func `damaged formulas are parsed or refused, and what is parsed has an end`() async {
    await #expect(processExitsWith: .success) { try FuzzProcess.run(FormulaFuzz.self) }
    expect(.formulas, opened: 0.2, rules: 20)
  }

  private func expect(_ format: FuzzFormat, opened share: Double, rules: Int) {
    let found = FuzzFolder.shortcomings(of: format, opened: share, rules: rules)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }
}
