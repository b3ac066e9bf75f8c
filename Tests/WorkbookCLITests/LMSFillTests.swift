import Foundation
import Testing

/// Files that learning management systems exported, filled and compared byte by byte.
@Suite struct LMSFillTests {
  private let group: TemporaryClass

  /// Ada and the like have 7 points; bo, who left most out, has 3.
  init() throws {
    group = try TemporaryClass()
    for name in TemporaryClass.names { try group.hand(in: TemporaryClass.good, by: name) }
    try group.hand(in: TemporaryClass.answers(["split: [queries, keys]"]), by: "bo")
    try group.hand(in: "puzzle: [\n", by: "unread")
    #expect(try group.book.run("grade", "class").status == 0)
  }

  private static func quoted(_ text: String) -> String {
    text.contains { ",\"\n".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }

  private var everyone: [String] { TemporaryClass.names + ["bo", "unread"] }

  private func fill(_ arguments: String...) throws -> TemporaryWorkbook.Output {
    try group.book.run(["gradebook", "fill"] + arguments)
  }

  /// A Canvas export: a row of what assignments are worth, scores that are there, and names that hurt.
  private func canvas(_ cell: (String) -> String) -> String {
    let rows = everyone.enumerated().map { number, name in
      let id = Self.quoted(name)
      return "\"Doe, \(number)\",\(100 + number),,\(id),Section 1,\(cell(name)),12.00,=1+1\r\n"
    }
    return "Student,ID,SIS User ID,SIS Login ID,Section,Puzzle 9 (4711),Other (4712),Note\r\n"
      + "    Points Possible,,,,,17,20,(read only)\r\n" + rows.joined()
      + "\"Student, Test\",999,,abcdef,Section 1,,,\r\n"
  }

  private func points(_ name: String) -> String {
    name == "bo" ? "3" : name == "unread" ? "" : "7"
  }

  @Test func `a Canvas file differs in the filled cells only`() throws {
    try group.write(canvas { _ in "" }, to: "canvas.csv")
    let look = try fill("canvas.csv", "--column", "Puzzle 9")
    #expect(look.status == 0, "\(look.standardError)")
    #expect(look.standardOutput.contains("Canvas file: 'Puzzle 9 (4711)' by 'SIS Login ID'"))
    #expect(look.standardOutput.contains("11 cells would be filled"))
    #expect(look.standardOutput.contains("1 stay blank"))
    let done = try fill("canvas.csv", "--column", "Puzzle 9", "--out", "filled.csv")
    #expect(done.status == 0, "\(done.standardError)")
    #expect(try group.text("filled.csv") == canvas(points))
    #expect(try group.text("canvas.csv") == canvas { _ in "" })
    // Filling it again changes nothing, and what is there is not replaced.
    let again = try fill("filled.csv", "--column", "Puzzle 9", "--out", "again.csv")
    #expect(again.standardOutput.contains("11 hold these points already"), "\(again)")
    #expect(try group.read("again.csv") == group.read("filled.csv"))
    #expect(try fill("canvas.csv", "--column", "Puzzle 9", "--out", "filled.csv").status == 2)
  }

  @Test func `cells that hold something else are shown first`() throws {
    try group.write(canvas { $0 == "ada" ? "6.50" : $0 == "bo" ? "3.00" : "" }, to: "canvas.csv")
    let look = try fill("canvas.csv", "--column", "Puzzle 9")
    #expect(look.standardOutput.contains("1 of them hold something else"), "\(look)")
    #expect(look.standardOutput.contains("6.50"))
    let refused = try fill("canvas.csv", "--column", "Puzzle 9", "--out", "filled.csv")
    #expect(
      refused.status == 2 && refused.standardError.contains("[would-overwrite]"),
      "\(refused)"
    )
    #expect(throws: (any Error).self) { try group.read("filled.csv") }
    let done = try fill("canvas.csv", "--column", "Puzzle 9", "--out", "filled.csv", "--overwrite")
    #expect(done.status == 0)
    // What already says 3.00 is left as it is written.
    #expect(try group.text("filled.csv") == canvas { $0 == "bo" ? "3.00" : points($0) })
  }

  @Test func `a Moodle file keeps its mark, its quotes and its line ends`() throws {
    func moodle(_ cell: (String) -> String) -> Data {
      let rows = everyone.map { name in
        "\"Participant 7\",\"Doe\",\(Self.quoted(name)),\"Submitted for grading - \",\(cell(name)),"
          + "\"17.00\",\"Yes\",\"Monday, 1 December 2026, 10:00 AM\",\"<p>It says, \"\"so\"\"</p>\"\n"
      }
      return Data([0xEF, 0xBB, 0xBF])
        + Data(
          ("Identifier,\"Full name\",\"Email address\",Status,Grade,\"Maximum Grade\","
            + "\"Grade can be changed\",\"Last modified (submission)\",\"Feedback comments\"\n"
            + rows.joined()).utf8
        )
    }
    try group.write(moodle { _ in "\"\"" }, to: "moodle.csv")
    let done = try fill("moodle.csv", "--column", "Grade", "--out", "filled.csv")
    #expect(done.status == 0, "\(done.standardError)")
    #expect(try group.read("filled.csv") == moodle { points($0).isEmpty ? "\"\"" : points($0) })
  }

