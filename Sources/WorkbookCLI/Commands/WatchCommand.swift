import ArgumentParser
import WorkbookKit

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Check your answers whenever you save them.",
    discussion: """
      Keeps the last verdicts on the screen while you edit submissions/PUZZLE.yaml elsewhere. On a \
      terminal: h shows the next hint, s the puzzle, p its plots, c checks now, q ends. It never goes \
      on to another puzzle by itself. Each check of a changed file is recorded, as workbook check \
      does. Exit status 0 after q, 130 after Ctrl-C.
      """
  )

  @Argument(
    help:
      "The puzzle's id or an unambiguous beginning of it; else the current or first unsolved one."
  )
  var puzzle: String?

  @Flag(help: "Look at the file twice a second, rather than be told of changes.")
  var poll = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    try Shell.run(global) { shell, workbook in
      let (id, path) = try workbook.submission(to: puzzle)
      let watch = FileWatch(path, isPolling: poll)
      var session = WatchSession(puzzle: id, watch: watch, shell: shell, workbook: workbook)
      session.run()
    }
  }
}
