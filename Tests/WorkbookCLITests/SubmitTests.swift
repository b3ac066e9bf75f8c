import Foundation
import Testing

/// Bundles from the learner's side to the gradebook, with the policy that goes by what they hold.
@Suite struct SubmitTests {
  private static let puzzle = TemporaryClass.puzzle
  private let group: TemporaryClass

  init() throws {
    group = try TemporaryClass()
  }

  private func answer(_ lines: String...) throws {
    try group.write(TemporaryClass.answers(lines), to: "submissions/\(Self.puzzle).yaml")
  }

  /// Does the puzzle as a learner would, and leaves a bundle in the class's folder.
  private func workThrough(name: String) throws {
    let book = group.book
    #expect(try book.run("start", "puzzle9", "--predict", "guess=0.2").status == 0)
    try answer("guess: 0.2", "split: [queries, keys]")
    #expect(try book.run("check", "puzzle9").status == 1)
    #expect(try book.run("hint", "puzzle9").status == 0)
    #expect(try book.run("hint", "puzzle9").status == 0)
    try answer("guess: 0.2", "layers: [last-cross, final]", "split: [queries, keys]")
    #expect(try book.run("check", "puzzle9").status == 1)
    #expect(try book.run("answer", "puzzle9").status == 0)
    try answer("guess: 0.2", "layers: [final]")
    let output = try book.run("submit", "--name", name, "--out", "class/\(name).workbook.json")
    #expect(output.status == 0, "\(output.standardError)")
    #expect(output.standardOutput.contains("2 checks, 2 hints, the answer was shown"))
  }

  private func grade(
    _ policy: String? = nil,
    _ more: String...
  ) throws -> TemporaryWorkbook.Output {
    var arguments = ["grade", "class"] + more
    if let policy {
      try group.write(policy, to: "policy.yaml")
      arguments += ["--policy", "policy.yaml"]
    }
    return try group.book.run(arguments)
  }

  @Test func `a bundle is graded as handed in, or by its best attempt, with what it cost`() throws {
    try workThrough(name: "ada")
    #expect(try grade().status == 0)
    // The prediction came first; one of two options is right, which with none wrong is a share.
    let last = try #require(try group.lines().first)
    #expect(last["outcome"] as? String == "graded")
    let best = try grade("attempts: { count: best }\n")
    #expect(best.status == 1 && best.standardOutput.contains("→ 7 points"), "\(best)")
    #expect(best.standardOutput.contains("The policy is not in force yet"))
    #expect(try group.lines().first?["points"] as? Double == last["points"] as? Double)
    #expect(try grade("attempts: { count: best }\n", "--apply").status == 0)
    #expect(try group.lines().first?["points"] as? Double == 7)
    let first = try grade("attempts: { count: best, most: 1 }\n", "--apply")
    #expect(first.standardOutput.contains("7 → 4 points"), "\(first)")
    let cost = try grade(
      "attempts: { count: best }\nhints: { each: 0.3, free: 1 }\nreveal: 50%\n",
      "--apply"
    )
    #expect(cost.status == 0, "\(cost)")
    // 7 points, less 0.3 for the second hint, less half of 17: nothing is left.
    #expect(try group.lines().first?["points"] as? Double == 0)
    let shown = try group.book.run("gradebook", "show", "ada")
    #expect(shown.standardOutput.contains("−0.3 points: 1 hint beyond the first 1 (0.3 points)"))
    #expect(shown.standardOutput.contains("−6.7 points: the answer was shown (50%)"))
    #expect(shown.standardOutput.contains("attempt 2 counts"))
    let verified = try group.book.run("gradebook", "verify", "class")
    #expect(verified.status == 0, "\(verified)")
    let history = try group.book.run("gradebook", "history", "ada")
    #expect(history.standardOutput.contains("7 points, graded"))
  }

