import ArgumentParser
import PuzzleRegistry
import SourceDiagnostics
import WorkbookKit

struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Prove that puzzles work, or list every fault at once.",
    discussion: "Exit status 1 if there are errors; warnings alone leave it 0."
  )

  @Argument(help: "Puzzles; all if none is named.")
  var puzzles: [String] = []

  @Option(help: ArgumentHelp("Explain a rule instead.", valueName: "rule"))
  var explain: String?

  @OptionGroup var options: ReadingOptions

  func run() throws {
    if let explain {
      try Shell.runAlone(options.global) { shell in try explainRule(explain, shell) }
      return
    }
    var isClean = true
    try Shell.run(options.global) { shell, workbook in
      let report = try workbook.lint(puzzles)
      isClean = report.errors.isEmpty
      if options.json {
        shell.print(json(report))
        return
      }
      for diagnostic in report.diagnostics { shell.complain(diagnostic) }
      let count = puzzles.isEmpty ? workbook.folder.puzzleIDs().count : puzzles.count
      shell.print(
        "\(count) puzzle\(count == 1 ? "" : "s"), \(report.errors.count) error"
          + "\(report.errors.count == 1 ? "" : "s"), \(report.warnings.count) warning"
          + "\(report.warnings.count == 1 ? "" : "s")"
      )
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

  private func json(_ report: DiagnosticReport) -> JSONValue {
    .object([
      "errors": .integer(report.errors.count), "warnings": .integer(report.warnings.count),
      "diagnostics": .array(
        report.diagnostics.map { diagnostic in
          .object([
            "file": diagnostic.place.map { .text($0.file) } ?? .null,
            "line": diagnostic.place?.line.map { .integer($0) } ?? .null,
            "column": diagnostic.place?.column.map { .integer($0) } ?? .null,
            "rule": .text(diagnostic.rule), "severity": .text(diagnostic.severity.rawValue),
            "message": .text(diagnostic.message),
            "help": diagnostic.help.map { .text($0) } ?? .null,
          ])
        }
      ),
    ])
  }
}
