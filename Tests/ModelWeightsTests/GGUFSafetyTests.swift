import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// One rule of the format broken at a time.
///
/// The rules are numbered as the marks say; more on the 9th, the types of arrays, is in
/// ``GGUFVocabularySafetyTests``, and on the 10th, names and blocks, in ``NamingTests`` and
/// ``DecodingTests``.
@Suite struct GGUFSafetyTests {
  private func fault(_ example: GGUFExample) throws -> Diagnostic? {
    try withFiles([("model.gguf", example.bytes)]) { path throws in
      let fault = #expect(throws: Diagnostic.self) { try LoadedModel.open(path: path) }
      #expect(fault?.place?.file == path)
      return fault
    }
  }

  private func fault(_ change: (inout GGUFExample) -> Void) throws -> Diagnostic? {
    var example = GGUFExample.plain()
    change(&example)
    return try fault(example)
  }

  // MARK: No rule broken

  @Test func `the unbroken example opens`() throws {
    try withFiles([("model.gguf", GGUFExample.plain().bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      #expect(model.format == "GGUF v3")
      #expect(model.architecture == "llama")
      #expect(model.shape(of: "W_E") == [3, 4])
      #expect(try model.matrix("W_E").row(1) == [4, 5, 6, 7])
    }
  }

  // MARK: Rule 1: magic bytes and version

  @Test func `version 2 opens`() throws {
    var example = GGUFExample.plain()
    example.version = 2
    try withFiles([("model.gguf", example.bytes)]) { path throws in
      #expect(try LoadedModel.open(path: path).format == "GGUF v2")
    }
  }

  @Test func `other magic bytes are refused`() throws {
    let fault = try fault { $0.magic = "GGML" }
    #expect(fault?.rule == "wrong-magic")
    #expect(fault?.message == "the name ends in .gguf but the file does not begin with 'GGUF'")
  }

  @Test(arguments: [UInt32(0), 1, 4]) func `other versions are refused`(version: UInt32) throws {
    let fault = try fault { $0.version = version }
    #expect(fault?.rule == "unsupported-version")
    #expect(fault?.message == "this is GGUF version \(version), expected version 2 or 3")
  }

  @Test func `a big-endian file is named as such`() throws {
    let fault = try fault { $0.version = UInt32(3).byteSwapped }
    #expect(fault?.rule == "big-endian")
  }

  // MARK: Rule 2: counts and lengths stay below limits and fit the file

  @Test func `more tensors than the file can hold are refused before allocating`() throws {
    let fault = try fault { $0.tensorCount = 99_999 }
    #expect(fault?.rule == "truncated-file")
  }

  @Test(arguments: [100_001, .max] as [UInt64]) func `counts over the limit are refused`(
    count: UInt64
  ) throws {
    #expect(try fault { $0.tensorCount = count }?.rule == "too-many")
    #expect(try fault { $0.pairCount = count }?.rule == "too-many")
  }

  @Test func `a text over a mebibyte is refused`() throws {
    let long = String(repeating: "k", count: 1 << 20 + 1)
    #expect(try fault { $0.set("general.name", text: long) }?.rule == "text-too-long")
  }

  @Test(arguments: [1_000_001, .max, 1 << 62] as [UInt64])
  func `an array over the limit is refused`(count: UInt64) throws {
    let array = GGUFExample.array(0, count: count, [])
    #expect(try fault { $0.pairs.append(("a.b", 9, array)) }?.rule == "too-many")
  }

  @Test func `an array longer than the file is refused before allocating`() throws {
    for type in [UInt32(0), 8, 12] {
      let array = GGUFExample.array(type, count: 1_000_000, [])
      #expect(try fault { $0.pairs.append(("a.b", 9, array)) }?.rule == "truncated-file")
    }
  }

  @Test func `an array of a million elements is accepted`() throws {
    var example = GGUFExample.plain()
    let elements = [UInt8](repeating: 1, count: 1_000_000)
    example.pairs.append(("a.b", 9, GGUFExample.array(0, count: 1_000_000, elements)))
    try withFiles([("model.gguf", example.bytes)]) { path throws in
      #expect(try LoadedModel.open(path: path).vocabularySize == 3)
    }
  }

  // MARK: Rule 3: keys, truth values, no arrays of arrays

  @Test func `a key appearing twice is refused`() throws {
    let fault = try fault { $0.set("general.architecture", text: "gpt2") }
    #expect(fault?.rule == "duplicate-key")
    #expect(fault?.message == "the key 'general.architecture' appears twice")
  }

  @Test(arguments: ["", "General.Name", "naïve", "a b", "a\u{0}"])
  func `a key that is not lowercase ASCII is refused`(key: String) throws {
    #expect(try fault { $0.set(key, text: "x") }?.rule == "bad-key")
  }

  @Test func `a key over 65,535 bytes is refused`() throws {
    let long = String(repeating: "k", count: 65_536)
    #expect(try fault { $0.set(long, text: "x") }?.rule == "text-too-long")
  }

  @Test func `a text that is not UTF-8 is refused`() throws {
    let fault = try fault { $0.pairs.append(("general.name", 8, [1, 0, 0, 0, 0, 0, 0, 0, 0xFF])) }
    #expect(fault?.rule == "not-utf8")
  }

  @Test func `a truth value other than 0 and 1 is refused`() throws {
    #expect(try fault { $0.pairs.append(("a.b", 7, [2])) }?.rule == "bad-truth-value")
    let array = GGUFExample.array(7, count: 3, [0, 1, 2])
    #expect(try fault { $0.pairs.append(("a.b", 9, array)) }?.rule == "bad-truth-value")
  }

  @Test func `an unknown metadata type is refused`() throws {
    #expect(try fault { $0.pairs.append(("a.b", 13, [0])) }?.rule == "unknown-metadata-type")
  }

  @Test func `an array of arrays is refused`() throws {
    let array = GGUFExample.array(9, count: 1, GGUFExample.array(4, count: 0, []))
    #expect(try fault { $0.pairs.append(("a.b", 9, array)) }?.rule == "nested-array")
  }

  // MARK: Rule 4: alignment

  @Test(arguments: [0, 4, 24, 1 << 21] as [UInt32]) func `an odd alignment is refused`(
    alignment: UInt32
  ) throws {
    let fault = try fault { $0.set("general.alignment", unsigned: alignment) }
    #expect(fault?.rule == "bad-alignment")
  }

  @Test func `an alignment that is not a number is refused`() throws {
    #expect(try fault { $0.set("general.alignment", text: "32") }?.rule == "bad-alignment")
  }

  @Test func `another alignment is honoured`() throws {
    var example = GGUFExample.plain()
    example.alignment = 64
    example.set("general.alignment", unsigned: 64)
    example.tensors.append(
      .init(name: "output_norm.weight", dimensions: [4], data: GGUFExample.floats([9, 8, 7, 6]))
    )
    try withFiles([("model.gguf", example.bytes)]) { path throws in
      #expect(try LoadedModel.open(path: path).matrix("ln_final_w").row(0) == [9, 8, 7, 6])
    }
  }

  // MARK: Rule 5: names, ranks, dimensions and their products

  @Test func `a tensor appearing twice is refused`() throws {
    #expect(try fault { $0.tensors.append($0.tensors[0]) }?.rule == "duplicate-tensor")
  }

  @Test func `a tensor name over 63 bytes is refused`() throws {
    let fault = try fault { $0.tensors[0].name = String(repeating: "t", count: 64) }
    #expect(fault?.rule == "text-too-long")
  }

  @Test(arguments: [[], [4, 3, 1, 1, 1]] as [[UInt64]])
  func `a rank other than 1 to 4 is refused`(dimensions: [UInt64]) throws {
    #expect(try fault { $0.tensors[0].dimensions = dimensions }?.rule == "bad-rank")
  }

  @Test(arguments: [[4, 0], [.max, 1], [1 << 63, 1]] as [[UInt64]])
  func `a dimension of zero or beyond an integer is refused`(dimensions: [UInt64]) throws {
    #expect(try fault { $0.tensors[0].dimensions = dimensions }?.rule == "bad-dimension")
  }

  @Test(
    arguments: [[4, 1 << 62], [1 << 42, 1 << 42], [1 << 61, 1], [(1 << 42) + 1, 1 << 22]]
      as [[UInt64]]
  )
  func `dimensions whose product overflows are refused`(dimensions: [UInt64]) throws {
    #expect(try fault { $0.tensors[0].dimensions = dimensions }?.rule == "tensor-size")
  }

  // MARK: Rule 6: whole blocks of a known type

  @Test func `rows that are not whole blocks are refused`() throws {
    let fault = try fault { $0.tensors[0].type = 8 }
    #expect(fault?.rule == "broken-blocks")
    #expect(
      fault?.message
        == "tensor 'token_embd.weight' has rows of 4 values, expected a multiple of 32 for Q8_0"
    )
  }

  @Test(arguments: [4, 5, 99, .max] as [UInt32]) func `an unknown tensor type is refused`(
    type: UInt32
  ) throws {
    let fault = try fault { $0.tensors[0].type = type }
    #expect(fault?.rule == "unknown-tensor-type")
    #expect(
      fault?.help
        == "the format may be newer than this program; F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1,"
        + " Q8_0, Q4_K, Q5_K and Q6_K can be read"
    )
  }

