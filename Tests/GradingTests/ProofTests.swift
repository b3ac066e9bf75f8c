import EmbeddingMath
import Grading
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

/// Each proof finds what it is there for and nothing else.
@Suite struct ProofTests {
  /// Proves a puzzle of the given questions and key.
  private func faults(
    _ questions: String,
    key yaml: String,
    prompt: String = "Compare the tokens of the table two by two.",
    on model: any ModelAccess = TinyModel()
  ) throws -> [Diagnostic] {
    let puzzle = try puzzle(questions, prompt: prompt)
    let starter = try Submission(
      text: StarterSubmission.text(for: puzzle, model: "tiny"),
      file: "starter",
      puzzle: puzzle
    )
    let grader = try grader(puzzle, key: yaml, on: model)
    return PuzzleProof(grader: grader).run(starter: starter).faults
  }

  private func puzzle(_ questions: String, prompt: String = "Look.") throws -> Puzzle {
    try Puzzle(
      id: "proof",
      directory: "proof",
      yaml: """
        title: Proof
        difficulty: 1
        minutes: 5
        models: [tiny]
        questions:
        \(questions.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        """,
      prompt: prompt
    )
  }

  private func grader(
    _ puzzle: Puzzle,
    key yaml: String,
    on model: any ModelAccess = TinyModel()
  ) throws -> Grader {
    Grader(
      puzzle: puzzle,
      key: try Key(yaml: yaml, file: "key.yaml", for: puzzle),
      evaluator: Evaluator(model: model, lexicon: TinyModel.lexicon)
    )
  }

  // MARK: Numbers

  private func numberFaults(
    _ truth: String,
    tolerance: String,
    trap: String? = nil
  ) throws
    -> [Diagnostic]
  {
    let traps = trap.map { "\n    traps: [{ when: \"\($0)\", says: Another number. }]" } ?? ""
    return try faults(
      "- { id: level, kind: number, points: 2, ask: How much? }",
      key: "questions:\n  level:\n    truth: \"\(truth)\"\n    tolerance: \(tolerance)\(traps)\n"
    )
    // With one question and a wide tolerance, guessing pays too.
    .filter { $0.rule != "guessing-pays" }
  }

  @Test func `a tolerance of ten times the rounding is wide enough, one below it is not`() throws {
    let truth = "mean(pairs(cosine(a, b)))"
    #expect(try numberFaults(truth, tolerance: "0.001").isEmpty)
    let faults = try numberFaults(truth, tolerance: "1e-10")
    #expect(faults.map(\.rule) == ["tolerance-too-narrow"])
    #expect(faults.allSatisfy { $0.message.contains("by which rounding moves the truth") })
  }

  @Test func `a tolerance within what other draws make of the truth is too narrow`() throws {
    let truth = "norm(mean(W_E[sample(8, seed: 1)]))"
    let faults = try numberFaults(truth, tolerance: "0.01")
    #expect(faults.map(\.rule) == ["tolerance-too-narrow"])
    #expect(faults.allSatisfy { $0.message.contains("other random draws moves the truth") })
  }

  @Test func `a trap is near, or right, and never both`() throws {
    let truth = "norm(mean(W_E))"
    #expect(try numberFaults(truth, tolerance: "0.1", trap: "norm(mean(W_E)) + 0.3").isEmpty)
    for (distance, rule) in [("0.15", "tolerance-too-wide"), ("0.05", "trap-is-right")] {
      let found = try numberFaults(truth, tolerance: "0.1", trap: "\(truth) + \(distance)")
      #expect(found.map(\.rule) == [rule], "\(found)")
    }
  }

  // MARK: Metrics

  private func metricFaults(
    _ requirement: String,
    traps: String = "",
    reference: String = "{ similarity: euclidean }",
    on model: any ModelAccess = TinyModel()
  ) throws -> [Diagnostic] {
    try faults(
      "- { id: metric, kind: metric, points: 4, ask: Choose. }",
      key: """
        questions:
          metric:
            require:
              - { that: "\(requirement)", points: 4, says: Not this one. }
        \(traps)
        reference:
          metric: \(reference)
        """,
      on: model
    )
    // Whatever a requirement of these tests lets through, guessing gets through as well.
    .filter { $0.rule != "guessing-pays" }
  }

  /// The changes under which some accepted choice falls.
  private func fragile(
    _ requirement: String,
    on model: any ModelAccess = TinyModel()
  ) throws -> Set<String> {
    // A reference that the requirement refuses on all rows is at fault as well.
    let faults = try metricFaults(requirement, on: model).filter { $0.rule != "reference-fails" }
    #expect(faults.allSatisfy { $0.rule == "fragile-verdict" }, "\(faults)")
    let variants = [
      "on all rows", "with other random draws", "on half of the rows", "on weights of 4 bits",
    ]
    return Set(variants.filter { variant in faults.contains { $0.message.contains(variant) } })
  }

  private func value(_ formula: String, _ evaluator: Evaluator) throws -> Double {
    try evaluator.number(Formula(parsing: formula))
  }

  @Test func `a threshold between the sample's value and all rows' is fragile on all rows`() throws
  {
    // 2,000 of the 2,400 rows are sampled, and 1,200 are half of them.
    let model = LongModel(rows: 2_400)
    let all = try value("sum(row_norms(W_E))", Evaluator(model: model))
    let found = try fragile("sum(row_norms(W_E)) < \(0.92 * all)", on: model)
    #expect(found == ["on all rows", "with other random draws", "on weights of 4 bits"])
  }

