import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// What `Fixtures/make-embedding-fixtures.py` saves, and the float32 values it should become.
struct EmbeddingFixture: Decodable {
  let words: [String]
  /// Five rows of three, by the type they were saved in.
  let bits: [String: [UInt32]]
  let numbers: [String: UInt32]

  static func load() throws -> EmbeddingFixture {
    try fixture("Embeddings/expected.json", as: EmbeddingFixture.self)
  }

  static func path(_ name: String) -> String {
    "\(repository)/Tests/ModelWeightsTests/Fixtures/Embeddings/\(name)"
  }
}

/// Converts a file and opens the result.
func imported(
  _ path: String,
  tokens: String? = nil
) throws -> (report: EmbeddingImporter.Report, model: LoadedModel) {
  try withTemporaryFolder { folder throws in
    let output = folder + "/out.gguf"
    let report = try EmbeddingImporter.convert(
      path,
      tokens: tokens,
      name: "tiny",
      to: output,
      progress: nil
    )
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.gguf"])
    let size = try FileManager.default.attributesOfItem(atPath: output)[.size] as? Int
    #expect(report.byteCount == size)
    return (report, try LoadedModel.open(path: output))
  }
}

func bits(_ matrix: Matrix) -> [UInt32] {
  (0..<matrix.rowCount).flatMap { row in
    (0..<matrix.columnCount).map { matrix[row, $0].bitPattern }
  }
}

/// Embeddings in text files.
@Suite struct VectorTextTests {
  private func convert(_ text: String) throws -> (EmbeddingImporter.Report, LoadedModel) {
    try withFiles([("vectors.txt", Array(text.utf8))]) { try imported($0) }
  }

  private func fault(_ bytes: [UInt8]) throws -> Diagnostic? {
    try withFiles([("vectors.txt", bytes)]) { path throws in
      #expect(throws: Diagnostic.self) { try imported(path) }
    }
  }

  private func fault(_ text: String) throws -> Diagnostic? { try fault(Array(text.utf8)) }

  @Test(arguments: [("gensim.txt", "word2vec text"), ("glove.txt", "GloVe text")])
  func `a text file becomes a model`(name: String, format: String) throws {
    let expected = try EmbeddingFixture.load()
    let path = EmbeddingFixture.path(name)
    #expect(try EmbeddingImporter.format(of: path) == format)
    let (report, model) = try imported(path)
    #expect(report.format == format)
    #expect((report.rowCount, report.columnCount) == (5, 3))
    #expect(report.notes == [])
    #expect(model.name == "tiny")
    #expect(model.architecture == "embedding")
    #expect(model.tensors.map(\.dtype) == ["F32"])
    #expect(bits(try model.matrix("W_E")) == expected.bits["f4"])
    let vocabulary = try #require(model.vocabulary)
    var words = expected.words
    if format == "GloVe text" { words[1] = "at name@domain.com" }
    #expect((0..<5).map(vocabulary.bytes) == words.map { Array($0.utf8) })
  }

  @Test func `each number becomes the nearest float`() throws {
    let numbers = try EmbeddingFixture.load().numbers.sorted { $0.key < $1.key }
    let lines = numbers.enumerated().map { "w\($0) \($1.key) 0\n" }
    let (_, model) = try convert(lines.joined())
    let matrix = try model.matrix("W_E")
    for (row, number) in numbers.enumerated() {
      #expect(matrix[row, 0].bitPattern == number.value, "\(number.key)")
    }
  }

  @Test func `NaN and infinity are kept and counted`() throws {
    let (report, model) = try convert("a 1 nan\nb -inf NaN\nc Infinity 2\nd 1 2\n")
    #expect(report.notes == ["3 rows hold NaN or infinity"])
    let matrix = try model.matrix("W_E")
    #expect(matrix[0, 1].isNaN && matrix[1, 0] == -.infinity && matrix[2, 0] == .infinity)
  }

  @Test func `of repeated words the first is kept`() throws {
    let (report, model) = try convert("4 1\na 1\nb 2\na 3\nb 4\n")
    #expect(report.notes == ["2 repeated words were left out"])
    #expect(report.rowCount == 2)
    #expect(bits(try model.matrix("W_E")) == [Float(1).bitPattern, Float(2).bitPattern])
  }

  @Test func `line ends, trailing spaces and tabs do not matter`() throws {
    let (_, model) = try convert("2 2 \r\na\t1  2 \r\nb 3 4\r\n\n")
    #expect(bits(try model.matrix("W_E")) == [1, 2, 3, 4].map { Float($0).bitPattern })
    #expect(model.vocabulary?.displayName(of: 1) == "\"b\"")
  }

  @Test func `words that are not UTF-8 are kept and counted`() throws {
    let bytes = Array("a 1\n".utf8) + [0xC3] + Array(" 2\n".utf8)
    try withFiles([("vectors.txt", bytes)]) { path throws in
      let (report, model) = try imported(path)
      #expect(report.notes == ["1 word is not UTF-8"])
      #expect(model.vocabulary?.displayName(of: 1) == #""\xC3""#)
    }
  }

