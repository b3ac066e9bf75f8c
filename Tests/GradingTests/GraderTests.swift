import Grading
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

/// A puzzle with a question of every kind, on a model small enough to check by hand.
private enum Example {
  static let yaml = """
    title: Example
    difficulty: 1
    minutes: 5
    models: [tiny]
    questions:
      - { id: guess, kind: number, before-looking: true, points: 1, ask: How high? }
      - { id: level, kind: number, points: 2, ask: What is the mean cosine? }
      - id: which
        kind: choice
        many: true
        points: 2
        ask: Which hold?
        options: { one: First, two: Second, three: Third, four: Fourth }
      - { id: single, kind: choice, points: 1, ask: Which one?, options: { yes: Right, no: Wrong } }
      - { id: near, kind: tokens, points: 2, ask: Name two of the nearest. }
      - { id: metric, kind: metric, points: 4, ask: Choose. }
      - { id: why, kind: explain, points: 3, ask: Why is the mean pairwise cosine so very high here? }
    """
  static let keyYAML = """
    questions:
      level:
        truth: "mean(pairs(cosine(a, b)))"
        tolerance: 0.001
        traps:
          - { when: "mean(similarity_to(mean(W_E), by: cosine))", says: That is about single tokens. }
      which:
        holds:
          one: "1 < 2"
          two: "mean(pairs(cosine(a, b))) > 0.5"
          three: "1 > 2"
          four: "norm(mean(W_E)) < 0"
        traps:
          - { when: four, says: Lengths are not negative. }
      single:
        correct: [yes]
      near:
        truth: "nearest(W_E[0], k: 4, by: euclidean)"
        need: 2
        traps:
          - { when: "nearest(W_E[10], k: 4, by: euclidean, except: \\" w0\\")", says: These are near another token. }
      metric:
        require:
          - { invariant: translation, points: 2, says: It moves with the origin. }
          - { that: "mean(auc_of_shuffles(metric, 'neighbours', 10)) > 0.6", points: 2, says: It is blind. }
        traps:
          - { when: "pearson(a, b)", says: Pearson removes each row's own mean. }
          - { when: { similarity: kendall }, says: Ranks have a zero too. }
      why:
        rubric:
          - { idea: The mean is large, any: [mean vector, offset], points: 2 }
          - { idea: The origin is arbitrary, any: [origin, zero point], points: 1 }
    reference:
      which: [one, two]
      single: yes
      near: [" w0", " w1"]
      metric: { similarity: euclidean }
    """
  static let lexicon = """
    neighbours:
    \((0..<24).map { "  - [w\(2 * $0), w\(2 * $0 + 1)]" }.joined(separator: "\n"))
    """

  static func puzzle() throws -> Puzzle {
    try Puzzle(
      id: "example",
      directory: "example",
      yaml: yaml,
      prompt: "Each of the tokens is compared with every other token of the table.",
      lexicon: lexicon
    )
  }

  static func grader(key: String = keyYAML) throws -> Grader {
    let puzzle = try puzzle()
    return Grader(
      puzzle: puzzle,
      key: try Key(yaml: key, file: "key.yaml", for: puzzle),
      evaluator: Evaluator(model: TinyModel(), lexicon: puzzle.lexicon ?? .empty)
    )
  }

  static func submission(_ answers: String...) throws -> Submission {
    let lines = answers.map { "  \($0)" }.joined(separator: "\n")
    return try Submission(
      text: "puzzle: example\nmodel: tiny\nanswers:\n\(lines)\n",
      file: "example.yaml",
      puzzle: puzzle()
    )
  }
}

@Suite struct GraderTests {
  private func verdict(_ answer: String) throws -> Verdict {
    let id = String(answer.prefix { $0 != ":" })
    let report = try Example.grader().grade(Example.submission(answer))
    return try #require(report.verdicts.first { $0.question == id })
  }

  @Test func `right answers to every question solve the puzzle`() throws {
    let grader = try Example.grader()
    let level = try grader.evaluator.number(Formula(parsing: "mean(pairs(cosine(a, b)))"))
    let report = grader.grade(
      try Example.submission(
        "level: \(level)",
        "which: [two, one]",
        "single: yes",
        "near: [\" w0\", \" w1\"]",
        "metric: { similarity: euclidean }"
      ),
      predictions: ["guess": 0.3]
    )
    #expect(report.solved, "\(report)")
    #expect(report.score == 12)
    #expect(report.possible == 15)
  }

  @Test func `an empty submission earns nothing`() throws {
    let report = try Example.grader().grade(Example.submission("level:"))
    #expect(report.score == 0)
    #expect(!report.solved)
    #expect(report.verdicts.allSatisfy { $0.outcome == .unanswered })
  }

