import Foundation
import Testing

/// The learner's whole path through puzzle 1, with the built program on the real weights.
@Suite struct LearnerPathTests {
  private static let solution = [
    "which: [shuffle-tokens]", "predicts: 0.9175", "opposed: [\" the\", \",\", \" a\"]",
    "metric: { similarity: cosine, zero-point: token-mean }", "moved: 0.958", "infer: nothing",
  ]

  private func solve(_ book: TemporaryWorkbook) throws {
    try book.write(
      (["puzzle: \(TemporaryWorkbook.puzzle)", "model: whisper-tiny.en", "answers:"]
        + Self.solution.map { "  \($0)" }).joined(separator: "\n")
    )
  }

  @Test func `a learner meets the puzzle, errs, learns why, and solves it`() throws {
    let book = try TemporaryWorkbook()
    #expect(try book.run().standardOutput.contains("Next: workbook start puzzle1"))

    let started = try book.run("start", "puzzle1", "--predict", "guess=0")
    #expect(started.status == 0, "\(started.standardError)")
    #expect(started.standardOutput.contains("Suspiciously similar embeddings"))
    #expect(started.standardOutput.contains("submissions/\(TemporaryWorkbook.puzzle).yaml"))
    #expect(started.standardOutput.contains("Next:"))
    // The plot is there, and nothing it says gives away the number that a question asks for.
    #expect(started.standardOutput.contains("12,497,500"))
    #expect(!started.standardOutput.contains("0.917"))

    let untouched = try book.run("check", "puzzle1")
    #expect(untouched.status == 1)
    #expect(untouched.standardOutput.contains("Recorded before you looked"))
    #expect(untouched.standardOutput.contains("Not answered yet."))

    try book.answer(
      "predicts: 0.8422",
      "which: [shuffle-channels]",
      "metric: \"pearson(a, b)\""
    )
    let wrong = try book.run("check", "puzzle1")
    #expect(wrong.status == 1)
    let words = wrong.standardOutput.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("That is the mean pairwise cosine itself."))
    #expect(words.contains("takes away what rows have in common"))
    #expect(words.contains("each vector's own average over its channels"))
    // What is expected is never shown.
    #expect(!wrong.standardOutput.contains("0.917"))

    for number in 1...6 {
      let hint = try book.run("hint", "puzzle1")
      #expect(hint.standardOutput.contains("Hint \(number) of 6"))
    }
    #expect(try book.run("hint", "puzzle1").standardOutput.contains("That was the last one"))

    try solve(book)
    let right = try book.run("check", "puzzle1")
    #expect(right.status == 0, "\(right.standardOutput)\(right.standardError)")
    #expect(right.standardOutput.contains("Solved"))
    #expect(right.standardOutput.contains("Make sure your zero point is meaningful"))

    let encoded = try book.run("answer", "puzzle1")
    #expect(encoded.standardOutput.contains("Bar ovt irpgbe va pbzzba"))
    let decoded = try book.run("answer", "puzzle1", "--decode")
    #expect(decoded.standardOutput.contains("0.842"))
    #expect(!decoded.standardOutput.contains("{{"))

