import ArgumentParser
import PuzzleRegistry
import SourceDiagnostics
import WorkbookKit

struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Prove that puzzles work, or list every fault at once.",
    discussion: """
      Checks the files, then runs each puzzle on every model it names that is here: the starter, \
      the reference, every trap, every choice of a metric, tolerances, hints, guessing. Messages \
      quote the key. Exit status 1 if there are errors; warnings alone leave it 0.
      """
  )

  @Argument(help: "Puzzles; all if none is named.")
  var puzzles: [String] = []

  @Option(help: ArgumentHelp("Explain a rule instead.", valueName: "rule"))
  var explain: String?

  @Flag(help: "Show how every choice of each metric question fares; always for named puzzles.")
  var map = false

  @Flag(help: "If there are no errors, record all ids in puzzles/ids.yaml, so that none gets lost.")
  var pinIds = false

  @OptionGroup var options: ReadingOptions

  func validate() throws {
    if pinIds, !puzzles.isEmpty {
      throw ValidationError("--pin-ids is about the whole workbook; name no puzzles with it")
    }
  }

  func run() throws {
    if let explain {
      try Shell.runAlone(options.global) { shell in try explainRule(explain, shell) }
      return
    }
    var isClean = true
    try Shell.run(options.global, title: "proving") { shell, workbook in
      let result = try workbook.lint(puzzles)
      isClean = result.report.errors.isEmpty
      let pinned = isClean && pinIds ? try workbook.pinIDs() : nil
      if options.json {
        shell.print(LintPage(result).json)
      } else {
        LintPage(result).print(shell, showsMaps: map || !puzzles.isEmpty)
      }
      if let pinned { shell.note("Ids recorded in \(pinned)") }
    }
    if !isClean { throw ExitCode(1) }
  }

  private func explainRule(_ name: String, _ shell: Shell) throws {
    guard let rule = AuthoringRule.named(name) else {
      throw Diagnostic(
        "unknown-rule",
        "no rule named '\(name)'",
        help: Suggestion.help(for: name, among: AuthoringRule.all.map(\.id))
      )
    }
    shell.print(shell.style.bold(rule.id) + ": " + rule.summary)
    shell.print()
    shell.print(shell.wrapped(rule.explanation, indent: 0))
  }
}
