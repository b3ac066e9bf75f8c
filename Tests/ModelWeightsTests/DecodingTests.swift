import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// Stored values against values made another way.
@Suite struct DecodingTests {
  private struct Blocks: Decodable {
    let columns: Int
    let valueBits: [UInt32]
    let stored: String
    let decodedBits: [UInt32]
    let quantised: [String: Quantised]

    var bytes: [UInt8] { DecodingTests.bytes(stored) }
  }

  /// Blocks of one type with every kind of scale, a row each, and the float32 they decode to.
  private struct Quantised: Decodable {
    let code: UInt32
    let columns: Int
    let stored: String
    let decoded: String
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal.utf8)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
  }

  /// Returns the values of a vector stored as 16-bit patterns 0 to 65,535.
  private func everyPattern(dtype: String) throws -> Matrix {
    var file = FileBytes()
    for pattern in 0...UInt16.max { file.put(pattern) }
    let header = #"{"norm.weight":{"dtype":"\#(dtype)","shape":[65536],"data_offsets":[0,131072]}}"#
    return try withFiles([("model.safetensors", safetensors(header, data: file.bytes))]) {
      try LoadedModel.open(path: $0).matrix("ln_final_w")
    }
  }

  #if !(os(macOS) && arch(x86_64))
  @Test func `every half-precision pattern decodes as the hardware's does`() throws {
    let values = try everyPattern(dtype: "F16")
    for pattern in 0...UInt16.max {
      let expected = Float(Float16(bitPattern: pattern))
      let value = values[0, Int(pattern)]
      #expect(value == expected || value.isNaN && expected.isNaN, "pattern \(pattern)")
      #expect(value.sign == expected.sign)
    }
  }

  @Test func `values round to half precision as the hardware rounds them`() throws {
    var generator = SeededGenerator(seed: 11)
    var values: [Float] = [
      0, -0.0, 65_504, -65_519, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1p-14, 0x1.ffcp-15,
    ]
    for _ in 0..<4_087 {
      let exponent = generator.integer(below: 44) - 28
      values.append(
        Float(generator.gaussian()) * Float(sign: .plus, exponent: exponent, significand: 1) / 8
      )
    }
    values = values.map { abs($0) > 65_519 ? 1 : $0 }
    let header = #"{"wte.weight":{"dtype":"F32","shape":[64,64],"data_offsets":[0,16384]}}"#
    let bytes = safetensors(header, data: GGUFExample.floats(values))
    try withFiles([("model.safetensors", bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      let packed = path + ".gguf"
      _ = try ModelPacker.pack(model, to: packed, options: PackOptions(matrixType: .f16))
      let stored = try LoadedModel.open(path: packed).matrix("W_E")
      for (index, value) in values.enumerated() {
        let result = stored[index / 64, index % 64]
        #expect(result.bitPattern == Float(Float16(value)).bitPattern, "\(value)")
      }
    }
  }
  #endif

  @Test func `every bfloat pattern is the upper half of a float`() throws {
    let values = try everyPattern(dtype: "BF16")
    for pattern in 0...UInt16.max {
      let expected = Float(bitPattern: UInt32(pattern) << 16)
      let value = values[0, Int(pattern)]
      #expect(value == expected || value.isNaN && expected.isNaN, "pattern \(pattern)")
    }
  }

  @Test func `blocks decode to the values of the gguf package`() throws {
    let blocks = try fixture("blocks.json", as: Blocks.self)
    let rows = blocks.decodedBits.count / blocks.columns
    var example = GGUFExample()
    example.tensors = [
      .init(dimensions: [UInt64(blocks.columns), UInt64(rows)], type: 8, data: blocks.bytes)
    ]
    try withFiles([("model.gguf", example.bytes)]) { path throws in
      let values = try LoadedModel.open(path: path).matrix("W_E")
      for (index, bits) in blocks.decodedBits.enumerated() {
        #expect(values[index / blocks.columns, index % blocks.columns].bitPattern == bits)
      }
    }
  }

  @Test(arguments: ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"])
  func `every type decodes bit for bit as the gguf package does`(type: String) throws {
    let blocks = try #require(fixture("blocks.json", as: Blocks.self).quantised[type])
    let expected = Self.bytes(blocks.decoded)
    let rows = expected.count / 4 / blocks.columns
    var example = GGUFExample()
    example.tensors = [
      .init(
        dimensions: [UInt64(blocks.columns), UInt64(rows)],
        type: blocks.code,
        data: Self.bytes(blocks.stored)
      )
    ]
    try withFiles([("model.gguf", example.bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      #expect(model.tensors[0].dtype == type)
      let values = try model.matrix("W_E")
      var wrong = 0
      for index in 0..<rows * blocks.columns {
        let bits = expected[index * 4..<index * 4 + 4].reversed().reduce(UInt32(0)) {
          $0 << 8 | UInt32($1)
        }
        let value = values[index / blocks.columns, index % blocks.columns]
        let same = value.bitPattern == bits || value.isNaN && Float(bitPattern: bits).isNaN
        if !same { wrong += 1 }
      }
      #expect(wrong == 0, "\(wrong) of \(rows * blocks.columns) values")
      #expect(rows == 12)
    }
  }

  @Test func `values become the blocks of the gguf package`() throws {
    let blocks = try fixture("blocks.json", as: Blocks.self)
    let rows = blocks.decodedBits.count / blocks.columns
    let size = blocks.valueBits.count * 4
    let header =
      #"{"wte.weight":{"dtype":"F32","shape":[\#(rows),\#(blocks.columns)],"data_offsets":[0,\#(size)]}}"#
    let data = GGUFExample.floats(blocks.valueBits.map(Float.init(bitPattern:)))
    try withFiles([("model.safetensors", safetensors(header, data: data))]) { path throws in
      let packed = path + ".gguf"
      _ = try ModelPacker.pack(LoadedModel.open(path: path), to: packed, options: PackOptions())
      let written = try Data(contentsOf: URL(fileURLWithPath: packed))
      #expect(written.range(of: Data(blocks.bytes)) != nil)
    }
  }

  @Test func `three dimensions are not a matrix`() throws {
    let header = #"{"wpe.weight":{"dtype":"F32","shape":[1,1,1],"data_offsets":[0,4]}}"#
    try withFiles([("model.safetensors", safetensors(header, data: [0, 0, 0, 0]))]) { path throws in
      let model = try LoadedModel.open(path: path)
      let fault = #expect(throws: Diagnostic.self) { try model.matrix("W_pos") }
      #expect(fault?.rule == "not-a-matrix")
    }
  }

  @Test(arguments: ["[4]", "[1,1,4]", "[]", "[0,4]", "[140737488355328,0]"])
  func `embeddings that are no table of rows are refused`(shape: String) throws {
    let size = shape.contains("0") ? 0 : shape.contains("4") ? 16 : 4
    let header = #"{"wte.weight":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,\#(size)]}}"#
    let bytes = safetensors(header, data: [UInt8](repeating: 0, count: size))
    try withFiles([("model.safetensors", bytes)]) { path throws in
      let fault = #expect(throws: Diagnostic.self) { try LoadedModel.open(path: path) }
      #expect(fault?.rule == "not-a-matrix")
    }
  }

  @Test func `an empty tensor with endless rows is not read`() throws {
    let header =
      #"{"wpe.weight":{"dtype":"F32","shape":[140737488355328,0],"data_offsets":[0,0]}}"#
    try withFiles([("model.safetensors", safetensors(header))]) { path throws in
      let model = try LoadedModel.open(path: path)
      let fault = #expect(throws: Diagnostic.self) { try model.matrix("W_pos") }
      #expect(fault?.rule == "empty-tensor")
    }
  }

  @Test func `a file that shrinks after opening is an error and not a crash`() throws {
    try withFiles([("model.gguf", GGUFExample.plain().bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try handle.truncate(atOffset: 8)
      try handle.close()
      let fault = #expect(throws: Diagnostic.self) { try model.matrix("W_E") }
      #expect(fault?.rule == "file-changed")
    }
  }
}
