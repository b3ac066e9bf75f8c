import ArgumentParser
import WorkbookKit

struct TryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "try",
    abstract: "Draw a puzzle's plot with another metric, beside the original.",
    discussion: "Nothing is recorded. The puzzle must have been started."
  )

  @Argument(help: "The puzzle's id or an unambiguous beginning of it.")
  var puzzle: String

  @Argument(help: "A formula of the rows a and b, or a choice such as '{ similarity: cosine }'.")
  var metric: String

  @Option(help: ArgumentHelp("The model to try it on, by name or path.", valueName: "model"))
  var model: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    try Shell.run(global, title: "computing") { shell, workbook in
      let tried = try workbook.tryMetric(metric, on: puzzle, model: model)
      for chart in [tried.before, tried.after] {
        shell.print(chart)
        shell.print()
      }
      InvariancePage.print(tried.invariances, shell)
    }
  }
}
