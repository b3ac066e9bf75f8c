import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import Testing

@Suite struct AnswerTests {
  private func read(_ question: String, _ yaml: String) throws -> Answer? {
    guard let (question, node) = try ExamplePuzzle.answering(question, yaml) else { return nil }
    return try question.read(node)
  }

  @Test(arguments: [
    ("0.917", 0.917), ("9.2e-1", 0.92), ("92%", 0.92), ("92 %", 0.92), ("-3", -3), ("+.5", 0.5),
    ("5.", 5), ("\"0.5\"", 0.5), ("−0.25", -0.25), ("1E3", 1000), ("0", 0), ("1e-999", 0),
    ("' 7 '", 7),
  ])
  func `numbers are read as people write them`(text: String, expected: Double) throws {
    guard case .number(let value)? = try read("predicts", text) else {
      Issue.record("'\(text)' was not read as a number")
      return
    }
    #expect(abs(value - expected) < 1e-12)
  }

  @Test(
    arguments: ["guess", "predicts", "which", "metric", "closest", "why"],
    ["", "…", "...", "~", "null", "\"\"", "'  '", "\"…\""]
  )
  func `a blank answers nothing`(question: String, blank: String) throws {
    #expect(try read(question, blank) == .unanswered)
  }

  @Test(arguments: [
    ("shuffle-tokens", ["shuffle-tokens"]), ("[shuffle-tokens]", ["shuffle-tokens"]),
    ("[shuffle-tokens, shuffle-channels]", ["shuffle-channels", "shuffle-tokens"]),
    ("[shuffle-tokens, shuffle-tokens]", ["shuffle-tokens"]),
    ("[\" Shuffle-Tokens \"]", ["shuffle-tokens"]), ("[]", []),
  ])
  func `options are read one or many`(text: String, expected: [String]) throws {
    #expect(try read("which", text) == .choice(Set(expected)))
  }

  @Test func `a question that wants one option takes exactly one`() throws {
    let yaml = ExamplePuzzle.puzzleYAML.replacing("many: true", with: "many: false")
    let question = try #require(ExamplePuzzle.puzzle(yaml: yaml).question("which"))
    func read(_ answer: String) throws -> Answer {
      let text = "puzzle: x\nanswers:\n  which: \(answer)"
      let submission = try Submission(text: text, file: "answers.yaml")
      return try question.read(#require(submission["which"]))
    }
    #expect(try read("shuffle-tokens") == .choice(["shuffle-tokens"]))
    #expect(try read("[shuffle-tokens]") == .choice(["shuffle-tokens"]))
    #expect(try read("[]") == .unanswered)
    #expect(
      report { _ = try read("[shuffle-tokens, shuffle-channels]") } == """
        answers.yaml:3:10: error: [too-many-options] 2 options are chosen, expected exactly one
        3 |   which: [shuffle-tokens, shuffle-channels]
          |          ^
        """
    )
    #expect(report { _ = try read("{ a: b }") }.contains("expected one option"))
  }

  @Test(arguments: [
    ("dog", ["dog"]), ("[\" the\", \" a\", \" the\"]", [" the", " a"]), ("[no, ~]", ["no", "~"]),
  ])
  func `tokens keep their spaces and order`(text: String, expected: [String]) throws {
    #expect(try read("closest", text) == .tokens(expected))
  }

  @Test func `no tokens are no answer, and too many are refused`() throws {
    #expect(try read("closest", "[]") == .unanswered)
    let many = (0...1000).map { "t\($0)" }.joined(separator: ",")
    #expect(
      report { _ = try read("closest", "[\(many)]") }
        .contains("the answer lists 1001 tokens, expected at most 1000")
    )
  }

  @Test func `a metric is a choice or a formula`() throws {
    let choice = try MetricChoice.reading(similarity: "cosine", zeroPoint: "token-mean", remove: 1)
    #expect(
      try read("metric", "{ similarity: cosine, zero-point: token-mean, remove: 1 }")
        == .metric(.choice(choice))
    )
    #expect(
      try read("metric", "{ similarity: dot, zero-point: , remove: ~ }")
        == .metric(.choice(.reading(similarity: "dot", zeroPoint: nil, remove: nil)))
    )
    let formula = try Formula(parsing: "cosine(a - mean(W_E), b - mean(W_E))")
    #expect(try read("metric", "\"\(formula.text)\"") == .metric(.formula(formula)))
    #expect(try read("metric", formula.text) == .metric(.formula(formula)))
    #expect(MetricAnswer.formula(formula).formulaText == formula.text)
    #expect(MetricAnswer.choice(choice).formulaText == choice.formulaText)
  }

  @Test func `an explanation is any text`() throws {
    #expect(try read("why", "because") == .text("because"))
    #expect(try read("why", "42") == .text("42"))
    let submission = try ExamplePuzzle.submission()
    let question = try #require(ExamplePuzzle.puzzle().question("why"))
    #expect(
      try question.read(#require(submission["why"]))
        == .text("Because the mean vector is large.\n")
    )
  }

  @Test func `a pattern matches what it names`() throws {
    guard case .metric(let key)? = try ExamplePuzzle.key().questions["metric"],
      case .choice(let pattern)? = key.traps.last?.when
    else {
      Issue.record("the example's last metric trap is not a choice")
      return
    }
    func choice(_ similarity: String, _ zeroPoint: String?, _ remove: Int?) throws -> MetricChoice {
      try .reading(similarity: similarity, zeroPoint: zeroPoint, remove: remove)
    }
    #expect(pattern.matches(try choice("kendall", "token-mean", 2)))
    #expect(pattern.matches(try choice("kendall", nil, nil)))
    #expect(!pattern.matches(try choice("cosine", "token-mean", 2)))
  }
}
