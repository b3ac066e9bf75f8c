import PuzzleRegistry
import SourceDiagnostics

/// A comma-separated file as rows of fields (RFC 4180): quoted fields may hold commas, quotes and line
/// ends.
struct CSVTable {
  let rows: [[String]]

  /// - Throws: `bad-csv` with the line where a quote is never closed or text follows one.
  init(_ text: String, file: String) throws(Diagnostic) {
    var rows: [[String]] = []
    var row: [String] = []
    var field = ""
    var line = 1
    var isQuoted = false
    var wasQuoted = false
    func endRow() {
      if !(row.isEmpty && field.isEmpty && !wasQuoted) { rows.append(row + [field]) }
      row = []
      field = ""
      wasQuoted = false
    }
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      if scalar == "\n" { line += 1 }
      if isQuoted {
        if scalar != "\"" {
          field.unicodeScalars.append(scalar)
        } else if next == "\"" {
          field.append("\"")
          next = scalars.next()
        } else {
          isQuoted = false
        }
        continue
      }
      switch scalar {
      case ",":
        row.append(field)
        field = ""
        wasQuoted = false
      case "\r" where next == "\n": break
      case "\n": endRow()
      case "\"" where field.isEmpty && !wasQuoted:
        isQuoted = true
        wasQuoted = true
      case _ where wasQuoted: throw .badCSV(file, line: line)
      default: field.unicodeScalars.append(scalar)
      }
    }
    guard !isQuoted else { throw .badCSV(file, line: line) }
    endRow()
    self.rows = rows
  }

  /// Returns fields as one line, quoted where need be.
  static func line(_ fields: [String]) -> String {
    fields.map { field in
      field.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
        || field.first?.isWhitespace == true || field.last?.isWhitespace == true
        ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
    }.joined(separator: ",") + "\r\n"
  }

  /// Returns a text that no spreadsheet takes for a formula: with an apostrophe before what could
  /// begin one.
  static func harmless(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else {
      return text
    }
    return "'" + text
  }
}

/// Who is expected to hand something in.
struct Roster {
  let learners: Set<String>

  /// - Throws: What keeps the file from being read, or that it names nobody.
  init(path: String) throws(Diagnostic) {
    let text = try BoundedFile.text(at: path, limit: 16 << 20)
    let table = try CSVTable(text, file: path)
    let heading = table.rows.first?.firstIndex { $0.lowercased() == "learner" }
    let rows = heading == nil ? table.rows[...] : table.rows.dropFirst()
    let column = heading ?? 0
    learners = Set(rows.compactMap { $0.indices.contains(column) ? $0[column] : nil })
      .subtracting([""])
    guard !learners.isEmpty else {
      throw Diagnostic(
        "empty-roster",
        "the roster '\(path)' names nobody",
        help:
          "it is a CSV file with a column headed 'learner', or whose first column names learners"
      )
    }
  }
}

extension Diagnostic {
  static func badCSV(_ file: String, line: Int) -> Diagnostic {
    Diagnostic(
      "bad-csv",
      "a quoted field does not end where a field ends",
      help: "a quote inside a quoted field is written twice",
      at: SourcePlace(file: file, line: line)
    )
  }
}
