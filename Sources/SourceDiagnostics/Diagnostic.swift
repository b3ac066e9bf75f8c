/// One fault found in a file or a formula, said so that its reader can mend it.
///
/// The message says what is wrong and what was expected, in one lowercase sentence without a full
/// stop; only ``help`` says what to do about it. Rendered as
/// `path:line:column: severity: [rule] message`, then the source line with a caret, then the help.
package struct Diagnostic: Error, Hashable, Sendable {
  /// How much a fault matters.
  package enum Severity: String, Sendable, Codable, Comparable {
    case error
    case warning

    package static func < (left: Self, right: Self) -> Bool {
      left == .error && right == .warning
    }
  }

  /// The fault's kind, in kebab case; stable, so that tools may match on it.
  package var rule: String
  package var severity: Severity
  /// What is wrong; the middle of a very long one, which quotes what it found, is left out.
  package var message: String { didSet { message = shortened(message) } }
  /// What to do about it; as short as the message.
  package var help: String? { didSet { help = help.map(shortened) } }
  /// Where the fault is; `nil` when it belongs to no place in a text.
  package var place: SourcePlace?

  package init(
    _ rule: String,
    _ message: String,
    help: String? = nil,
    at place: SourcePlace? = nil,
    severity: Severity = .error
  ) {
    self.rule = rule
    self.severity = severity
    self.message = shortened(message)
    self.help = help.map(shortened)
    self.place = place
  }

  /// Returns the same fault moved to `place`.
  package func at(_ place: SourcePlace?) -> Diagnostic {
    var moved = self
    moved.place = place
    return moved
  }
}

extension Diagnostic: CustomStringConvertible {
  package var description: String { rendered() }

  /// Returns the diagnostic as text of one to four lines, without a final line break.
  ///
  /// Control bytes in the quoted line are escaped, so a hostile file cannot drive the terminal.
  ///
  /// - Parameter style: The escape sequences for colour; plain by default.
  /// - Returns: The head, the quoted line with its caret where there is a place, and the help.
  package func rendered(style: DiagnosticStyle = .plain) -> String {
    var lines: [String] = []
    let location = place.map { "\($0.description): " } ?? ""
    let tag = severity == .error ? style.error : style.warning
    lines.append(
      "\(style.strong)\(escapingControls(location))\(style.reset)\(tag)\(severity.rawValue):"
        + "\(style.reset) [\(rule)] \(escapingControls(message))"
    )
    if let place, let quoted = place.quotedLine {
      let gutter = "\(place.line ?? 1) | "
      let (text, offset, width) = CaretLine.fit(
        quoted,
        column: place.column ?? 1,
        length: place.length
      )
      lines.append(gutter + text)
      if place.column != nil {
        let indent = String(repeating: " ", count: gutter.count - 2) + "| "
        lines.append(
          indent + String(repeating: " ", count: offset) + style.caret
            + String(repeating: "^", count: width) + style.reset
        )
      }
    }
    if let help {
      lines.append("\(style.help)help:\(style.reset) \(escapingControls(help))")
    }
    return lines.joined(separator: "\n")
  }
}

/// The escape sequences a rendered diagnostic uses; all empty when there is no colour.
package struct DiagnosticStyle: Sendable {
  package var error = ""
  package var warning = ""
  package var strong = ""
  package var caret = ""
  package var help = ""
  package var reset = ""

  package static let plain = DiagnosticStyle()
  package static let ansi = DiagnosticStyle(
    error: "\u{1B}[1;31m",
    warning: "\u{1B}[1;33m",
    strong: "\u{1B}[1m",
    caret: "\u{1B}[1;32m",
    help: "\u{1B}[1;36m",
    reset: "\u{1B}[0m"
  )
}

/// Returns `text` with its middle left out if it has more than 5,000 scalars, in whatever characters.
///
/// The longest path that a system knows is still whole.
private func shortened(_ text: String) -> String {
  guard text.utf8.count > 5000, text.unicodeScalars.count > 5000 else { return text }
  let scalars = text.unicodeScalars
  return "\(Substring(scalars.prefix(4000))) … \(Substring(scalars.suffix(800)))"
}

/// Returns `text` with what steers a terminal or a reader written out (`\t`, `\u{7}`).
///
/// These are control characters, separators of lines and paragraphs, and format characters, such as
/// those that turn the direction of what follows; only the joiner that emoji need is kept.
package func escapingControls(_ text: String) -> String {
  var safe = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": safe += "\\n"
    case "\r": safe += "\\r"
    case "\t": safe += "\\t"
    case "\u{200D}": safe.unicodeScalars.append(scalar)
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        safe += "\\u{\(String(scalar.value, radix: 16))}"
      default: safe.unicodeScalars.append(scalar)
      }
    }
  }
  return safe
}
