import EmbeddingMath
import MetricLanguage
import SourceDiagnostics
import Testing

@Suite struct ParserTests {
  @Test(arguments: [
    "1 + 2 * 3 ^ 4 ^ 5 - -6",
    "(1 + 2) * 3",
    "(2 ^ 3) ^ 4",
    "a - (b - 1)",
    "mean(pairs(cosine(a, b), of: W_E, rows: sample(5000, seed: 0)))",
    "let Z = W_E - mean(W_E); let y = norm(Z[0]); y / 2",
    "1 + (let x = 2; x)",
    "not has_leading_space and starts_word or true",
    "(not true) == false",
    "not (1 == 2)",
    "svd(W_E).v[1]",
    "W_E[\" a \\\"quoted\\\" \\\\ token\\n\"]",
    "[\" king\", \" man\"]",
    "-(-1)",
    "(-2) ^ 2",
    "-2 ^ 2",
    "a @ b == c @ (d @ e)",
  ])
  func `printing and parsing again gives the same tree`(text: String) throws {
    let formula = try Formula(parsing: text)
    let again = try Formula(parsing: formula.canonicalText)
    #expect(formula == again)
    #expect(again.canonicalText == formula.canonicalText)
  }

  @Test(arguments: [
    ("1 - 2 - 3", "(1 - 2) - 3"), ("2 ^ 3 ^ 2", "2 ^ (3 ^ 2)"), ("-2 ^ 2", "-(2 ^ 2)"),
    ("not 1 < 2 and true", "(not (1 < 2)) and true"), ("1 + 2 < 3 * 4", "(1 + 2) < (3 * 4)"),
  ])
  func `operators bind as in mathematics`(written: String, meant: String) throws {
    #expect(try Formula(parsing: written) == Formula(parsing: meant))
  }

  @Test(arguments: [
    ("", "emptyFormula", "1:1: error: [empty-formula] the formula is empty"),
    ("mean(", "", "1:6: error: [syntax] found the end of the formula, expected a value"),
    ("1 +* 2", "", "1:4: error: [syntax] found '*', expected a value"),
    ("mean(W_E))", "", "1:10: error: [syntax] found ')', expected an operator"),
    ("a − b", "", "1:3: error: [unexpected-character] '−' has no meaning in a formula"),
    ("\"open", "", "1:1: error: [unclosed-text] this text is never closed"),
    ("'\\q'", "", "1:2: error: [unknown-escape] '\\q' is not an escape; expected"),
    ("2x", "", "1:1: error: [number-name] a number runs into a name"),
    ("1e999", "", "1:1: error: [number-range] '1e999' is too large"),
    ("0 < 1 < 2", "", "1:3: error: [chained-comparison] comparisons do not chain"),
    ("let a = 1; a", "", "1:5: error: [reserved-name] 'a' cannot be bound"),
    ("let x = 1 x", "", "1:11: error: [syntax] found 'x', expected ';' after the value of 'x'"),
    ("1 +\n  2 3", "", "2:5: error: [syntax] found '3', expected an operator"),
  ])
  func `a formula that cannot be read says where and why`(
    text: String,
    _: String,
    message: String
  ) throws {
    let fault = #expect(throws: Diagnostic.self) { try Formula(parsing: text) }
    #expect(try #require(fault).rendered().hasPrefix("<formula>:" + message))
  }

  @Test func `nesting, length and size have limits`() throws {
    for text in [
      String(repeating: "(", count: 500) + "1" + String(repeating: ")", count: 500),
      String(repeating: "-", count: 500) + "1",
      String(repeating: "not ", count: 500) + "true",
      String(repeating: "[", count: 500), String(repeating: "let x = 1; ", count: 200) + "x",
      String(repeating: "1+", count: 3_000) + "1", String(repeating: "x", count: 9_000),
      (0..<500).map { _ in "2^" }.joined() + "2",
    ] {
      #expect(throws: Diagnostic.self) { try Formula(parsing: text) }
    }
  }

  @Test func `comments and blanks are skipped`() throws {
    #expect(try Formula(parsing: "1 # one\n + 2") == Formula(parsing: "1+2"))
  }

  @Test func `random bytes never trap the parser`() {
    var generator = SeededGenerator(seed: 11)
    let pieces = [
      "mean", "(", ")", "pairs", "cosine", "a", "b", ",", "let", "=", ";", "W_E", "[", "]", "\"",
      "'", "1", ".5", "e9", "+", "-", "@", "^", "not", "and", "of", ":", " ", "\n", "#", "\u{301}",
      "é", "\\", "==", "<", "\r\n", "\u{0}",
    ]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }.joined()
      if let formula = try? Formula(parsing: text) {
        #expect((try? Formula(parsing: formula.canonicalText)) == formula, "\(text)")
      }
    }
  }
}
