import ArgumentParser
import SourceDiagnostics
import WorkbookKit

struct GradebookStatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show what the class's answers say about the questions.",
    discussion: """
      For each question: how hard it was (the mean share of its points), how well it tells learners \
      apart (the correlation with the points on the rest of the puzzle), and the wrong answer that \
      most gave, with what they were told. Where bundles were handed in: who needed a hint before \
      succeeding, and who gave up; that rests on records that learners keep themselves.

      --similar lists explanations with runs of words in common that neither the prompt nor the rest \
      of the class has. It is a reason to read both, and proves nothing.
      """
  )

  @Flag(help: "List explanations that match beyond chance instead.")
  var similar = false

  @OptionGroup var file: GradebookOption
  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      if similar {
        let page = SimilarityPage(try workbook.explanationMatches(file.gradebook))
        if options.json { shell.print(page.json) } else { page.print(shell) }
      } else {
        let page = StatisticsPage(try workbook.classStatistics(file.gradebook))
        if options.json { shell.print(page.json) } else { page.print(shell) }
      }
    }
  }
}

struct GradebookDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show where two gradebooks differ.",
    discussion: "Exit status 1 if they do."
  )

  @Argument(help: "The gradebook before.", completion: .file())
  var old: String

  @Argument(help: "The gradebook after.", completion: .file())
  var new: String

  @OptionGroup var options: ReadingOptions

  func run() throws {
    var isSame = true
    try Shell.run(options.global) { shell, workbook in
      let (differences, same) = try workbook.gradebookDifferences(from: old, to: new)
      isSame = differences.isEmpty
      guard !options.json else {
        return shell.print(
          .object([
            "same": .integer(same),
            "differences": .array(
              differences.map {
                .object([
                  "learner": .text($0.learner), "puzzle": .text($0.puzzle),
                  "from": .text($0.before), "to": .text($0.after),
                  "points": $0.difference.map { .number($0) } ?? .null,
                ])
              }
            ),
          ]) as JSONValue
        )
      }
      for difference in differences {
        let points = difference.difference.map {
          $0 == 0 ? "" : " (\($0 > 0 ? "+" : "")\(Numbers.exactPoints($0)))"
        }
        shell.print(
          "\(escapingControls(difference.learner)) \(difference.puzzle): \(difference.before) → "
            + "\(difference.after)\(points ?? "")"
        )
      }
      let learners = Set(differences.map(\.learner)).count
      shell.print(
        "\(differences.count) grade\(differences.count == 1 ? "" : "s") of \(learners) "
          + "learner\(learners == 1 ? "" : "s") differ, \(same) are the same"
      )
    }
    if !isSame { throw ExitCode(1) }
  }
}
