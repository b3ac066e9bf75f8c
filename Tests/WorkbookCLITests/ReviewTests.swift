import Foundation
import Testing

/// Explanations that a person marks, from a pipe.
@Suite struct ReviewTests {
  private static let long =
    "The gains follow how busy a channel is, but queries and keys can still read positions well"
  private let group: TemporaryClass

  init() throws {
    group = try TemporaryClass()
    let texts = [
      "ada": Self.long, "bo": Self.long, "cy": Self.long + ".", "di": Self.long + " indeed",
      "ed": "No idea at all about this question, sorry", "flo": "Something else \u{1B}[2J entirely",
    ]
    for (name, text) in texts {
      try group.hand(
        in: TemporaryClass.answers(["split: [queries, keys]", "why: \(quoted(text))"]),
        by: name
      )
    }
    #expect(try group.book.run("grade", "class").status == 0)
  }

  private func quoted(_ text: String) -> String {
    "\"\(text.replacing("\u{1B}", with: "\\e"))\""
  }

  private func review(_ keys: String, _ arguments: String...) throws -> TemporaryWorkbook.Output {
    try group.book.run(["review"] + arguments, input: keys)
  }

  private func points() throws -> [String: Double] {
    var points: [String: Double] = [:]
    for line in try group.lines() {
      points[line["learner"] as? String ?? "?"] = line["points"] as? Double
    }
    return points
  }

  @Test func `the same words are marked once, blind, and the next sitting goes on`() throws {
    let list = try group.book.run("review", "--list")
    #expect(list.standardOutput.contains("3 groups of 6 answers"), "\(list)")
    let first = try review("c say which layer\np 2.5\nq\n")
    #expect(first.status == 0, "\(first.standardError)")
    #expect(first.standardOutput.contains("group 1 of 3"))
    #expect(first.standardOutput.contains("4 answers in all"), "\(first)")
    #expect(first.standardOutput.contains("2.5 of 3 points for 4"))
    for name in ["ada", "bo", "cy", "di", "ed", "flo"] {
      #expect(!first.standardOutput.contains(" \(name) "))
    }
    #expect(!first.standardOutput.contains("\u{1B}[2J"))
    var points = try points()
    #expect(["ada", "bo", "cy", "di"].allSatisfy { points[$0] == 5.5 }, "\(points)")
    let shown = try group.book.run("gradebook", "show", "ada").standardOutput
    #expect(shown.contains("say which layer") && !shown.contains("not reviewed yet"))
    let second = try review("p 9\nz\nf\n")
    #expect(second.standardOutput.contains("Points are a number from 0 to 3."))
    #expect(second.standardOutput.contains("group 2 of 2"))
    points = try self.points()
    #expect(Set([points["ed"], points["flo"]]) == [3, 6])
    #expect(try review("").standardOutput.contains("No explanation awaits a mark."))
    // A mark is given anew with --all, and no regrade loses it.
    _ = try review("p 1\nq\n", "--all")
    #expect(try self.points()["ada"] == 4)
    #expect(try group.book.run("grade", "class", "--apply").status == 0)
    #expect(try self.points()["ada"] == 4)
    #expect(try group.book.run("gradebook", "verify", "class").status == 0)
  }

  @Test func `wordings can be seen and taken one by one`() throws {
    let output = try review("v\nx\nb\nf\ns\n?\na\n")
    #expect(output.standardOutput.contains("indeed"))
    #expect(output.standardOutput.contains("group 1 of 5"), "\(output)")
    #expect(output.standardOutput.contains("a accept"))
    let points = try points()
    #expect(points["ada"] == 6 && points["bo"] == 6)
  }

  @Test func `a question there is not is named`() throws {
    let output = try group.book.run("review", "--question", "whi")
    #expect(output.status == 2 && output.standardError.contains("did you mean 'why'?"), "\(output)")
  }
}
