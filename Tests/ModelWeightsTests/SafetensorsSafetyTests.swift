import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// One rule of the format broken at a time.
///
/// The rules are numbered as the marks say; the 9th, on the names of several files, is tested in
/// ``ShardedTests``.
@Suite struct SafetensorsSafetyTests {
  private static let entry = #""a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}"#
  private static let data = GGUFExample.floats([1, 2])

  private func fault(_ bytes: [UInt8]) throws -> Diagnostic? {
    try withFiles([("model.safetensors", bytes)]) { path throws in
      let fault = #expect(throws: Diagnostic.self) { try LoadedModel.open(path: path) }
      #expect(fault?.place?.file == path)
      return fault
    }
  }

  private func fault(header: String, data: [UInt8] = Self.data) throws -> Diagnostic? {
    try fault(safetensors(header, data: data))
  }

  private func tensors(_ bytes: [UInt8]) throws -> [TensorInfo] {
    try withFiles([("model.safetensors", bytes)]) { try LoadedModel.open(path: $0).tensors }
  }

  // MARK: No rule broken

  @Test func `the unbroken example opens`() throws {
    let tensors = try tensors(safetensors("{\(Self.entry)}", data: Self.data))
    #expect(tensors.map(\.shape) == [[2, 1]])
  }

  // MARK: Rule 1: the header fits the file

  @Test func `a file under eight bytes is refused`() throws {
    for count in 0..<8 {
      #expect(try fault([UInt8](repeating: 0, count: count))?.rule == "truncated-file")
    }
  }

  @Test(arguments: [100_000_001, .max, 1 << 63] as [UInt64])
  func `a header over the limit is refused before allocating`(length: UInt64) throws {
    var file = FileBytes()
    file.put(length)
    file.put("{}")
    #expect(try fault(file.bytes)?.rule == "header-too-long")
  }

  @Test func `a header longer than the file is refused before allocating`() throws {
    var file = FileBytes()
    file.put(UInt64(99_999_999))
    file.put("{}")
    #expect(try fault(file.bytes)?.rule == "truncated-file")
  }

  // MARK: Rule 2: the header is UTF-8 and begins with a brace

  @Test(arguments: ["", "[]", "\u{FEFF}{}", "\0{}"])
  func `a header must begin with a brace`(header: String) throws {
    #expect(try fault(header: header, data: [])?.rule == "header-not-an-object")
  }

