import Foundation
import Testing

/// A generated class graded in every way there is, always with the same result.
@Suite struct ClassRunTests {
  private static let learners = 60

  private let group: TemporaryClass
  private let made: GeneratedClass

  init() throws {
    group = try TemporaryClass()
    for folder in ["puzzles", "solutions"] {
      let path = "\(folder)/\(TemporaryWorkbook.puzzle)"
      try FileManager.default.copyItem(
        at: TemporaryWorkbook.repository.appendingPathComponent(path),
        to: group.book.root.appendingPathComponent(path)
      )
    }
    made = try GeneratedClass(
      in: group.folder,
      learners: Self.learners,
      puzzles: [TemporaryClass.puzzle, TemporaryWorkbook.puzzle],
      seed: 3
    )
  }

  private func endAbruptly(_ process: Int32) { kill(process, SIGKILL) }

  @Test func `one job, four, three kills and eight merged parts give one digest`() throws {
    let whole = try group.book.run("grade", "class", "--jobs", "1", "--out", "whole.sqlite")
    #expect(whole.status == 0, "\(whole.standardError)")
    let digest = try group.digest(whole)
    let counts = made.counts
    #expect(
      whole.standardOutput.contains(
        "\(counts.graded) graded, \(counts.missing) missing, \(counts.unreadable) unreadable"
      ),
      "\(whole)"
    )
    let four = try group.book.run("grade", "class", "--jobs", "4", "--out", "four.sqlite")
    #expect(try group.digest(four) == digest)
    for kill in 1...3 {
      let (process, _, _) = try group.book.process(["grade", "class", "--out", "killed.sqlite"])
      try process.run()
      usleep(UInt32(kill) * 1_500_000)
      endAbruptly(process.processIdentifier)
      process.waitUntilExit()
    }
    let rest = try group.book.run("grade", "class", "--out", "killed.sqlite")
    #expect(try group.digest(rest) == digest, "\(rest)")

    for part in 1...8 {
      let output = try group.book.run(
        "grade",
        "class",
        "--shard",
        "\(part)/8",
        "--out",
        "part-\(part).sqlite"
      )
      #expect(output.status == 0, "\(output.standardError)")
    }
    let parts = (1...8).map { "part-\($0).sqlite" }
    let (first, second) = (try merge(parts), try merge(parts))
    #expect(try group.digest(first) == digest, "\(first)")
    #expect(try group.digest(second) == digest)
    #expect(second.standardOutput.contains("0 of \(2 * Self.learners) grades added"), "\(second)")

    // A part that says something else is named, and nothing is written.
    let own = group.folder.appendingPathComponent("learner 0/\(TemporaryClass.puzzle).yaml")
    try? FileManager.default.removeItem(at: own)
    try Data(TemporaryClass.good.utf8).write(to: own)
    #expect(try group.book.run("grade", "class", "--out", "other.sqlite").status == 0)
    let conflict = try merge(["other.sqlite"])
    #expect(conflict.status == 1, "\(conflict)")
    #expect(conflict.standardOutput.contains("learner 0 \(TemporaryClass.puzzle):"))
    #expect(conflict.standardOutput.contains("Nothing was written"))
    #expect(try group.digest(try merge(parts)) == digest)
  }

  private func merge(_ parts: [String]) throws -> TemporaryWorkbook.Output {
    try group.book.run(["gradebook", "merge"] + parts + ["--gradebook", "merged.sqlite"])
  }

  @Test func `a formula that costs more than allowed makes that answer unreadable, at once`() throws
  {
    let heavy = [
      "norm(W_E @ a) + norm(W_E @ b)",
      "mean(pairs(cosine(a, b), of: W_E @ transpose(W_E))) + a @ b",
      String(repeating: "norm(W_E @ a) + ", count: 2_000) + "a @ b",
      String(repeating: "(", count: 5_000) + "a @ b" + String(repeating: ")", count: 5_000),
    ]
    for (number, formula) in heavy.enumerated() {
      try group.write(
        "puzzle: \(TemporaryWorkbook.puzzle)\nanswers:\n  guess: 0.5\n  metric: \"\(formula)\"\n",
        to: "heavy/heavy \(number)/\(TemporaryWorkbook.puzzle).yaml"
      )
    }
    let start = Date()
    let output = try group.book.run("grade", "heavy", "--out", "heavy.sqlite")
    #expect(output.status == 0, "\(output.standardError)")
    // Unbounded, it would take hours; beside the whole suite a second takes many.
    #expect(Date().timeIntervalSince(start) < 600)
    let lines = try group.lines("heavy.sqlite")
    #expect(lines.count == heavy.count)
    for line in lines {
      #expect(line["outcome"] as? String == "graded" && line["points"] as? Double == 1, "\(line)")
      let questions = try #require(line["questions"] as? [[String: Any]])
      let metric = questions.first { $0["id"] as? String == "metric" }
      #expect(metric?["outcome"] as? String == "unreadable", "\(line)")
    }
  }

  @Test(arguments: [
    ["--shard", "0/8"], ["--shard", "9/8"], ["--shard", "1"], ["--shard", "slurm"],
    ["--shard", "kubernetes/8"], ["--shard", "kubernetes"],
  ])
  func `a part there is not is refused`(_ arguments: [String]) throws {
    let output = try group.book.run(["grade", "class"] + arguments)
    #expect([2, 64].contains(output.status))
    #expect(output.standardError.contains("shard"), "\(output)")
  }

  @Test func `a scheduler's variables say which part it is`() throws {
    func learners(_ variables: [String: String], _ shard: String) throws -> Set<String> {
      let name = "\(UUID().uuidString).sqlite"
      let output = try group.book.run(
        "grade",
        "class",
        "--puzzle",
        "puzzle9",
        "--shard",
        shard,
        "--out",
        name,
        environment: variables
      )
      #expect(output.status == 0, "\(output.standardError)")
      return Set(try group.lines(name).compactMap { $0["learner"] as? String })
    }
    let third = try learners([:], "3/4")
    let slurm = ["SLURM_ARRAY_TASK_ID": "12", "SLURM_ARRAY_TASK_MIN": "10"]
    #expect(
      try learners(slurm.merging(["SLURM_ARRAY_TASK_COUNT": "4"]) { a, _ in a }, "slurm") == third
    )
    #expect(try learners(["JOB_COMPLETION_INDEX": "2"], "kubernetes/4") == third)
    #expect(third.count > 3 && third.count < 30, "\(third.count)")
  }
}
