import ArgumentParser
import Foundation
import MetricLanguage
import WorkbookKit

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate a formula of the metric language on real weights.",
    discussion: """
      For example: workbook eval 'mean(pairs(cosine(a, b)))' --model whisper-tiny.en
      --functions lists the built-ins; --functions NAME explains one.
      """
  )

  @Argument(help: "The formula; with --functions the name of a built-in.")
  var formula: String?

  @Option(help: ArgumentHelp("The model, by name or path.", valueName: "model"))
  var model = "whisper-tiny.en"

  @Option(help: ArgumentHelp("The puzzle whose word lists the formula uses.", valueName: "puzzle"))
  var puzzle: String?

  @Option(
    help: ArgumentHelp(
      "The most floating-point operations to spend.",
      valueName: "operations"
    )
  )
  var maxCost = Evaluator.Limits().operations

  @Flag(help: "Say how the formula would be run and what it costs, and stop there.")
  var explain = false

  @Flag(help: "List the built-in functions and values.")
  var functions = false

  @OptionGroup var options: ReadingOptions

  func validate() throws {
    guard functions || formula != nil else {
      throw ValidationError(
        "a formula is missing, such as 'mean(pairs(cosine(a, b)))'; one that begins with '-' goes "
          + "behind --, at the end"
      )
    }
    guard maxCost > 0 else { throw ValidationError("--max-cost must be above 0") }
  }

  func run() throws {
    guard !functions else {
      try Shell.runAlone(options.global) { shell in
        try FunctionPage.print(formula, asJSON: options.json, shell)
      }
      return
    }
    try Shell.run(options.global, title: "computing") { shell, workbook in
      let parsed = try Formula(parsing: formula ?? "")
      let lexicon = try puzzle.map { try workbook.lexicon(of: $0) }
      let evaluator = try workbook.evaluator(
        model: model,
        lexicon: lexicon ?? .empty,
        limits: .init(operations: maxCost)
      )
      guard !explain else {
        let explanation = try evaluator.explain(parsed)
        if options.json {
          shell.print(ExplanationPage.json(explanation))
        } else {
          ExplanationPage.print(explanation, shell)
        }
        return
      }
      let evaluation = try evaluator.evaluate(parsed)
      if options.json {
        shell.print(try evaluation.json(by: evaluator))
      } else {
        shell.print(try evaluation.described(by: evaluator))
        shell.note(
          shell.terminal.errorStyle.dim(
            "\(evaluation.modelName) · raw weights · \(evaluation.basis.rows)"
          )
        )
      }
    }
  }
}
