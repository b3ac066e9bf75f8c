import Foundation
import Testing

/// The learners' copy, made by the built program and used as a learner does.
@Suite struct ReleaseTests {
  private static let puzzle = TemporaryWorkbook.puzzle

  private func files(_ folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { name in
      var isFolder: ObjCBool = false
      let path = folder.appendingPathComponent(name).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  private func append(_ text: String, to path: String, in book: TemporaryWorkbook) throws {
    let file = book.root.appendingPathComponent(path)
    let old = try String(contentsOf: file, encoding: .utf8)
    try Data((old + text).utf8).write(to: file)
  }

  private func rot13(_ text: String) -> String {
    let letters = "abcdefghijklmnopqrstuvwxyz"
    let turned = letters.dropFirst(13) + letters.prefix(13)
    let both = Dictionary(
      uniqueKeysWithValues: zip(
        letters + letters.uppercased(),
        turned + turned.uppercased()
      )
    )
    return String(text.map { both[$0] ?? $0 })
  }

  /// Returns what stands beside the copy that is to be made, hidden names included.
  private func strays(_ book: TemporaryWorkbook) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: book.root.path)
      .filter { $0.contains("copy") }
  }

  private func release(
    _ book: TemporaryWorkbook,
    _ options: String...
  ) throws -> (
    output: TemporaryWorkbook.Output, copy: URL
  ) {
    let (process, output, error) = try book.process(["release", "--out", "copy"] + options)
    try process.run()
    process.waitUntilExit()
    return (
      TemporaryWorkbook.Output(
        status: process.terminationStatus,
        standardOutput: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        standardError: String(decoding: try Data(contentsOf: error), as: UTF8.self)
      ), book.root.appendingPathComponent("copy")
    )
  }

