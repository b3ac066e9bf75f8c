import Grading
import PuzzleRegistry
import SourceDiagnostics
import WorkbookKit

/// How lint's result is shown: the faults, what guessing earns, and the verdict maps.
struct LintPage {
  private let result: LintResult

  init(_ result: LintResult) {
    self.result = result
  }

  func print(_ shell: Shell, showsMaps: Bool) {
    for diagnostic in result.report.diagnostics { shell.complain(diagnostic) }
    for proof in result.proofs { print(proof, shell, showsMaps: showsMaps) }
    let report = result.report
    shell.print(
      [
        counted(result.puzzleCount, "puzzle"), counted(report.errors.count, "error"),
        counted(report.warnings.count, "warning"),
      ].joined(separator: ", ")
    )
  }

  private func print(_ proof: ProofReport, _ shell: Shell, showsMaps: Bool) {
    let guessing = proof.guessing
    var facts = [
      "guessing earns \(Numbers.fixed(guessing.expected, digits: 1)) of "
        + "\(Numbers.points(guessing.possible)) points"
    ]
    for map in proof.maps {
      facts.append("\(map.question): \(map.accepted.count) of \(map.cells.count) choices accepted")
    }
    shell.print(
      shell.wrapped(
        "\(shell.style.bold(proof.puzzle)) on \(proof.model): \(facts.joined(separator: "; "))",
        indent: 2
      )
    )
    guard showsMaps else { return }
    for map in proof.maps {
      shell.print()
      shell.print(
        "  " + shell.wrapped(shell.style.dim("'\(map.question)' on \(map.rows)"), indent: 2)
      )
      for line in map.table { shell.print("  " + line) }
      shell.print(
        "  "
          + shell.style.dim(
            "+ accepted  ~ partly  . not  ? cannot be run; removing 0, 1, 2, 3 directions"
          )
      )
      shell.print()
    }
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  var json: JSONValue {
    .object([
      "errors": .integer(result.report.errors.count),
      "warnings": .integer(result.report.warnings.count),
      "diagnostics": .array(result.report.diagnostics.map(json)),
      "proofs": .array(result.proofs.map(json)),
    ])
  }

  private func json(_ diagnostic: Diagnostic) -> JSONValue {
    .object([
      "file": diagnostic.place.map { .text($0.file) } ?? .null,
      "line": diagnostic.place?.line.map { .integer($0) } ?? .null,
      "column": diagnostic.place?.column.map { .integer($0) } ?? .null,
      "rule": .text(diagnostic.rule), "severity": .text(diagnostic.severity.rawValue),
      "message": .text(diagnostic.message),
      "help": diagnostic.help.map { .text($0) } ?? .null,
    ])
  }

  private func json(_ proof: ProofReport) -> JSONValue {
    .object([
      "puzzle": .text(proof.puzzle), "model": .text(proof.model),
      "guessing": .object([
        "expected": .number(proof.guessing.expected), "possible": .number(proof.guessing.possible),
      ]),
      "maps": .array(
        proof.maps.map { map in
          .object([
            "question": .text(map.question), "rows": .text(map.rows),
            "choices": .array(
              map.cells.map { cell in
                .object([
                  "similarity": .text(cell.words.similarity),
                  "zero_point": .text(cell.words.zeroPoint),
                  "remove": .integer(cell.words.remove),
                  "outcome": .text(cell.verdict.outcome.rawValue),
                  "points": .number(cell.verdict.points), "message": .text(cell.verdict.message),
                ])
              }
            ),
          ])
        }
      ),
    ])
  }
}
