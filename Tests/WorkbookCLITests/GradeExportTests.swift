import Foundation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// What a gradebook is handed on as: for people, for other programs, for Gradescope.
@Suite struct GradeExportTests {
  private let group: TemporaryClass

  init() throws {
    group = try TemporaryClass()
    for name in TemporaryClass.names { try group.hand(in: TemporaryClass.good, by: name) }
    try group.hand(
      in: TemporaryClass.answers([
        "layers: [final]", "first: soon",
        "why: \"<b>ranks</b> & 'signs' \u{202E}ydal \u{0600}<i>joined\u{0600}</i>\"",
      ]),
      by: "partly"
    )
    try group.hand(in: "puzzle: [\n", by: "unread")
    try group.write("learner\nabsent\n", to: "roster.csv")
    #expect(try group.book.run("grade", "class", "--roster", "roster.csv").status == 0)
  }

  /// Collects the names and counts of a test report.
  private final class ReportReader: NSObject, XMLParserDelegate {
    var suites: [String] = []
    var counts: [String: Int] = [:]
    var declared: [String: Int] = [:]

    func parser(
      _ parser: XMLParser,
      didStartElement name: String,
      namespaceURI: String?,
      qualifiedName: String?,
      attributes: [String: String]
    ) {
      counts[name, default: 0] += 1
      guard name == "testsuite" else { return }
      suites.append(attributes["name"] ?? "")
      for key in ["tests", "failures", "errors", "skipped"] {
        declared[key, default: 0] += Int(attributes[key] ?? "") ?? 0
      }
    }
  }

  @Test func `the JUnit report parses, counts what it holds, and keeps every name`() throws {
    let output = try group.book.run("gradebook", "export", "--format", "junit")
    #expect(output.status == 0, "\(output.standardError)")
    let reader = ReportReader()
    let parser = XMLParser(data: Data(output.standardOutput.utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(Set(reader.suites) == Set(TemporaryClass.names + ["partly", "unread", "absent"]))
    #expect(reader.declared["tests"] == reader.counts["testcase"])
    #expect(reader.declared["failures"] == reader.counts["failure"])
    #expect(reader.declared["errors"] == reader.counts["error"])
    #expect(reader.declared["skipped"] == reader.counts["skipped"])
    #expect(reader.counts["error"] == 2)
  }

  @Test func `a learner's results for Gradescope add up, and what nobody reviewed says so`() throws
  {
    let output = try group.book.run(
      "gradebook",
      "export",
      "--format",
      "gradescope",
      "--learner",
      "partly"
    )
    #expect(output.standardError.contains("[not-reviewed]"))
    let results = try #require(
      try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any]
    )
    let tests = try #require(results["tests"] as? [[String: Any]])
    let sum = tests.compactMap { $0["score"] as? Double }.reduce(0, +)
    #expect(results["score"] as? Double == (sum * 1_000).rounded() / 1_000)
    #expect(tests.count == 8)
    #expect(tests.allSatisfy { ["passed", "failed"].contains($0["status"] as? String ?? "") })
    #expect(tests.contains { ($0["output"] as? String)?.contains("suggestion") == true })
    let unknown = try group.book.run(
      "gradebook",
      "export",
      "--format",
      "gradescope",
      "--learner",
      "Ada"
    )
    #expect(unknown.status == 2 && unknown.standardError.contains("did you mean 'ada'?"))
    let unread = try group.book.run(
      "gradebook",
      "export",
      "--format",
      "gradescope",
      "--learner",
      "unread"
    )
    #expect(unread.standardOutput.contains("\"score\" : 0"))
    #expect(unread.standardOutput.contains("yaml"), "\(unread)")
  }

