import ArgumentParser
import Foundation
import MetricLanguage
import Plotting
import PuzzleRegistry
import SourceDiagnostics
import WorkbookKit

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw distributions and vectors: histogram, overlay, scatter plot or line.",
    discussion: """
      One formula gives a histogram, several an overlay of histograms; with --line they are drawn \
      over the numbers of their entries, and with --scatter the second is drawn over the first. \
      For example:
        workbook plot 'pairs(cosine(a, b))' --svg cosines.svg
        workbook plot --scatter token_id 'row_norms(W_E)' --colour has_leading_space
        workbook plot --line 'row_norms(W_pos)'
      """
  )

  @Argument(
    help: "Formulas that give distributions or vectors; a metric means all its pairs."
  )
  var formulas: [String]

  @Flag(help: "Draw the second formula over the first, a point for each entry.")
  var scatter = false

  @Flag(help: "Draw entries over their numbers.")
  var line = false

  @Option(
    help: ArgumentHelp(
      "In a scatter plot, a mask or vector that sorts the points into groups.",
      valueName: "formula"
    )
  )
  var colour: String?

  @Option(
    help: ArgumentHelp("In a scatter plot, the tokens to name.", valueName: "formula")
  )
  var label: String?

  @Option(
    help: ArgumentHelp("In a scatter plot, the tokens to draw; else all.", valueName: "formula")
  )
  var rows: String?

  @Option(help: ArgumentHelp("The model, by name or path.", valueName: "model"))
  var model = "whisper-tiny.en"

  @Option(help: ArgumentHelp("The puzzle whose word lists the formula uses.", valueName: "puzzle"))
  var puzzle: String?

  @Option(
    help: ArgumentHelp("Write the picture there too.", valueName: "file"),
    completion: .file()
  )
  var svg: String?

  @Option(help: ArgumentHelp("The picture's title; else the formula.", valueName: "text"))
  var title: String?

  @OptionGroup var options: ReadingOptions

  func validate() throws {
    if scatter, line { throw ValidationError("a plot is either --scatter or --line") }
    if scatter, formulas.count != 2 {
      throw ValidationError("--scatter takes two formulas, x and y; found \(formulas.count)")
    }
    if !scatter, colour != nil || label != nil || rows != nil {
      throw ValidationError("--colour, --label and --rows go with --scatter")
    }
  }

  func run() throws {
    try Shell.run(options.global, title: "computing") { shell, workbook in
      let kind = try kind()
      let lexicon = try puzzle.map { try workbook.lexicon(of: $0) }
      let evaluator = try workbook.evaluator(model: model, lexicon: lexicon ?? .empty)
      let chart = try workbook.chart(
        kind,
        titled: title ?? formulas.joined(separator: scatter ? " and " : ", "),
        with: evaluator
      )
      if let svg { try workbook.write(chart.svg(), to: svg) }
      if options.json { shell.print(ChartPage(chart).json) } else { shell.print(chart) }
      if let svg { shell.note("Written to \(escapingControls(svg))") }
    }
  }

  private func kind() throws -> Plot.Kind {
    let parsed = try formulas.map { try Formula(parsing: $0) }
    if scatter {
      return .scatter(
        Plot.Scatter(
          x: parsed[0],
          y: parsed[1],
          colour: try colour.map { try Formula(parsing: $0) },
          label: try label.map { try Formula(parsing: $0) },
          rows: try rows.map { try Formula(parsing: $0) }
        )
      )
    }
    let series = zip(formulas, parsed).map { Plot.Series(name: $0, formula: $1) }
    if line { return .line(series) }
    if let formula = parsed.first, parsed.count == 1 { return .histogram(formula) }
    return .overlay(series)
  }
}
