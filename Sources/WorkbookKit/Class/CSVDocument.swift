import SourceDiagnostics

/// A comma-separated file that is edited in place: each field knows which bytes it takes, so that all
/// others stay as they are.
struct CSVDocument {
  struct Field {
    /// The bytes of the field, its quotes among them.
    let range: Range<Int>
    let text: String
  }

  let bytes: [UInt8]
  let rows: [[Field]]
  /// What stands between fields: a comma, a semicolon or a tab.
  let separator: UInt8

  /// - Parameters:
  ///   - bytes: The file; UTF-8, with or without a byte order mark.
  ///   - file: The name its diagnostics carry.
  /// - Throws: That it is no UTF-8, or the line where a quoted field does not end as one should.
  init(_ bytes: [UInt8], file: String) throws(Diagnostic) {
    guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
      throw .utf16(file)
    }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8(file) }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    self.bytes = bytes
    separator = Self.separator(of: bytes[start...])
    rows = try Self.rows(bytes, from: start, separator: separator, file: file)
  }

  /// Returns the file with some fields replaced.
  ///
  /// - Parameter replacements: New texts by row and column, in quotes if they need them.
  /// - Returns: The bytes of the file.
  func replacing(_ replacements: [(row: Int, column: Int, text: String)]) -> [UInt8] {
    let edits = replacements.compactMap { edit -> (range: Range<Int>, text: String)? in
      guard rows.indices.contains(edit.row), rows[edit.row].indices.contains(edit.column) else {
        return nil
      }
      return (rows[edit.row][edit.column].range, edit.text)
    }.sorted { $0.range.lowerBound < $1.range.lowerBound }
    var result: [UInt8] = []
    var position = 0
    for edit in edits where edit.range.lowerBound >= position {
      result += bytes[position..<edit.range.lowerBound]
      result += Array(edit.text.utf8)
      position = edit.range.upperBound
    }
    return result + bytes[position...]
  }

  /// The most common of the three in the first line, outside quotes.
  private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, byte == UInt8(ascii: "\n") { break }
      if !isQuoted { counts[byte, default: 0] += 1 }
    }
    let known = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    return known.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? UInt8(ascii: ",")
  }

  private static func rows(
    _ bytes: [UInt8],
    from start: Int,
    separator: UInt8,
    file: String
  ) throws(Diagnostic) -> [[Field]] {
    let (quote, newline, carriageReturn) = (
      UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")
    )
    var rows: [[Field]] = []
    var row: [Field] = []
    var line = 1
    var position = start
    while position < bytes.count {
      let begin = position
      var text: [UInt8] = []
      if bytes[position] == quote {
        position += 1
        while true {
          guard position < bytes.count else { throw .badCSV(file, line: line) }
          if bytes[position] == newline { line += 1 }
          if bytes[position] != quote {
            text.append(bytes[position])
          } else if position + 1 < bytes.count, bytes[position + 1] == quote {
            text.append(quote)
            position += 1
          } else {
            break
          }
          position += 1
        }
        position += 1
      } else {
        while position < bytes.count, bytes[position] != separator, bytes[position] != newline,
          bytes[position] != carriageReturn
        {
          text.append(bytes[position])
          position += 1
        }
      }
      row.append(Field(range: begin..<position, text: String(decoding: text, as: UTF8.self)))
      guard position < bytes.count else { break }
      if bytes[position] == separator {
        position += 1
        // A separator at the very end has one more, empty field after it.
        if position == bytes.count { row.append(Field(range: position..<position, text: "")) }
        continue
      }
      if bytes[position] == carriageReturn { position += 1 }
      if position < bytes.count, bytes[position] == newline {
        position += 1
      } else if position < bytes.count, bytes[position - 1] != carriageReturn {
        throw .badCSV(file, line: line)
      }
      line += 1
      rows.append(row)
      row = []
    }
    if !row.isEmpty { rows.append(row) }
    return rows
  }
}

extension Diagnostic {
  fileprivate static func utf16(_ file: String) -> Diagnostic {
    Diagnostic(
      "bad-csv",
      "'\(file)' is encoded as UTF-16, expected UTF-8",
      help: "give the file as it was exported, before a spreadsheet saved it"
    )
  }

  fileprivate static func notUTF8(_ file: String) -> Diagnostic {
    Diagnostic("bad-csv", "'\(file)' is not encoded as UTF-8")
  }
}