  @Test(arguments: [" ", "\n", "\t", "\r\n", "    "])
  func `space before the header's brace is refused in its own words`(space: String) throws {
    let fault = try fault(header: "\(space){\(Self.entry)}")
    #expect(fault?.rule == "header-begins-with-space")
    #expect(
      fault?.message
        == "the safetensors header begins with white space, expected '{' as its first byte"
    )
  }

  @Test func `trailing spaces in the header are accepted`() throws {
    #expect(try tensors(safetensors("{\(Self.entry)}    ", data: Self.data)).count == 1)
  }

  @Test func `a header that is not UTF-8 is refused`() throws {
    var file = FileBytes()
    file.put(UInt64(7))
    file.bytes += [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]
    #expect(try fault(file.bytes)?.rule == "not-utf8")
  }

  @Test(arguments: [
    #"{"a""#, #"{"a":}"#, "{\(entry),}", "{\(entry)} x", "{\(entry)}{}", #"{'a':1}"#, #"{"\x":1}"#,
    "{\"\u{1}\":1}", #"{"\ud800":1}"#, #"{"\ud800\u0041":1}"#,
  ])
  func `broken JSON is refused`(header: String) throws {
    #expect(try fault(header: header)?.rule == "malformed-json")
  }

  // MARK: Rule 3: no key twice, no deep nesting

  @Test func `a tensor appearing twice is refused`() throws {
    let fault = try fault(header: "{\(Self.entry),\(Self.entry)}")
    #expect(fault?.rule == "duplicate-key")
    #expect(fault?.message == "the key 'a' appears twice")
  }

  @Test func `a key escaped in two ways is still the same key`() throws {
    let other = Self.entry.replacing("\"a\"", with: #""\u0061""#)
    #expect(try fault(header: "{\(Self.entry),\(other)}")?.rule == "duplicate-key")
  }

  @Test func `names that differ only in how an accent is written are the same name`() throws {
    let first = Self.entry.replacing("\"a\"", with: #""\u00e9""#)
    let second = Self.entry.replacing("\"a\"", with: #""e\u0301""#)
    #expect(try fault(header: "{\(first),\(second)}")?.rule == "duplicate-tensor")
  }

  @Test func `a field appearing twice is refused`() throws {
    let header = #"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    #expect(try fault(header: header)?.rule == "duplicate-key")
  }

  @Test func `deep nesting is refused`() throws {
    let header = "{\"__metadata__\":{\"a\":" + String(repeating: "[", count: 100_000)
    #expect(try fault(header: header)?.rule == "metadata-not-text")
    let config = Array("{\"x\":".utf8) + [UInt8](repeating: 0x5B, count: 100_000)
    let files = [("model.safetensors", safetensors("{}")), ("config.json", config)]
    try withFiles(files) { path throws in
      let fault = #expect(throws: Diagnostic.self) { try LoadedModel.open(path: path) }
      #expect(fault?.rule == "json-too-deep")
      #expect(fault?.place?.file.hasSuffix("/config.json") == true)
    }
  }

  // MARK: Rule 4: metadata are texts, numbers are whole and below 2^48

  @Test(arguments: ["1", "1.5", "null", "true", "[]", #"["x"]"#, "{}"])
  func `metadata must map texts to texts`(value: String) throws {
    let fault = try fault(header: #"{"__metadata__":{"format":\#(value)}}"#, data: [])
    #expect(fault?.rule == "metadata-not-text")
    #expect(fault?.message == "'format' in __metadata__ should be a text")
  }

  @Test(arguments: ["[]", "1", #""x""#, "null"])
  func `metadata must be an object`(value: String) throws {
    let fault = try fault(header: #"{"__metadata__":\#(value)}"#, data: [])
    #expect(fault?.rule == "malformed-json")
  }

  @Test(arguments: [
    "-1", "1.0", "1e1", "01", "281474976710656", "\"2\"", "null", "99999999999999999999",
  ])
  func `a dimension must be a plain whole number below 2^48`(number: String) throws {
    let header = #"{"a":{"dtype":"F32","shape":[\#(number)],"data_offsets":[0,8]}}"#
    #expect(try fault(header: header)?.rule == "malformed-json")
  }

  // MARK: Rule 5: type, shape and offsets agree

  @Test func `an unknown type is refused`() throws {
    let header = Self.entry.replacing("F32", with: "Q8_0")
    #expect(try fault(header: "{\(header)}")?.rule == "unknown-tensor-type")
  }

  @Test func `a shape whose product overflows is refused`() throws {
    let header = Self.entry.replacing("[2,1]", with: "[4294967296,4294967296]")
    #expect(try fault(header: "{\(header)}")?.rule == "tensor-size")
  }

  @Test func `values that fill no whole number of bytes are refused`() throws {
    let header = #"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#
    #expect(try fault(header: header, data: [0, 0])?.rule == "tensor-size")
  }

  @Test(arguments: ["[0,4]", "[0,12]", "[8,0]"])
  func `a size other than the shape's is refused`(offsets: String) throws {
    let header = Self.entry.replacing("[0,8]", with: offsets)
    #expect(try fault(header: "{\(header)}")?.rule == "tensor-size")
  }

  @Test func `missing and unknown fields are refused`() throws {
    let missing = #"{"a":{"dtype":"F32","shape":[2]}}"#
    #expect(try fault(header: missing)?.rule == "incomplete-tensor")
    let unknown = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":{}}}"#
    #expect(try fault(header: unknown)?.rule == "unknown-tensor-field")
  }

  // MARK: Rule 6: the data are covered once, from first byte to last

  @Test func `a gap is refused`() throws {
    let header = Self.entry.replacing("[0,8]", with: "[8,16]")
    #expect(
      try fault(header: "{\(header)}", data: Self.data + Self.data)?.rule == "scattered-tensor"
    )
  }

  @Test func `an overlap is refused`() throws {
    let other = Self.entry.replacing("\"a\"", with: "\"b\"")
    #expect(try fault(header: "{\(Self.entry),\(other)}")?.rule == "scattered-tensor")
  }

  @Test func `a hundred thousand names for one range are refused`() throws {
    let entries = (0..<100_000).map {
      #""t\#($0)":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}"#
    }
    let fault = try fault(header: "{\(entries.joined(separator: ","))}")
    #expect(fault?.rule == "scattered-tensor")
    #expect(
      fault?.message.hasSuffix(
        "begins at byte 0 of the data, expected 8, where the one before it ends"
      ) == true
    )
  }

  @Test func `a second file behind the first is refused`() throws {
    let archive: [UInt8] = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26)
    #expect(try fault(header: "{\(Self.entry)}", data: Self.data + archive)?.rule == "stray-bytes")
  }

  @Test func `data past the end is refused`() throws {
    #expect(try fault(header: "{\(Self.entry)}", data: [0, 0])?.rule == "tensor-past-end")
  }

  @Test func `bytes that belong to no tensor are refused`() throws {
    let fault = try fault(header: "{\(Self.entry)}", data: Self.data + [1])
    #expect(fault?.rule == "stray-bytes")
    #expect(fault?.message == "1 bytes at the end of the file belong to no tensor")
  }

  // MARK: Rule 7: what is odd but legal

  @Test func `empty tensors and single values are legal`() throws {
    let header =
      #"{"none":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]},"#
      + #""norm.weight":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#
    try withFiles([("model.safetensors", safetensors(header, data: GGUFExample.floats([7])))]) {
      path throws in
      let model = try LoadedModel.open(path: path)
      #expect(model.tensors.count == 2)
      #expect(try model.matrix("ln_final_w").row(0) == [7])
    }
  }

  @Test func `NaN and infinity pass through`() throws {
    let header = #"{"norm.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let bytes = safetensors(header, data: GGUFExample.floats([.nan, -.infinity]))
    try withFiles([("model.safetensors", bytes)]) { path throws in
      let row = try LoadedModel.open(path: path).matrix("ln_final_w").row(0)
      #expect(row[0].isNaN)
      #expect(row[1] == -.infinity)
    }
  }

  // MARK: Rule 8: data may begin anywhere

  @Test func `an unaligned start is legal`() throws {
    let header = #"{"norm.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    for padding in 0..<4 {
      let bytes = safetensors(header + String(repeating: " ", count: padding), data: Self.data)
      try withFiles([("model.safetensors", bytes)]) { path throws in
        #expect(try LoadedModel.open(path: path).matrix("ln_final_w").row(0) == [1, 2])
      }
    }
  }

  // MARK: Names

  @Test func `two tensors for one purpose are refused`() throws {
    let header =
      #"{"wte.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"#
      + #""transformer.wte.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}}"#
    #expect(try fault(header: header)?.rule == "ambiguous-tensor")
  }
}
