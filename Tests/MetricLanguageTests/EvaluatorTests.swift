import EmbeddingMath
import MetricLanguage
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

@Suite struct EvaluatorTests {
  private let evaluator = Evaluator(model: TinyModel(), lexicon: TinyModel.lexicon)

  private func number(_ text: String) throws -> Double {
    try evaluator.number(Formula(parsing: text))
  }

  private func pairValues(_ body: ([Double], [Double]) -> Double) throws -> [Double] {
    let matrix = try TinyModel().matrix("W_E")
    var values: [Double] = []
    for i in 0..<matrix.rowCount {
      for j in (i + 1)..<matrix.rowCount { values.append(body(matrix.row(i), matrix.row(j))) }
    }
    return values
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test(arguments: Similarity.allCases)
  func `the mean over all pairs is the plain loop's`(similarity: Similarity) throws {
    let expected = mean(try pairValues { similarity.value($0, $1) })
    let formula = "mean(pairs(\(similarity.rawValue)(a, b)))"
    #expect(abs(try number(formula) - expected) < 1e-5 * max(1, abs(expected)))
    // The same through the histogram's pass.
    let full =
      "mean(pairs(\(similarity.rawValue)(a, b), of: W_E + 0)) + 0 * max(pairs(\(similarity.rawValue)(a, b)))"
    #expect(abs(try number(full) - expected) < 1e-5 * max(1, abs(expected)))
  }

  @Test(arguments: [
    "cosine(a - mean(W_E), b - mean(W_E))",
    "let m = mean(W_E); cosine(a - m, b - m)",
    "cosine(reject(a, mean(W_E)), reject(b, mean(W_E)))",
    "cosine(a - mean(a), b - mean(b))",
    "cosine(unit(a) * 2 + mean(W_E), unit(b) * 2 + mean(W_E))",
    "cosine(b - class_mean(b), a - class_mean(a))",
    "dot(rank(a), rank(b)) / (norm(a) + norm(b))",
    "euclidean(a @ W_in[0], b @ W_in[0])",
    "dot(a / norm(a), b / norm(b))",
  ])
  func `a planned metric equals the same metric pair by pair`(text: String) throws {
    let metric = try Metric(Formula(parsing: text))
    let matrix = try TinyModel().matrix("W_E")
    var left: [Int] = []
    var right: [Int] = []
    for i in 0..<matrix.rowCount {
      for j in (i + 1)..<matrix.rowCount {
        left.append(i)
        right.append(j)
      }
    }
    let values = try evaluator.values(
      of: metric,
      pairs: PairSet(left: left, right: right, listed: left.count)
    )
    // Multiplying by a number that depends on nothing defeats the plan: it is interpreted.
    let parts = text.split(separator: ";", maxSplits: 1)
    let interpreted = parts.count == 2 ? "\(parts[0]); 1 * (\(parts[1]))" : "1 * (\(text))"
    let general = try evaluator.values(
      of: Metric(Formula(parsing: interpreted)),
      pairs: PairSet(left: left, right: right, listed: left.count)
    )
    for (planned, plain) in zip(values, general) { #expect(abs(planned - plain) < 2e-5) }
    let lets = parts.count == 2 ? "\(parts[0]); mean(pairs(\(parts[1])))" : "mean(pairs(\(text)))"
    #expect(abs(try number(lets) - mean(general)) < 2e-5)
  }

  @Test func `subtracting the mean embedding leaves pairs without a common direction`() throws {
    #expect(try number("mean(pairs(cosine(a, b)))") > 0.8)
    #expect(abs(try number("let Z = W_E - mean(W_E); mean(pairs(cosine(a, b), of: Z))")) < 0.1)
  }

  @Test func `a metric can be named`() throws {
    #expect(
      try number("let m = cosine(a, b); mean(pairs(m))") == number("mean(pairs(cosine(a, b)))")
    )
    #expect(try number("mean(pairs(cosine))") == number("mean(pairs(cosine(a, b)))"))
  }

  @Test func `the learner's metric is what 'metric' means in a key`() throws {
    let learner = evaluator.with(learnersMetric: try Metric(Formula(parsing: "dot(a, b)")))
    let formula = try Formula(parsing: "mean(pairs(metric))")
    #expect(try learner.number(formula) == number("mean(pairs(dot(a, b)))"))
    let other = evaluator.with(learnersMetric: try Metric(Formula(parsing: "cosine(a, b)")))
    #expect(try other.number(formula) == number("mean(pairs(cosine(a, b)))"))
  }

  @Test func `neighbours stand out from the same words with shuffled partners`() throws {
    let areas = try number(
      "mean(auc_of_shuffles(cosine(a - mean(W_E), b - mean(W_E)), 'neighbours', 20))"
    )
    #expect(areas > 0.9)
    #expect(try number("mean(auc_of_shuffles(euclidean(a, b), 'neighbours', 20))") > 0.9)
  }

  @Test func `shuffled pairs keep the words and contain no listed pair`() throws {
    let set = PairSet(left: Array(0..<30), right: Array(30..<60), listed: 30)
    for seed in 1...20 {
      let model = evaluator
      let value = try model.evaluate(
        Formula(parsing: "shuffled_pairs('neighbours', seed: \(seed))")
      ).value
      guard case .pairSet(let shuffled) = value else {
        Issue.record("not a pair set")
        return
      }
      #expect(shuffled.count == 24)
      #expect(Set(shuffled.right).count == 24)
      for (left, right) in zip(shuffled.left, shuffled.right) { #expect(left + 1 != right) }
    }
    #expect(set.count == 30)
  }

  @Test func `sampled numbers carry their basis and standard error`() throws {
    let sampled = try evaluator.evaluate(
      Formula(parsing: "mean(pairs(cosine(a, b), rows: sample(30, seed: 3)))")
    )
    #expect(sampled.basis.rows == "sample of 30 of 64 rows, seed 3")
    #expect(!sampled.basis.isExact)
    #expect(try #require(sampled.standardError) > 0)
    let exact = try evaluator.evaluate(Formula(parsing: "mean(pairs(cosine(a, b)))"))
    #expect(exact.basis.rows == "all 64 rows")
    #expect(exact.standardError == nil)
  }

  @Test func `the stated standard error is the spread over seeds`() throws {
    var means: [Double] = []
    var stated: [Double] = []
    for seed in 0..<40 {
      let sampled = try evaluator.evaluate(
        Formula(parsing: "mean(pairs(cosine(a, b), rows: sample(32, seed: \(seed))))")
      )
      guard case .number(let value) = sampled.value else { continue }
      means.append(value)
      stated.append(try #require(sampled.standardError))
    }
    let centre = mean(means)
    let spread = mean(means.map { ($0 - centre) * ($0 - centre) }).squareRoot()
    let ratio = mean(stated) / spread
    #expect(ratio > 0.6 && ratio < 1.7, "stated over observed: \(ratio)")
  }

  @Test func `tensors, members and indices give what they name`() throws {
    let matrix = try TinyModel().matrix("W_E")
    #expect(try number("W_E[3][2]") == Double(matrix[3, 2]))
    #expect(try number("W_E[\" w5\"][0]") == Double(matrix[5, 0]))
    #expect(try number("count(ln_final_w)") == 6)
    #expect(try number("count(W_in[1][0])") == 12)
    #expect(try number("share(has_leading_space)") == 0.75)
    #expect(try number("count(row_norms(W_E[has_leading_space]))") == 48)
    #expect(abs(try number("abs(cosine(svd(W_E).v[0], mean(W_E)))")) > 0.95)
    #expect(abs(try number("norm(svd(W_E).u[0])") - 1) < 1e-6)
    #expect(abs(try number("norm(pca(W_E).v[2])") - 1) < 1e-9)
    #expect(try number("svd(W_E).s[0]") > number("svd(W_E).s[1]"))
  }

  @Test(arguments: ["sum", "mean", "std", "min", "max", "row_norms"])
  func `a product that is reduced is never held, and gives the same`(reduction: String) throws {
    // Bound to a name first, the product is made as a whole.
    let whole = "let P = W_E @ W_in[0]; norm(\(reduction)(P))"
    let fused = "norm(\(reduction)(W_E @ W_in[0]))"
    #expect(abs(try number(fused) - number(whole)) < 1e-4 * abs(try number(whole)))
    let room = Evaluator(
      model: TinyModel(),
      limits: .init(operations: 1e12, bytes: Double(64 * 12 * 4 - 1))
    )
    #expect(throws: Never.self) { try room.number(Formula(parsing: fused)) }
    #expect(throws: Diagnostic.self) { try room.number(Formula(parsing: whole)) }
  }

  @Test func `nearest ranks by likeness and keeps what is excluded out`() throws {
    let formula = try Formula(
      parsing: "nearest(W_E[\" w4\"], k: 1, by: euclidean, except: \" w4\")"
    )
    guard case .tokens(let tokens) = try evaluator.evaluate(formula).value else { return }
    #expect(tokens == [5])
  }

  @Test func `every choice is the formula it states`() throws {
    for choice in MetricChoice.all {
      #expect(throws: Never.self, "\(choice.formulaText)") {
        _ = try evaluator.check(choice.formula)
      }
    }
    #expect(MetricChoice.all.count == 7 * 7 * 4)
    let choice = try MetricChoice.reading(
      similarity: "cosine",
      zeroPoint: "token-mean",
      remove: 1
    )
    #expect(
      choice.formulaText
        == "cosine(reject(a - mean(W_E), svd(W_E - mean(W_E)).v[0]), "
        + "reject(b - mean(W_E), svd(W_E - mean(W_E)).v[0]))"
    )
    let fault = #expect(throws: Diagnostic.self) {
      try MetricChoice.reading(similarity: "cosin", zeroPoint: nil, remove: nil)
    }
    #expect(try #require(fault).help == "did you mean 'cosine'?")
  }
}
