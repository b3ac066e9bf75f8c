/// Text from elsewhere (titles, token names), made fit to be drawn.
enum PlotText {
  /// Returns `text` on one line with control and invisible formatting characters replaced by the replacement character.
  static func printable(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator:
        safe.unicodeScalars.append(scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}")
      case .format where scalar != "\u{200D}", .surrogate:
        safe.unicodeScalars.append("\u{FFFD}")
      default:
        // XML 1.0 has no place for these two.
        safe.unicodeScalars.append(
          scalar == "\u{FFFE}" || scalar == "\u{FFFF}" ? "\u{FFFD}" : scalar
        )
      }
    }
    return safe
  }

  /// Returns `text` with the characters that mean something in XML written as entities.
  static func xml(_ text: String) -> String {
    var escaped = ""
    for character in printable(text).unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  /// Returns `pieces` set in lines of at most `width` columns, joined by `separator` within a line.
  ///
  /// A piece that is wider than a line has a line for itself.
  static func lines(of pieces: [String], separator: String, width: Int) -> [String] {
    var lines: [String] = []
    var current = ""
    for piece in pieces {
      if current.isEmpty {
        current = piece
      } else if columns(current) + columns(separator) + columns(piece) <= width {
        current += separator + piece
      } else {
        lines.append(current)
        current = piece
      }
    }
    return current.isEmpty ? lines : lines + [current]
  }

  /// Returns `text` broken at spaces into lines of at most `width` columns.
  static func wrapped(_ text: String, width: Int) -> [String] {
    let words = printable(text).split(separator: " ").map(String.init)
    return lines(of: words, separator: " ", width: width)
  }

  /// An estimate of the columns `text` takes: two for East Asian wide characters and emoji.
  static func columns(_ text: String) -> Int {
    text.reduce(0) { sum, character in
      let value = character.unicodeScalars.first?.value ?? 0
      let isWide =
        (0x1100...0x115F).contains(value) || (0x2E80...0xA4CF).contains(value)
        || (0xAC00...0xD7A3).contains(value) || (0xF900...0xFAFF).contains(value)
        || (0xFF00...0xFF60).contains(value) || (0x1F300...0x1FAFF).contains(value)
      return sum + (isWide ? 2 : 1)
    }
  }
}
