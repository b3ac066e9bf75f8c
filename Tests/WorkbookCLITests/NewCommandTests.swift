import Foundation
import Testing

/// New puzzles from templates, made by the built program.
@Suite struct NewCommandTests {
  private static let templates = ["number", "metric", "clusters"]

  /// Returns the names of everything in a folder of the workbook, hidden or not.
  private func names(_ folder: String, in book: TemporaryWorkbook) throws -> [String] {
    try FileManager.default
      .contentsOfDirectory(atPath: book.root.appendingPathComponent(folder).path).sorted()
  }

  private func files(of id: String, in book: TemporaryWorkbook) throws -> [URL] {
    try ["puzzles", "solutions"].flatMap { part in
      let folder = book.root.appendingPathComponent("\(part)/\(id)")
      return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        .map { folder.appendingPathComponent($0) }
    }
  }

  private func diagnostics(_ id: String, in book: TemporaryWorkbook) throws -> [[String: Any]] {
    let report = try #require(try book.json("lint", id) as? [String: Any])
    return try #require(report["diagnostics"] as? [[String: Any]])
  }

  @Test(arguments: templates)
  func `a fresh puzzle lacks nothing but what is to be written`(template: String) throws {
    let book = try TemporaryWorkbook(only: TemporaryWorkbook.puzzle)
    let made = try book.run("new", "fresh-idea", "--template", template)
    #expect(made.status == 0, "\(made.standardError)")
    let files = try files(of: "fresh-idea", in: book)
    for file in files {
      #expect(made.standardOutput.contains("fresh-idea/\(file.lastPathComponent)"))
    }
    #expect(files.count == (template == "metric" ? 6 : 5))
    for command in ["lint", "start", "solution encode"] {
      #expect(made.standardOutput.contains("workbook \(command) fresh-idea"))
    }
    let rules = try diagnostics("fresh-idea", in: book).map { $0["rule"] as? String }
    #expect(Set(rules) == ["unfinished", "plain-key"], "\(rules)")

    var marked = 0
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      if text.contains("TODO") { marked += 1 }
      try Data(text.replacing("TODO: ", with: "").utf8).write(to: file)
    }
    // What is right needs no filling in; everything that is read does.
    #expect(marked == 4)
    #expect(try book.run("solution", "encode", "fresh-idea").status == 0)
    let left = try diagnostics("fresh-idea", in: book)
    #expect(left.isEmpty, "\(left)")
    let started = try book.run("start", "fresh-idea")
    #expect(started.status == 0, "\(started.standardError)")
    #expect(try book.run("check", "fresh-idea").status == 1)
  }

  @Test func `the title is what was given, whatever signs it holds`() throws {
    let book = try TemporaryWorkbook(only: TemporaryWorkbook.puzzle)
    let title = #"Not "so": long # \n, 'eh' {?}"#
    #expect(try book.run("new", "titled", "--title", title).status == 0)
    let listed = try #require(try book.json("list") as? [[String: Any]])
    #expect(listed.contains { $0["title"] as? String == title })
  }

  @Test func `an older name of the option for the template works as well`() throws {
    let book = try TemporaryWorkbook(only: TemporaryWorkbook.puzzle)
    #expect(try book.run("new", "other", "--from-template", "metric").status == 0)
    #expect(try names("puzzles/other", in: book).contains("lexicon.yaml"))
    #expect(try book.run("new", "more", "--template", "essay").status == 64)
  }

  @Test(arguments: [
    "Upper", "under_score", "-dash", "dash-", "two--dashes", "a b", "ümlaut", "..", "a/b", "../a",
    "", String(repeating: "a", count: 65),
  ])
  func `a name that cannot be an id is refused`(id: String) throws {
    let book = try TemporaryWorkbook(only: TemporaryWorkbook.puzzle)
    let refused = try book.run("new", "--", id)
    #expect(refused.status == 2)
    #expect(refused.standardError.contains("error: [bad-name] "), "\(refused.standardError)")
    #expect(try names("puzzles", in: book) == [TemporaryWorkbook.puzzle])
    #expect(try names("solutions", in: book) == [TemporaryWorkbook.puzzle])
  }

  @Test func `a name that is taken is refused, and nothing changes`() throws {
    let book = try TemporaryWorkbook(only: TemporaryWorkbook.puzzle)
    let orphan = book.root.appendingPathComponent("solutions/orphan")
    try FileManager.default.createDirectory(at: orphan, withIntermediateDirectories: true)
    let link = book.root.appendingPathComponent("puzzles/linked")
    try FileManager.default.createSymbolicLink(
      at: link,
      withDestinationURL: URL(fileURLWithPath: "/nowhere")
    )
    for id in [TemporaryWorkbook.puzzle, "puzzle1", "puzzle1-suspicious", "orphan", "linked"] {
      let refused = try book.run("new", id)
      #expect(refused.status == 2, "\(id)")
      #expect(refused.standardError.contains("error: [id-taken] "), "\(refused.standardError)")
    }
    #expect(try names("puzzles", in: book) == ["linked", TemporaryWorkbook.puzzle])
    #expect(try names("solutions", in: book) == ["orphan", TemporaryWorkbook.puzzle])
    #expect(try names("solutions/orphan", in: book).isEmpty)
  }

  @Test func `a name that makes a short one ambiguous is warned of`() throws {
    let book = try TemporaryWorkbook(only: TemporaryWorkbook.puzzle)
    let made = try book.run("new", "puzzle1-other")
    #expect(made.status == 0)
    #expect(
      made.standardError.contains("warning: [short-name] 'puzzle1' "),
      "\(made.standardError)"
    )
    #expect(try book.run("new", "puzzle1-third").standardError.isEmpty)
  }

  @Test(arguments: ["", "  ", "two\nlines", "bell\u{7}", String(repeating: "x", count: 201)])
  func `a text that is no title is refused`(title: String) throws {
    let book = try TemporaryWorkbook(only: TemporaryWorkbook.puzzle)
    let refused = try book.run("new", "titled", "--title", title)
    #expect(refused.status == 2)
    #expect(refused.standardError.contains("error: [bad-title] "))
    #expect(try names("puzzles", in: book) == [TemporaryWorkbook.puzzle])
  }

  @Test(arguments: ["puzzles", "solutions", "."])
  func `a workbook that cannot be written is left as it is`(closed: String) throws {
    let book = try TemporaryWorkbook(only: TemporaryWorkbook.puzzle)
    if closed == "." {
      try FileManager.default.removeItem(at: book.root.appendingPathComponent("solutions"))
    }
    for folder in ["", "puzzles", "solutions"] {
      try? FileManager.default.setAttributes(
        [.posixPermissions: folder == closed || folder.isEmpty ? 0o555 : 0o777],
        ofItemAtPath: book.root.appendingPathComponent(folder).path
      )
    }
    let (process, _, error) = try book.process(["new", "fresh"])
    if geteuid() == 0 {
      // To root no folder is closed.
      process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
      process.arguments =
        ["--reuid=65534", "--regid=65534", "--clear-groups", TemporaryWorkbook.program.path]
        + ["new", "fresh"]
    }
    try process.run()
    process.waitUntilExit()
    let said = String(decoding: try Data(contentsOf: error), as: UTF8.self)
    #expect(process.terminationStatus == 2, "\(said)")
    #expect(said.contains("error: [cannot-write] cannot be written: permission denied"), "\(said)")
    #expect(try names("puzzles", in: book) == [TemporaryWorkbook.puzzle])
    if closed != "." { #expect(try names("solutions", in: book) == [TemporaryWorkbook.puzzle]) }
  }

  @Test func `kills leave a whole puzzle or none, and no leftovers after the next`() throws {
    let book = try TemporaryWorkbook(only: TemporaryWorkbook.puzzle)
    let clock = ContinuousClock()
    let whole = try clock.measure { _ = try book.run("new", "measured") }
    let seconds =
      Double(whole.components.seconds) + Double(whole.components.attoseconds) / 1e18
    for round in 0..<40 {
      let id = "round\(round)"
      let (process, _, _) = try book.process(["new", id])
      try process.run()
      Thread.sleep(forTimeInterval: Double.random(in: 0...seconds))
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      if try names("puzzles", in: book).contains(id) {
        #expect(try files(of: id, in: book).count == 5)
      } else if try !names("solutions", in: book).contains(id) {
        // Not half-made, so the same name can be used at once, and what was left is cleared away.
        #expect(try book.run("new", id).status == 0)
        let left = try names("puzzles", in: book) + names("solutions", in: book)
        #expect(!left.contains { $0.hasPrefix(".\(id).") }, "\(left)")
      }
    }
  }
}
