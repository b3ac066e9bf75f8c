import MetricLanguage
import SourceDiagnostics
import WorkbookKit

/// The help on the metric language's built-ins, from their table.
enum FunctionPage {
  /// Prints the list of built-ins, or the help on one.
  static func print(_ name: String?, asJSON: Bool, _ shell: Shell) throws {
    var shown = BuiltInTable.all
    if let name {
      guard let builtIn = BuiltInTable.named(name) else {
        throw Diagnostic(
          "unknown-function",
          "no built-in named '\(name)'",
          help: Suggestion.help(for: name, among: BuiltInTable.all.map(\.name))
        )
      }
      shown = [builtIn]
    }
    if asJSON {
      shell.print(.array(shown.map(json)) as JSONValue)
    } else if name != nil {
      for builtIn in shown { printOne(builtIn, shell) }
    } else {
      for family in BuiltIn.Family.allCases {
        shell.print(shell.style.bold(family.rawValue))
        for builtIn in shown where builtIn.family == family {
          let indent = 22
          let padding = String(repeating: " ", count: max(1, indent - 2 - builtIn.name.count))
          shell.print(
            "  \(builtIn.name)\(padding)\(shell.wrapped(builtIn.summary, indent: indent))"
          )
        }
        shell.print()
      }
    }
  }

  private static func printOne(_ builtIn: BuiltIn, _ shell: Shell) {
    for signature in builtIn.signatures { shell.print(shell.style.bold(signature)) }
    shell.print()
    shell.print(shell.wrapped(builtIn.summary, indent: 0))
    shell.print()
    let lists = builtIn.example.contains("'") ? " --puzzle puzzle1" : ""
    shell.print(
      "For example: workbook eval '\(builtIn.example.replacing("'", with: "\""))'\(lists)"
    )
  }

  private static func json(_ builtIn: BuiltIn) -> JSONValue {
    .object([
      "name": .text(builtIn.name), "family": .text(builtIn.family.rawValue),
      "summary": .text(builtIn.summary), "example": .text(builtIn.example),
      "signatures": .array(builtIn.signatures.map { .text($0) }),
    ])
  }
}
