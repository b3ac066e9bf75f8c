import Foundation
import Testing

/// Every error a learner can make in a submission, met by the built program.
@Suite struct SubmissionFaultTests {
  @Test(arguments: [
    ("puzzle: x\nanswers:\n\tpredicts: 1\n", "tab"),
    ("", "empty"),
    ("puzzle: [", "error:"),
    ("puzzle: a\npuzzle: b\nanswers:\n", "error:"),
    ("puzzle: \(TemporaryWorkbook.puzzle)\nanswers: &x\n  predicts: *x\n", "error:"),
    ("puzzle: puzzle9-other\nmodel: whisper-tiny.en\nanswers:\n  predicts: 1\n", "error:"),
    ("puzzle: \(TemporaryWorkbook.puzzle)\nmodel: nothere\nanswers:\n  predicts: 1\n", "error:"),
  ])
  func `a file that cannot be read at all exits 2 with its place`(
    text: String,
    says: String
  )
    throws
  {
    let book = try TemporaryWorkbook()
    try book.write(text)
    let output = try book.run("check", "puzzle1")
    #expect(output.status == 2, "\(output.standardOutput)")
    #expect(output.standardOutput.isEmpty)
    #expect(output.standardError.lowercased().contains(says), "\(output.standardError)")
    #expect(output.standardError.contains("error: ["))
    #expect(try book.submission() == text)
  }

  @Test func `bytes that are not UTF-8 exit 2`() throws {
    let book = try TemporaryWorkbook()
    try book.write(Data([0x70, 0x3A, 0x20, 0xFF, 0xFE, 0x0A]))
    let output = try book.run("check", "puzzle1")
    #expect(output.status == 2)
    #expect(output.standardError.contains("UTF-8"))
  }

  @Test func `a missing file exits 2 and names the command that writes one`() throws {
    let book = try TemporaryWorkbook()
    let output = try book.run("check", "puzzle1")
    #expect(output.status == 2)
    #expect(output.standardError.contains("workbook start \(TemporaryWorkbook.puzzle)"))
  }

  @Test func `one wrong answer is that question's verdict and the rest is graded`() throws {
    let book = try TemporaryWorkbook()
    try book.answer(
      "predicts: many",
      "which: [shuffle-token]",
      "opposed: [\" Magikarpish\"]",
      "metric: \"cosin(a, b)\"",
      "moved: 0.958",
      "infer: [blurred, nothing]",
      "nonsense: 1"
    )
    #expect(
      try book.outcomes() == [
        "guess": "unanswered", "predicts": "unreadable", "which": "unreadable",
        "opposed": "unreadable", "metric": "unreadable", "moved": "correct",
        "infer": "unreadable", "why": "unanswered", "nonsense": "unreadable",
      ]
    )
    let output = try book.run("check", "puzzle1")
    #expect(output.status == 1)
    for expected in [
      "did you mean 'shuffle-tokens'?", "did you mean 'cosine'?", "[not-one-token]",
      ".yaml:4:", "[unknown-function]",
    ] {
      #expect(output.standardOutput.contains(expected), "\(expected)")
    }
  }

  @Test(arguments: [
    "mean(W_E)", "cosine(a, a)", "kendall(a, b) + mean(pairs(kendall(a, b)))",
    "cosine(a, b) + sum(svd(W_E - a).s)",
    "cosine(a, b) + 0.000001 * mean(similarity_to(a, by: dot))",
    "cosine(a, b) + 0 * kendall(row_norms(W_E) * norm(a), row_norms(W_E))",
    "cosine(a, b) + 0 * sum(similarity_to(a, of: W_E[token_id >= 0], by: cosine))",
    "dot(a, row_norms(W_E))", "pairs(cosine(a, b))",
  ])
  func `a metric that is none, or costs too much, is unreadable`(formula: String) throws {
    let book = try TemporaryWorkbook()
    try book.answer("metric: \"\(formula)\"")
    #expect(try book.outcomes()["metric"] == "unreadable")
  }

  @Test(arguments: [
    ("metric: \"0 * cosine(a, b)\"", "incorrect"),
    ("metric: \"log(dot(a, b) - 1000)\"", "incorrect"),
    ("metric: { similarity: euclidean }", "correct"),
    ("metric: { similarity: manhattan, zero-point: origin }", "correct"),
    ("metric: { similarity: cosine, zero-point: token-median }", "correct"),
    ("metric: { similarity: cosine, zero-point: position-mean }", "partial"),
    ("metric: { similarity: cosine, remove: 1 }", "partial"),
    ("metric: \"norm(a - b) / (norm(a - mean(W_E)) + norm(b - mean(W_E)))\"", "partial"),
  ])
  func `a metric is judged by what it does`(line: String, outcome: String) throws {
    let book = try TemporaryWorkbook()
    try book.answer(line)
    #expect(try book.outcomes()["metric"] == outcome)
  }
}