  @Test func `a type that cannot be read may be present`() throws {
    var example = GGUFExample.plain()
    example.tensors.append(
      .init(
        name: "blk.0.ffn_up.weight",
        dimensions: [256, 2],
        type: 10,
        data: [UInt8](repeating: 1, count: 168)
      )
    )
    try withFiles([("model.gguf", example.bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      #expect(model.tensors.map(\.dtype) == ["F32", "Q2_K"])
      #expect(model.shape(of: "W_in[0]") == [256, 2])
      let fault = #expect(throws: Diagnostic.self) { try model.matrix("W_in[0]") }
      #expect(fault?.rule == "unsupported-type")
      #expect(
        fault?.message
          == "reading Q2_K is not supported yet (tensor 'blk.0.ffn_up.weight')"
      )
      #expect(
        fault?.help
          == "use a file that stores this tensor otherwise; F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1,"
          + " Q8_0, Q4_K, Q5_K and Q6_K can be read"
      )
    }
  }

  // MARK: Rule 7: tensors follow one another to the end of the file

  @Test func `an offset off the alignment is refused`() throws {
    #expect(try fault { $0.tensors[0].offset = 8 }?.rule == "misaligned-tensor")
  }

  @Test(arguments: [32, 1 << 40, UInt64.max - 31] as [UInt64])
  func `a gap before a tensor is refused`(
    offset: UInt64
  ) throws {
    #expect(try fault { $0.tensors[0].offset = offset }?.rule == "scattered-tensor")
  }

