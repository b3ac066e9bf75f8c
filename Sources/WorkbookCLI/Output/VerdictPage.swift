import Grading
import PuzzleRegistry
import WorkbookKit

/// How a check's verdicts are shown.
struct VerdictPage {
  private let result: CheckResult
  private let workbook: Workbook

  init(_ result: CheckResult, _ workbook: Workbook) {
    self.result = result
    self.workbook = workbook
  }

  func print(_ shell: Shell) {
    let report = result.report
    shell.print(
      shell.style.bold(result.puzzle.title)
        + shell.style.dim(" · \(report.model) · attempt \(result.attempt)")
    )
    shell.print()
    let width = report.verdicts.map { DisplayWidth.of($0.question) }.max() ?? 0
    for verdict in report.verdicts { print(verdict, nameWidth: width, shell) }
    shell.print()
    if result.isGraded {
      printSum(shell)
      printNext(shell)
    } else {
      printHandIn(shell)
    }
  }

  private func print(_ verdict: Verdict, nameWidth: Int, _ shell: Shell) {
    let name =
      verdict.question
      + String(repeating: " ", count: max(0, nameWidth - DisplayWidth.of(verdict.question)))
    let points =
      verdict.possible > 0
      ? "\(verdict.outcome == .ungraded ? "–" : Numbers.points(verdict.points))"
        + "/\(Numbers.points(verdict.possible))" : ""
    let indent = nameWidth + 13
    let lead = "  \(mark(verdict.outcome, shell)) \(name)  "
    let padded = points + String(repeating: " ", count: max(1, 7 - points.count))
    if verdict.outcome == .unreadable {
      shell.print("\(lead)\(padded)cannot be read:")
      for line in verdict.message.split(separator: "\n", omittingEmptySubsequences: false) {
        shell.print("      \(line)")
      }
    } else {
      let message = shell.wrapped(verdict.message, indent: indent)
      shell.print("\(lead)\(padded)\(message)")
    }
    let bullet = shell.symbol("·", plain: "-")
    for evidence in verdict.evidence {
      shell.print(
        String(repeating: " ", count: indent)
          + shell.style.dim("\(bullet) " + shell.wrapped(evidence.text, indent: indent + 2))
      )
    }
  }

  private func mark(_ outcome: Outcome, _ shell: Shell) -> String {
    switch outcome {
    case .correct: shell.style.green(shell.symbol("✓", plain: "+"))
    case .partial: shell.style.yellow(shell.symbol("◐", plain: "~"))
    case .incorrect: shell.style.red(shell.symbol("✗", plain: "x"))
    case .unanswered: shell.style.dim(shell.symbol("○", plain: "."))
    case .unreadable: shell.style.red("?")
    case .ungraded: shell.symbol("•", plain: "*")
    case .fault: shell.style.yellow("!")
    }
  }

  private func printSum(_ shell: Shell) {
    let report = result.report
    let score = "\(Numbers.points(report.score)) of \(Numbers.points(report.possible)) points"
    if report.solved {
      shell.print(shell.style.green(shell.style.bold("Solved")) + ", \(score).")
      if let principle = result.puzzle.principle {
        shell.print(shell.wrapped("The principle: \(principle).", indent: 0))
      }
    } else {
      let open = zip(result.puzzle.questions, report.verdicts).count {
        !$0.isPrediction && $0.kind != .explain && $1.outcome != .correct
      }
      shell.print("\(score); \(open) question\(open == 1 ? "" : "s") to go.")
    }
    if report.verdicts.contains(where: { $0.isProvisional && $0.points > 0 }) {
      shell.print(
        shell.style.dim(
          shell.wrapped(
            "Points for explanations are suggestions: count your own once you have seen the answer.",
            indent: 0
          )
        )
      )
    }
  }

  /// Says what becomes of answers where no key is: an instructor grades them.
  private func printHandIn(_ shell: Shell) {
    let read = result.report.verdicts.filter { $0.outcome == .ungraded }.map(\.question)
    let open = result.report.verdicts.filter {
      $0.outcome == .unanswered && !isPrediction($0.question) || $0.outcome == .unreadable
    }.map(\.question)
    shell.print(
      shell.wrapped(
        read.isEmpty
          ? "Nothing to grade yet. Your instructor grades: this copy has no key."
          : "Graded by your instructor, since this copy has no key: "
            + read.joined(separator: ", ") + ".",
        indent: 0
      )
    )
    if !open.isEmpty {
      shell.print(shell.wrapped("Still to answer: \(open.joined(separator: ", ")).", indent: 0))
    }
    shell.print(
      shell.wrapped("Next: hand in \(result.submissionPath) once you are done with it", indent: 6)
    )
    printHintsLeft(shell)
  }

  private func isPrediction(_ id: String) -> Bool {
    result.puzzle.question(id)?.isPrediction ?? false
  }

  private func printNext(_ shell: Shell) {
    let short = workbook.shortName(result.puzzle.id)
    if result.report.solved {
      shell.print("Next: workbook answer \(short) --decode, and compare it with yours.")
    } else {
      shell.print(
        shell.wrapped(
          "Next: edit \(result.submissionPath), then workbook check \(short)",
          indent: 6
        )
      )
      printHintsLeft(shell)
    }
  }

  private func printHintsLeft(_ shell: Shell) {
    guard result.hintsShown < result.hintCount else { return }
    shell.print(
      "Stuck? \(result.hintCount - result.hintsShown) of \(result.hintCount) hints are left: "
        + "workbook hint \(workbook.shortName(result.puzzle.id))"
    )
  }
}
