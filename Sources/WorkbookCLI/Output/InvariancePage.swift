import MetricLanguage
import WorkbookKit

/// How a metric's invariances are shown: a table and one sentence.
enum InvariancePage {
  static func print(_ findings: InvarianceFindings, _ shell: Shell) {
    shell.print(shell.style.bold(findings.metric))
    shell.print(
      shell.style.dim(
        "\(findings.model) · \(grouped(Invariance.pairCount)) random pairs, and nearest neighbours of "
          + "\(grouped(findings.neighbourhood.queries)) rows among "
          + "\(grouped(findings.neighbourhood.candidates)); \(findings.seeds) seeds"
      )
    )
    shell.print()
    shell.printTable(
      [["", "a value moves by up to", "neighbours change"].map(shell.style.bold)]
        + findings.reports.map { report in
          let move =
            report.holds
            ? shell.style.green("rounding only")
            : shell.style.yellow("\(Numbers.short(report.relativeMove)) standard deviations")
          let share = Numbers.fixed(report.changedNeighbours * 100, digits: 0)
          return [report.transformation.rawValue, move, "\(share)%"]
        }
    )
    shell.print()
    for report in findings.reports {
      shell.print(
        shell.style.dim("\(report.transformation.rawValue): \(report.transformation.summary)")
      )
    }
    shell.print()
    shell.print(shell.wrapped(findings.sentence, indent: 0))
  }

  static func json(_ findings: InvarianceFindings) -> JSONValue {
    .object([
      "metric": .text(findings.metric), "model": .text(findings.model),
      "seeds": .integer(findings.seeds),
      "neighbours": .object([
        "sought_for": .integer(findings.neighbourhood.queries),
        "among": .integer(findings.neighbourhood.candidates),
      ]),
      "sentence": .text(findings.sentence),
      "transformations": .array(
        findings.reports.map { report in
          .object([
            "name": .text(report.transformation.rawValue), "holds": .bool(report.holds),
            "relative_move": .number(report.relativeMove),
            "changed_neighbours": .number(report.changedNeighbours),
          ])
        }
      ),
    ])
  }
}