  @Test func `a threshold on one random draw is fragile with others`() throws {
    let formula = "norm(mean(W_E[sample(4, seed: 1)]))"
    let evaluator = Evaluator(model: TinyModel())
    let drawn = try value(formula, evaluator)
    let redrawn = try value(formula, evaluator.with(seedOffset: 1_000_003))
    let sign = drawn < redrawn ? "<" : ">"
    let found = try fragile("\(formula) \(sign) \((drawn + redrawn) / 2)")
    #expect(found.contains("with other random draws") && !found.contains("on all rows"))
  }

  @Test func `a threshold between all rows' value and half of theirs is fragile on half`() throws {
    let all = try value("sum(row_norms(W_E))", Evaluator(model: TinyModel()))
    #expect(try fragile("sum(row_norms(W_E)) > \(0.75 * all)") == ["on half of the rows"])
  }

  @Test func `a threshold that rounding to 4 bits crosses is fragile there`() throws {
    let formula = "norm(mean(W_E))"
    let model = TinyModel()
    let full = try value(formula, Evaluator(model: model))
    let rounded = try value(
      formula,
      Evaluator(model: AlteredModel(model, alteration: .fourBits))
    )
    #expect(full != rounded)
    let sign = full < rounded ? "<" : ">"
    let found = try fragile("\(formula) \(sign) \((full + rounded) / 2)")
    #expect(found.contains("on weights of 4 bits"))
    #expect(!found.contains("on all rows") && !found.contains("with other random draws"))
  }

  @Test func `requirements that only a formula meets leave nothing to choose`() throws {
    let faults = try metricFaults(
      "min(pairs(metric)) > 1000",
      reference: "\"2000 + cosine(a, b)\""
    )
    #expect(faults.map(\.rule) == ["nothing-accepted"], "\(faults)")
  }

  @Test func `a trap that covers an accepted choice is found though its example is not one`() throws
  {
    let faults = try metricFaults(
      "abs(mean(pairs(metric))) < 0.2",
      traps: "    traps: [{ when: { similarity: cosine }, says: Angles. }]",
      reference: "{ similarity: cosine, zero-point: token-mean }"
    )
    #expect(faults.filter { $0.rule != "fragile-verdict" }.map(\.rule) == ["wrong-choice-accepted"])
  }

  // MARK: Explanations

  private func explainFaults(_ phrases: String, prompt: String) throws -> [Diagnostic] {
    try faults(
      """
      - { id: level, kind: number, points: 2, ask: How much? }
      - { id: why, kind: explain, points: 1, ask: Why would that be so for the tokens here? }
      """,
      key: """
        questions:
          level: { truth: "norm(mean(W_E))", tolerance: 0.01 }
          why:
            rubric: [{ idea: The mean, any: [\(phrases)], points: 1 }]
        """,
      prompt: prompt
    )
  }

  @Test func `a heap of the prompt's words earns only where it holds a phrase`() throws {
    let prompt = "Each of the rows of the table has a large offset from where it is stored."
    #expect(try explainFaults("mean vector, origin", prompt: prompt).isEmpty)
    let found = try explainFaults("mean vector, offset", prompt: prompt)
    #expect(found.map(\.rule) == ["dump-earns"], "\(found)")
  }

  @Test func `a puzzle of predictions and explanations alone can never be solved`() throws {
    let found = try faults(
      """
      - { id: guess, kind: number, before-looking: true, points: 1, ask: How much? }
      - { id: why, kind: explain, points: 1, ask: Why? }
      """,
      key: """
        questions:
          why: { rubric: [{ idea: The mean, any: [mean vector], points: 1 }] }
        """
    )
    #expect(found.map(\.rule) == ["reference-fails"], "\(found)")
  }
}

/// A model of many rows of few channels, so that a sample is not all of it.
private struct LongModel: ModelAccess {
  private let base = TinyModel()
  private let embedding: Matrix

  init(rows: Int) {
    var generator = SeededGenerator(seed: 11)
    let values = (0..<rows * TinyModel.width).map { _ in Float(3 + generator.gaussian()) }
    embedding = Matrix(rowCount: rows, columnCount: TinyModel.width, values: values)
  }

  var modelName: String { "long" }
  var tensorNames: [String] { ["W_E"] }
  var originalIDs: [Int]? { nil }

  func shape(of tensor: String) -> [Int]? {
    tensor == "W_E" ? [embedding.rowCount, embedding.columnCount] : nil
  }

  func matrix(_ tensor: String) throws(Diagnostic) -> Matrix {
    guard tensor == "W_E" else { throw Diagnostic("no-tensor", "no tensor named '\(tensor)'") }
    return embedding
  }

  func tokenID(_ text: String) -> Int? { base.tokenID(text) }
  func pieces(of text: String) -> [Int] { base.pieces(of: text) }
  func wordInitialToken(_ word: String) -> Int? { base.wordInitialToken(word) }
  func displayName(of token: Int) -> String { base.displayName(of: token) }
  func tokenLength(_ token: Int) -> Int { base.tokenLength(token) }
  func hasLeadingSpace(_ token: Int) -> Bool { token % 2 == 0 }
  func startsWord(_ token: Int) -> Bool { token % 2 == 0 }
}
