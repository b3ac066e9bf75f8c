import Foundation

/// What the program's three streams are attached to, and what the user asked for.
package struct TerminalInfo: Hashable, Sendable {
  /// Whether answers can be read from a person.
  package let isInputTerminal: Bool
  package let isOutputTerminal: Bool
  package let isErrorTerminal: Bool
  /// Columns to lay text out in, 20 to 500; 80 where nobody says.
  package let width: Int
  /// Whether the locale's characters are UTF-8, so that block characters will show.
  package let isUTF8: Bool
  /// How results on standard output are emphasised.
  package let outputStyle: TextStyle
  /// How diagnostics and progress on standard error are emphasised.
  package let errorStyle: TextStyle
  /// Whether a moving progress bar makes sense on standard error.
  package let showsProgress: Bool

  /// Decides from facts alone, so that every combination can be tested.
  ///
  /// Colour needs a terminal, unless `CLICOLOR_FORCE` is set to something other than `0`; it is
  /// off with `--plain`, with a `NO_COLOR` that is not empty (https://no-color.org), and on a
  /// `TERM` of `dumb`. `--plain` and `NO_COLOR` win over `CLICOLOR_FORCE`. The width is what the
  /// terminal reports, else `COLUMNS`.
  ///
  /// - Parameters:
  ///   - environment: The process's environment variables.
  ///   - isPlain: Whether `--plain` was given.
  ///   - terminals: Which of the three streams are terminals.
  ///   - reportedWidth: The columns the terminal reports, if there is one.
  package init(
    environment: [String: String],
    isPlain: Bool = false,
    terminals: (input: Bool, output: Bool, error: Bool),
    reportedWidth: Int? = nil
  ) {
    let isDumb = environment["TERM"] == "dumb"
    let isForced = !(environment["CLICOLOR_FORCE"] ?? "0").isOneOf("", "0")
    let isRefused = isPlain || !(environment["NO_COLOR"] ?? "").isEmpty
    func style(_ isTerminal: Bool) -> TextStyle {
      !isRefused && (isForced || isTerminal && !isDumb) ? .ansi : .plain
    }
    self.isInputTerminal = terminals.input
    self.isOutputTerminal = terminals.output
    self.isErrorTerminal = terminals.error
    self.outputStyle = style(terminals.output)
    self.errorStyle = style(terminals.error)
    self.showsProgress = terminals.error && !isDumb && !isPlain
    let width = reportedWidth.flatMap { $0 > 0 ? $0 : nil } ?? Int(environment["COLUMNS"] ?? "")
    self.width = min(max(width ?? 80, 20), 500)
    self.isUTF8 = Self.isUTF8(environment)
  }

  /// Asks the operating system about this process.
  package static func current(
    isPlain: Bool = false,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> TerminalInfo {
    TerminalInfo(
      environment: environment,
      isPlain: isPlain,
      terminals: (
        isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1
      ),
      reportedWidth: [STDOUT_FILENO, STDERR_FILENO].lazy.compactMap(Self.columns).first
    )
  }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Returns whether the locale's characters are UTF-8.
  ///
  /// The first variable that is set and not empty decides, as it does for C programs. Without any,
  /// today's terminals still speak UTF-8; a bare `C` locale is taken at its word.
  private static func isUTF8(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    guard let locale = locale?.lowercased() else { return true }
    return locale.contains("utf-8") || locale.contains("utf8")
  }
}

extension String {
  fileprivate func isOneOf(_ candidates: String...) -> Bool { candidates.contains(self) }
}
