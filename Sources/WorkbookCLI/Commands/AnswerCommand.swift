import ArgumentParser
import PuzzleRegistry
import SourceDiagnostics
import WorkbookKit

struct AnswerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer",
    abstract: "Show the answer, in rot13 unless --decode.",
    discussion: "Asks first on a terminal, and is recorded."
  )

  @Argument(
    help:
      "The puzzle's id or an unambiguous beginning of it; else the current or first unsolved one."
  )
  var puzzle: String?

  @Flag(help: "Show it in plain text.")
  var decode = false

  @Flag(name: .shortAndLong, help: "Do not ask first.")
  var yes = false

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let id = try workbook.puzzleID(puzzle)
      guard try isWanted(id, shell, workbook) else {
        shell.note("Nothing was shown or recorded.")
        throw ExitCode(1)
      }
      let answer = try workbook.answer(puzzle: id, decoded: decode)
      if options.json {
        shell.print(
          .object([
            "puzzle": .text(answer.puzzleID), "decoded": .bool(answer.isDecoded),
            "text": .text(answer.text),
          ]) as JSONValue
        )
      } else if answer.isDecoded {
        shell.printMarkdown(answer.text)
        for (question, ideas) in answer.rubrics {
          shell.print()
          shell.print(
            shell.style.bold("Mark your own '\(question)':")
              + " count these; nothing records them yet"
          )
          for idea in ideas {
            shell.print("  \(Numbers.points(idea.points))  \(shell.wrapped(idea.idea, indent: 5))")
          }
        }
      } else {
        shell.print(answer.text)
        shell.note(
          shell.terminal.errorStyle.dim(
            "In rot13: workbook answer \(workbook.shortName(answer.puzzleID)) --decode, "
              + "or pipe it through workbook rot13"
          )
        )
      }
    }
  }

  /// Asks on a terminal, unless the puzzle is solved or the answer was seen before.
  private func isWanted(_ id: String, _ shell: Shell, _ workbook: Workbook) throws -> Bool {
    guard !yes, shell.terminal.isInputTerminal, shell.terminal.isOutputTerminal else { return true }
    let known = try workbook.list().first { $0.id == id }
    if known?.state == .solved { return true }
    if known?.state == .revealed, !decode { return true }
    let form = decode ? "in plain text" : "in rot13"
    let question = "Show the answer to \(id) \(form)? It is recorded."
    return Prompt().confirm(question) == true
  }
}
