import ArgumentParser
import WorkbookKit

extension FeedbackFormat: ExpressibleByArgument {}

struct GradebookFeedbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feedback",
    abstract: "Write a page for each learner, with reasons and plots.",
    discussion: """
      Each page says what was asked, how the learner fared and why, what the policy took off, and \
      shows the puzzles' plots, which lie in a folder beside the pages. With --inline each HTML page \
      holds its own plots and refers to nothing else.
      """
  )

  @Argument(help: "The learner; all if none is named.")
  var learner: String?

  @Option(
    help: ArgumentHelp("The folder to make.", valueName: "folder"),
    completion: .directory
  )
  var out: String

  @Option(help: "The format.")
  var format: FeedbackFormat = .html

  @Flag(help: "Put the plots into each HTML page.")
  var inline = false

  @OptionGroup var file: GradebookOption
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard !inline || format == .html else {
      throw ValidationError("--inline goes with --format html")
    }
  }

  func run() throws {
    try Shell.run(global, title: "drawing plots") { shell, workbook in
      let result = try workbook.writeFeedback(
        gradebook: file.gradebook,
        learner: learner,
        to: out,
        as: format,
        isInline: inline
      )
      if result.provisionalCount > 0 { shell.complain(.provisional(result.provisionalCount)) }
      shell.print("\(result.pages) page\(result.pages == 1 ? "" : "s") in \(result.directory)")
    }
  }
}
