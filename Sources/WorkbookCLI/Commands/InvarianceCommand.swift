import ArgumentParser
import MetricLanguage
import WorkbookKit

struct InvarianceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invariance",
    abstract: "Show what a metric notices: translation, rotation, scaling, a constant.",
    discussion: """
      Runs the metric before and after each change of the embeddings. For example:
      workbook invariance 'cosine(a - mean(W_E), b - mean(W_E))'
      """
  )

  @Argument(help: "A formula of the rows a and b, or a choice such as '{ similarity: cosine }'.")
  var metric: String

  @Option(help: ArgumentHelp("The model, by name or path.", valueName: "model"))
  var model = "whisper-tiny.en"

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global, title: "moving the embeddings") { shell, workbook in
      let evaluator = try workbook.evaluator(model: model)
      let findings = try workbook.invariances(ofMetric: metric, with: evaluator)
      if options.json {
        shell.print(InvariancePage.json(findings))
      } else {
        InvariancePage.print(findings, shell)
      }
    }
  }
}
