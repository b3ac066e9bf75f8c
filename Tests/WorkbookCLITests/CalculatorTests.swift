import Foundation
import Testing

/// The calculator on the bundled weights.
@Suite struct CalculatorTests {
  private func value(_ formula: String, model: String) throws -> Double {
    let book = try TemporaryWorkbook()
    let result = try #require(
      try book.json("eval", formula, "--model", model) as? [String: Any]
    )
    #expect(result["exact"] as? Bool == true)
    #expect(result["model"] as? String == model)
    return try #require(result["value"] as? Double)
  }

  @Test(arguments: [
    ("whisper-tiny.en", 0.8422), ("smollm2-135m", 0.4423), ("minilm-l6", 0.0181),
  ])
  func `the exact mean pairwise cosine is the measured one`(model: String, expected: Double) throws
  {
    #expect(abs(try value("mean(pairs(cosine(a, b)))", model: model) - expected) < 0.001)
    let centred = try value(
      "let Z = W_E - mean(W_E); mean(pairs(cosine(a, b), of: Z))",
      model: model
    )
    #expect(abs(centred) < 0.01)
  }

  @Test(arguments: [
    ("sd of centred pairs", "std(pairs(cosine(a - mean(W_E), b - mean(W_E))))", 0.20, 0.005),
    (
      "shuffled tokens", "mean(pairs(cosine(a, b), of: shuffle_tokens(W_E, seed: 1)))", 0.846, 0.004
    ),
    (
      "shuffled channels", "mean(pairs(cosine(a, b), of: shuffle_channels(W_E, seed: 1)))", 0.011,
      0.003
    ),
    ("cosine with the mean", "mean(similarity_to(mean(W_E), by: cosine))", 0.9176, 0.001),
    ("Pearson", "mean(pairs(pearson(a, b)))", 0.843, 0.002),
    ("norm and rank", "rank_correlation(row_norms(W_E), token_id)", 0.580, 0.005),
    ("first direction", "cosine(svd(W_E).v[0], mean(W_E))", 0.99978, 0.0003),
    ("space share", "share(has_leading_space)", 0.659, 0.002),
    ("the other sign", "mean(pairs(cosine(a, b), of: W_E + mean(W_E)))", 0.958, 0.001),
    ("the wrong mean", "mean(pairs(cosine(a - mean(W_pos), b - mean(W_pos))))", 0.895, 0.002),
  ])
  func `published measurements come out on whisper's decoder`(
    name: String,
    formula: String,
    expected: Double,
    tolerance: Double
  ) throws {
    #expect(abs(try value(formula, model: "whisper-tiny.en") - expected) < tolerance, "\(name)")
  }

  @Test func `a wrong formula exits 2 with a caret`() throws {
    let book = try TemporaryWorkbook()
    let output = try book.run("eval", "mean(pairs(cosin(a, b)))")
    #expect(output.status == 2)
    #expect(output.standardOutput.isEmpty)
    #expect(output.standardError.contains("did you mean 'cosine'?"))
    #expect(try book.run("eval").status == 64)
    #expect(try book.run("eval", "1 + 1", "--model", "whisper").status == 2)
  }

  @Test(arguments: [
    ("cosine(a, b)", ["translation", "constant"]),
    ("cosine(a - mean(W_E), b - mean(W_E))", []),
    ("dot(a, b)", ["translation", "scaling", "constant"]),
    ("euclidean(a, b)", ["scaling"]),
    ("pearson(a, b)", ["translation", "rotation"]),
  ])
  func `invariance says what moves a metric on the real weights`(
    metric: String,
    moving: [String]
  )
    throws
  {
    let book = try TemporaryWorkbook()
    let result = try #require(try book.json("invariance", metric) as? [String: Any])
    let transformations = try #require(result["transformations"] as? [[String: Any]])
    let moved = transformations.filter { $0["holds"] as? Bool == false }
    #expect(moved.compactMap { $0["name"] as? String } == moving)
  }

  @Test func `a plan is explained without running it`() throws {
    let book = try TemporaryWorkbook()
    let output = try book.run("eval", "--explain", "quantile(pairs(kendall(a, b)), 0.5)")
    #expect(output.status == 0, "\(output.standardError)")
    #expect(output.standardOutput.contains("fused") && output.standardOutput.contains("limits"))
    #expect(output.standardOutput.contains("TransformerLens"))
    let refused = try book.run("eval", "quantile(pairs(kendall(a, b)), 0.5)")
    #expect(refused.status == 2 && refused.standardError.contains("[too-costly]"))
  }

  @Test func `a plot is drawn in text and as a picture`() throws {
    let book = try TemporaryWorkbook()
    let output = try book.run(
      "plot",
      "pairs(cosine(a, b), rows: sample(1000, seed: 0))",
      "--svg",
      "plot.svg"
    )
    #expect(output.status == 0, "\(output.standardError)")
    #expect(output.standardOutput.contains("mean"))
    let svg = try String(
      contentsOf: book.root.appendingPathComponent("plot.svg"),
      encoding: .utf8
    )
    #expect(svg.hasPrefix("<") && svg.contains("</svg>"))
    #expect(!output.standardOutput.contains("\u{1B}"))
  }

  @Test func `a packed sample is read back with its original ids`() throws {
    let book = try TemporaryWorkbook()
    let packed = try book.run(
      "models",
      "pack",
      "whisper-tiny.en",
      "--out",
      "sample.gguf",
      "--rows",
      "500",
      "--seed",
      "3",
      "--tensors",
      "W_E"
    )
    #expect(packed.status == 0, "\(packed.standardError)")
    let page = try #require(try book.json("models", "show", "./sample.gguf") as? [String: Any])
    let shown = try #require(page["model"] as? [String: Any])
    #expect(shown["tokens"] as? Int == 500)
    #expect(shown["sample"] as? Bool == true)
    let result = try #require(
      try book.json("eval", "max(token_id)", "--model", "./sample.gguf") as? [String: Any]
    )
    #expect(try #require(result["value"] as? Double) > 40_000)
    #expect(
      try book.run(
        "models",
        "pack",
        "whisper-tiny.en",
        "--out",
        "sample.gguf",
        "--rows",
        "5"
      ).status == 2
    )
  }

  @Test func `rot13 is a filter`() throws {
    let book = try TemporaryWorkbook()
    let (process, output, _) = try book.process(["rot13"])
    let pipe = Pipe()
    process.standardInput = pipe
    try process.run()
    pipe.fileHandleForWriting.write(Data("Uryyb, jbeyq\n".utf8))
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(String(decoding: try Data(contentsOf: output), as: UTF8.self) == "Hello, world\n")
  }
}