  @Test func `a Brightspace file and one with semicolons are filled`() throws {
    func brightspace(_ cell: (String) -> String) -> String {
      "Username;Puzzle 9 Points Grade <Numeric MaxPoints:17>;End-of-Line Indicator\r\n"
        + everyone.map { "#\(Self.quoted($0).replacing(";", with: ""));\(cell($0));#\r\n" }.joined()
    }
    // A quote within a field that does not begin with one stands for itself.
    let rows = brightspace { _ in "" }.replacing("#\"O'Brien, Pat\"", with: "\"#O'Brien, Pat\"")
      .replacing("#\"\"\"quoted\"\"\"", with: "\"#\"\"quoted\"\"\"")
    let filled = brightspace { points($0) }
      .replacing("#\"O'Brien, Pat\"", with: "\"#O'Brien, Pat\"")
      .replacing("#\"\"\"quoted\"\"\"", with: "\"#\"\"quoted\"\"\"")
    try group.write(rows, to: "brightspace.csv")
    let done = try fill("brightspace.csv", "--column", "Puzzle 9", "--out", "filled.csv")
    #expect(done.status == 0, "\(done.standardError)")
    #expect(done.standardOutput.contains("Brightspace file"))
    #expect(try group.text("filled.csv") == filled)
  }

  @Test func `ids without a partner, or twice, are listed, and nothing is written`() throws {
    try group.write(
      "learner,points\nAda,\nbo,\nbo,\nghost,\n",
      to: "sheet.csv"
    )
    let refused = try fill("sheet.csv", "--column", "points", "--out", "filled.csv")
    #expect(refused.status == 2)
    for line in [
      "'bo' stands in rows 3 and 4", "'ada' is in the gradebook and not in the file; 'Ada' differs",
      "'ghost' in row 5 is not in the gradebook", "'李雷' is in the gradebook and not in the file",
    ] {
      #expect(refused.standardError.contains(line), "\(line) in \(refused.standardError)")
    }
    #expect(throws: (any Error).self) { try group.read("filled.csv") }
    // What has no partner may be passed over; what stands twice may not.
    let partial = try fill("sheet.csv", "--column", "points", "--out", "filled.csv", "--partial")
    #expect(partial.status == 2 && !partial.standardError.contains("ghost"), "\(partial)")
    try group.write("learner,points\nbo,\nghost,5\n", to: "few.csv")
    let some = try fill("few.csv", "--column", "points", "--out", "filled.csv", "--partial")
    #expect(some.status == 0, "\(some.standardError)")
    #expect(try group.text("filled.csv") == "learner,points\nbo,3\nghost,5\n")
  }

  @Test func `other ids come from a list of names`() throws {
    try group.write("learner,id\nada,a@x.org\nbo,b@x.org\n", to: "names.csv")
    try group.write("Email address,Grade\nb@x.org,\na@x.org,\n", to: "sheet.csv")
    let done = try fill(
      "sheet.csv",
      "--column",
      "Grade",
      "--names",
      "names.csv",
      "--out",
      "filled.csv",
      "--partial"
    )
    #expect(done.status == 0, "\(done.standardError)")
    #expect(try group.text("filled.csv") == "Email address,Grade\nb@x.org,3\na@x.org,7\n")
  }

  @Test func `a list of names that contradicts itself is refused`() throws {
    try group.write("learner,id\nada,9\nada,1\n", to: "names.csv")
    try group.write("id,points\n9,\n1,\n,\n", to: "sheet.csv")
    let arguments = [
      "gradebook", "fill", "sheet.csv", "--column", "points", "--id", "id", "--names", "names.csv",
      "--partial", "--out", "filled.csv",
    ]
    let refused = try group.book.run(arguments)
    #expect(refused.status == 2 && refused.standardError.contains("two ids: '9' and '1'"))
    // Nobody's id is empty, so the row without one is nobody's.
    try group.write("learner,id\nada,9\nbo,\n", to: "names.csv")
    let done = try group.book.run(arguments)
    #expect(done.status == 0, "\(done)")
    #expect(try group.text("filled.csv") == "id,points\n9,7\n1,\n,\n")
  }

  @Test func `a file that is none, or lacks the column, is refused`() throws {
    try group.write("learner,points\nbo,\n", to: "sheet.csv")
    let column = try fill("sheet.csv", "--column", "pionts")
    #expect(column.standardError.contains("did you mean 'points'?"), "\(column)")
    try group.write(Data([0xFF, 0xFE, 0x41, 0x00]), to: "utf16.csv")
    #expect(try fill("utf16.csv", "--column", "points").standardError.contains("UTF-16"))
    try group.write(Data([0x61, 0x2C, 0x62, 0x0A, 0xE9]), to: "latin.csv")
    #expect(try fill("latin.csv", "--column", "points").standardError.contains("UTF-8"))
    try group.write("a,\"b\nc", to: "open.csv")
    #expect(try fill("open.csv", "--column", "a").standardError.contains("[bad-csv]"))
  }
}
