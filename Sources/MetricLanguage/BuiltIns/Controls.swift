import EmbeddingMath
import SourceDiagnostics

extension BuiltInTable {
  static let controls: [BuiltIn] = [
    control(
      "shuffle_tokens",
      "Each column's values dealt out anew among the rows: every channel keeps its mean and spread, "
        + "no row stays a word.",
      example: "mean(pairs(cosine(a, b), of: shuffle_tokens(W_E, seed: 1)))"
    ) { $0.shufflingTokens(seed: $1) },
    control(
      "shuffle_channels",
      "Each row's values dealt out anew among the columns: every row keeps its length, no channel "
        + "keeps its mean.",
      example: "mean(pairs(cosine(a, b), of: shuffle_channels(W_E, seed: 1)))"
    ) { $0.shufflingChannels(seed: $1) },
    control(
      "gaussian_like",
      "Gaussian noise of the same shape, with mean 0 and the matrix's overall spread.",
      example: "mean(pairs(cosine(a, b), of: gaussian_like(W_E, seed: 1)))"
    ) { $0.gaussianLike(seed: $1) },
  ]

  private static func control(
    _ name: String,
    _ summary: String,
    example: String,
    _ body: @escaping @Sendable (Matrix, UInt64) -> Matrix
  ) -> BuiltIn {
    BuiltIn(
      name,
      .control,
      summary,
      example: example,
      [
        Overload([.plain("m", .matrix), .labelled("seed", .number)], "matrix") {
          (types) throws(ShapeFault) in
          Typed(types.type("m"), operations: 20 * types.type("m").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .matrix(body(try arguments.matrix("m"), try arguments.seed()))
        }
      ]
    )
  }
}
