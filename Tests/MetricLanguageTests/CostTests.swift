import EmbeddingMath
import MetricLanguage
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

/// What a formula is said to cost before it runs, on a vocabulary too large to be careless with.
@Suite struct CostTests {
  private let evaluator = Evaluator(model: ShapeOnlyModel(), lexicon: ShapeOnlyModel.lexicon)
  private static let width = 384.0

  private func cost(_ text: String) throws -> Cost {
    try evaluator.check(Formula(parsing: text)).cost
  }

  private func shape(_ text: String) throws -> String {
    "\(try evaluator.check(Formula(parsing: text)).type)"
  }

  @Test(arguments: [
    // Kendall over few rows, however they are chosen.
    "mean(pairs(kendall(a, b), rows: words('eight')))",
    "mean(pairs(kendall(a, b), of: W_E[words('eight')]))",
    "mean(pairs(kendall(a - mean(W_E), b - mean(W_E)), of: W_E[words('eight')] - mean(W_E)))",
    "best_match(W_E[words('eight')], by: kendall)",
    "let list = 'eight'; best_value(W_E[words(list)], by: kendall, self: false)",
    "best_match(unit(W_E[words('eight')]), of: zscore(W_E[words('many')]), by: kendall)",
    "mean(pairs(kendall(a, b), of: W_E[left(word_pairs('thirty'))]))",
    "mean(pairs(kendall(a, b), of: W_E[right(shuffled_pairs('thirty', seed: 1))]))",
    "mean(auc_of_shuffles(kendall(a, b), 'thirty', 100))",
    "similarity_to(mean(W_E), of: W_E[words('many')], by: kendall)",
    "mean(pairs(kendall(a, b), rows: top(row_norms(W_E), 20)))",
    "mean(pairs(kendall(a, b), rows: [' a', ' b']))",
    // Steps over a sample of 5,000 rows.
    "let A = W_E[sample(5000, seed: 0)]; let B = A - mean(A); let C = unit(B); let D = C * 2; "
      + "let F = abs(D) + sort(D); let G = rank(F) - F; let H = zscore(G) / 2 + G; "
      + "row_norms(centre_rows(H) + diff(H)[0])",
    "let n = 2500 * 2; let A = unit(W_E[sample(n, seed: 0)]); let B = exp(A) + log(A) + sqrt(A); "
      + "let C = shuffle_channels(B, seed: 1) + shuffle_tokens(B, seed: 1) + gaussian_like(B, seed: 1); "
      + "mean(reject(C, mean(C)) + project(C, mean(C)))",
    // Rows that a mask selects, from few.
    "svd(W_E).v[row_number(d_model) < 6]",
    "let V = svd(W_E).v[row_number(d_model) < 6]; let A = V * 2 + V; let B = A * A - A; "
      + "let C = unit(B) + rank(B) - sort(B); let D = C / 3 + C * C - 1; let E = abs(D) + D; "
      + "best_match(E + 1, by: kendall)",
    "let P = W_pos[row_number(448) < 5]; best_match(P, by: kendall)",
    "mean(pairs(kendall(a, b), of: W_pos[row_number(448) < 5] @ transpose(W_pos)))",
    "transpose(W_E[sample(100, seed: 0)]) @ W_E[sample(100, seed: 0)]",
  ])
  func `what is bounded is costed by its bound`(text: String) throws {
    // Texts that are no tokens are met only when the formula runs.
    #expect(throws: Never.self) { try cost(text) }
  }

  @Test(arguments: [
    "best_match(W_E, by: kendall)", "best_match(W_E[has_leading_space], by: kendall)",
    "best_match(W_E[tokens_where(has_leading_space)], by: manhattan)",
    "std(pairs(kendall(a, b), rows: sample(50000, seed: 0)))",
    "best_match(W_E[sample(d_vocab, seed: 0)], by: kendall)",
    "best_match(W_E[sample(count(words('many')), seed: 0)], by: kendall)",
    "let A = W_E[has_leading_space]; let B = A - mean(A); let C = unit(B); let D = C * 2; "
      + "let F = abs(D) + sort(D); let G = rank(F) - F; let H = zscore(G) / 2 + G; row_norms(H * 2 + 1)",
    "W_E @ transpose(W_E[has_leading_space])",
  ])
  func `what may be the whole vocabulary is costed as that`(text: String) throws {
    let fault = #expect(throws: Diagnostic.self) { try cost(text) }
    #expect(["too-costly", "too-large"].contains(try #require(fault).rule))
  }

