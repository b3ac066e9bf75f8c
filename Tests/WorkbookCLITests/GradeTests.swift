import Foundation
import Testing

/// A class graded by the program, with every kind of file that a folder of submissions may hold.
@Suite struct GradeTests {
  private static let puzzle = TemporaryClass.puzzle
  private static let learners = TemporaryClass.names

  private static let good = TemporaryClass.good

  private let group: TemporaryClass

  init() throws {
    group = try TemporaryClass()
  }

  private var book: TemporaryWorkbook { group.book }

  private var folder: URL { group.folder }

  private static func answers(_ lines: String..., model: String? = "whisper-tiny.en") -> String {
    TemporaryClass.answers(lines, model: model)
  }

  /// Hands in good, partial and hostile files; returns how each learner's must end.
  private func fillClass() throws -> [String: String] {
    var ends: [String: String] = [:]
    for (index, learner) in Self.learners.enumerated() {
      let text =
        index.isMultiple(of: 3) ? Self.good : Self.answers("layers: [final]", "first: soon")
      try group.hand(in: text, by: learner, asFile: index.isMultiple(of: 2))
      ends[learner] = "graded"
    }
    let hostile: [String: Data] = [
      "not yaml": Data("puzzle: [\n".utf8),
      "other puzzle": Data(Self.good.replacing(Self.puzzle, with: "puzzle1-other").utf8),
      "large": Data(repeating: UInt8(ascii: "x"), count: 10 << 20),
      "deep": Data((Self.answers() + String(repeating: "[", count: 100_000)).utf8),
      "bomb": Data("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n".utf8),
      "latin": Data([0x70, 0xE9, 0x0A]),
      "control": Data("puzzle: \u{1}\n".utf8),
      "elsewhere": Data(Self.answers("layers: [final]", model: "/etc/passwd").utf8),
      "empty": Data(),
    ]
    for (learner, data) in hostile {
      try group.hand(in: data, by: learner)
      ends[learner] = "unreadable"
    }
    for learner in ["link", "pipe", "folder"] {
      let own = folder.appendingPathComponent(learner)
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      let path = own.appendingPathComponent("\(Self.puzzle).yaml").path
      switch learner {
      case "link": symlink("/etc/passwd", path)
      case "pipe": mkfifo(path, 0o644)
      default:
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
      ends[learner] = "unreadable"
    }
    symlink(folder.path, folder.appendingPathComponent("linked").path)
    ends["linked"] = "unreadable"
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("absent"),
      withIntermediateDirectories: true
    )
    ends["absent"] = "missing"
    return ends
  }

  @Test func `every submission ends as one thing, by one job as by four`() throws {
    let ends = try fillClass()
    let one = try book.run("grade", "class", "--jobs", "1", "--out", "one.sqlite")
    let four = try book.run("grade", "class", "--jobs", "4", "--out", "four.sqlite")
    #expect(one.status == 0, "\(one.standardError)")
    #expect(try group.digest(one) == group.digest(four))
    let found = try group.lines("one.sqlite")
    var outcomes: [String: String] = [:]
    for line in found {
      let learner = try #require(line["learner"] as? String)
      outcomes[learner] = line["outcome"] as? String
      #expect((line["points"] is NSNull) == (line["outcome"] as? String != "graded"), "\(line)")
    }
    #expect(outcomes == ends)
    // 1 for the prediction, and 3 each for two choices; two of five decisions right earn a share.
    let ada = try #require(found.first { $0["learner"] as? String == "ada" })
    #expect(ada["points"] as? Double == 7)
    let again = try book.run("grade", "class", "--jobs", "3", "--out", "one.sqlite")
    #expect(again.standardOutput.contains("0 written in this run"))
    #expect(try group.digest(again) == group.digest(one))
    let verified = try book.run("gradebook", "verify", "class", "--gradebook", "one.sqlite")
    #expect(verified.status == 0, "\(verified)")
    #expect(verified.standardOutput.contains("\(ends.count) of \(ends.count) grades hold"))
  }

  @Test func `a run that is killed goes on where it stopped`() throws {
    for number in 0..<1_200 {
      try group.hand(
        in: number.isMultiple(of: 2) ? Self.good : "puzzle: x\n",
        by: "learner\(number)"
      )
    }
    let whole = try book.run("grade", "class", "--out", "whole.sqlite")
    for kill in 1...3 {
      let (process, _, _) = try book.process(["grade", "class", "--out", "killed.sqlite"])
      try process.run()
      usleep(UInt32(kill) * 400_000)
      endAbruptly(process.processIdentifier)
      process.waitUntilExit()
    }
    let rest = try book.run("grade", "class", "--out", "killed.sqlite")
    #expect(rest.status == 0, "\(rest.standardError)")
    #expect(try group.digest(rest) == group.digest(whole))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count == 1_200)
  }

