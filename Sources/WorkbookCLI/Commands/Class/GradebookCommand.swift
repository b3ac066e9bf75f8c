import ArgumentParser
import SourceDiagnostics
import WorkbookKit

struct GradebookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradebook",
    abstract: "Read a gradebook, check it, hand its grades on, and set points by hand.",
    subcommands: [
      GradebookShowCommand.self, GradebookStatsCommand.self, GradebookDiffCommand.self,
      GradebookExportCommand.self, GradebookVerifyCommand.self,
      GradebookOverrideCommand.self, GradebookHistoryCommand.self, GradebookMergeCommand.self,
      GradebookFillCommand.self, GradebookFeedbackCommand.self,
    ]
  )
}

/// Which gradebook a command is about.
struct GradebookOption: ParsableArguments {
  @Option(help: ArgumentHelp("The gradebook.", valueName: "file"), completion: .file())
  var gradebook = "gradebook.sqlite"
}

struct GradebookShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show the grades, or one learner's with the reasons."
  )

  @Argument(help: "The learner; all if none is named.")
  var learner: String?

  @OptionGroup var file: GradebookOption
  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let view = try workbook.gradebook(file.gradebook)
      if options.json {
        shell.print(try GradebookPage(view).json(learner: learner))
      } else {
        try GradebookPage(view).print(shell, learner: learner)
      }
    }
  }
}

struct GradebookExportCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, jsonl, junit, gradescope }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print the grades as CSV, JSON lines, JUnit XML, or for Gradescope.",
    discussion: """
      csv has a line for each learner and a column of points for each puzzle, blank where nothing is \
      graded; texts that a spreadsheet would take for a formula begin with an apostrophe. jsonl is \
      canonical: equal grades give equal bytes, whose SHA-256 'workbook grade' prints. junit has a \
      test suite for each learner and a test for each question. gradescope is one learner's \
      results.json.
      """
  )

  @Option(help: "The format.")
  var format: Format = .csv

  @Flag(help: "In CSV, count what is missing as 0.")
  var missingAsZero = false

  @Option(help: "For gradescope: the learner, if there are several.")
  var learner: String?

  @OptionGroup var file: GradebookOption
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try Shell.run(global) { shell, workbook in
      let view = try workbook.gradebook(file.gradebook)
      if view.provisionalCount > 0 { shell.complain(.provisional(view.provisionalCount)) }
      // Bytes as they are: a reader other than a person gets them.
      switch format {
      case .csv: Swift.print(view.csv(missingAsZero: missingAsZero), terminator: "")
      case .jsonl: Swift.print(view.canonicalLines, terminator: "")
      case .junit: Swift.print(view.junit, terminator: "")
      case .gradescope: shell.print(try view.gradescope(learner: learner))
      }
    }
  }
}

extension Diagnostic {
  /// Points that are handed on although nobody has confirmed them.
  static func provisional(_ count: Int) -> Diagnostic {
    Diagnostic(
      "not-reviewed",
      "\(count) grade\(count == 1 ? " rests" : "s rest") on explanations that nobody has reviewed, "
        + "whose points are suggestions",
      help: "workbook review",
      severity: .warning
    )
  }
}

struct GradebookVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Grade again and say whether each grade still holds.",
    discussion: """
      Every grade names its submission, puzzle, key and weights by digest. A grade holds if all of \
      these are as they were and grading gives the same points. Nothing is written. Exit status 1 if \
      some grade does not hold.
      """
  )

  @Argument(help: ArgumentHelp("The class's folder.", valueName: "dir"), completion: .directory)
  var directory: String

  @OptionGroup var file: GradebookOption
  @OptionGroup var global: GlobalOptions

  func run() throws {
    var holds = true
    try Shell.run(global, title: "verifying") { shell, workbook in
      let findings = try workbook.verifyGradebook(file.gradebook, directory: directory)
      let broken = findings.filter { $0.reason != nil }
      holds = broken.isEmpty
      for finding in broken {
        shell.print(
          "\(escapingControls(finding.learner)) \(finding.puzzle): \(finding.reason ?? "")"
        )
      }
      shell.print("\(findings.count - broken.count) of \(findings.count) grades hold")
    }
    if !holds { throw ExitCode(1) }
  }
}

struct GradebookOverrideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "override",
    abstract: "Set a learner's points on a puzzle by hand, with a reason.",
    discussion: "The computed grade stays beside it, and no regrade loses it."
  )

  @Argument(help: "The learner.")
  var learner: String

  @Argument(help: "The puzzle.")
  var puzzle: String

  @Argument(help: "The points.")
  var points: Double

  @Option(help: "Why.")
  var reason: String

  @OptionGroup var file: GradebookOption
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard points.isFinite, abs(points) <= 1_000_000 else {
      throw ValidationError("the points are a number")
    }
    guard !reason.allSatisfy(\.isWhitespace) else { throw ValidationError("say why with --reason") }
  }

  func run() throws {
    try Shell.run(global) { shell, workbook in
      let set = try workbook.overrideGrade(
        of: learner,
        on: puzzle,
        points: points,
        reason: reason,
        gradebook: file.gradebook
      )
      shell.print("\(escapingControls(learner)) \(set.puzzle): \(set.summary)")
    }
  }
}

struct GradebookHistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show how a learner's grades came to be: what was replaced, and what was set by hand."
  )

  @Argument(help: "The learner.")
  var learner: String

  @OptionGroup var file: GradebookOption
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try Shell.run(global) { shell, workbook in
      let events = try workbook.gradeHistory(of: learner, gradebook: file.gradebook)
      if events.isEmpty { shell.print("Nothing of \(escapingControls(learner)) was ever changed.") }
      for event in events { shell.print(event) }
    }
  }
}
