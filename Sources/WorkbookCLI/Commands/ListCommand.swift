import ArgumentParser
import WorkbookKit

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the puzzles as a course: order, difficulty, minutes, and how far you are.",
    discussion: "What a puzzle teaches is said once it is solved."
  )

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let puzzles = try workbook.list()
      if options.json {
        shell.print(
          .array(
            puzzles.map { puzzle in
              .object([
                "id": .text(puzzle.id), "title": .text(puzzle.title),
                "difficulty": .integer(puzzle.difficulty), "minutes": .integer(puzzle.minutes),
                "state": .text(puzzle.state.rawValue),
                "score": puzzle.score.map { .number($0) } ?? .null,
                "possible": .number(puzzle.possible),
                "principle": puzzle.principle.map { .text($0) } ?? .null,
              ])
            }
          ) as JSONValue
        )
        return
      }
      guard !puzzles.isEmpty else {
        shell.print("This workbook has no puzzles yet.")
        return
      }
      let names = puzzles.map { workbook.shortName($0.id) }
      let width = names.map(DisplayWidth.of).max() ?? 0
      for (puzzle, name) in zip(puzzles, names) { print(puzzle, name, width, shell) }
      printSum(puzzles, names, shell)
    }
  }

  private func print(_ puzzle: ListedPuzzle, _ name: String, _ width: Int, _ shell: Shell) {
    func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
      let padding = String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
      return right ? padding + text : text + padding
    }
    let mark = puzzle.isCurrent ? shell.symbol("→", plain: ">") : " "
    let score =
      puzzle.score.map { "\(Numbers.points($0))/\(Numbers.points(puzzle.possible))" } ?? ""
    let minutes = puzzle.state == .broken ? "" : "\(puzzle.minutes) min"
    let lead = [
      mark, padded(name, width), difficulty(puzzle, shell), padded(minutes, 7, right: true),
      padded(state(puzzle, shell), 11), padded(score, 7),
    ].joined(separator: "  ")
    let indent = DisplayWidth.of(lead) + 2
    shell.print(lead + "  " + shell.wrapped(puzzle.title, indent: indent))
    if let principle = puzzle.principle {
      let text = shell.wrapped(principle, indent: indent)
      for line in text.split(separator: "\n") {
        let body = line.drop { $0 == " " }
        shell.print(String(repeating: " ", count: indent) + shell.style.dim(String(body)))
      }
    }
  }

  /// How hard the puzzle is, as so many of five marks.
  private func difficulty(_ puzzle: ListedPuzzle, _ shell: Shell) -> String {
    let full = min(5, max(0, puzzle.difficulty))
    return String(repeating: shell.symbol("●", plain: "*"), count: full)
      + shell.style.dim(String(repeating: shell.symbol("○", plain: "."), count: 5 - full))
  }

  private func printSum(_ puzzles: [ListedPuzzle], _ names: [String], _ shell: Shell) {
    let solved = puzzles.count { $0.state == .solved }
    let left = puzzles.filter { $0.state != .solved }.reduce(0) { $0 + $1.minutes }
    var text = "\(solved) of \(puzzles.count) solved"
    if left > 0 {
      text += ", about \(left < 90 ? "\(left) minutes" : "\((left + 30) / 60) hours") left"
    }
    shell.print()
    shell.print(text + ".")
    let next =
      puzzles.firstIndex { $0.isCurrent && $0.state != .solved }
      ?? puzzles.firstIndex { $0.state != .solved && $0.state != .broken }
    guard let next else { return }
    let verb = puzzles[next].state == .new ? "start" : "check"
    shell.print("Next: workbook \(verb) \(names[next])")
  }

  private func state(_ puzzle: ListedPuzzle, _ shell: Shell) -> String {
    switch puzzle.state {
    case .solved: shell.style.green("solved")
    case .revealed: shell.style.yellow("answer seen")
    case .started: "started"
    case .new: shell.style.dim("new")
    case .broken: shell.style.red("broken")
    }
  }
}