  @Test(arguments: [
    ("a 1 2\nb 1 x2\n", "bad-number", 2, 5),
    ("a 1 2\nb 1 0x2\n", "bad-number", 2, 5),
    ("a 1 2\nb 1 1e\n", "bad-number", 2, 5),
    ("a 1 2\nb 1e39 1\n", "number-too-large", 2, 3),
    ("a 1 2\nbé 1\n", "wrong-number-count", 2, 4),
    ("a 1 2\nb\n", "wrong-number-count", 2, 1),
    ("a 1 2\nb 1 2 3\n", "wrong-number-count", 2, 7),
    ("2 2\na 1 2\nNew York 1 2\n", "wrong-number-count", 3, 12),
    ("a 1 2\n b 1 2\n", "no-word", 2, 1),
  ])
  func `a fault names its line and column`(
    text: String,
    rule: String,
    line: Int,
    column: Int
  ) throws {
    let fault = try #require(try fault(text))
    #expect(fault.rule == rule)
    #expect(fault.place?.line == line)
    #expect(fault.place?.column == column)
    #expect(fault.place?.quotedLine != nil)
  }

  @Test func `what was found and what was expected is said`() throws {
    let bad = try #require(try fault("a 1 2\nb 1 x2\n"))
    #expect(bad.message == "found 'x2', expected a number such as -0.25 or 1e-3")
    let short = try #require(try fault("a 1 2\nb 1\n"))
    #expect(
      short.message
        == "found 1 part after the word, expected 2 numbers as announced or on the first line"
    )
  }

  @Test(arguments: [
    ("3 1\na 1\nb 2\n", "wrong-line-count"), ("1 1\na 1\nb 2\n", "wrong-line-count"),
    ("0 1\n", "empty-embedding"), ("1 0\na\n", "empty-embedding"),
    ("2000000 3\na 1 2 3\n", "too-many-rows"), ("2 70000\na 1\n", "too-many-columns"),
    ("900000 65536\na 1\n", "embedding-too-large"), ("a 1\n\nb 2\n", "blank-line"),
    ("", "unknown-embedding"), ("just words\n", "unknown-embedding"),
    ("{\"a\": 1}\n", "unknown-embedding"),
  ])
  func `a file that breaks a rule is refused`(text: String, rule: String) throws {
    #expect(try fault(text)?.rule == rule)
  }

  @Test func `a line without end is refused`() throws {
    let long = "a 1\n" + String(repeating: "b", count: 1 << 20) + " 1\n"
    #expect(try fault(long)?.rule == "line-too-long")
    let endless = "a 1\n" + String(repeating: "1 ", count: 6 << 20)
    #expect(try fault(endless)?.message == "line 2 is longer than the 1048576 bytes accepted")
  }

  @Test func `many lines over several pieces of the file are read`() throws {
    let lines = (0..<60_000).map {
      "word\($0) \($0) -0.5 0.000000000000000000001 12345.678901234\n"
    }
    let (report, model) = try convert(lines.joined() + lines[0])
    #expect(report.rowCount == 60_000)
    let matrix = try model.matrix("W_E")
    for row in stride(from: 0, to: 60_000, by: 997) {
      #expect(matrix[row, 0] == Float(row) && matrix[row, 3] == 12345.678901234)
    }
  }

  // MARK: Refused by kind

  @Test func `forms that are not text are refused with a way out`() throws {
    let binary = Array("2 3\nking ".utf8) + GGUFExample.floats([0.1, -2e-5, 3])
    let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    let pickle: [UInt8] = [0x80, 4, 0x95, 0, 0, 0]
    for (bytes, rule, help) in [
      (binary, "word2vec-binary", "binary=False"), (gzip, "compressed-file", "gunzip"),
      (pickle, "pickled-embedding", "save_word2vec_format"),
    ] {
      let fault = try fault(bytes)
      #expect(fault?.rule == rule)
      #expect(fault?.help?.contains(help) == true)
      #expect(fault?.place?.file.hasSuffix("/vectors.txt") == true)
    }
  }

  @Test func `files that are opened as they are have no format`() throws {
    #expect(try EmbeddingImporter.format(of: bundledModel("minilm-l6")) == nil)
    let header = #"{"wte.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}"#
    let files = [
      ("a.safetensors", safetensors(header, data: [0, 0, 0, 0])), ("b.bin", [0x80, 2, 0x8A, 10]),
    ]
    try withFiles(files) { path throws in
      #expect(try EmbeddingImporter.format(of: path) == nil)
      let folder = String(path.dropLast("/a.safetensors".count))
      #expect(try EmbeddingImporter.format(of: folder + "/b.bin") == nil)
    }
  }

  @Test func `words come from the text itself`() throws {
    let path = EmbeddingFixture.path("gensim.txt")
    let fault = #expect(throws: Diagnostic.self) { try imported(path, tokens: path) }
    #expect(fault?.rule == "needless-tokens")
  }

  @Test func `the source is never written over`() throws {
    try withFiles([("vectors.txt", Array("a 1\n".utf8))]) { path throws in
      let fault = #expect(throws: Diagnostic.self) {
        try EmbeddingImporter.convert(path, tokens: nil, name: "", to: path, progress: nil)
      }
      #expect(fault?.rule == "unwritable-file")
    }
  }

  @Test func `nothing is left behind by a fault`() throws {
    try withFiles([("vectors.txt", Array("a 1\nb x\n".utf8))]) { path throws in
      #expect(throws: Diagnostic.self) {
        try EmbeddingImporter.convert(
          path,
          tokens: nil,
          name: "",
          to: path + ".gguf",
          progress: nil
        )
      }
      let folder = String(path.dropLast("/vectors.txt".count))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["vectors.txt"])
    }
  }
}
