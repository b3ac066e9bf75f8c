import ArgumentParser
import WorkbookKit

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a new puzzle that works, to be filled in.",
    discussion: """
      Writes puzzles/ID and solutions/ID from a template. The files are a puzzle on real weights as \
      they are; what is yours to write in them says TODO, and their comments explain the format. \
      docs/authoring.md goes from an idea to a puzzle step by step.

      number: a prediction, a number and an explanation. metric: a choice, a metric and an \
      explanation, with a lexicon. clusters: numbers along directions, a choice and an explanation.
      """
  )

  @Argument(help: "The puzzle's id: lower-case letters and digits, in groups joined by hyphens.")
  var id: String

  @Option(
    name: [.customLong("template"), .customLong("from-template")],
    help: "What to begin from."
  )
  var template: PuzzleTemplate = .number

  @Option(help: "The puzzle's title; else it is left to fill in.")
  var title: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    try Shell.run(global) { shell, workbook in
      let made = try workbook.makePuzzle(id, from: template, title: title)
      for file in made.files { shell.print(file) }
      shell.print()
      shell.print(shell.style.bold("Next"))
      shell.printTable([
        ["  edit these files", "what is yours to write says TODO"],
        ["  workbook lint \(made.id)", "what is still missing, and whether it works"],
        ["  workbook start \(made.id)", "meet it as a learner does"],
        ["  workbook solution encode \(made.id)", "once it works, so that nobody is spoiled"],
      ])
    }
  }
}

extension PuzzleTemplate: ExpressibleByArgument {}
