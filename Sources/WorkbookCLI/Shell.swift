import ArgumentParser
import Foundation
import Plotting
import SourceDiagnostics
import WorkbookKit

/// What a command needs of the terminal: where to print, in which style, and how to fail.
struct Shell: Sendable {
  let terminal: TerminalInfo
  let options: GlobalOptions
  /// The bar that is cleared before anything is printed.
  private var bar: ProgressBar?

  init(_ options: GlobalOptions) {
    self.options = options
    self.terminal = TerminalInfo.current(isPlain: options.plain)
  }

  var style: TextStyle { terminal.outputStyle }

  /// The width prose is set to: the terminal's, within what reads well.
  var width: Int { min(max(terminal.width, 40), 100) }

  /// Runs a command's work, turning what it throws into diagnostics and an exit status.
  ///
  /// - Parameters:
  ///   - options: The options every command takes.
  ///   - title: What the progress bar says; `nil` for none.
  ///   - loss: What becomes of the work if it is interrupted.
  ///   - body: The work, given the terminal and the workbook.
  /// - Throws: An exit status, once what went wrong is on standard error.
  static func run(
    _ options: GlobalOptions,
    title: String? = nil,
    ifInterrupted loss: Interruption.Loss = .nothingRecorded,
    _ body: (Shell, Workbook) throws -> Void
  ) throws {
    let shell = Shell(options)
    try shell.failing {
      guard let title else { return try body(shell, try shell.locate(progress: nil)) }
      try ProgressBar.during(title, on: shell.terminal, ifInterrupted: loss) { bar in
        var shell = shell
        shell.bar = bar
        try body(shell, try shell.locate { bar.report($0) })
      }
    }
  }

  /// Runs work that needs no workbook.
  static func runAlone(_ options: GlobalOptions, _ body: (Shell) throws -> Void) throws {
    let shell = Shell(options)
    try shell.failing { try body(shell) }
  }

  private func failing(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let report as DiagnosticReport {
      for diagnostic in report.diagnostics { complain(diagnostic) }
      throw ExitCode(2)
    } catch let diagnostic as Diagnostic {
      complain(diagnostic)
      throw ExitCode(diagnostic.rule == "interrupted" ? 130 : 2)
    } catch let error as ExitCode {
      throw error
    } catch let error as ValidationError {
      throw error
    } catch {
      complain(Diagnostic("failed", "\(error.localizedDescription.lowercased())"))
      throw ExitCode(2)
    }
  }

  private func locate(progress: (@Sendable (Double) -> Void)?) throws -> Workbook {
    let shell = self
    return try Workbook.locate(
      options.workbook,
      surroundings: .init(
        environment: ProcessInfo.processInfo.environment,
        currentDirectory: FileManager.default.currentDirectoryPath,
        program: Bundle.main.executablePath,
        now: { Date() },
        notice: { shell.complain($0) },
        progress: progress
      )
    )
  }

  // MARK: Printing

  func print(_ text: String = "") {
    bar?.interlude()
    Swift.print(options.plain ? PlainText.spelt(text) : text)
  }

  /// Asks on the terminal; the bar does not count the time the answer takes.
  func ask(_ question: String) -> String? {
    defer { bar?.interlude() }
    bar?.interlude()
    return Prompt().ask(question)
  }

  /// Prints a diagnostic on standard error.
  func complain(_ diagnostic: Diagnostic) {
    note(diagnostic.rendered(style: terminal.errorStyle.isANSI ? .ansi : .plain))
  }

  /// Prints a line on standard error: progress and remarks, never results.
  func note(_ text: String) {
    bar?.interlude()
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// Prints Markdown, set to the terminal's width.
  func printMarkdown(_ text: String) {
    print(MarkdownRenderer(width: width, style: style).render(text))
  }

  func print(_ chart: HistogramChart) { print(.histogram(chart)) }

  func print(_ chart: Chart) {
    print(
      chart.terminalText(
        TerminalStyle(
          width: width,
          colour: style.isANSI,
          unicode: terminal.isUTF8 && !options.plain
        )
      )
    )
  }

  func print(_ json: JSONValue) { Swift.print(json.rendered) }

  /// Returns a symbol, or its plain stand-in where the terminal is not to be trusted with it.
  func symbol(_ symbol: String, plain: String) -> String {
    terminal.isUTF8 && !options.plain ? symbol : plain
  }

  /// Returns text broken into lines of the terminal's width, all but the first indented.
  func wrapped(_ text: String, indent: Int) -> String {
    let room = max(20, width - indent)
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ", omittingEmptySubsequences: true) {
        if !line.isEmpty, DisplayWidth.of(line) + 1 + DisplayWidth.of(word) > room {
          lines.append(line)
          line = String(word)
        } else {
          line += line.isEmpty ? String(word) : " \(word)"
        }
      }
      lines.append(line)
    }
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
  }

  /// Prints rows of cells in columns as wide as their widest cell; the last is not padded.
  func printTable(_ rows: [[String]]) {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
    }
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        if column < row.count - 1 {
          line += String(repeating: " ", count: widths[column] - DisplayWidth.of(cell) + 2)
        }
      }
      print(line)
    }
  }
}

/// Spells text with plain characters only, for terminals and readers that know no others.
enum PlainText {
  private static let spellings: [Character: String] = [
    "·": "-", "×": "x", "±": "+-", "→": "->", "…": "...", "–": "-", "−": "-", "‘": "'", "’": "'",
    "“": "\"", "”": "\"", "≤": "<=", "≥": ">=", "∞": "inf",
  ]

  static func spelt(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 < 128 }) else { return text }
    return text.map { spellings[$0] ?? String($0) }.joined()
  }
}
