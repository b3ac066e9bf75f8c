import Foundation
import SourceDiagnostics
import WorkbookKit

/// One run of `watch`: what is on the screen, and what each key does.
struct WatchSession {
  private let puzzle: String
  private var watch: FileWatch
  private let shell: Shell
  private let workbook: Workbook
  /// Whether a person sits at both ends: single keys are read.
  private let isInteractive: Bool

  init(puzzle: String, watch: FileWatch, shell: Shell, workbook: Workbook) {
    self.puzzle = puzzle
    self.watch = watch
    self.shell = shell
    self.workbook = workbook
    self.isInteractive = shell.terminal.isInputTerminal && shell.terminal.isOutputTerminal
  }

  /// Checks, then goes on checking with each change, until `q` or a signal.
  mutating func run() {
    TerminalKeys.begin(readingKeys: isInteractive)
    defer { TerminalKeys.end() }
    check()
    while true {
      switch watch.next(orInputFrom: isInteractive ? STDIN_FILENO : nil) {
      case .changed: check()
      case .signal: if isInteractive { printStatus() }
      case .input: guard obey(TerminalKeys.next()) else { return }
      }
    }
  }

  /// Does what a key asks for.
  ///
  /// - Returns: Whether to go on; not after `q`, or once nobody is there.
  private func obey(_ key: UInt8?) -> Bool {
    switch key {
    case UInt8(ascii: "h"): perform { HintPage(try workbook.hint(puzzle: puzzle)).print(shell) }
    case UInt8(ascii: "s"):
      perform {
        let page = PuzzlePage(try workbook.open(puzzle: puzzle, model: nil), workbook)
        page.printPrompt(shell)
        page.printQuestions(shell)
      }
    case UInt8(ascii: "p"):
      perform {
        let opened = try workbook.open(puzzle: puzzle, model: nil)
        // Like show: a prediction stays a prediction until the puzzle was started.
        guard opened.openPredictions.isEmpty else {
          shell.print("The plots are shown once the puzzle was started: workbook start \(puzzle)")
          return
        }
        try PuzzlePage(opened, workbook).printPlots(shell)
      }
    case UInt8(ascii: "c"): check()
    case UInt8(ascii: "q"), 0x04, nil: return false
    default: break
    }
    return true
  }

  private func check() {
    // Home, then clear; what scrolled away before stays in the terminal's history.
    if movesCursor { print("\u{1B}[H\u{1B}[2J", terminator: "") }
    perform {
      if movesCursor { print("checking…", terminator: "") }
      fflush(nil)
      let result = Result { try workbook.check(puzzle: puzzle, recordsRepeats: false) }
      if movesCursor { print("\r\u{1B}[K", terminator: "") }
      VerdictPage(try result.get(), workbook).print(shell)
    }
  }

  /// Whether the screen may be cleared, so that it holds one page.
  private var movesCursor: Bool { isInteractive && shell.terminal.showsProgress }

  /// Runs what a key or a change asks for; whatever is wrong is said, and watching goes on.
  private func perform(_ body: () throws -> Void) {
    // What is printed has to be seen before the next wait, also in a file.
    defer {
      fflush(nil)
      printStatus()
    }
    if isInteractive { shell.print() }
    do {
      try body()
    } catch {
      // Standard error is not held back, so what was printed before comes out before.
      fflush(nil)
      let faults =
        (error as? DiagnosticReport)?.diagnostics ?? (error as? Diagnostic).map { [$0] }
        ?? [Diagnostic("failed", error.localizedDescription.lowercased())]
      for fault in faults { shell.complain(fault) }
    }
  }

  private func printStatus() {
    let path = workbook.shown(watch.path)
    let way = watch.isPolling ? ", looking twice a second" : ""
    guard isInteractive else { return shell.note("watching \(path)\(way)") }
    let separator = shell.symbol(" · ", plain: " | ")
    let keys = ["h hint", "s show", "p plots", "c check now", "q quit"].joined(separator: separator)
    shell.print()
    shell.print(shell.style.dim(shell.wrapped("\(clock) watching \(path)\(way)", indent: 0)))
    shell.print(shell.style.dim(keys))
    fflush(nil)
  }

  private var clock: String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "HH:mm:ss"
    return formatter.string(from: workbook.surroundings.now())
  }
}
