import EmbeddingMath
import SourceDiagnostics

extension BuiltInTable {
  static let tokenBuiltIns: [BuiltIn] = [
    perToken("token_id", "Each token's id in the vocabulary.") { evaluator, row in
      Double(
        evaluator.model.originalIDs.flatMap { $0.indices.contains(row) ? $0[row] : nil } ?? row
      )
    },
    perToken("token_length", "Each token's number of bytes.") { evaluator, row in
      Double(evaluator.model.tokenLength(row))
    },
    tokenMask("has_leading_space", "Whether the token begins with a space.") { evaluator, row in
      evaluator.model.hasLeadingSpace(row)
    },
    tokenMask(
      "starts_word",
      "Whether the token begins a word: after a space, or in WordPiece not behind ##."
    ) { evaluator, row in evaluator.model.startsWord(row) },
    constant("d_model", "The number of channels of an embedding.") { Double($0.width) },
    constant("d_vocab", "The number of tokens.") { Double($0.tokenCount) },
    BuiltIn(
      "row_number",
      .tokens,
      "The numbers 0 to n − 1; n is at most the number of tokens.",
      example: "mean(row_number(10))",
      [
        Overload([.plain("n", .number)], "vector") { (types) throws(ShapeFault) in
          let most = types.model.tokenCount
          return Typed(.vector(types.whole("n").map { .exactly(min($0, most)) } ?? .atMost(most)))
        } evaluate: { (arguments) throws(Diagnostic) in
          .vector(
            (0..<(try arguments.integer("n", in: 0...arguments.evaluator.model.tokenCount))).map(
              Double.init
            )
          )
        }
      ]
    ),
    BuiltIn(
      "sample",
      .tokens,
      "That many token ids drawn at random without repeats (xoshiro256**, seeded by SplitMix64).",
      example: "mean(row_norms(W_E[sample(1000, seed: 0)]))",
      [
        Overload([.plain("n", .number), .labelled("seed", .number)], "tokens") {
          (types) throws(ShapeFault) in
          let most = types.model.tokenCount
          var typed = Typed(.tokens)
          typed.count = types.whole("n").map { .exactly(min($0, most)) } ?? .atMost(most)
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          let evaluator = arguments.evaluator
          let all = evaluator.model.tokenCount
          let count = try arguments.integer("n", in: 1...10_000_000)
          let seed = try arguments.seed()
          guard count < all else { return .tokens(Array(0..<all)) }
          var generator = SeededGenerator(seed: seed)
          evaluator.note(sampled: count, of: all, seed: seed)
          return .tokens(generator.sample(count, of: all))
        }
      ]
    ),
    BuiltIn(
      "tokens_where",
      .tokens,
      "The tokens for which a mask with an entry for each token is true.",
      example: "count(tokens_where(has_leading_space))",
      [
        Overload([.plain("x", .mask)], "tokens") { (types) throws(ShapeFault) in
          try types.require(types.vectorLength("x"), equals: .exactly(types.model.tokenCount)) {
            "tokens_where needs an entry for each of \(grouped($1)) tokens, and this has \(grouped($0))"
          }
          var typed = Typed(.tokens)
          typed.count = .atMost(types.model.tokenCount)
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          let mask = try arguments.mask("x")
          guard mask.count == arguments.evaluator.model.tokenCount else {
            throw .shapeMismatch("tokens_where needs an entry for each token", at: arguments.place)
          }
          return .tokens(mask.indices.filter { mask[$0] })
        }
      ]
    ),
    BuiltIn(
      "words",
      .tokens,
      "A lexicon's words, each as its word-initial single token; the rest is dropped.",
      example: "mean(W_E[words('size')])[0]",
      [
        Overload([.plain("list", .text)], "tokens") { (types) throws(ShapeFault) in
          var typed = Typed(.tokens)
          typed.count = .atMost(types.mostWords(inList: "list"))
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          .tokens(
            try arguments.evaluator.words(try arguments.text("list"), place: arguments.place)
          )
        }
      ]
    ),
    BuiltIn(
      "embed",
      .tokens,
      "The mean of the embeddings of a text's pieces.",
      example: "cosine(embed(\" enormous\"), embed(\" huge\"))",
      [
        Overload([.plain("text", .text), .labelled("of", .matrix, standIn: "W_E")], "vector") {
          (types) throws(ShapeFault) in
          Typed(.vector(types.matrix("of").columns))
        } evaluate: { (arguments) throws(Diagnostic) in
          let text = try arguments.text("text")
          let matrix = try arguments.matrix("of")
          let pieces = arguments.evaluator.model.pieces(of: text)
          guard !pieces.isEmpty, pieces.allSatisfy({ $0 < matrix.rowCount }) else {
            throw .unknownToken(text, at: arguments.place)
          }
          return .vector(matrix.selectingRows(pieces).columnMeans())
        }
      ]
    ),
    BuiltIn(
      "class_mean",
      .tokens,
      "For a row, the mean embedding of its own class: tokens with a leading space, or without. "
        + "For a matrix of all tokens, that mean for every row.",
      example: "mean(pairs(cosine(a - class_mean(a), b - class_mean(b))))",
      [
        Overload([.plain("x", .vector)], "vector") { (types) throws(ShapeFault) in
          Typed(types.type("x"))
        } evaluate: { (arguments) throws(Diagnostic) in
          guard let token = arguments.token else {
            throw .noTokenForClass(at: arguments.place)
          }
          let means = try arguments.evaluator.classMeans(at: arguments.place)
          return .vector(
            arguments.evaluator.model.hasLeadingSpace(token) ? means.space : means.noSpace
          )
        },
        Overload([.plain("x", .matrix)], "matrix") { (types) throws(ShapeFault) in
          let matrix = types.matrix("x")
          try types.require(matrix.rows, equals: .exactly(types.model.tokenCount)) {
            "class_mean needs a matrix of all \(grouped($1)) tokens, and this has \(grouped($0)) rows"
          }
          return Typed(types.type("x"), operations: types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let evaluator = arguments.evaluator
          let matrix = try arguments.matrix("x")
          guard matrix.rowCount == evaluator.model.tokenCount else {
            throw .shapeMismatch("class_mean needs a matrix of all tokens", at: arguments.place)
          }
          let space = try classMean(of: matrix, withSpace: true, arguments).map(Float.init)
          let noSpace = try classMean(of: matrix, withSpace: false, arguments).map(Float.init)
          return .matrix(
            Matrix.buildingRowsConcurrently(
              rowCount: matrix.rowCount,
              columnCount: matrix.columnCount
            ) { row, values in
              let mean = evaluator.model.hasLeadingSpace(row) ? space : noSpace
              for column in 0..<values.count { values[column] = mean[column] }
            }
          )
        },
      ]
    ),
  ]

  /// Returns the mean of the rows whose tokens begin with a space, or do not.
  private static func classMean(
    of matrix: Matrix,
    withSpace: Bool,
    _ arguments: Arguments
  ) throws(Diagnostic) -> [Double] {
    let model = arguments.evaluator.model
    let rows = (0..<matrix.rowCount).filter { model.hasLeadingSpace($0) == withSpace }
    guard !rows.isEmpty else {
      throw .undefined(
        "this vocabulary has no tokens \(withSpace ? "with" : "without") a leading space",
        at: arguments.place
      )
    }
    return matrix.selectingRows(rows).columnMeans()
  }

  private static func perToken(
    _ name: String,
    _ summary: String,
    _ body: @escaping @Sendable (Evaluator, Int) -> Double
  ) -> BuiltIn {
    BuiltIn(
      name,
      .tokens,
      summary,
      example: "rank_correlation(row_norms(W_E), \(name))",
      [
        Overload([], "vector", isValue: true) { (types) throws(ShapeFault) in
          Typed(.vector(.exactly(types.model.tokenCount)))
        } evaluate: { (arguments) throws(Diagnostic) in
          let evaluator = arguments.evaluator
          return .vector((0..<evaluator.model.tokenCount).map { body(evaluator, $0) })
        }
      ]
    )
  }

  private static func tokenMask(
    _ name: String,
    _ summary: String,
    _ body: @escaping @Sendable (Evaluator, Int) -> Bool
  ) -> BuiltIn {
    BuiltIn(
      name,
      .tokens,
      summary,
      example: "share(\(name))",
      [
        Overload([], "mask", isValue: true) { (types) throws(ShapeFault) in
          Typed(.mask(.exactly(types.model.tokenCount)))
        } evaluate: { (arguments) throws(Diagnostic) in
          let evaluator = arguments.evaluator
          return .mask((0..<evaluator.model.tokenCount).map { body(evaluator, $0) })
        }
      ]
    )
  }

  private static func constant(
    _ name: String,
    _ summary: String,
    _ body: @escaping @Sendable (any ModelAccess) -> Double
  ) -> BuiltIn {
    BuiltIn(
      name,
      .tokens,
      summary,
      example: name,
      [
        Overload([], "number", isValue: true) { (types) throws(ShapeFault) in
          var typed = Typed(.number)
          typed.number = body(types.model)
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          .number(body(arguments.evaluator.model))
        }
      ]
    )
  }
}
