/// The ways the terminal output emphasises text; all of them do nothing when switched off.
///
/// Styles nest: each ends with its own off code, not with a reset.
package struct TextStyle: Hashable, Sendable {
  /// Whether escape sequences are written at all.
  package let isANSI: Bool

  /// Text alone, for files, pipes and `--plain`.
  package static let plain = TextStyle(isANSI: false)
  /// ANSI escape sequences, for terminals.
  package static let ansi = TextStyle(isANSI: true)

  private init(isANSI: Bool) { self.isANSI = isANSI }

  package func bold(_ text: String) -> String { wrap(text, 1, 22) }
  package func dim(_ text: String) -> String { wrap(text, 2, 22) }
  package func italic(_ text: String) -> String { wrap(text, 3, 23) }
  package func underlined(_ text: String) -> String { wrap(text, 4, 24) }
  package func red(_ text: String) -> String { wrap(text, 31, 39) }
  package func green(_ text: String) -> String { wrap(text, 32, 39) }
  package func yellow(_ text: String) -> String { wrap(text, 33, 39) }
  package func cyan(_ text: String) -> String { wrap(text, 36, 39) }

  private func wrap(_ text: String, _ on: Int, _ off: Int) -> String {
    isANSI && !text.isEmpty ? "\u{1B}[\(on)m\(text)\u{1B}[\(off)m" : text
  }
}
