import Grading
import PuzzleRegistry
import SourceDiagnostics
import Testing

@Suite struct GradingPolicyTests {
  private static let day = 86_400.0

  private func policy(_ yaml: String) throws -> GradingPolicy {
    try GradingPolicy(yaml: yaml, file: "policy.yaml")
  }

  private func judge(
    _ policy: GradingPolicy,
    _ handedIn: Double?,
    by learner: String = "ada",
    on puzzle: String = "puzzle1-one",
    hints: Int = 0,
    revealed: Bool = false
  ) -> (isLate: Bool, deductions: [Deduction]) {
    policy.judge(
      puzzle,
      by: learner,
      handedIn: handedIn,
      isOwnClock: false,
      hints: hints,
      isRevealed: revealed
    )
  }

  @Test(arguments: [
    ("2026-12-01 23:59 Europe/Berlin", 1_796_165_940.0), ("2026-12-01T22:59:00Z", 1_796_165_940),
    ("2026-12-01T23:59:00+01:00", 1_796_165_940), ("2026-12-01 22:59 UTC", 1_796_165_940),
    ("2026-07-01 12:00 Europe/Berlin", 1_782_900_000),
    // In spring the clock goes from 2 to 3; in autumn 2:30 comes twice, and the first is meant.
    ("2026-03-29 02:30 Europe/Berlin", 1_774_747_800),
    ("2026-10-25 02:30 Europe/Berlin", 1_792_888_200),
  ])
  func `a time is read in its zone`(_ text: String, _ seconds: Double) {
    #expect(ZonedTime.seconds(text) == seconds)
  }

  @Test(arguments: [
    "2026-12-01", "2026-12-01 23:59", "2026-12-01 23:59 CET", "2026-02-30 10:00 UTC",
    "2026-13-01 10:00 UTC", "2026-12-01 24:00 UTC", "2026-12-01 23:59 Europe/Nowhere", "tomorrow",
    "9999-12-01 23:59 UTC",
  ])
  func `a time without a zone, or that there is not, is none`(_ text: String) {
    #expect(ZonedTime.seconds(text) == nil)
  }

  @Test func `lateness is judged by steps, after the grace, from when it was due`() throws {
    let policy = try policy(
      """
      due: 2026-12-01 12:00 UTC
      puzzles: { puzzle2-two: 2026-12-08 12:00 UTC }
      grace: 15 min
      late:
        - { within: 24 h, off: 10% }
        - { within: 3 d, off: 50% }
        - off: 100%
      extensions:
        - { learner: bo, until: 2026-12-05 12:00 UTC, reason: illness }
        - { learner: cy, until: 2026-12-20 12:00 UTC, puzzles: [puzzle2-two] }
      """
    )
    let due = try #require(ZonedTime.seconds("2026-12-01 12:00 UTC"))
    #expect(!judge(policy, due).isLate)
    #expect(!judge(policy, due + 900).isLate)
    #expect(!judge(policy, nil).isLate)
    for (after, size) in [
      (901.0, "10%"), (Self.day, "10%"), (Self.day + 1, "50%"), (4 * Self.day, "100%"),
    ] {
      let judged = judge(policy, due + after)
      #expect(judged.isLate)
      #expect(judged.deductions.map(\.sizeText) == [size])
    }
    #expect(judge(policy, due + 901).deductions.first?.reason == "handed in 16 min late")
    #expect(!judge(policy, due + 4 * Self.day, by: "bo").isLate)
    #expect(judge(policy, due + 5 * Self.day, by: "bo").isLate)
    #expect(!judge(policy, due + 7 * Self.day, on: "puzzle2-two").isLate)
    #expect(judge(policy, due + 10 * Self.day, by: "bo", on: "puzzle2-two").isLate)
    #expect(!judge(policy, due + 10 * Self.day, by: "cy", on: "puzzle2-two").isLate)
    #expect(judge(policy, due + 10 * Self.day, by: "cy").isLate)
  }

