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
  /// A piece that is wider than a line is broken, at spaces if it has any.
  static func lines(of pieces: [String], separator: String, width: Int) -> [String] {
    var lines: [String] = []
    var current = ""
    for piece in pieces.flatMap({ broken($0, width: width) }) {
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

  /// Returns `piece` whole if it fits into `width` columns, else in parts that do.
  private static func broken(_ piece: String, width: Int) -> [String] {
    guard columns(piece) > width else { return [piece] }
    if piece.contains(" ") { return wrapped(piece, width: width) }
    var parts: [String] = []
    var part = ""
    var used = 0
    for character in piece {
      let next = columns(character)
      if used + next > width, !part.isEmpty {
        parts.append(part)
        (part, used) = ("", 0)
      }
      part.append(character)
      used += next
    }
    return parts + [part]
  }

  /// Returns `text` broken at spaces into lines of at most `width` columns.
  static func wrapped(_ text: String, width: Int) -> [String] {
    let words = printable(text).split(separator: " ").map(String.init)
    return lines(of: words, separator: " ", width: width)
  }

  /// Returns `text` on one line, cut to `limit` columns; what was cut ends in `ellipsis`.
  ///
  /// A mark that would combine with whatever stands before the text gets a dotted circle to itself.
  static func label(_ text: String, limit: Int, ellipsis: String) -> String {
    var text = printable(text)
    switch text.unicodeScalars.first?.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: text = "\u{25CC}" + text
    default: break
    }
    guard columns(text) > limit else { return text }
    var cut = ""
    var room = limit - columns(ellipsis)
    for character in text {
      room -= columns(character)
      guard room >= 0 else { break }
      cut.append(character)
    }
    return cut + ellipsis
  }

  /// An estimate of the columns `text` takes.
  static func columns(_ text: String) -> Int {
    text.reduce(0) { sum, character in sum + columns(character) }
  }

  /// An estimate of the columns a character takes: two for East Asian wide characters and emoji.
  static func columns(_ character: Character) -> Int {
    if character.isASCII { return 1 }
    let isWide = character.unicodeScalars.contains { scalar in
      switch scalar.value {
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE0F, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
        0x20000...0x3FFFD:
        true
      default: scalar.properties.isEmojiPresentation
      }
    }
    return isWide ? 2 : 1
  }
}