  @Test func `only what learners need is in their copy`() throws {
    let book = try TemporaryWorkbook(only: Self.puzzle)
    try book.run("start", "puzzle1")
    try book.run("check", "puzzle1")
    for stray in [
      "puzzles/notes.txt", "puzzles/\(Self.puzzle)/draft.md", "puzzles/\(Self.puzzle)/.hidden",
      "solutions/\(Self.puzzle)/key.yaml.orig", ".secret", "grades.csv",
    ] {
      try Data("stray".utf8).write(to: book.root.appendingPathComponent(stray))
    }
    let (released, copy) = try release(book)
    #expect(released.status == 0, "\(released.standardError)")
    #expect(
      try files(copy) == [
        "README.md", "puzzles/\(Self.puzzle)/lexicon.yaml", "puzzles/\(Self.puzzle)/prompt.md",
        "puzzles/\(Self.puzzle)/puzzle.yaml", "solutions/\(Self.puzzle)/hints.yaml.rot13",
      ]
    )
    for name in ["lexicon.yaml", "prompt.md", "puzzle.yaml"] {
      let path = "puzzles/\(Self.puzzle)/\(name)"
      #expect(
        try Data(contentsOf: copy.appendingPathComponent(path))
          == Data(contentsOf: book.root.appendingPathComponent(path))
      )
    }
    let readme = try String(
      contentsOf: copy.appendingPathComponent("README.md"),
      encoding: .utf8
    )
    #expect(readme.contains("workbook start \(Self.puzzle)"))
    #expect(readme.contains("workbook models pull"))
    #expect(released.standardOutput.contains("1 puzzle released in copy"))
    #expect(try strays(book) == ["copy"])
  }

  @Test func `without a key every answer is read, and none is judged`() throws {
    let book = try TemporaryWorkbook()
    let (_, copy) = try release(book)
    try FileManager.default.createSymbolicLink(
      at: copy.appendingPathComponent("models"),
      withDestinationURL: book.root.appendingPathComponent("models")
    )
    let started = try book.run("start", "puzzle1", "--predict", "guess=0.3", "--workbook", "copy")
    #expect(started.status == 0, "\(started.standardError)")
    let untouched = try book.run("check", "puzzle1", "--workbook", "copy")
    #expect(untouched.status == 1, "\(untouched.standardError)")
    #expect(untouched.standardOutput.contains("Nothing to grade yet."))
    #expect(!untouched.standardOutput.contains("fault"))

    let submission = copy.appendingPathComponent("submissions/\(Self.puzzle).yaml")
    let answers = [
      "puzzle: \(Self.puzzle)", "model: whisper-tiny.en", "answers:", "  predicts: many",
      "  which: [shuffle-tokens]", "  opposed: [\" the\"]", "  metric: \"cosine(a, b)\"",
      "  infer: maybe", "  why: A text of mine.", "  nonsense: 1",
    ]
    try Data((answers.joined(separator: "\n") + "\n").utf8).write(to: submission)
    let report = try #require(
      try book.json("check", "puzzle1", "--workbook", "copy") as? [String: Any]
    )
    #expect(
      Set(report.keys) == ["puzzle", "model", "solved", "score", "possible", "verdicts"]
    )
    #expect(report["solved"] as? Bool == false)
    #expect(report["score"] as? Double == 1)
    let verdicts = try #require(report["verdicts"] as? [[String: Any]])
    let outcomes = verdicts.map { "\($0["question"] ?? "") \($0["outcome"] ?? "")" }
    #expect(
      outcomes == [
        "guess correct", "which ungraded", "predicts unreadable", "opposed ungraded",
        "metric ungraded", "moved unanswered", "infer unreadable", "why ungraded",
        "nonsense unreadable",
      ]
    )
    let metric = try #require(verdicts.first { $0["question"] as? String == "metric" })
    let evidence = try #require(metric["evidence"] as? [[String: Any]])
    #expect(evidence.count == 2)
    #expect(abs((evidence.first?["value"] as? Double ?? 0) - 0.842) < 0.01)

    let shown = try book.run("check", "puzzle1", "--workbook", "copy")
    #expect(shown.status == 1)
    let words = shown.standardOutput.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("attempt 3"), "each check was recorded")
    #expect(
      words.contains(
        "Graded by your instructor, since this copy has no key: which, opposed, metric, why."
      ),
      "\(words)"
    )
    #expect(words.contains("hand in copy/submissions/\(Self.puzzle).yaml"))
    #expect(shown.standardOutput.contains("[answer-not-number]"))
    #expect(!shown.standardOutput.contains("fault"))
  }

  @Test func `a metric that cannot be run, or says nothing, is told so without a key`() throws {
    let book = try TemporaryWorkbook()
    for name in ["key.yaml.rot13"] {
      try FileManager.default.removeItem(
        at: book.root.appendingPathComponent("solutions/\(Self.puzzle)/\(name)")
      )
    }
    try book.answer("metric: \"cosin(a, b)\"", "opposed: [\" Magikarpish\"]")
    var outcomes = try book.outcomes()
    #expect(outcomes["metric"] == "unreadable")
    #expect(outcomes["opposed"] == "unreadable")
    try book.answer("metric: \"0 * cosine(a, b)\"")
    outcomes = try book.outcomes()
    #expect(outcomes["metric"] == "ungraded")
    #expect(
      try book.run("check", "puzzle1").standardOutput.replacing("\n", with: " ")
        .contains("Read; graded by your instructor. ")
    )
  }

  @Test func `hints go on working in the copy, and the answer is withheld`() throws {
    let book = try TemporaryWorkbook()
    let (_, copy) = try release(book)
    #expect(FileManager.default.fileExists(atPath: copy.path))
    let hint = try book.run("hint", "puzzle1", "--workbook", "copy")
    #expect(hint.status == 0, "\(hint.standardError)")
    #expect(hint.standardOutput.contains("Hint 1 of 6"))
    for options in [["answer", "puzzle1"], ["answer", "puzzle1", "--decode", "--yes"]] {
      let (process, _, error) = try book.process(options + ["--workbook", "copy"])
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 2)
      let said = String(decoding: try Data(contentsOf: error), as: UTF8.self)
      #expect(said.contains("[answer-withheld]") && !said.contains("solution encode"), "\(said)")
    }
    let findings = try #require(
      try book.json("doctor", "--workbook", "copy") as? [[String: Any]]
    )
    #expect(!findings.contains { $0["subject"] as? String == Self.puzzle }, "\(findings)")
  }

  @Test func `with answers they can be decoded there, without a key`() throws {
    let book = try TemporaryWorkbook()
    let (released, copy) = try release(book, "--with-answers")
    #expect(released.status == 0, "\(released.standardError)")
    #expect(try files(copy).contains("solutions/\(Self.puzzle)/answer.md.rot13"))
    #expect(try !files(copy).contains { $0.contains("key") })
    try FileManager.default.createSymbolicLink(
      at: copy.appendingPathComponent("models"),
      withDestinationURL: book.root.appendingPathComponent("models")
    )
    let decoded = try book.run("answer", "puzzle1", "--decode", "--yes", "--workbook", "copy")
    #expect(decoded.status == 0, "\(decoded.standardError)")
    #expect(decoded.standardOutput.contains("zero point is meaningful"))
  }

  @Test func `with models their files are copied, and links are named and left out`() throws {
    let book = try TemporaryWorkbook()
    let models = book.root.appendingPathComponent("models")
    try FileManager.default.removeItem(at: models)
    try FileManager.default.createDirectory(
      at: models.appendingPathComponent("mine"),
      withIntermediateDirectories: true
    )
    for name in ["small.gguf", "mine/model.safetensors", ".part"] {
      try Data("weights".utf8).write(to: models.appendingPathComponent(name))
    }
    try FileManager.default.createSymbolicLink(
      at: models.appendingPathComponent("linked.gguf"),
      withDestinationURL: URL(fileURLWithPath: "/etc/hostname")
    )
    let (released, copy) = try release(book, "--with-models")
    #expect(released.status == 0, "\(released.standardError)")
    let copied = try files(copy).filter { $0.hasPrefix("models/") }
    #expect(copied == ["models/mine/model.safetensors", "models/small.gguf"])
    #expect(released.standardError.contains("models/linked.gguf: warning: [not-released]"))
  }

  /// What the key says of puzzle 1, put where learners would read it.
  static let leaks: [(file: String, text: String, what: String)] = [
    (
      "puzzles/\(puzzle)/prompt.md",
      "Turn the\n  sign AROUND. These point most nearly the same way as the others. Turn the sign around.",
      "trap's message"
    ),
    (
      "puzzles/\(puzzle)/puzzle.yaml",
      "# Move every embedding by the same vector and your metric's values change.",
      "requirement's message"
    ),
    (
      "puzzles/\(puzzle)/prompt.md",
      "Cosine is measured from the origin, and nothing makes that origin meaningful", "idea"
    ),
    (
      "puzzles/\(puzzle)/prompt.md",
      "Pbfvar vf zrnfherq sebz gur bevtva, naq abguvat znxrf gung bevtva zrnavatshy", "idea"
    ),
    (
      "puzzles/\(puzzle)/prompt.md",
      "same direction, nearly the same way, point the same way, points the same way, cosine with the mean, cosine with that mean, cosine to the mean, similarity with the mean, mean squared, square of, aligned with the mean, close to the mean, close to that average, near the mean, narrow cone, one side of the origin, angles are small, angle is small",
      "phrases"
    ),
  ]

  @Test(arguments: leaks)
  func `a text of the key in a puzzle stops the release`(
    leak: (file: String, text: String, what: String)
  ) throws {
    let book = try TemporaryWorkbook()
    let lines = try String(
      contentsOf: book.root.appendingPathComponent(leak.file),
      encoding: .utf8
    ).split(separator: "\n", omittingEmptySubsequences: false).count
    try append("\n\(leak.text)\n", to: leak.file, in: book)
    let (released, copy) = try release(book)
    #expect(released.status == 1, "\(released.standardError)")
    let found = released.standardError.split(separator: "\n").filter { $0.contains("[key-leak]") }
    let place = try #require(found.first { $0.contains("the key's \(leak.what) of") })
    let line = try #require(Int(place.split(separator: ":").dropFirst().first ?? ""))
    #expect(place.hasPrefix("\(leak.file):") && line > lines && line <= lines + 2, "\(place)")
    #expect(released.standardOutput.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: copy.path))
    #expect(try strays(book).isEmpty)
  }

  @Test func `a formula of the key in a hint stops the release, unless the puzzle shows it`() throws
  {
    let book = try TemporaryWorkbook()
    let hints = "solutions/\(Self.puzzle)/hints.yaml.rot13"
    let formula = "mean( similarity_to(mean(W_E), by: cosine) )"
    try append(rot13("- \"Try {{ \(formula) | 0.00 }}\"\n"), to: hints, in: book)
    let (refused, copy) = try release(book)
    #expect(refused.status == 1)
    #expect(
      refused.standardError.contains("the key's truth of 'predicts'"),
      "\(refused.standardError)"
    )
    #expect(refused.standardError.contains("\(hints):"))
    #expect(!FileManager.default.fileExists(atPath: copy.path))

    try append(
      "\nThat is {{ \(formula) | 0.00 }}.\n",
      to: "puzzles/\(Self.puzzle)/prompt.md",
      in: book
    )
    #expect(try release(book).output.status == 0)
  }

  @Test func `an answer may say what the key says`() throws {
    let book = try TemporaryWorkbook()
    let answer = "solutions/\(Self.puzzle)/answer.md.rot13"
    try append(rot13("\nThat moves the tokens the other way.\n"), to: answer, in: book)
    #expect(try release(book, "--with-answers").output.status == 0)
  }

  @Test func `a file among the models that is named like a key stops the release`() throws {
    let book = try TemporaryWorkbook()
    let models = book.root.appendingPathComponent("models")
    try FileManager.default.removeItem(at: models)
    try FileManager.default.createDirectory(at: models, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: models.appendingPathComponent("key.yaml"))
    let (refused, copy) = try release(book, "--with-models")
    #expect(refused.status == 1)
    #expect(refused.standardError.contains("models/key.yaml: error: [key-leak]"))
    #expect(!FileManager.default.fileExists(atPath: copy.path))
  }

  @Test func `a place that is taken, missing or the workbook's own is refused`() throws {
    let book = try TemporaryWorkbook()
    let root = book.root
    func make(_ name: String) throws {
      try FileManager.default.createDirectory(
        at: root.appendingPathComponent(name),
        withIntermediateDirectories: true
      )
    }
    try make("full/inside")
    try make("empty")
    try make("weights")
    try FileManager.default.removeItem(at: root.appendingPathComponent("models"))
    try FileManager.default.createSymbolicLink(
      at: root.appendingPathComponent("models"),
      withDestinationURL: root.appendingPathComponent("weights")
    )
    try Data().write(to: root.appendingPathComponent("file"))
    try FileManager.default.createSymbolicLink(
      at: root.appendingPathComponent("link"),
      withDestinationURL: root.appendingPathComponent("empty")
    )
    try FileManager.default.createSymbolicLink(
      at: root.appendingPathComponent("alias"),
      withDestinationURL: root.appendingPathComponent("solutions")
    )
    for (out, rule) in [
      ("full", "release-exists"), ("file", "release-exists"), ("link", "release-exists"),
      (".", "release-exists"), ("none/copy", "no-folder"), ("puzzles/copy", "release-inside"),
      ("alias/copy", "release-inside"), ("models/copy", "release-inside"),
      ("weights/copy", "release-inside"),
    ] {
      let refused = try book.run("release", "--out", out)
      #expect(refused.status == 2, "\(out)")
      #expect(
        refused.standardError.contains("error: [\(rule)] "),
        "\(out): \(refused.standardError)"
      )
    }
    #expect(try files(root.appendingPathComponent("full")).isEmpty)
    #expect(try book.run("release", "--out", "empty").status == 0)
    #expect(try files(root.appendingPathComponent("empty")).contains("README.md"))
    #expect(try book.run("release").status == 64)
    #expect(try book.run("release", root.path, "--workbook", root.path, "--out", "x").status == 64)
    #expect(try book.run("release", "/nowhere", "--out", "x").status == 2)
    let named = try book.run("release", root.path, "--out", "named")
    #expect(named.status == 0, "\(named.standardError)")
  }

  @Test func `a puzzle with faults is not released`() throws {
    let book = try TemporaryWorkbook()
    try append(rot13("more: 1\n"), to: "solutions/\(Self.puzzle)/key.yaml.rot13", in: book)
    try append("extra: 1\n", to: "puzzles/\(Self.puzzle)/lexicon.yaml", in: book)
    let (refused, copy) = try release(book)
    #expect(refused.status == 2)
    #expect(refused.standardError.contains("lexicon.yaml:"), "\(refused.standardError)")
    #expect(!FileManager.default.fileExists(atPath: copy.path))
    #expect(try strays(book).isEmpty)
  }

  @Test func `what a killed release leaves is cleared away by the next`() throws {
    let book = try TemporaryWorkbook()
    let dead = Process()
    dead.executableURL = URL(fileURLWithPath: "/bin/sh")
    dead.arguments = ["-c", "exit 0"]
    try dead.run()
    dead.waitUntilExit()
    for owner in [dead.processIdentifier, getpid()] {
      try FileManager.default.createDirectory(
        at: book.root.appendingPathComponent(".copy.staging-\(owner)/puzzles"),
        withIntermediateDirectories: true
      )
    }
    #expect(try release(book).output.status == 0)
    // One that is still being made is left alone.
    #expect(try strays(book).sorted() == [".copy.staging-\(getpid())", "copy"])
  }
}
