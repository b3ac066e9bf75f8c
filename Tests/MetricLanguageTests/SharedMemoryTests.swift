import MetricLanguage
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

/// Evaluators of one model that share what was computed must say what one that computed it all says.
@Suite struct SharedMemoryTests {
  /// The same lists with the pairs' partners one further on.
  private static let otherLexicon = Lexicon(
    words: TinyModel.lexicon.words.mapValues { Array($0.reversed().prefix(max(1, $0.count - 1))) },
    pairs: TinyModel.lexicon.pairs.mapValues { pairs in
      pairs.indices.map { index in
        Lexicon.WordPair(pairs[index].left, pairs[(index + 1) % pairs.count].right)
      }
    }
  )

  private static var formulas: [String] {
    [
      "mean(pairs(cosine(a, b), among: word_pairs('neighbours')))",
      "mean(pairs(dot(a - mean(W_E), b - mean(W_E)), among: shuffled_pairs('neighbours', seed: 1)))",
      "norm(mean(W_E))", "mean(pairs(cosine(a, b)))", "svd(W_E - mean(W_E)).v[0][1]",
      "let P = word_pairs('neighbours'); mean(pairs(euclidean(a, b), among: P))",
    ]
  }

  @Test func `other word lists change what reads them, and nothing else`() throws {
    let first = Evaluator(model: TinyModel(), lexicon: TinyModel.lexicon)
    let before = try Self.formulas.map { try first.number(Formula(parsing: $0)) }
    let shared = first.with(lexicon: Self.otherLexicon)
    let fresh = Evaluator(model: TinyModel(), lexicon: Self.otherLexicon)
    var changed = 0
    for (text, old) in zip(Self.formulas, before) {
      let formula = try Formula(parsing: text)
      let value = try shared.number(formula)
      #expect(try value == fresh.number(formula), "\(text)")
      if value != old { changed += 1 }
    }
    #expect(changed >= 2)
    // And back again, after both have kept their own.
    for (text, old) in zip(Self.formulas, before) {
      #expect(try first.number(Formula(parsing: text)) == old, "\(text)")
      #expect(
        try shared.with(lexicon: TinyModel.lexicon).number(Formula(parsing: text)) == old,
        "\(text)"
      )
    }
  }

  @Test func `what one learner's metric gives is not given for another's`() throws {
    let evaluator = Evaluator(model: TinyModel(), lexicon: TinyModel.lexicon)
    let formula = try Formula(parsing: "mean(pairs(metric)) + norm(mean(W_E))")
    var values: [Double] = []
    for text in ["cosine(a, b)", "dot(a, b)", "cosine(a, b)"] {
      let metric = try Metric(Formula(parsing: text))
      values.append(try evaluator.with(learnersMetric: metric).number(formula))
    }
    #expect(values[0] == values[2] && values[0] != values[1], "\(values)")
  }

  @Test func `a transformed model's values follow the word lists too`() throws {
    let metric = try Metric(
      Formula(parsing: "cosine(a - mean(W_E[words('some')]), b)")
    )
    let first = Evaluator(model: TinyModel(), lexicon: TinyModel.lexicon)
    _ = try first.invariance(of: metric, under: .translation)
    let shared = first.with(lexicon: Self.otherLexicon)
    let fresh = Evaluator(model: TinyModel(), lexicon: Self.otherLexicon)
    #expect(
      try shared.invariance(of: metric, under: .translation)
        == fresh.invariance(of: metric, under: .translation)
    )
  }
}