  @Test func `a trap says its own words and nothing of the truth`() throws {
    let grader = try Example.grader()
    let trap = try grader.evaluator.number(
      Formula(parsing: "mean(similarity_to(mean(W_E), by: cosine))")
    )
    let truth = try grader.evaluator.number(Formula(parsing: "mean(pairs(cosine(a, b)))"))
    let caught = try verdict("level: \(trap)")
    #expect(caught.outcome == .incorrect)
    #expect(caught.message == "That is about single tokens.")
    let plain = try verdict("level: 17")
    #expect(plain.message == "Not this number (answers count within ±0.001).")
    for said in [caught, plain] {
      #expect(said.evidence.isEmpty)
      #expect(!said.message.contains("\(truth)".prefix(5)))
    }
  }

  @Test(
    arguments: [
      ("which: [one, two]", Outcome.correct, 2.0), ("which: [one]", .partial, 1),
      ("which: [one, three]", .incorrect, 0), ("which: [one, two, three, four]", .incorrect, 0),
      ("which: [three, four]", .incorrect, 0), ("which: []", .incorrect, 0),
      ("single: no", .incorrect, 0), ("single: yes", .correct, 1),
      ("near: [\" w0\"]", .partial, 1), ("near: [\" w0\", \" w1\", \" w40\"]", .partial, 1),
      ("near: [\" w40\"]", .incorrect, 0),
      ("metric: { similarity: cosine, zero-point: token-mean }", .correct, 4),
      ("metric: { similarity: cosine }", .partial, 2),
      // Larger counts as more alike, so a distance of one's own needs a minus sign.
      ("metric: \"0 - norm(a - b)\"", .correct, 4),
      ("metric: \"norm(a - b) * 2\"", .partial, 2),
      ("metric: \"0 * dot(a, b)\"", .incorrect, 0),
      ("metric: \"log(0 - norm(a) - norm(b))\"", .incorrect, 0),
    ] as [(String, Outcome, Double)]
  )
  func `answers earn what they are worth`(answer: String, outcome: Outcome, points: Double) throws {
    let verdict = try verdict(answer)
    #expect(verdict.outcome == outcome, "\(verdict.message)")
    #expect(abs(verdict.points - points) < 1e-9, "\(verdict.points)")
  }

  @Test func `a formula that is no named similarity is told how it ranks`() throws {
    let own = try verdict("metric: \"norm(a - b)\"")
    #expect(own.evidence.contains { $0.text.contains("larger counts as more alike") })
    let named = try verdict("metric: \"euclidean(a, b)\"")
    #expect(!named.evidence.contains { $0.text.contains("larger counts as more alike") })
  }

  @Test(arguments: [
    // A far tail must not hide a move behind a large standard deviation.
    ("metric: \"cosine(a, b) - (norm(a - b) / 4) ^ 60\"", Outcome.incorrect),
    // A value that stops being one after the move.
    ("metric: \"cosine(a, b) + log(norm(mean(W_E)) - 7.2)\"", .partial),
    ("metric: euclidean", .correct),
    ("metric: \"cosine(a, b) + norm(class_mean(W_E @ W_in[0])[0])\"", .partial),
  ])
  func `tricks are met`(answer: String, outcome: Outcome) throws {
    let verdict = try verdict(answer)
    if outcome == .correct || outcome == .unreadable {
      #expect(verdict.outcome == outcome, "\(verdict)")
    }
    #expect(verdict.outcome == outcome || verdict.points < 4, "\(verdict)")
    // Whatever it is, it can be written down.
    #expect(verdict.evidence.allSatisfy { $0.value?.isFinite != false })
  }

  @Test func `guessing each option at random earns nothing on average`() throws {
    var sum = 0.0
    for mask in 0..<16 {
      let chosen = ["one", "two", "three", "four"].enumerated().filter {
        mask >> $0.offset & 1 == 1
      }
      sum += try verdict("which: [\(chosen.map(\.element).joined(separator: ", "))]").points
    }
    #expect(sum / 16 < 0.5)
  }

