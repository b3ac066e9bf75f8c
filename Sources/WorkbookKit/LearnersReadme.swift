import PuzzleRegistry
import SourceDiagnostics

/// The first page of a learners' copy: how to start.
enum LearnersReadme {
  /// - Parameters:
  ///   - puzzles: The puzzles in it.
  ///   - hasModels: Whether their models are in it too.
  /// - Returns: Markdown.
  static func text(for puzzles: [Puzzle], hasModels: Bool) -> String {
    let list = puzzles.map { "- `\($0.id)`: \(escapingControls($0.title))" }
      .joined(separator: "\n")
    let first = puzzles.first?.id ?? "PUZZLE"
    var names: [String] = []
    for name in puzzles.flatMap(\.models) where !names.contains(name) { names.append(name) }
    let models = names.map { "`\(escapingControls($0))`" }.joined(separator: ", ")
    let source =
      hasModels
      ? "The puzzles are about models in `models/`: \(models). Of those that a puzzle is for, it takes the\nfirst that is there."
      : """
      The puzzles are about these models, and of those that a puzzle is for it takes the first that is
      here: \(models).

      None is in this folder. Copy, or link, the `models` folder that comes with the program into it, or
      fetch a model:

      ```sh
      workbook models              # which there are
      workbook models pull NAME
      ```
      """
    return """
      # Puzzles

      \(list)

      ## Start

      You need the program `workbook`. In this folder:

      ```sh
      workbook                     # where you are and what comes next
      workbook start \(first)
      workbook check \(first)
      workbook hint \(first)
      ```

      `start` writes a file for your answers into `submissions/`. `check` reads them, says which it can
      read, and shows what a metric of yours produces; your instructor grades them. Hand in that file.

      ## Models

      \(source)

      """
  }
}