  @Test func `hints beyond the free ones and the answer cost, and cost nothing by default`() throws
  {
    #expect(judge(.none, 0, hints: 5, revealed: true).deductions.isEmpty)
    let policy = try policy("hints: { each: 0.25, free: 1 }\nreveal: 50%\n")
    #expect(judge(policy, nil, hints: 1).deductions.isEmpty)
    let judged = judge(policy, nil, hints: 3, revealed: true)
    #expect(judged.deductions.map(\.sizeText) == ["0.5 points", "50%"])
    #expect(
      judged.deductions.map(\.reason) == ["2 hints beyond the first 1", "the answer was shown"]
    )
  }

  @Test func `deductions are exact, in order, and leave no less than nothing`() throws {
    let policy = try policy(
      "due: 2026-12-01 12:00 UTC\nlate: [{ off: 10% }]\nhints: { each: 5% }\nreveal: 1\n"
    )
    let due = try #require(ZonedTime.seconds("2026-12-01 12:00 UTC"))
    let judged = judge(policy, due + 60, hints: 2, revealed: true)
    // 7.3 of 17 points: two hints at 5% of 17 each, then 1 point, then a tenth of what is left.
    let points = DeductedPoints(
      judged.deductions,
      from: Points(thousandths: 7_300),
      of: Points(thousandths: 17_000)
    )
    #expect(points.taken.map(\.points.text) == ["1.7", "1", "0.46"])
    #expect(points.left.text == "4.14")
    let few = DeductedPoints(
      judged.deductions,
      from: Points(thousandths: 1_800),
      of: Points(thousandths: 17_000)
    )
    #expect(few.taken.map(\.points.text) == ["1.7", "0.1", "0"])
    #expect(few.left.text == "0")
  }

  @Test(arguments: [(5, 0), (15, 2), (25, 2), (35, 4), (45, 4)])
  func `a share is rounded to thousandths, halves to even`(_ earned: Int, _ taken: Int) throws {
    let policy = try policy("due: 2026-12-01 12:00 UTC\nlate: [{ off: 10% }]\n")
    let due = try #require(ZonedTime.seconds("2026-12-01 12:00 UTC"))
    let points = DeductedPoints(
      judge(policy, due + 1).deductions,
      from: Points(thousandths: earned),
      of: Points(thousandths: 1_000)
    )
    #expect(points.taken.map(\.points.thousandths) == [taken])
    #expect(points.left.thousandths == earned - taken)
  }

  @Test func `sums of thousandths have no tail`() {
    let tenths = (0..<3).map { _ in Points(rounding: 0.1) }.reduce(Points(thousandths: 0), +)
    #expect(tenths.text == "0.3")
    #expect("\(tenths.value)" == "0.3")
    #expect(Points(rounding: 0.0005).text == "0" && Points(rounding: 0.0015).text == "0.002")
  }

  @Test(arguments: [
    ("due: tomorrow\n", "bad-time"), ("due: 2026-12-01 12:00\n", "bad-time"),
    ("grace: soon\n", "bad-time"), ("late: [{ within: 1 h, off: 10% }]\n", "late-steps"),
    ("late: [{ off: 10% }, { within: 1 h, off: 10% }]\n", "late-steps"),
    ("late: [{ within: 2 h, off: 1% }, { within: 1 h, off: 1% }, { off: 2% }]\n", "late-steps"),
    ("late: [{ off: 110% }]\n", "bad-number"), ("late: [{ off: -1 }]\n", "bad-number"),
    ("reveal: all\n", "bad-number"), ("hints: { free: 2 }\n", "missing-key"),
    ("attempts: { count: first }\n", "unknown-value"), ("attempts: { most: 0 }\n", "bad-number"),
    ("extensions: [{ learner: ada }]\n", "missing-key"), ("dew: 2026-12-01\n", "unknown-key"),
    ("- due\n", "wrong-type"), ("due: [\n", "yaml-syntax"),
  ])
  func `a policy that cannot be read says where and why`(_ yaml: String, _ rule: String) throws {
    do {
      _ = try policy(yaml)
      Issue.record("it was read")
    } catch let report as DiagnosticReport {
      #expect(report.diagnostics.map(\.rule).contains(rule), "\(report.diagnostics.map(\.rule))")
      #expect(report.diagnostics.allSatisfy { $0.place?.file == "policy.yaml" })
    }
  }
}