  private func endAbruptly(_ process: Int32) { kill(process, SIGKILL) }

  @Test func `a grade changes only when that is asked for, and what was set by hand stays`() throws
  {
    try group.hand(in: Self.good, by: "ada")
    try group.hand(in: Self.answers("split: [queries, keys]"), by: "bo")
    #expect(try book.run("grade", "class").status == 0)
    let set = try book.run("gradebook", "override", "bo", "puzzle9", "5.125", "--reason", "ill")
    #expect(set.standardOutput.contains("graded, 3 points, set to 5.125 points"), "\(set)")
    // The key is changed: one option more is right.
    let key = book.root.appendingPathComponent("solutions/\(Self.puzzle)/key.yaml.rot13")
    #expect(try book.run("solution", "decode", "puzzle9").status == 0)
    let plain = book.root.appendingPathComponent("solutions/\(Self.puzzle)/key.yaml")
    let text = try String(contentsOf: plain, encoding: .utf8)
    let changed = text.replacing(#/values: "[^"]*"/#, with: "values: \"true\"")
    #expect(changed != text)
    try Data(changed.utf8).write(to: plain)
    #expect(!FileManager.default.fileExists(atPath: key.path))
    let pending = try book.run("grade", "class")
    #expect(pending.status == 1)
    #expect(pending.standardOutput.contains("2 grades of 2 learners would change"), "\(pending)")
    #expect(pending.standardOutput.contains("--apply"))
    #expect(try group.lines("gradebook.sqlite").map { $0["points"] as? Double } == [7, 3])
    let verified = try book.run("gradebook", "verify", "class")
    #expect(verified.status == 1)
    #expect(verified.standardOutput.contains("the key is another one now"))
    let applied = try book.run("grade", "class", "--apply")
    #expect(applied.status == 0, "\(applied)")
    let after = try group.lines("gradebook.sqlite")
    #expect(after.map { $0["points"] as? Double } == [5.5, 1.5])
    #expect(after.map { $0["override"] as? Double } == [nil, 5.125])
    let history = try book.run("gradebook", "history", "bo")
    #expect(history.standardOutput.contains("set to 5.125 points: ill"))
    #expect(history.standardOutput.contains("3 points, graded"))
    #expect(try book.run("gradebook", "show").standardOutput.contains("5.125*"))
  }

  @Test func `names survive the CSV, what is missing is blank, and no cell is a formula`() throws {
    _ = try fillClass()
    let roster = "name,learner\r\n\"Lovelace, A.\",ada\r\nNobody,\"never, seen\"\r\n"
    try Data(roster.utf8).write(to: book.root.appendingPathComponent("roster.csv"))
    #expect(try book.run("grade", "class", "--roster", "roster.csv").status == 0)
    let csv = try book.run("gradebook", "export").standardOutput
    let rows = csv.components(separatedBy: "\r\n")
    #expect(rows[0] == "learner,\(Self.puzzle),sum")
    for row in [
      "ada,7,7", "\"O'Brien, Pat\",", "'=SUM(A1:A9),", "\"\"\"quoted\"\"\",", "李雷,1.8,1.8",
      "مرحبا,",
      "duck 🦆,", "'-minus,", "a--b,", "'@home,7,7", "absent,,", "\"never, seen\",,", "pipe,,",
    ] {
      #expect(rows.contains { $0.hasPrefix(row) }, "\(row) in \(csv)")
    }
    let zero = try book.run("gradebook", "export", "--missing-as-zero").standardOutput
    #expect(zero.contains("absent,0,0\r\n") && zero.contains("pipe,,\r\n"))
  }

  @Test func `what is no gradebook is refused and left as it is`() throws {
    try group.hand(in: Self.good, by: "ada")
    let other = book.root.appendingPathComponent("notes.txt")
    try Data("my notes".utf8).write(to: other)
    let output = try book.run("grade", "class", "--out", "notes.txt")
    #expect(output.status == 2, "\(output)")
    #expect(output.standardError.contains("notes.txt"))
    #expect(try String(contentsOf: other, encoding: .utf8) == "my notes")
    let missing = try book.run("gradebook", "show", "--gradebook", "none.sqlite")
    #expect(missing.standardError.contains("[no-gradebook]"), "\(missing)")
    let nowhere = try book.run("grade", "nowhere")
    #expect(nowhere.status == 2 && nowhere.standardError.contains("[no-class]"))
  }
}
