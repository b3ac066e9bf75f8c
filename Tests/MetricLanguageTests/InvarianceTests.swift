import MetricLanguage
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

@Suite struct InvarianceTests {
  private let evaluator = Evaluator(model: TinyModel(), lexicon: TinyModel.lexicon)

  @Test(
    arguments: [
      ("cosine(a, b)", [.rotation, .scaling]),
      ("cosine(a - mean(W_E), b - mean(W_E))", ModelTransformation.allCases),
      ("euclidean(a, b)", [.translation, .rotation, .constant]),
      ("dot(a, b)", [.rotation]),
      ("pearson(a, b)", [.scaling, .constant]),
      ("spearman(a - median(W_E), b - median(W_E))", [.translation, .scaling, .constant]),
      // Nothing in this formula is a choice; only running it shows what it does.
      (
        "norm(a - b) / (1 + norm(a - mean(W_E)) + norm(b - mean(W_E)))",
        [.translation, .rotation, .constant]
      ),
      // The gauge moves positions the other way, so their sum stays.
      ("dot(a + W_pos[0], b + W_pos[0])", [.translation, .rotation, .constant]),
      ("dot(a + W_pos[0], b + W_pos[0]) + 0 * W_E[0][0]", [.translation, .rotation, .constant]),
      ("cosine(a - [1, 2, 3, 4, 5, 6], b - [1, 2, 3, 4, 5, 6])", []),
    ] as [(String, [ModelTransformation])]
  )
  func `invariance is what re-evaluation shows`(
    text: String,
    expected: [ModelTransformation]
  )
    throws
  {
    let metric = try Metric(Formula(parsing: text))
    for transformation in ModelTransformation.allCases {
      let invariance = try evaluator.invariance(of: metric, under: transformation)
      #expect(
        invariance.holds == expected.contains(transformation),
        "\(transformation): \(invariance.relativeMove)"
      )
    }
  }

  @Test func `a metric without spread, or with undefined values, is refused`() throws {
    let constant = try Metric(Formula(parsing: "0 * cosine(a, b) + 1"))
    let undefined = try Metric(Formula(parsing: "log(0 - dot(a, a) - dot(b, b))"))
    for (metric, rule) in [(constant, "constant-metric"), (undefined, "non-finite-metric")] {
      let fault = #expect(throws: Diagnostic.self) {
        try evaluator.invariance(of: metric, under: .translation)
      }
      #expect(try #require(fault).rule == rule)
    }
  }
}
