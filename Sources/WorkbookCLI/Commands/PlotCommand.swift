import ArgumentParser
import Foundation
import MetricLanguage
import Plotting
import SourceDiagnostics
import WorkbookKit

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw a distribution, or a vector's values, as a histogram.",
    discussion: "For example: workbook plot 'pairs(cosine(a, b))' --svg cosines.svg"
  )

  @Argument(help: "A formula that gives a distribution or a vector; a metric means all its pairs.")
  var formula: String

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

  func run() throws {
    try Shell.run(options.global, title: "computing") { shell, workbook in
      let parsed = try Formula(parsing: formula)
      let lexicon = try puzzle.map { try workbook.lexicon(of: $0) }
      let evaluator = try workbook.evaluator(model: model, lexicon: lexicon ?? .empty)
      let chart = try workbook.chart(of: parsed, titled: title ?? formula, with: evaluator)
      if let svg { try workbook.write(chart.svg(), to: svg) }
      if options.json {
        shell.print(
          .object([
            "title": .text(chart.title), "basis": .text(chart.subtitle),
            "sentence": .text(chart.sentence),
            "series": .array(
              chart.series.map { series in
                .object([
                  "name": .text(series.name), "lower": .number(series.lower),
                  "upper": .number(series.upper),
                  "counts": .array(series.counts.map { .integer($0) }),
                  "mean": series.mean.map { .number($0) } ?? .null,
                  "standard_deviation": series.standardDeviation.map { .number($0) } ?? .null,
                ])
              }
            ),
          ]) as JSONValue
        )
      } else {
        shell.print(chart)
      }
      if let svg { shell.note("Written to \(escapingControls(svg))") }
    }
  }
}
