import ArgumentParser
import Foundation
import WorkbookKit

struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade",
    abstract: "Grade a class into a gradebook.",
    discussion: """
      Submissions lie in DIR as LEARNER/PUZZLE.yaml or PUZZLE--LEARNER.yaml, with the puzzle's full \
      id, or as the bundles that 'workbook submit' makes, LEARNER/NAME.workbook.json or \
      LEARNER.workbook.json. Each ends as graded, missing, unreadable or fault, and only what is \
      graded has points; one bad file stops nothing. The grades are the same for any number of jobs, \
      and a run that was stopped goes on when it is started again.

      What is new is written at once. What would change a grade that is there is listed, and written \
      only with --apply (exit status 1 until then); what is replaced stays in the history.

      A policy (docs/grading.md) says what is due when, what lateness, hints and the answer cost, and \
      which attempt counts. It stays in the gradebook until another is given.

      --shard K/N grades a part of the class, so that N machines may share the work; 'workbook \
      gradebook merge' puts their gradebooks together. --shard slurm reads the part from \
      SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT, --shard kubernetes/N from \
      JOB_COMPLETION_INDEX, which counts from 0 (docs/clusters.md).
      """
  )

  @Argument(help: ArgumentHelp("The class's folder.", valueName: "dir"), completion: .directory)
  var directory: String

  @Option(help: ArgumentHelp("Grade this puzzle; may be given again. Else all that are named."))
  var puzzle: [String] = []

  @Option(
    help: ArgumentHelp(
      "A CSV file of who is expected: its column headed 'learner', or its first.",
      valueName: "csv"
    ),
    completion: .file(extensions: ["csv"])
  )
  var roster: String?

  @Option(
    help: ArgumentHelp("What is due when, and what costs what.", valueName: "yaml"),
    completion: .file(extensions: ["yaml"])
  )
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "A CSV file of when things were handed in: columns learner, time, perhaps puzzle.",
      valueName: "csv"
    ),
    completion: .file(extensions: ["csv"])
  )
  var times: String?

  @Option(
    help: ArgumentHelp("Grade a part of the class: K/N, slurm, kubernetes/N.", valueName: "part")
  )
  var shard: ShardArgument?

  @Option(help: ArgumentHelp("How many submissions at a time; else one for each processor."))
  var jobs: Int?

  @Option(help: ArgumentHelp("The gradebook.", valueName: "file"), completion: .file())
  var out = "gradebook.sqlite"

  @Flag(help: "Write the changes to grades that are there.")
  var apply = false

  @OptionGroup var options: ReadingOptions

  func validate() throws {
    if let jobs, !(1...1_024).contains(jobs) {
      throw ValidationError("--jobs is a number from 1 to 1024")
    }
  }

  func run() throws {
    var isPending = false
    try Shell.run(options.global, title: "grading") { shell, workbook in
      var request = GradingRequest(directory: directory, gradebook: out)
      request.puzzles = puzzle
      request.roster = roster
      request.policy = policy
      request.times = times
      request.shard = try shard?.resolved(in: ProcessInfo.processInfo.environment)
      request.jobs = jobs
      request.applies = apply
      let result = try workbook.grade(request)
      isPending =
        !result.isApplied
        && (!result.changes.isEmpty || result.isPolicyPending || result.waitingTimes > 0)
      if options.json {
        shell.print(GradingPage(result).json)
      } else {
        GradingPage(result).print(shell)
      }
    }
    if isPending { throw ExitCode(1) }
  }
}