  @Test func `overlapping tensors are refused`() throws {
    let fault = try fault { example in
      example.tensors.append(.init(name: "output.weight", offset: 0))
    }
    #expect(fault?.rule == "scattered-tensor")
  }

  @Test func `a tensor past the end is refused`() throws {
    #expect(try fault { $0.missingBytes = 17 }?.rule == "tensor-past-end")
  }

  @Test func `a file cut anywhere in its header says where`() throws {
    let whole = GGUFExample.plain().bytes
    for length in 8..<130 {
      try withFiles([("model.gguf", Array(whole[..<length]))]) { path throws in
        let fault = #expect(throws: Diagnostic.self) { try LoadedModel.open(path: path) }
        #expect(["truncated-file", "tensor-past-end"].contains(fault?.rule))
      }
    }
  }

  // MARK: Rule 8: dimensions are in reversed order

  @Test func `the last dimension of the file counts the rows`() throws {
    var example = GGUFExample()
    example.tensors = [
      .init(dimensions: [2, 3], data: GGUFExample.floats([0, 1, 2, 3, 4, 5])),
      .init(
        name: "output.weight",
        dimensions: [2, 3],
        data: GGUFExample.floats([0, 1, 2, 3, 4, 5])
      ),
    ]
    try withFiles([("model.gguf", example.bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      #expect(model.vocabularySize == 3)
      #expect(model.modelWidth == 2)
      #expect(try model.matrix("W_E").row(2) == [4, 5])
      #expect(try model.matrix("W_U").row(1) == [1, 3, 5])
    }
  }

  // MARK: Rule 9: an array's type is checked before its elements are read

  @Test(arguments: [(UInt32(0), 1), (5, 4), (6, 4), (7, 1), (10, 8)])
  func `row ids of another type are refused`(type: UInt32, size: Int) throws {
    let ids = GGUFExample.array(type, count: 3, [UInt8](repeating: 0, count: 3 * size))
    let fault = try fault { $0.pairs.append(("workbook.row_ids", 9, ids)) }
    #expect(fault?.rule == "wrong-metadata-type")
    #expect(fault?.message == "'workbook.row_ids' should be an array of uint32")
  }

  // MARK: Rule 11: a template is text

  @Test func `a chat template is only text`() throws {
    var example = GGUFExample.plain()
    example.set("tokenizer.chat_template", text: "{{ __import__('os').system('true') }}")
    try withFiles([("model.gguf", example.bytes)]) { path throws in
      #expect(try LoadedModel.open(path: path).vocabulary == nil)
    }
  }
}