  @Test func `a due date that moves takes the penalty with it`() throws {
    try workThrough(name: "ada")
    try group.hand(in: TemporaryClass.good, by: "bo")
    let times = "learner,time\nada,2026-12-01T13:00:00Z\n"
    try group.write(times, to: "times.csv")
    let policy = "due: 2026-12-01 12:00 UTC\nlate: [{ off: 10% }]\nattempts: { count: best }\n"
    let late = try grade(policy, "--times", "times.csv")
    #expect(late.status == 0 && late.standardOutput.contains("1 late"), "\(late)")
    #expect(late.standardError.contains("[no-times]"))
    #expect(try group.lines().map { $0["points"] as? Double } == [6.3, 7])
    #expect(try group.lines().map { $0["late"] as? Bool } == [true, false])
    #expect(
      try group.book.run("gradebook", "show", "ada").standardOutput
        .contains("−0.7 points: handed in 1 h late (10%)")
    )
    // Without the file of times again: what it said is remembered.
    let moved = try grade(policy.replacing("2026-12-01", with: "2026-12-02"))
    #expect(moved.status == 1 && moved.standardOutput.contains("6.3 → 7 points (+0.7)"), "\(moved)")
    #expect(try grade(nil, "--apply").standardOutput.contains("1 late"))
    #expect(
      try grade(policy.replacing("2026-12-01", with: "2026-12-02"), "--apply").status == 0
    )
    #expect(try group.lines().map { $0["late"] as? Bool } == [false, false])
    #expect(try group.book.run("gradebook", "verify", "class").status == 0)
  }

  @Test func `a corrected time is kept though no points change, and a later policy goes by it`()
    throws
  {
    try group.hand(in: TemporaryClass.good, by: "ada")
    let row = "learner,time\nada,2026-"
    try group.write(row + "11-20 00:00 UTC\n", to: "times.csv")
    #expect(try grade("due: 2026-12-05 00:00 UTC\n", "--times", "times.csv").status == 0)
    try group.write(row + "12-02 00:00 UTC\n", to: "times.csv")
    let waiting = try grade(nil, "--times", "times.csv")
    #expect(
      waiting.status == 1 && waiting.standardOutput.contains("take another time"),
      "\(waiting)"
    )
    #expect(try grade(nil, "--times", "times.csv", "--apply").status == 0)
    let strict = "due: 2026-12-01 00:00 UTC\nlate: [{ off: 50% }]\n"
    #expect(try grade(strict, "--apply").status == 0)
    #expect(try group.lines().first?["points"] as? Double == 3.5)
    try group.write(row + "12-02 00:00 UTC\nada,2026-11-01 00:00 UTC\n", to: "times.csv")
    let twice = try grade(nil, "--times", "times.csv")
    #expect(twice.status == 2 && twice.standardError.contains("another time for 'ada'"), "\(twice)")
    try group.write("learner,time\nnobody,2026-11-01 00:00 UTC\n", to: "times.csv")
    #expect(
      try grade(nil, "--times", "times.csv").standardError.contains("'nobody', who is not in")
    )
  }

  @Test func `of points set by hand in two gradebooks the latest holds, whichever is merged`()
    throws
  {
    try group.hand(in: TemporaryClass.good, by: "ada")
    let book = group.book
    for name in ["one", "two"] {
      #expect(try book.run("grade", "class", "--out", "\(name).sqlite").status == 0)
    }
    for (name, points) in [("one", "1"), ("two", "2")] {
      let set = try book.run(
        "gradebook",
        "override",
        "ada",
        "puzzle9",
        points,
        "--reason",
        "x",
        "--gradebook",
        "\(name).sqlite"
      )
      #expect(set.status == 0)
      usleep(20_000)
    }
    let merged = try book.run("gradebook", "merge", "one.sqlite", "--gradebook", "two.sqlite")
    #expect(merged.standardOutput.contains("and 1 marks or points"), "\(merged)")
    #expect(
      try book.run("gradebook", "merge", "two.sqlite", "--gradebook", "one.sqlite").status == 0
    )
    for name in ["one", "two"] {
      #expect(try group.lines("\(name).sqlite").first?["override"] as? Double == 2)
    }
  }

  @Test func `by the learner's own clock, the feedback says so`() throws {
    try workThrough(name: "ada")
    let late = try grade("due: 2020-01-01 12:00 UTC\nlate: [{ off: 10% }]\n")
    #expect(late.standardOutput.contains("1 late"))
    let shown = try group.book.run("gradebook", "show", "ada")
    #expect(shown.standardOutput.contains("late by the learner's own clock"), "\(shown)")
  }

  @Test func `a policy for a puzzle there is not is refused`() throws {
    try group.hand(in: TemporaryClass.good, by: "bo")
    let output = try grade("puzzles: { puzzle99: 2026-12-01 12:00 UTC }\n")
    #expect(output.status == 2, "\(output)")
    let short = try grade("puzzles: { puzzle9: 2026-12-01 12:00 UTC }\n")
    #expect(short.status == 2 && short.standardError.contains("expected a full id"), "\(short)")
  }

  @Test func `bundles that are none end as unreadable, and two are not guessed at`() throws {
    try workThrough(name: "ada")
    let bundle = try group.text("class/ada.workbook.json")
    let id = "\"puzzle\" : \"\(Self.puzzle)\""
    let files: [String: Data] = [
      "empty": Data(), "list": Data("[]".utf8),
      "deep": Data(String(repeating: "[", count: 200_000).utf8),
      "large": Data(repeating: UInt8(ascii: " "), count: 5 << 20),
      "future": Data(bundle.replacing("\"bundle\" : 1", with: "\"bundle\" : 2").utf8),
      "binary": Data([0xFF, 0x00, 0x7B]),
      "typed": Data(bundle.replacing("\"hints\" : [", with: "\"hints\" : 7, \"x\" : [").utf8),
    ]
    for (name, data) in files { try group.write(data, to: "class/\(name).workbook.json") }
    try group.write(bundle, to: "class/both/one.workbook.json")
    try group.hand(in: TemporaryClass.good, by: "both")
    try group.write(bundle, to: "class/twice/one.workbook.json")
    try group.write(bundle, to: "class/twice/two.workbook.json")
    try group.write(bundle, to: "class/folder/any name.workbook.json")
    try group.write(
      bundle.replacing(id, with: "\"puzzle\" : \"puzzle1-other\""),
      to: "class/other.workbook.json"
    )
    symlink("/etc/passwd", group.folder.appendingPathComponent("link.workbook.json").path)
    let output = try grade()
    #expect(output.status == 0, "\(output.standardError)")
    var outcomes: [String: String] = [:]
    for line in try group.lines() {
      outcomes[line["learner"] as? String ?? "?"] = line["outcome"] as? String
    }
    var expected = files.mapValues { _ in "unreadable" }
    for name in ["both", "twice", "link"] { expected[name] = "unreadable" }
    for name in ["ada", "folder"] { expected[name] = "graded" }
    expected["other"] = "missing"
    #expect(outcomes == expected)
  }

  @Test func `submit says what it cannot do, and replaces nothing but bundles`() throws {
    let none = try group.book.run("submit")
    #expect(none.status == 2 && none.standardError.contains("[nothing-to-submit]"), "\(none)")
    try answer("split: [queries")
    try group.write("my notes", to: "notes.txt")
    let refused = try group.book.run("submit", "--out", "notes.txt")
    #expect(refused.status == 2 && refused.standardError.contains("[file-exists]"), "\(refused)")
    #expect(try group.text("notes.txt") == "my notes")
    let broken = try group.book.run("submit")
    #expect(broken.status == 0 && broken.standardError.contains("error"), "\(broken)")
    try answer("split: [queries, keys]")
    let mended = try group.book.run("submit")
    #expect(mended.status == 0 && mended.standardError.isEmpty, "\(mended)")
    #expect(try group.text("submission.workbook.json").contains("[queries, keys]"))
  }
}
