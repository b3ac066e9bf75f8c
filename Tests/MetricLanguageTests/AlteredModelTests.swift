import EmbeddingMath
import MetricLanguage
import SourceDiagnostics
import Testing
import _WorkbookTestSupport

@Suite struct AlteredModelTests {
  private let base = TinyModel()
  /// Given in any order and with repeats.
  private let rows = [50, 3, 7, 3, 1, 63]
  private let kept = [1, 3, 7, 50, 63]

  @Test func `kept rows are renumbered in ascending order`() throws {
    let altered = AlteredModel(base, rows: rows)
    #expect(altered.tokenCount == 5)
    #expect(altered.shape(of: "W_E") == [5, 6])
    #expect(try altered.matrix("W_E") == base.matrix("W_E").selectingRows(kept))
    for (number, row) in kept.enumerated() {
      #expect(altered.displayName(of: number) == base.displayName(of: row))
      #expect(altered.tokenLength(number) == base.tokenLength(row))
      #expect(altered.hasLeadingSpace(number) == base.hasLeadingSpace(row))
      #expect(altered.startsWord(number) == base.startsWord(row))
    }
    #expect(altered.tokenID(" w3") == 1)
    #expect(altered.tokenID("w50") == 3)
    #expect(altered.wordInitialToken("w7") == 2)
    #expect(altered.pieces(of: " w7-w50") == [2, 3])
  }

  @Test func `other tensors stay whole`() throws {
    let altered = AlteredModel(base, rows: rows)
    #expect(altered.tensorNames == base.tensorNames)
    for tensor in base.tensorNames where tensor != "W_E" {
      #expect(altered.shape(of: tensor) == base.shape(of: tensor))
      #expect(try altered.matrix(tensor) == base.matrix(tensor))
    }
    #expect(altered.shape(of: "W_U") == nil)
    #expect(throws: Diagnostic.self) { try altered.matrix("W_U") }
  }

  @Test func `a token whose row is not kept is unknown`() throws {
    let altered = AlteredModel(base, rows: rows)
    #expect(altered.tokenID(" w2") == nil && altered.wordInitialToken("w2") == nil)
    let evaluator = Evaluator(model: altered, lexicon: TinyModel.lexicon)
    let fault = #expect(throws: Diagnostic.self) {
      try evaluator.evaluate(Formula(parsing: "W_E[' w2']"))
    }
    #expect(try #require(fault).rule == "unknown-token")
    let pieces = #expect(throws: Diagnostic.self) {
      try evaluator.evaluate(Formula(parsing: "embed(' w7-w51')"))
    }
    #expect(try #require(pieces).rule == "unknown-token")
    // A word list loses them, as it loses words that are not one token.
    #expect(try evaluator.number(Formula(parsing: "count(words('some'))")) == 1)
  }

  @Test func `a text of two pieces outside the rows is refused with its pieces`() throws {
    let evaluator = Evaluator(model: AlteredModel(base, rows: rows))
    let fault = #expect(throws: Diagnostic.self) {
      try evaluator.evaluate(Formula(parsing: "W_E[' w1-w51']"))
    }
    #expect(try #require(fault).rule == "not-one-token")
  }

  @Test func `rows carry the ids they had`() throws {
    let once = AlteredModel(base, rows: rows)
    #expect(once.originalIDs == kept)
    #expect(AlteredModel(once, rows: [4, 0, 2]).originalIDs == [1, 7, 63])
    #expect(AlteredModel(base).originalIDs == nil)
    #expect(AlteredModel(once).originalIDs == kept)
    let ids = try Evaluator(model: once).evaluate(Formula(parsing: "token_id")).value
    guard case .vector(let numbers) = ids else {
      Issue.record("token_id is no vector")
      return
    }
    #expect(numbers == kept.map(Double.init))
  }

  @Test func `without rows every token is what it was`() throws {
    let altered = AlteredModel(base)
    #expect(altered.tokenCount == 64)
    #expect(try altered.matrix("W_E") == base.matrix("W_E"))
    for token in 0..<64 { #expect(altered.displayName(of: token) == base.displayName(of: token)) }
    #expect(altered.tokenID("w43") == 63 && altered.pieces(of: " w1-w50") == [1, 50])
  }

  @Test func `rounding to four bits changes the embeddings alone`() throws {
    let altered = AlteredModel(base, rows: rows, alteration: .fourBits)
    let expected = try base.matrix("W_E").selectingRows(kept).roundedToFourBits()
    #expect(try altered.matrix("W_E") == expected)
    #expect(try altered.matrix("W_E") != base.matrix("W_E").selectingRows(kept))
    #expect(try altered.matrix("W_pos") == base.matrix("W_pos"))
  }

  @Test func `rounding by chance changes every tensor a little`() throws {
    for tensor in base.tensorNames {
      let plain = try base.matrix(tensor)
      let altered = try AlteredModel(base, alteration: .rounding(seed: 1)).matrix(tensor)
      #expect(altered == plain.jittered(seed: 1) && altered != plain)
    }
  }

  @Test func `an evaluator of another model keeps the rest`() throws {
    let limits = Evaluator.Limits(operations: 1e6, bytes: 1e5)
    let evaluator = Evaluator(
      model: base,
      lexicon: TinyModel.lexicon,
      learnersMetric: try Metric(Formula(parsing: "dot(a, b)")),
      limits: limits,
      seedOffset: 5
    )
    _ = try evaluator.number(Formula(parsing: "norm(mean(W_E))"))
    let other = evaluator.with(model: AlteredModel(base, rows: Array(0..<48)))
    #expect(other.limits == limits && other.seedOffset == 5)
    #expect(other.lexicon == TinyModel.lexicon)
    let rows = try base.matrix("W_E").selectingRows(Array(0..<48))
    let mean = rows.columnMeans()
    let norm = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // Nothing computed for the first model is taken for the other's.
    #expect(try abs(other.number(Formula(parsing: "norm(mean(W_E))")) - norm) < 1e-9)
    #expect(throws: Never.self) { try other.number(Formula(parsing: "mean(pairs(metric))")) }
  }
}
