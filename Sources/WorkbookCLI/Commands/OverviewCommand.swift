import ArgumentParser
import PuzzleRegistry
import WorkbookKit

struct OverviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overview",
    abstract: "Where you are and what comes next.",
    shouldDisplay: false
  )

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let puzzles = try workbook.list()
      let solved = puzzles.count { $0.state == .solved }
      let next =
        puzzles.first { $0.isCurrent && $0.state != .solved }
        ?? puzzles.first { $0.state != .solved && $0.state != .broken }
      if options.json {
        shell.print(
          .object([
            "puzzles": .integer(puzzles.count), "solved": .integer(solved),
            "next": next.map { .text($0.id) } ?? .null,
          ]) as JSONValue
        )
        return
      }
      shell.print("\(solved) of \(puzzles.count) puzzle\(puzzles.count == 1 ? "" : "s") solved.")
      guard let next else {
        shell.print(
          puzzles.isEmpty
            ? "This workbook has no puzzles yet." : "All done. workbook list shows them again."
        )
        return
      }
      let short = workbook.shortName(next.id)
      shell.print()
      shell.print(shell.style.bold(next.title) + shell.style.dim(" · \(next.id)"))
      if next.state == .new {
        shell.print("Next: workbook start \(short)")
      } else {
        let score = next.score.map {
          "best \(Numbers.points($0)) of \(Numbers.points(next.possible)) points, "
            + "\(next.attempts) attempt\(next.attempts == 1 ? "" : "s")"
        }
        shell.print(score.map { "Started: \($0)." } ?? "Started, not checked yet.")
        guard workbook.hasSubmission(next.id) else {
          shell.print("Next: workbook start \(short) writes a fresh file for your answers")
          return
        }
        shell.print(
          "Next: edit \(workbook.shown(workbook.folder.submissionPath(next.id))), then workbook check \(short)"
        )
        shell.print("Also: workbook show \(short) · workbook hint \(short)")
      }
    }
  }
}