  @Test(arguments: ["html", "markdown"])
  func `every learner gets a page that holds no stranger's marks`(_ format: String) throws {
    let output = try group.book.run(
      "gradebook",
      "feedback",
      "--out",
      "pages",
      "--format",
      format
    )
    #expect(output.status == 0, "\(output.standardError)")
    let suffix = format == "html" ? ".html" : ".md"
    let names = try FileManager.default.contentsOfDirectory(
      atPath: group.book.root.appendingPathComponent("pages").path
    )
    let expected = TemporaryClass.names + ["partly", "unread", "absent"]
    #expect(Set(names) == Set(expected.map { $0 + suffix } + ["plots"]))
    let page = try group.text("pages/partly\(suffix)")
    for mark in ["<b>ranks", "\u{0600}<i>"] {
      #expect(page.unicodeScalars.firstRange(of: mark.unicodeScalars) == nil)
    }
    #expect(page.contains("plots/\(TemporaryClass.puzzle)-1.svg"))
    #expect(page.contains("confirmed"))
    let plot = try group.text("pages/plots/\(TemporaryClass.puzzle)-1.svg")
    #expect(XMLParser(data: Data(plot.utf8)).parse())
    #expect(try group.text("pages/absent\(suffix)").contains("missing"))
    let taken = try group.book.run("gradebook", "feedback", "--out", "pages")
    #expect(taken.status == 2 && taken.standardError.contains("[folder-exists]"), "\(taken)")
  }

  @Test func `a page may hold its plots`() throws {
    let output = try group.book.run("gradebook", "feedback", "ada", "--out", "one", "--inline")
    #expect(output.status == 0 && output.standardOutput.contains("1 page in one"), "\(output)")
    let page = try group.text("one/ada.html")
    #expect(page.contains("<svg") && !page.contains("<img"))
  }

  @Test func `statistics name the questions, and matching texts come with a caution`() throws {
    let copied =
      "why: Layer norm gains pick out channels, so ranks of gains and spreads say which channels "
      + "positions use in the queries of layer zero"
    for name in ["copy one", "copy two"] {
      try group.hand(in: TemporaryClass.answers([copied, "layers: [final]"]), by: name)
    }
    try group.hand(
      in: TemporaryClass.answers([
        copied.replacing("pick out channels", with: "single out some channels")
      ]),
      by: "copy three"
    )
    #expect(try group.book.run("grade", "class").status == 0)
    let stats = try #require(try group.book.json("gradebook", "stats") as? [String: Any])
    let questions = try #require(stats["questions"] as? [[String: Any]])
    let layers = try #require(questions.first { $0["question"] as? String == "layers" })
    #expect(layers["answered"] as? Int == 13)
    let wrong = try #require(layers["wrong"] as? [String: Any])
    #expect(wrong["answer"] as? String == "final" && wrong["count"] as? Int == 3)
    // 10 of 14 have all 3 points, three a share of them, and one nothing.
    let difficulty = try #require(layers["difficulty"] as? Double)
    #expect(abs(difficulty - (10 + 3 * 0.6) / 14) < 1e-9, "\(difficulty)")
    let similar = try #require(
      try group.book.json("gradebook", "stats", "--similar") as? [String: Any]
    )
    let matches = try #require(similar["matches"] as? [[String: Any]])
    #expect(matches.first?["learners"] as? [String] == ["copy one", "copy two"])
    #expect(matches.count == 2)
    #expect((similar["caution"] as? String)?.contains("no proof") == true)
  }

  @Test func `two gradebooks are compared`() throws {
    try FileManager.default.copyItem(
      at: group.book.root.appendingPathComponent("gradebook.sqlite"),
      to: group.book.root.appendingPathComponent("before.sqlite")
    )
    let same = try group.book.run("gradebook", "diff", "before.sqlite", "gradebook.sqlite")
    #expect(same.status == 0 && same.standardOutput.contains("13 are the same"), "\(same)")
    _ = try group.book.run("gradebook", "override", "ada", "puzzle9", "6.5", "--reason", "x")
    let output = try group.book.run("gradebook", "diff", "before.sqlite", "gradebook.sqlite")
    #expect(output.status == 1)
    #expect(output.standardOutput.contains("graded, 7 points → 6.5 points by hand (-0.5)"))
  }
}
