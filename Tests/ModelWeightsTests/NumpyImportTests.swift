import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// Embeddings in `.npy` files.
@Suite struct NumpyImportTests {
  private static let header =
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }"

  /// A file with this header; 16 bytes of data by default.
  private func array(
    _ header: String,
    version: [UInt8] = [1, 0],
    data: [UInt8] = GGUFExample.floats([1, 2, 3, 4])
  ) -> [UInt8] {
    var file = FileBytes()
    file.bytes = [0x93] + Array("NUMPY".utf8) + version
    if version[0] == 1 {
      file.put(UInt16(header.utf8.count))
    } else {
      file.put(UInt32(header.utf8.count))
    }
    file.put(header)
    return file.bytes + data
  }

  private func fault(_ bytes: [UInt8], tokens: [UInt8]? = nil) throws -> Diagnostic? {
    let files = [("array.npy", bytes), ("words.txt", tokens ?? [])]
    return try withFiles(files) { path throws in
      let list = path.replacing("array.npy", with: "words.txt")
      return #expect(throws: Diagnostic.self) {
        try imported(path, tokens: tokens.map { _ in list })
      }
    }
  }

  @Test(arguments: [
    ("f4.npy", "f4"), ("f2.npy", "f2"), ("f8.npy", "f8"), ("version2.npy", "f4"),
    ("version3.npy", "f4"),
  ])
  func `what numpy saves becomes a model`(name: String, type: String) throws {
    let path = EmbeddingFixture.path(name)
    #expect(try EmbeddingImporter.format(of: path) == "numpy array")
    let (report, model) = try imported(path)
    #expect(report.format == "numpy array")
    #expect((report.rowCount, report.columnCount) == (5, 3))
    #expect(report.notes.contains { $0.contains("rounded to float32") } == (type == "f8"))
    #expect(bits(try model.matrix("W_E")) == (try EmbeddingFixture.load().bits[type]))
    #expect(model.vocabulary == nil)
    #expect(model.vocabularySize == 5)
  }

  @Test(arguments: ["a\nb\n", "a\r\nb", #"["a", "b"]"#, "[\n\"a\",\n\"b\"]\n"])
  func `a list names the rows`(list: String) throws {
    let files = [("array.npy", array(Self.header)), ("words.txt", Array(list.utf8))]
    try withFiles(files) { path throws in
      let words = path.replacing("array.npy", with: "words.txt")
      let (report, model) = try imported(path, tokens: words)
      #expect(report.notes == [])
      let vocabulary = try #require(model.vocabulary)
      #expect((0..<2).map(vocabulary.displayName) == ["\"a\"", "\"b\""])
    }
  }

  @Test func `a list may begin with a mark in brackets, and repeat a word`() throws {
    let files = [("array.npy", array(Self.header)), ("words.txt", Array("[CLS]\n[CLS]\n".utf8))]
    try withFiles(files) { path throws in
      let words = path.replacing("array.npy", with: "words.txt")
      let (report, model) = try imported(path, tokens: words)
      #expect(report.notes == ["only 1 of the 2 words differ; of equal ones the first is found"])
      #expect(model.vocabulary?.id(ofBytes: Array("[CLS]".utf8)) == 0)
    }
  }

  @Test(arguments: [
    ("a\n", "wrong-word-count"), ("a\nb\nc\n", "wrong-word-count"),
    (#"["a", 1]"#, "malformed-json"),
    (#"["a"]"#, "wrong-word-count"),
  ])
  func `a list that does not fit is refused at its place`(list: String, rule: String) throws {
    let fault = try fault(array(Self.header), tokens: Array(list.utf8))
    #expect(fault?.rule == rule)
    #expect(fault?.place?.file.hasSuffix("/words.txt") == true)
  }

  @Test func `a list that is not UTF-8 is refused`() throws {
    #expect(try fault(array(Self.header), tokens: [0x61, 0x0A, 0xFF, 0x0A])?.rule == "not-utf8")
  }

  // MARK: Headers

  @Test func `keys may come in any order and without the last comma`() throws {
    let header = "{\"shape\":(2,2),'fortran_order' : False,'descr': '<f4'}   \n"
    try withFiles([("array.npy", array(header))]) { path throws in
      #expect(bits(try imported(path).model.matrix("W_E")) == [1, 2, 3, 4].map(\Float.bitPattern))
    }
  }

  @Test(arguments: [
    ("fortran.npy", "fortran-order"), ("big-endian.npy", "big-endian"),
    ("objects.npy", "numpy-objects"), ("records.npy", "wrong-array-type"),
  ])
  func `what numpy saves otherwise is refused with a way out`(name: String, rule: String) {
    let fault = #expect(throws: Diagnostic.self) { try imported(EmbeddingFixture.path(name)) }
    #expect(fault?.rule == rule)
    #expect(fault?.help?.contains("ascontiguousarray") == true)
  }

  @Test(arguments: [
    ("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 2)}", "wrong-array-type"),
    ("{'descr': 'f4', 'fortran_order': False, 'shape': (2, 2)}", "wrong-array-type"),
    ("{'descr': '|O8', 'fortran_order': False, 'shape': (2, 2)}", "numpy-objects"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}", "wrong-dimensions"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", "wrong-dimensions"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2)}", "wrong-dimensions"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", "wrong-array-size"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)}", "wrong-array-size"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2)}", "empty-embedding"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (20000000, 2)}", "too-many-rows"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 70000)}", "too-many-columns"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (9000000, 60000)}", "embedding-too-large"),
    ("{'descr': '<f4', 'fortran_order': False}", "incomplete-numpy-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'x': 1}", "unknown-numpy-key"),
    ("{'descr': '<f4', 'descr': '<f4', 'shape': (2, 2)}", "duplicate-key"),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 2)}", "malformed-numpy-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 2L)}", "malformed-numpy-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -2)}", "malformed-numpy-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': [2, 2]}", "malformed-numpy-header"),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999999999, 1)}",
      "malformed-numpy-header"
    ),
    ("{'descr': '<f\\x34', 'fortran_order': False, 'shape': (2, 2)}", "malformed-numpy-header"),
    ("__import__('os').system('true')", "malformed-numpy-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)} + {}", "malformed-numpy-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)", "malformed-numpy-header"),
    ("{'descr': '<f4", "malformed-numpy-header"),
    ("", "malformed-numpy-header"),
  ])
  func `a header that breaks a rule is refused`(header: String, rule: String) throws {
    #expect(try fault(array(header))?.rule == rule)
  }

  @Test func `other versions, long headers and cut files are refused`() throws {
    #expect(try fault(array(Self.header, version: [4, 0]))?.rule == "unsupported-version")
    #expect(try fault(array(Self.header, version: [1, 1]))?.rule == "unsupported-version")
    let long = Self.header + String(repeating: " ", count: 70_000)
    #expect(try fault(array(long, version: [2, 0]))?.rule == "header-too-long")
    let whole = array(Self.header)
    for length in [6, 7, 8, 9, 10, 40] {
      #expect(try fault(Array(whole.prefix(length)))?.rule == "truncated-file")
    }
    #expect(try fault(Array(whole.dropLast()))?.rule == "wrong-array-size")
    #expect(try fault(whole + [0])?.rule == "wrong-array-size")
  }

  @Test func `a value too large for float32 is named`() throws {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1)}"
    var data = FileBytes()
    data.put(Double.infinity.bitPattern)
    data.put(1e39.bitPattern)
    let fault = try fault(array(header, data: data.bytes))
    #expect(fault?.message == "row 1, column 0 holds 1e+39, which is too large for float32")
  }

  @Test func `NaN and infinity are kept and counted`() throws {
    let data = GGUFExample.floats([1, .nan, .infinity, 2])
    try withFiles([("array.npy", array(Self.header, data: data))]) { path throws in
      let (report, model) = try imported(path)
      #expect(report.notes == ["2 rows hold NaN or infinity"])
      #expect(try model.matrix("W_E")[1, 0] == .infinity)
    }
  }

  @Test(arguments: [UInt64(1), 2]) func `a damaged array never traps`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let whole = array(Self.header)
    try withFiles([("array.npy", whole)]) { path throws in
      for _ in 0..<400 {
        var bytes = whole
        for _ in 0...generator.integer(below: 2) {
          bytes[6 + generator.integer(below: whole.count - 6)] = UInt8(
            generator.integer(below: 256)
          )
        }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        do {
          _ = try imported(path)
        } catch let error as Diagnostic {
          #expect(error.place != nil)
        }
      }
    }
  }
}
