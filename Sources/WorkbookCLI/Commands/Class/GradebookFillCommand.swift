import ArgumentParser
import SourceDiagnostics
import WorkbookKit

struct GradebookFillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fill",
    abstract: "Fill points into a file that Canvas, Moodle or Brightspace exported.",
    discussion: """
      One column is filled, and every other byte of the file stays as it is. Without --out nothing \
      is written, and you see what would be. Nothing is written either when some id has no partner \
      or stands twice, or when cells hold something else already; all of these are listed. What is \
      not graded stays as it is.
      """
  )

  @Argument(help: "The file that was exported.", completion: .file(extensions: ["csv"]))
  var file: String

  @Option(help: "The heading of the column to fill, or its beginning.")
  var column: String

  @Option(help: "The heading of the column that says who a row is about; else the usual one.")
  var id: String?

  @Option(help: ArgumentHelp("Add up these puzzles' points; may be given again. Else all."))
  var puzzle: [String] = []

  @Option(
    help: ArgumentHelp("A CSV file with columns learner and id.", valueName: "csv"),
    completion: .file(extensions: ["csv"])
  )
  var names: String?

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
  var out: String?

  @Flag(help: "Count what is missing as 0.")
  var missingAsZero = false

  @Flag(help: "Fill cells that hold something else.")
  var overwrite = false

  @Flag(help: "Pass over rows and learners without a partner.")
  var partial = false

  @Flag(help: "Write 2,5 instead of 2.5.")
  var decimalComma = false

  @OptionGroup var gradebook: GradebookOption
  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      var request = FillRequest(file: file, gradebook: gradebook.gradebook, column: column)
      request.id = id
      request.puzzles = puzzle
      request.names = names
      request.out = out
      request.missingAsZero = missingAsZero
      request.overwrites = overwrite
      request.isPartial = partial
      request.usesDecimalComma = decimalComma
      let result = try workbook.fillGrades(request)
      guard !options.json else { return shell.print(Self.json(result)) }
      Self.print(result, shell)
    }
  }

  private static func print(_ result: FillResult, _ shell: Shell) {
    shell.print(
      "\(result.kind) file: '\(escapingControls(result.column))' by "
        + "'\(escapingControls(result.idColumn))'"
    )
    let verb = result.path == nil ? "would be filled" : "filled"
    shell.print(
      "  \(result.filled) cells \(verb), \(result.unchanged) hold these points already, "
        + "\(result.blank) stay blank"
    )
    if result.gaps > 0 {
      shell.print("  \(result.gaps) are sums that leave out a puzzle of which nothing is graded")
    }
    if !result.overwrites.isEmpty {
      shell.print("  \(result.overwrites.count) of them hold something else:")
      shell.printTable(
        result.overwrites.prefix(20).map {
          ["    \(escapingControls($0.id))", escapingControls($0.before), "→", $0.after]
        }
      )
      let more = result.overwrites.count - 20
      if more > 0 { shell.print("    and \(more) more") }
    }
    shell.print(
      result.path.map { "Written: \($0)" } ?? "Nothing is written yet: add --out FILE to write it."
    )
  }

  private static func json(_ result: FillResult) -> JSONValue {
    .object([
      "kind": .text(result.kind), "column": .text(result.column), "id": .text(result.idColumn),
      "filled": .integer(result.filled), "unchanged": .integer(result.unchanged),
      "blank": .integer(result.blank), "gaps": .integer(result.gaps),
      "path": result.path.map { .text($0) } ?? .null,
      "overwrites": .array(
        result.overwrites.map {
          .object(["id": .text($0.id), "from": .text($0.before), "to": .text($0.after)])
        }
      ),
    ])
  }
}
