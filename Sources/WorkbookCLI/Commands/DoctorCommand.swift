import ArgumentParser
import WorkbookKit

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Examine the workbook, its models and your progress."
  )

  @OptionGroup var options: ReadingOptions

  func run() throws {
    var isWell = true
    try Shell.run(options.global) { shell, workbook in
      let findings = workbook.examine()
      isWell = findings.allSatisfy(\.isFine)
      if options.json {
        shell.print(
          .array(
            findings.map { finding in
              .object([
                "subject": .text(finding.subject), "fine": .bool(finding.isFine),
                "detail": .text(finding.detail),
              ])
            }
          ) as JSONValue
        )
        return
      }
      shell.printTable(
        findings.map { finding in
          [
            finding.isFine
              ? shell.style.green(shell.symbol("✓", plain: "ok"))
              : shell.style.red(shell.symbol("✗", plain: "no")), finding.subject, finding.detail,
          ]
        }
      )
    }
    if !isWell { throw ExitCode(1) }
  }
}
