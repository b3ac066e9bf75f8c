import ArgumentParser
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
          StartCommand.self, ListCommand.self, ShowCommand.self, CheckCommand.self,
          HintCommand.self, AnswerCommand.self, ResetCommand.self, Rot13Command.self,
          DoctorCommand.self,
        ]
      ),
      CommandGroup(
        name: "Calculator",
        subcommands: [EvalCommand.self, PlotCommand.self, ModelsCommand.self]
      ),
      CommandGroup(
        name: "Author",
        subcommands: [LintCommand.self, SolutionCommand.self]
      ),
    ],
    defaultSubcommand: OverviewCommand.self
  )
}