  @Test func `a sample's rows are counted exactly`() throws {
    let stored = try cost("W_E").bytes
    func rows(_ text: String) throws -> Double {
      try (cost(text).bytes - stored) / (4 * Self.width)
    }
    #expect(try rows("W_E[sample(200, seed: 0)]") == 200)
    // Numbers are followed through arithmetic and names, and so are the model's own.
    #expect(try rows("let n = -(-100) * 2; W_E[sample(n, seed: 0)]") == 200)
    #expect(try rows("W_E[sample(d_model, seed: 0)]") == Self.width)
    #expect(try rows("W_E[words('eight')]") == 8)
    #expect(try rows("W_E[[' a', ' b', ' c']]") == 3)
    #expect(try rows("W_E[sample(200, seed: 0)] * 2 - 1") == 600)
  }

  @Test func `a tensor is held once, however often it is named`() throws {
    let twice = try cost("norm(mean(W_E)) + norm(W_E[0]) + norm(W_E[1])").bytes
    #expect(try twice < cost("W_E").bytes + 100_000)
    #expect(try cost("W_pos[0] @ W_E[0]").bytes > cost("W_E").bytes)
    #expect(try cost("W_E + W_E").bytes == 2 * cost("W_E").bytes)
  }

  @Test(arguments: [
    ("row_number(12)", "vector [12]"), ("row_number(d_model)", "vector [384]"),
    ("row_number(d_vocab) < 3", "mask [50,257]"), ("row_number(d_model / 2)", "vector [192]"),
    ("row_number(count(words('eight')))", "vector [?]"),
    ("W_E[sample(70, seed: 0)]", "matrix [70, 384]"),
    ("W_E[sample(1e7, seed: 0)]", "matrix [50,257, 384]"),
    ("W_E[words('eight')]", "matrix [?, 384]"),
    ("transpose(W_E[sample(70, seed: 0)])", "matrix [384, 70]"),
    ("W_E[has_leading_space]", "matrix [?, 384]"),
    ("svd(W_pos[sample(70, seed: 0)]).v", "matrix [70, 384]"),
    ("svd(W_E).v[row_number(d_model) < 6]", "matrix [?, 384]"),
    ("token_id[[' a', ' b']]", "vector [2]"),
    ("has_leading_space[sample(5, seed: 0)]", "mask [5]"),
    ("diff(W_E[sample(5, seed: 0)])", "matrix [4, 384]"),
    // Where rows are all tokens, the best of them are tokens.
    ("most_common(row_number(d_vocab), 3)", "tokens"),
    ("most_common(row_number(d_model), 3)", "vector [?]"),
  ])
  func `what is known of a length is carried along`(text: String, expected: String) throws {
    #expect(try shape(text) == expected)
  }

  @Test(arguments: [
    "row_number(12) + row_number(13)", "W_E[row_number(d_model) < 6]",
    "best_match(W_E[sample(9, seed: 0)], by: dot) != row_number(8)",
    "W_E @ row_number(383)",
  ])
  func `lengths that cannot agree are refused before anything runs`(text: String) throws {
    let fault = #expect(throws: Diagnostic.self) { try cost(text) }
    #expect(try #require(fault).rule == "shape")
  }

  @Test func `a metric's rows are as long as the rows it is applied to`() throws {
    let evaluator = Evaluator(model: TinyModel(), lexicon: TinyModel.lexicon)
    for rows in ["sample(10, seed: 0)", "words('some')"] {
      let text =
        "let M = transpose(W_E[\(rows)]); "
        + "mean(pairs(dot(a * (1 + row_number(count(M[0]))), b * (1 + row_number(count(M[0])))), of: M))"
      #expect(throws: Never.self) { try evaluator.number(Formula(parsing: text)) }
    }
    let known = "mean(pairs(dot(a * row_number(10), b * row_number(10)), "
    #expect(throws: Never.self) {
      try evaluator.number(
        Formula(parsing: known + "of: transpose(W_E[sample(10, seed: 0)])))")
      )
    }
    #expect(throws: Diagnostic.self) {
      try evaluator.check(Formula(parsing: known + "of: W_E))"))
    }
  }

  @Test func `nearest neighbours by a costly metric are sought among fewer rows`() throws {
    func comparisons(_ text: String) throws -> Int {
      let metric = try Metric(Formula(parsing: text))
      let around = evaluator.neighbourhood(for: metric, seed: 1)
      #expect(Set(around.queries).isSubset(of: around.candidates))
      #expect(around.queries.count >= 10 && around.candidates.count >= 100)
      return around.queries.count * around.candidates.count
    }
    #expect(try comparisons("cosine(a, b)") == 150 * 2_000)
    #expect(try comparisons("spearman(a - mean(W_E), b - mean(W_E))") == 150 * 2_000)
    #expect(try comparisons("dot(a, b) / norm(a)") == 40 * 400)
    // A comparison of 384 channels by Kendall takes about 30 microseconds; 15 rounds of these a few
    // seconds.
    for costly in [
      "kendall(a, b)", "let m = mean(W_E); kendall(a - m, b - m)", "kendall(a, b) + dot(a, b)",
    ] {
      #expect(try comparisons(costly) <= 4_000)
    }
  }
}