    #expect(try book.run("list").standardOutput.contains("solved"))
    #expect(try book.run().standardOutput.contains("1 of 14 puzzles solved"))
  }

  @Test func `a prediction counts only before the first look`() throws {
    let book = try TemporaryWorkbook()
    try book.run("start", "puzzle1")
    try book.answer("guess: 0.84")
    #expect(try book.outcomes()["guess"] == "incorrect")
    let again = try book.run("start", "puzzle1", "--predict", "guess=0.84")
    #expect(again.status == 0)
    #expect(try book.outcomes()["guess"] == "incorrect")
  }

  @Test(arguments: [["answer", "puzzle1", "--yes"], ["hint", "puzzle1"], ["check", "puzzle1"]])
  func `what was seen before the start ends predicting`(command: [String]) throws {
    let book = try TemporaryWorkbook()
    try book.answer("predicts: 0.5")
    let (process, _, _) = try book.process(command)
    try process.run()
    process.waitUntilExit()
    let started = try book.run("start", "puzzle1", "--predict", "guess=0.842")
    #expect(started.status == 0)
    #expect(started.standardError.contains("[late-prediction]"))
    #expect(try book.outcomes()["guess"] == "unanswered")
  }

  @Test func `a metric can be tried, once the puzzle was started`() throws {
    let book = try TemporaryWorkbook()
    let early = try book.run("try", "puzzle1", "dot(a, b)")
    #expect(early.status == 2)
    #expect(early.standardError.contains("[start-first]"))
    try book.run("start", "puzzle1")
    let tried = try book.run("try", "puzzle1", "{ similarity: cosine, zero-point: token-mean }")
    #expect(tried.status == 0, "\(tried.standardError)")
    #expect(tried.standardOutput.contains("With cosine(a - mean(W_E), b - mean(W_E))"))
    #expect(tried.standardOutput.contains("rounding only"))
  }

  @Test func `starting again keeps the answers, and reset keeps a backup`() throws {
    let book = try TemporaryWorkbook()
    try book.run("start", "puzzle1")
    try book.answer("predicts: 0.5 # mine")
    let mine = try book.submission()
    let again = try book.run("start", "puzzle1")
    #expect(again.standardOutput.replacing("\n", with: " ").contains("were kept as they are"))
    #expect(try book.submission() == mine)

    let reset = try book.run("reset", "puzzle1")
    #expect(reset.status == 0)
    #expect(!FileManager.default.fileExists(atPath: book.submissionURL.path))
    let folder = book.submissionURL.deletingLastPathComponent()
    let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(kept.count == 1)
    let backup = try String(
      contentsOf: folder.appendingPathComponent(kept[0]),
      encoding: .utf8
    )
    #expect(backup == mine)
    #expect(reset.standardOutput.contains(kept[0]))
    #expect(try book.run("reset", "puzzle1").status == 2)
  }

  @Test func `hints do not change what is current`() throws {
    let book = try TemporaryWorkbook()
    #expect(try book.run("hint", "puzzle1").status == 0)
    let listed = try #require(try book.json("list") as? [[String: Any]])
    #expect(listed[0]["state"] as? String == "new")
  }

  @Test func `every command explains itself`() throws {
    let book = try TemporaryWorkbook()
    for command in [
      [], ["start"], ["list"], ["show"], ["check"], ["hint"], ["answer"], ["reset"], ["rot13"],
      ["doctor"], ["eval"], ["plot"], ["lint"], ["models"], ["models", "list"],
      ["models", "show"], ["models", "pull"], ["models", "import"], ["models", "verify"],
      ["models", "tokenize"], ["models", "pack"], ["models", "remove"], ["solution"],
      ["solution", "show"],
      ["solution", "edit"], ["solution", "encode"], ["solution", "decode"], ["new"], ["release"],
      ["watch"],
    ] {
      let (process, output, _) = try book.process(command + ["--help"])
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(command)")
      let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
      #expect(text.contains("OVERVIEW: ") && text.contains("USAGE: workbook"), "\(command)")
    }
    #expect(try book.run("chek").status == 64)
    #expect(try book.run("doctor").status == 0)
    #expect(try book.run("lint", "puzzle7").status == 0)
  }

  @Test func `options of every command may stand before the subcommand too`() throws {
    let book = try TemporaryWorkbook()
    let before = try book.run("--plain", "--workbook", book.root.path, "list")
    #expect(before.status == 0, "\(before.standardError)")
    #expect(before.standardOutput == (try book.run("list", "--plain")).standardOutput)
    #expect(try book.run("--workbook", "/nowhere", "list").status == 2)
    #expect(try book.run("--json").standardOutput.hasPrefix("{"))
  }

  @Test func `show and the other reading commands give JSON`() throws {
    let book = try TemporaryWorkbook()
    let shown = try #require(try book.json("show", "puzzle1") as? [String: Any])
    #expect((shown["questions"] as? [Any])?.count == 8)
    let lint = try #require(try book.json("lint", "puzzle7") as? [String: Any])
    #expect(lint["errors"] as? Int == 0)
    let proofs = try #require(lint["proofs"] as? [[String: Any]])
    #expect(proofs.map { $0["model"] as? String } == ["whisper-tiny.en"])
    let models = try #require(try book.json("models", "list") as? [[String: Any]])
    #expect(
      models.filter { $0["where"] as? String == "bundled" }.compactMap { $0["name"] as? String }
        == [
          "minilm-l6", "smollm2-135m", "whisper-tiny.en",
        ]
    )
  }
}
