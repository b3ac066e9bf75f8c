import ArgumentParser
import WorkbookKit

struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Mark explanations: blind, one question at a time, the same words once.",
    discussion: """
      Explanations that say the same, or nearly, come as one group and get one mark; no names are \
      shown. What the rubric's words suggest is a suggestion: nothing is final until you mark it. \
      Each mark is kept at once, so you can stop and go on another day.

      In a terminal, single keys: a accept the suggestion, f full points, z no points, p other \
      points, c a comment that goes with the next mark, v see every wording, x take the wordings one \
      by one, s skip, b back, q quit. From a pipe, the same letters, a line each: 'p 1.5', \
      'c mention the mean'.
      """
  )

  @Argument(help: "The puzzle; else all that ask for explanations.")
  var puzzle: String?

  @Option(help: "The question's id; else all.")
  var question: String?

  @Flag(help: "Show those that have a mark too.")
  var all = false

  @Flag(help: "Only list how many groups await a mark.")
  var list = false

  @OptionGroup var file: GradebookOption
  @OptionGroup var options: ReadingOptions

  func validate() throws {
    guard !options.json || list else { throw ValidationError("--json goes with --list") }
  }

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let groups = try workbook.reviewGroups(
        file.gradebook,
        puzzle: puzzle,
        question: question,
        all: all
      )
      if list { return Self.list(groups, shell, json: options.json) }
      guard !groups.isEmpty else { return shell.print("No explanation awaits a mark.") }
      var session = ReviewSession(groups, gradebook: file.gradebook, shell, workbook)
      try session.run()
    }
  }

  private static func list(_ groups: [ReviewGroup], _ shell: Shell, json: Bool) {
    var order: [[String]] = []
    var counts: [[String]: (groups: Int, answers: Int)] = [:]
    for group in groups {
      let key = [group.puzzle, group.question]
      if counts[key] == nil { order.append(key) }
      counts[key] = ((counts[key]?.groups ?? 0) + 1, (counts[key]?.answers ?? 0) + group.count)
    }
    if json {
      return shell.print(
        .array(
          order.map { key in
            .object([
              "puzzle": .text(key[0]), "question": .text(key[1]),
              "groups": .integer(counts[key]?.groups ?? 0),
              "answers": .integer(counts[key]?.answers ?? 0),
            ])
          }
        ) as JSONValue
      )
    }
    for key in order {
      shell.print(
        "\(key[0]) \(key[1]): \(counts[key]?.groups ?? 0) groups of \(counts[key]?.answers ?? 0) "
          + "answers"
      )
    }
    if order.isEmpty { shell.print("No explanation awaits a mark.") }
  }
}
