import EmbeddingMath
import MetricLanguage
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

/// What an evaluator with other random draws changes, what it leaves, and what formulas draw.
@Suite struct ReseededEvaluatorTests {
  private let evaluator = Evaluator(model: TinyModel(), lexicon: TinyModel.lexicon)
  private static let drawn = [
    "mean(row_norms(W_E[sample(12, seed: 0)]))",
    "mean(pairs(cosine(a, b), of: shuffle_tokens(W_E, seed: 3)))",
    "mean(pairs(cosine(a, b), of: shuffle_channels(W_E, seed: 3)))",
    "mean(pairs(cosine(a, b), of: gaussian_like(W_E, seed: 3)))",
    "mean(pairs(cosine(a, b), among: shuffled_pairs('neighbours', seed: 1)))",
    "mean(auc_of_shuffles(dot(a, b), 'neighbours', 2))",
    "random_direction(seed: 4) @ mean(W_E)",
  ]
  private static let fixed = [
    "mean(pairs(cosine(a, b)))", "norm(mean(W_E))", "auc(row_norms(W_E), has_leading_space)",
    "mean(pairs(cosine(a, b), among: word_pairs('neighbours')))", "svd(W_E).s[0]",
    "count(best_match(W_E, by: dot))", "mean(pairs(euclidean(a, b), among: space_twins))",
  ]

  @Test(arguments: drawn) func `a random draw is made anew`(text: String) throws {
    let formula = try Formula(parsing: text)
    let first = try evaluator.number(formula)
    let others = try (1...5).map {
      try evaluator.with(seedOffset: $0 * 1_000_003).number(formula)
    }
    #expect(others.contains { $0 != first })
    // The same offset makes the same draw, and none makes the first one.
    #expect(try evaluator.with(seedOffset: 1_000_003).number(formula) == others[0])
    #expect(try evaluator.with(seedOffset: 7).with(seedOffset: 0).number(formula) == first)
    #expect(try evaluator.number(formula) == first)
  }

