import MetricLanguage
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

@Suite struct CheckerTests {
  private func fault(_ text: String) throws -> String {
    let evaluator = Evaluator(model: TinyModel(), lexicon: TinyModel.lexicon)
    let fault = #expect(throws: Diagnostic.self) {
      try evaluator.evaluate(Formula(parsing: text))
    }
    return try #require(fault).rendered()
  }

  @Test(arguments: [
    (
      "mean(pairs(cosin(a, b)))",
      """
      <formula>:1:12: error: [unknown-function] no function named 'cosin'
      1 | mean(pairs(cosin(a, b)))
        |            ^^^^^
      help: did you mean 'cosine'?
      """
    ),
    (
      "mean(W_X)",
      """
      <formula>:1:6: error: [unknown-name] no value named 'W_X'
      1 | mean(W_X)
        |      ^^^
      help: did you mean 'W_E'?
      """
    ),
    (
      "cosine(a, b)[0]",
      """
      <formula>:1:1: error: [type] expected a number, text, mask or tokens in brackets behind a \
      matrix or vector, found number behind number
      1 | cosine(a, b)[0]
        | ^^^^^^^^^^^^^^^
      """
    ),
    (
      "norm(a)",
      """
      <formula>:1:1: error: [type] expected a metric
      """
    ),
    (
      "W_E - row_norms(W_E)",
      """
      <formula>:1:1: error: [shape] '-' needs one entry for each column, and these are matrix \
      [64, 6] and vector [64]
      1 | W_E - row_norms(W_E)
        | ^^^^^^^^^^^^^^^^^^^^
      help: the vector has one entry for each row; per row there are unit(M) and centre_rows(M)
      """
    ),
    (
      "mean(\"text\")",
      """
      <formula>:1:6: error: [arguments] 'mean' expected a vector, distribution, matrix or mask \
      here, found a text
      """
    ),
    (
      "nearest(W_E[0], k: 5)",
      """
      <formula>:1:1: error: [arguments] 'nearest' is missing 'by:'
      """
    ),
    (
      "W_E[\" w1-w50\"]",
      """
      <formula>:1:5: error: [not-one-token] " w1-w50" is not one token but 2: " w1" "w50"
      """
    ),
    ("W_E[64]", "<formula>:1:5: error: [index] there is no row or entry 64.0; expected 0 to 63"),
    (
      "W_Q[0]",
      """
      <formula>:1:1: error: [absent-tensor] 'tiny' holds no W_Q on this machine
      1 | W_Q[0]
        | ^^^
      help: workbook models show tiny lists what there is; of a model that was fetched, workbook \
      models pull tiny --layers 0 fetches a layer's matrices
      """
    ),
    (
      "mean(W_U)",
      """
      <formula>:1:6: error: [absent-tensor] 'tiny' holds no W_U on this machine
      1 | mean(W_U)
        |      ^^^
      help: where the unembedding is tied to the embedding, it is W_E, transposed
      """
    ),
    (
      "W_E[\"w1\"]",
      """
      <formula>:1:5: error: [unknown-token] "w1" is not in the vocabulary
      1 | W_E["w1"]
        |     ^^^^
      help: did you mean " w1"? the space before a word counts
      """
    ),
    ("W_in + 1", "<formula>:1:1: error: [layer-needed] 'W_in' has 2 layers, and none is named"),
    ("W_in[2]", "<formula>:1:6: error: [layer-unknown] 'W_in' has layers 0 to 1"),
    ("mean", "<formula>:1:1: error: [function-without-call] 'mean' is a function"),
    ("token_id(3)", "<formula>:1:1: error: [not-a-function] 'token_id' is a value"),
    ("W_E @ W_E", "<formula>:1:1: error: [shape] '@' needs matching inner sizes"),
    ("pairs(norm(a), of: W_E)", "<formula>:"),
    ("metric", "<formula>:1:1: error: [no-metric] 'metric' stands for the learner's answer"),
    ("mean(a)", "<formula>:1:1: error: [type] expected a metric"),
    ("words('nope')", "<formula>:1:1: error: [unknown-list] the lexicon has no word list"),
    (
      "word_pairs('short')",
      "<formula>:1:1: error: [too-few-mapped] only 1 of the 1 entries of 'short' are single tokens"
    ),
    ("svd(W_E).w", "<formula>:1:1: error: [no-member] decomposition"),
    ("quantile(row_norms(W_E), 2)", "<formula>:1:1: error: [type] expected a share from 0 to 1"),
    ("sample(10, seed: -1)", "<formula>:1:1: error: [type] expected a whole number"),
    (
      "mean(pairs(cosine(a - row_norms(W_E), b)))",
      "<formula>:1:19: error: [shape] '-' needs equal lengths, and these are vector [6] and vector [64]"
    ),
  ])
  func `a wrong formula is refused with its place`(text: String, expected: String) throws {
    let shown = try fault(text)
    #expect(shown.hasPrefix(expected), "\(shown)")
  }

  @Test func `work beyond the limit is refused before it starts`() throws {
    let evaluator = Evaluator(model: TinyModel(), limits: .init(operations: 1_000, bytes: 1e9))
    let fault = #expect(throws: Diagnostic.self) {
      try evaluator.evaluate(Formula(parsing: "std(pairs(kendall(a, b)))"))
    }
    #expect(try #require(fault).rule == "too-costly")
    let small = Evaluator(model: TinyModel(), limits: .init(operations: 1e12, bytes: 1_000))
    let large = #expect(throws: Diagnostic.self) {
      try small.evaluate(Formula(parsing: "W_E - mean(W_E)"))
    }
    #expect(try #require(large).rule == "too-large")
  }

  @Test func `every built-in's example runs and every name is documented`() throws {
    let evaluator = Evaluator(
      model: TinyModel(),
      lexicon: Lexicon(
        words: ["size": TinyModel.lexicon.words["some"] ?? []],
        pairs: ["synonyms": TinyModel.lexicon.pairs["neighbours"] ?? []]
      )
    )
    #expect(Set(BuiltInTable.all.map(\.name)).count == BuiltInTable.all.count)
    for builtIn in BuiltInTable.all {
      #expect(builtIn.summary.hasSuffix("."), "\(builtIn.name)")
      let example = builtIn.example
        .replacing("\" the\"", with: "\" w1\"").replacing("\" enormous\"", with: "\" w1\"")
        .replacing("\" huge\"", with: "\" w2\"").replacing("500", with: "50")
      #expect(throws: Never.self, "\(builtIn.name): \(example)") {
        try evaluator.evaluate(Formula(parsing: example))
      }
    }
  }
}
