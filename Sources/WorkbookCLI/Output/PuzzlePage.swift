import PuzzleRegistry
import WorkbookKit

/// How a puzzle is shown: its head, its prompt, its plots and its questions.
struct PuzzlePage {
  private let opened: OpenedPuzzle
  private let workbook: Workbook

  init(_ opened: OpenedPuzzle, _ workbook: Workbook) {
    self.opened = opened
    self.workbook = workbook
  }

  func printPrompt(_ shell: Shell) {
    let puzzle = opened.puzzle
    shell.print()
    shell.print(shell.style.bold(puzzle.title))
    var facts = [
      puzzle.id, "difficulty \(puzzle.difficulty) of 5", "about \(puzzle.minutes) minutes",
    ]
    // Its title may say what a prediction is about to ask.
    if opened.openPredictions.isEmpty, let source { facts.append(source) }
    shell.print(
      shell.style.dim(shell.wrapped(facts.joined(separator: " · "), indent: 0))
    )
    shell.print()
    if let background = puzzle.background {
      shell.print(shell.wrapped(background, indent: 0))
      shell.print()
    }
    shell.printMarkdown(opened.prompt)
    shell.print()
    if !puzzle.models.contains(opened.model) {
      let text =
        "This puzzle was written for \(puzzle.models.joined(separator: ", ")), not for "
        + "\(opened.model): some of what it says may not hold there."
      shell.print(shell.wrapped(text, indent: 0))
      shell.print()
    }
    if let missing = opened.missingModel {
      var text = "\(missing) is not here, so you work on \(opened.model)."
      if let published = workbook.published(about: missing) {
        text += " On \(missing) \(published)."
      }
      // What is published may be what a prediction asks for: it is told once nothing is open.
      if opened.openPredictions.isEmpty { shell.print(shell.wrapped(text, indent: 0)) }
      shell.print()
    }
  }

  private var source: String? {
    opened.puzzle.source.map { "after \($0.title), \($0.author), \($0.year)" }
  }

  func printPlots(_ shell: Shell) throws {
    for chart in try workbook.plots(of: opened) {
      shell.print(chart)
      shell.print()
    }
    let (comparison, missing) = try workbook.comparison(of: opened)
    if let comparison {
      shell.print(comparison)
      shell.print()
    }
    var remarks: [String] = []
    if !opened.openPredictions.isEmpty, let source { remarks.append("This puzzle is \(source).") }
    if !opened.openPredictions.isEmpty, let model = opened.missingModel {
      let published = workbook.published(about: model).map { ": there \($0)" } ?? ""
      remarks.append("This is \(opened.model); \(model) is not here\(published).")
    }
    for model in missing {
      let published = workbook.published(about: model).map { " There \($0)." } ?? ""
      remarks.append("\(model) is not here to compare with.\(published)")
    }
    for remark in remarks { shell.print(shell.style.dim(shell.wrapped(remark, indent: 0))) }
    if !remarks.isEmpty { shell.print() }
  }

  func printQuestions(_ shell: Shell) {
    for (question, ask) in zip(opened.puzzle.questions, opened.asks) {
      let points = "\(Numbers.points(question.points)) point\(question.points == 1 ? "" : "s")"
      shell.print(
        "\(shell.style.bold(question.id)) "
          + shell.style.dim(
            "(\(question.isPrediction ? "prediction" : question.kind.rawValue), \(points))"
          )
      )
      shell.print("  " + shell.wrapped(ask, indent: 2))
      for option in question.options {
        shell.print("    \(option.id): " + shell.wrapped(option.text, indent: option.id.count + 6))
      }
      shell.print()
    }
  }
}
