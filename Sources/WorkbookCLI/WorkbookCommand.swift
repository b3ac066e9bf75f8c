import ArgumentParser
import Foundation
import SourceDiagnostics
import WorkbookKit

/// The program: its subcommands, and the overview that is shown without one.
@main
struct WorkbookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workbook",
    abstract: "Puzzles about real language models' weights.",
    discussion: """
      Without a subcommand: where you are and what comes next.

      Exit status: 0 done or solved, 1 not solved or faults found, 2 could not run, 64 bad usage, \
      130 interrupted.
      """,
    version: Workbook.toolVersion,
    subcommands: [OverviewCommand.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Learner",
        subcommands: [
          StartCommand.self, ListCommand.self, ShowCommand.self, TryCommand.self, CheckCommand.self,
          WatchCommand.self, HintCommand.self, AnswerCommand.self, ResetCommand.self,
          SubmitCommand.self, Rot13Command.self, DoctorCommand.self,
        ]
      ),
      CommandGroup(
        name: "Calculator",
        subcommands: [
          EvalCommand.self, PlotCommand.self, InvarianceCommand.self, ModelsCommand.self,
        ]
      ),
      CommandGroup(
        name: "Author",
        subcommands: [
          NewCommand.self, LintCommand.self, SolutionCommand.self, ReleaseCommand.self,
        ]
      ),
      CommandGroup(
        name: "Class",
        subcommands: [GradeCommand.self, GradebookCommand.self, ReviewCommand.self]
      ),
    ],
    defaultSubcommand: OverviewCommand.self
  )

  static func main() {
    let arguments = movingGlobalOptionsBack(Array(CommandLine.arguments.dropFirst()))
    refuseUnknownCommand(arguments)
    main(arguments)
  }

  /// Ends the program with usage status if the first word is no command; the parser would take it
  /// for an argument of the overview.
  private static func refuseUnknownCommand(_ arguments: [String]) {
    guard let word = arguments.first, !word.hasPrefix("-") else { return }
    let groups = configuration.groupedSubcommands.flatMap(\.subcommands)
    let names =
      (groups + configuration.ungroupedSubcommands).map { $0._commandName } + ["help"]
    guard !names.contains(word) else { return }
    let unknown = Diagnostic(
      "unknown-command",
      "no command named '\(word)'",
      help: Suggestion.closest(to: word, among: names).map { "did you mean '\($0)'?" }
        ?? "workbook --help lists them"
    )
    FileHandle.standardError.write(Data((unknown.rendered() + "\n").utf8))
    exit(withError: ExitCode(64))
  }

  /// Returns the arguments with options that stand before the subcommand moved behind it, where the
  /// subcommand reads them: `workbook --plain list` means `workbook list --plain`.
  static func movingGlobalOptionsBack(_ arguments: [String]) -> [String] {
    var moved: [String] = []
    var rest = arguments[...]
    while let first = rest.first {
      if first == "--plain" || first == "--json" || first.hasPrefix("--workbook=") {
        moved.append(first)
        rest = rest.dropFirst()
      } else if first == "--workbook", rest.count > 1 {
        moved += rest.prefix(2)
        rest = rest.dropFirst(2)
      } else {
        break
      }
    }
    let end = rest.firstIndex(of: "--") ?? rest.endIndex
    return rest[..<end] + moved + rest[end...]
  }
}