  @Test(arguments: fixed) func `what draws nothing stays what it is`(text: String) throws {
    let formula = try Formula(parsing: text)
    #expect(!formula.drawsAtRandom)
    #expect(
      try evaluator.with(seedOffset: 99).number(formula) == evaluator.number(formula)
    )
  }

  @Test func `a seed and an offset add up`() throws {
    let offset = evaluator.with(seedOffset: 2)
    let draws = try offset.evaluate(Formula(parsing: "sample(12, seed: 3)")).value
    let plain = try evaluator.evaluate(Formula(parsing: "sample(12, seed: 5)")).value
    guard case .tokens(let first) = draws, case .tokens(let second) = plain else {
      Issue.record("no tokens")
      return
    }
    #expect(first == second)
  }

  @Test func `the sample of a metric run pair by pair is drawn anew`() throws {
    let large = Evaluator(model: LargeModel())
    let formula = try Formula(parsing: "mean(pairs(dot(a, b) / (norm(a) + norm(b))))")
    let first = try large.evaluate(formula)
    #expect(!first.basis.isExact)
    #expect(formula.drawsAtRandom)
    #expect(try large.with(seedOffset: 1).number(formula) != large.number(formula))
  }

  @Test(arguments: drawn) func `a formula that draws says so`(text: String) throws {
    #expect(try Formula(parsing: text).drawsAtRandom)
    #expect(try Formula(parsing: "let x = 1; x + \(text)").drawsAtRandom)
    #expect(try Formula(parsing: "[0, 2 * (\(text))][1] > 0").drawsAtRandom)
  }

  @Test(arguments: [
    // At most 2,500 of the analogies are tried, drawn with seed 0.
    ("share(analogies('neighbours', by: cosine))", true),
    // A metric that is not a similarity of two rows treated alike may be run on a sample of rows.
    ("std(pairs(cosine(a, b) + dot(a, b)))", true),
    ("std(pairs((let m = mean(W_E); cosine(a - m, b - m))))", false),
    ("let m = cosine(a, b); mean(pairs(m))", false),
    ("let m = cosine(a, b) + 1; mean(pairs(m))", true),
    ("mean(pairs(cosine))", false),
    ("std(pairs(cosine(a, b) + dot(a, b), among: word_pairs('neighbours')))", false),
    ("words('seed')", false), ("seed", false),
  ])
  func `whether a formula draws is told from its text`(text: String, draws: Bool) throws {
    #expect(try Formula(parsing: text).drawsAtRandom == draws)
  }

  @Test func `a formula lists its texts`() throws {
    #expect(
      try Formula(
        parsing: "let x = W_E[' w1']; nearest(x, k: 2, by: cosine, except: [' w1', \"w48\"])[0]"
      ).texts == [" w1", " w1", "w48"]
    )
    #expect(
      try Formula(parsing: "not share(words('a')[0] > 1) == -count('b')").texts == ["a", "b"]
    )
    #expect(try Formula(parsing: "svd(W_E[embed('c') > 1]).v[0]").texts == ["c"])
    #expect(try Formula(parsing: "mean(pairs(cosine(a, b)))").texts == [])
  }

  @Test(arguments: ["word_pairs('neighbours')", "space_twins"], [true, false])
  func `class means taken of all rows at once are each row's own`(
    pairs: String,
    isSum: Bool
  ) throws {
    func means(_ row: String) -> String {
      isSum ? "\(row) * 2 + class_mean(\(row))" : "\(row) - class_mean(\(row))"
    }
    // A name inside the metric keeps the transform from being applied to all rows at once.
    func single(_ row: String) -> String {
      "(let c = class_mean(\(row)); \(row) \(isSum ? "* 2 + c" : "- c"))"
    }
    for similarity in ["cosine", "euclidean", "kendall"] {
      let lifted = "\(similarity)(\(means("a")), \(means("b")))"
      let plain = "\(similarity)(\(single("a")), \(single("b")))"
      for rows in ["among: \(pairs)", "rows: sample(20, seed: 2)", "rows: words('some')"] {
        let first = try evaluator.number(Formula(parsing: "mean(pairs(\(lifted), \(rows)))"))
        let second = try evaluator.number(Formula(parsing: "mean(pairs(\(plain), \(rows)))"))
        #expect(abs(first - second) < 1e-5 * max(1, abs(second)), "\(similarity), \(rows)")
      }
    }
  }

  @Test(arguments: ["svd(W_E)", "pca(W_E)", "svd(W_E - mean(W_E))"])
  func `a kept direction is the one computed afresh`(decomposition: String) throws {
    func value(_ text: String, _ evaluator: Evaluator) throws -> [Double] {
      guard case .vector(let vector) = try evaluator.evaluate(Formula(parsing: text)).value else {
        throw Diagnostic("type", "no vector: \(text)")
      }
      return vector
    }
    for index in 0..<6 {
      let text = "\(decomposition).v[\(index)]"
      let fresh = try value(text, Evaluator(model: TinyModel()))
      // The first direction that is asked for keeps the others too.
      #expect(try value(text, evaluator) == fresh)
      #expect(try value(text, evaluator) == fresh)
      // Behind a name nothing is kept, and the differences are rounded to single precision.
      let named = try value("let D = \(decomposition); D.v[\(index)]", evaluator)
      #expect(zip(named, fresh).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    let left = try value("\(decomposition).u[0]", Evaluator(model: TinyModel()))
    #expect(left.count == 64)
    #expect(try value("\(decomposition).u[0]", evaluator) == left)
    let values = try value("\(decomposition).s", Evaluator(model: TinyModel()))
    #expect(try value("\(decomposition).s", evaluator) == values)
    for outside in ["6", "-1", "0.5"] {
      let fault = #expect(throws: Diagnostic.self) {
        try evaluator.evaluate(Formula(parsing: "\(decomposition).v[\(outside)]"))
      }
      #expect(try #require(fault).rule == "index")
    }
  }

  @Test func `a kept direction still tells what rows it rests on`() throws {
    let formula = try Formula(parsing: "svd(W_E[sample(20, seed: 3)]).v[1][0]")
    let first = try evaluator.evaluate(formula)
    #expect(first.basis.rows == "sample of 20 of 64 rows, seed 3")
    #expect(try evaluator.evaluate(formula).basis == first.basis)
    let other = try Formula(parsing: "svd(W_E[sample(20, seed: 3)]).v[0][0]")
    #expect(try evaluator.evaluate(other).basis == first.basis)
  }
}

/// More rows than a metric is run on pair by pair.
private struct LargeModel: ModelAccess {
  let modelName = "large"
  let tensorNames = ["W_E"]
  let originalIDs: [Int]? = nil
  private let embedding = Matrix.random(700, 3, seed: 8, mean: 1)

  func shape(of tensor: String) -> [Int]? { tensor == "W_E" ? [700, 3] : nil }
  func matrix(_ tensor: String) throws(Diagnostic) -> Matrix { embedding }
  func tokenID(_ text: String) -> Int? { nil }
  func pieces(of text: String) -> [Int] { [] }
  func wordInitialToken(_ word: String) -> Int? { nil }
  func displayName(of token: Int) -> String { "\"\(token)\"" }
  func tokenLength(_ token: Int) -> Int { 1 }
  func hasLeadingSpace(_ token: Int) -> Bool { false }
  func startsWord(_ token: Int) -> Bool { false }
}