  @Test func `a metric falls into a trap by its values, however it is written`() throws {
    for text in [
      "metric: { similarity: pearson }", "metric: \"cosine(a - mean(a), b - mean(b))\"",
      "metric: \"pearson(b, a)\"",
    ] {
      #expect(try verdict(text).message == "Pearson removes each row's own mean.")
    }
    #expect(
      try verdict("metric: { similarity: kendall, remove: 1 }").message == "Ranks have a zero too."
    )
    #expect(
      try verdict("near: [\" w10\", \" w11\"]").message == "These are near another token."
    )
    #expect(try verdict("which: [four]").message == "Lengths are not negative.")
  }

  @Test(arguments: [
    "level: many", "level: 0,84", "level: [1]", "which: [fifth]", "single: [yes, no]",
    "near: [\" nothing\"]", "metric: \"cosin(a, b)\"", "metric: { similarity: cosin }",
    "metric: \"mean(W_E)\"", "metric: { zero-point: origin }", "metric: [1]", "why: [a]",
  ])
  func `an answer that cannot be read says so with its place, and the rest is graded`(
    answer: String
  ) throws {
    let report = try Example.grader().grade(Example.submission(answer, "single2: 1"))
    let id = String(answer.prefix { $0 != ":" })
    let verdict = try #require(report.verdicts.first { $0.question == id })
    #expect(verdict.outcome == .unreadable, "\(verdict)")
    #expect(verdict.message.hasPrefix("example.yaml:4:"), "\(verdict.message)")
    #expect(verdict.message.contains("^"))
    let stray = try #require(report.verdicts.last)
    #expect(stray.question == "single2" && stray.outcome == .unreadable)
    #expect(stray.message.contains("did you mean 'single'?"))
  }

  @Test func `a key that fails is a fault, never the learner's loss`() throws {
    let broken = Example.keyYAML.replacing(
      "mean(pairs(cosine(a, b)))\"\n    tolerance",
      with: "mean(W_E[9999])\"\n    tolerance"
    )
    let report = try Example.grader(key: broken).grade(Example.submission("level: 1"))
    let verdict = try #require(report.verdicts.first { $0.question == "level" })
    #expect(verdict.outcome == .fault)
    #expect(verdict.message.contains("not your fault"))
  }

  @Test func `a prediction counts when it was recorded, not for being close`() throws {
    let grader = try Example.grader()
    let submission = try Example.submission("guess: 0.3")
    #expect(grader.grade(submission).verdicts[0].outcome == .incorrect)
    let recorded = grader.grade(submission, predictions: ["guess": -5])
    #expect(recorded.verdicts[0].outcome == .correct)
    #expect(recorded.verdicts[0].points == 1)
  }

  @Test(arguments: [
    (
      """
      Every row holds one large mean vector, so all of them lean one way when they are seen from \
      the origin.
      """,
      3.0
    ),
    ("All the rows share a big offset and so they all lie close to each other in their angles.", 2),
    ("mean vector offset origin zero point mean vector offset", 0),
    ("Each of the tokens is compared with every other token of the table, mean vector, origin.", 0),
    ("I do not know why that would be so, sorry about this one.", 0),
  ])
  func `explanations get suggestions, and dumps get none`(text: String, points: Double) throws {
    let verdict = try verdict("why: \"\(text)\"")
    #expect(verdict.points == points, "\(verdict)")
    #expect(verdict.isProvisional)
  }

  @Test func `verdicts do not depend on the order of answers or on repetition`() throws {
    let grader = try Example.grader()
    let first = grader.grade(try Example.submission("level: 1", "single: no"))
    let second = grader.grade(try Example.submission("single: no", "level: 1"))
    #expect(first == second)
  }

  @Test func `the example is proven, and planted faults are found`() throws {
    let puzzle = try Example.puzzle()
    let starter = try Submission(
      text: StarterSubmission.text(for: puzzle, model: "tiny"),
      file: "s",
      puzzle: puzzle
    )
    // A model of a hundred rows is too small for verdicts that stand on half of them, and a puzzle
    // this easy is guessed; nothing else is found.
    let found = try PuzzleProof(grader: Example.grader()).run(starter: starter).faults
    #expect(
      Set(found.map(\.rule)).isSubset(
        of: ["fragile-verdict", "guessing-pays", "wrong-choice-accepted"]
      ),
      "\(found)"
    )
    for (from, to, rule) in [
      ("which: [one, two]\n  single", "which: [one]\n  single", "reference-fails"),
      ("mean(similarity_to(mean(W_E), by: cosine))", "mean(pairs(cosine(b, a)))", "trap-is-right"),
      ("tolerance: 0.001", "tolerance: 0.5", "trap-is-right"),
      ("when: four", "when: one", "trap-is-silent"),
      ("\"pearson(a, b)\"", "\"euclidean(a, b)\"", "trap-is-right"),
      ("mean(similarity_to(mean(W_E), by: cosine))", "mean(W_pos)", "formula-fails"),
      ("{ similarity: euclidean }", "{ similarity: cosine }", "reference-fails"),
    ] {
      let key = Example.keyYAML.replacing(from, with: to)
      #expect(key != Example.keyYAML, "\(from)")
      let faults = try PuzzleProof(grader: Example.grader(key: key)).run(starter: starter).faults
      #expect(faults.contains { $0.rule == rule }, "\(rule): \(faults)")
    }
  }
}
