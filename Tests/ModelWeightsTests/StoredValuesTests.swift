import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// What can be asked of tensors beyond their matrices.
@Suite struct StoredValuesTests {
  private func model(_ tensors: [GGUFExample.Tensor]) throws -> LoadedModel {
    var example = GGUFExample()
    example.tensors = tensors
    return try withFiles([("model.gguf", example.bytes)]) { try LoadedModel.open(path: $0) }
  }

  private func float32Bytes(_ model: LoadedModel, _ name: String) throws -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    try model.float32Bytes(ofStored: name) { pieces.append($0) }
    return pieces
  }

  // MARK: Listing

  @Test func `each stored tensor is listed once, as it is stored`() throws {
    let model = try SafetensorsExample([
      ("h.0.attn.c_attn.weight", [4, 12]), ("h.0.attn.bias", [1, 1, 2, 2]),
      ("h.0.mlp.c_fc.weight", [4, 16]), ("lm_head.weight", [3, 4]),
    ]).opened()
    #expect(model.tensors.count == 6)
    #expect(model.storedTensors.map(\.canonicalName) == [nil, nil, "W_in[0]", "W_U"])
    #expect(model.storedTensors.map(\.shape) == [[4, 12], [1, 1, 2, 2], [4, 16], [3, 4]])
    #expect(model.storedTensors.map(\.byteCount) == [192, 16, 256, 48])
    #expect(Set(model.storedTensors.map(\.fileName)) == Set(model.tensors.map(\.fileName)))
  }

  // MARK: Bytes

  @Test func `float32 passes byte for byte, whatever it holds`() throws {
    let bits: [UInt32] = [0x7FA0_0001, 0xFFC0_1234, 0x8000_0000, 1, 0x7F80_0000, 0x3F80_0000]
    let data = GGUFExample.floats(bits.map(Float.init(bitPattern:)))
    let header = #"{"x":{"dtype":"F32","shape":[1,1,2,1,3],"data_offsets":[0,24]}}"#
    let bytes = safetensors(header, data: data)
    try withFiles([("model.safetensors", bytes)]) { path throws in
      #expect(try float32Bytes(LoadedModel.open(path: path), "x") == [data])
    }
  }

  @Test func `other types give their values' bytes`() throws {
    let blocks: [UInt8] = [0, 0x38] + (0..<32).map { UInt8($0) }
    let model = try model([
      .init(name: "q", dimensions: [32], type: 8, data: blocks),
      .init(name: "h", dimensions: [2], type: 1, data: [0, 0x3C, 0, 0xC0]),
      .init(name: "b", dimensions: [2], type: 30, data: [0x80, 0x3F, 0, 0xC0]),
    ])
    #expect(try float32Bytes(model, "q") == [GGUFExample.floats((0..<32).map { Float($0) / 2 })])
    #expect(try float32Bytes(model, "h") == [GGUFExample.floats([1, -2])])
    #expect(try float32Bytes(model, "b") == [GGUFExample.floats([1, -2])])
  }

  @Test(arguments: [(UInt32(0), 262_145), (0, 262_144), (8, 262_176), (0, 600_000)])
  func `pieces are a mebibyte at most and leave nothing out`(type: UInt32, count: Int) throws {
    let data =
      type == 0
      ? GGUFExample.floats((0..<count).map(Float.init))
      : (0..<count / 32).flatMap { _ in [0, 0x3C] + (0..<32).map { UInt8($0) } }
    let model = try model([.init(name: "x", dimensions: [UInt64(count)], type: type, data: data)])
    let pieces = try float32Bytes(model, "x")
    #expect(pieces.allSatisfy { $0.count <= 1 << 20 })
    #expect(pieces.dropLast().allSatisfy { $0.count == 1 << 20 })
    let expected =
      type == 0 ? data : GGUFExample.floats((0..<count).map { Float($0 % 32) })
    #expect(pieces.flatMap { $0 } == expected)
  }

  @Test func `an empty tensor has no pieces, and unknown or unreadable ones throw`() throws {
    let header =
      #"{"none":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]},"#
      + #""word":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#
    let bytes = safetensors(header, data: [UInt8](repeating: 0, count: 8))
    try withFiles([("model.safetensors", bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      #expect(try float32Bytes(model, "none").isEmpty)
      let unreadable = #expect(throws: Diagnostic.self) { try float32Bytes(model, "word") }
      #expect(unreadable?.rule == "unsupported-type")
      let unknown = #expect(throws: Diagnostic.self) { try float32Bytes(model, "words") }
      #expect(unknown?.rule == "unknown-tensor")
    }
  }

  // MARK: Values that are not finite (safetensors, rule 7)

  private func place(_ values: [Float], shape: [Int]) throws -> [Int]? {
    let size = values.count * 4
    let header = #"{"wte.weight":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,\#(size)]}}"#
    let bytes = safetensors(header, data: GGUFExample.floats(values))
    return try withFiles([("model.safetensors", bytes)]) { path throws in
      try LoadedModel.open(path: path).firstNonFinite(in: "W_E").map { [$0.row, $0.column] }
    }
  }

  @Test(arguments: [Float.nan, -.nan, .infinity, -.infinity, Float(bitPattern: 0x7F80_0001)])
  func `the first value that is not finite is found`(value: Float) throws {
    var values = [Float](repeating: .greatestFiniteMagnitude, count: 300_000)
    values[1] = -.greatestFiniteMagnitude
    values[2] = .leastNonzeroMagnitude
    values[3] = -0.0
    #expect(try place(values, shape: [3_000, 100]) == nil)
    for index in [0, 100, 262_144, 299_999] {
      var broken = values
      broken[299_999] = .nan
      broken[index] = value
      #expect(try place(broken, shape: [3_000, 100]) == [index / 100, index % 100])
    }
  }

  @Test func `rows and columns are those of the matrix, and the value comes along`() throws {
    var values = (0..<48).map(Float.init)
    values[17] = .infinity
    let header =
      #"{"h.0.attn.c_attn.weight":{"dtype":"F32","shape":[4,12],"data_offsets":[0,192]}}"#
    let bytes = safetensors(header, data: GGUFExample.floats(values))
    try withFiles([("model.safetensors", bytes)]) { path throws in
      let model = try LoadedModel.open(path: path)
      let found = try model.firstNonFinite(in: "W_K[0]")
      #expect(found?.row == 1)
      #expect(found?.column == 1)
      #expect(found?.value == .infinity)
      #expect(try model.firstNonFinite(in: "W_Q[0]") == nil)
      #expect(try model.firstNonFinite(in: "W_V[0]") == nil)
      let fault = #expect(throws: Diagnostic.self) { try model.firstNonFinite(in: "W_W[0]") }
      #expect(fault?.rule == "unknown-tensor")
    }
  }

  @Test func `a quantised tensor with a broken scale is found`() throws {
    let whole: [UInt8] = [0, 0x3C] + [UInt8](repeating: 1, count: 32)
    let broken: [UInt8] = [0, 0x7C] + [UInt8](repeating: 1, count: 32)
    let model = try model([
      .init(dimensions: [32, 3], type: 8, data: whole + broken + whole)
    ])
    #expect(try model.firstNonFinite(in: "W_E")?.row == 1)
  }

  // MARK: Steps

  @Test(arguments: [(UInt32(0), "F32"), (1, "F16"), (30, "BF16")])
  func `floating-point types have no rounding step`(type: UInt32, name: String) throws {
    let size = type == 0 ? 128 : 64
    let data = [UInt8](repeating: 0, count: size)
    let model = try model([.init(dimensions: [32, 1], type: type, data: data)])
    #expect(model.tensors[0].dtype == name)
    #expect(try model.roundingStep(of: "W_E") == nil)
  }

  /// A type, the byte its numbers begin at, how many bytes they take, and where its scales are.
  private static let layouts: [(code: UInt32, quanta: Range<Int>, scales: [Int], size: Int)] = [
    (2, 2..<18, [0], 18), (3, 4..<20, [0, 2], 20), (6, 6..<22, [0], 22), (7, 8..<24, [0, 2], 24),
    (12, 16..<144, [0, 2], 144), (13, 48..<176, [0, 2], 176), (14, 0..<128, [208], 210),
  ]

  /// Raises every number by one and looks how far the values move.
  @Test(arguments: layouts.indices)
  func `a rounding step is how far one unit moves a value`(index: Int) throws {
    let layout = Self.layouts[index]
    var generator = SeededGenerator(seed: UInt64(index))
    var low: [UInt8] = []
    for block in 0..<6 {
      var bytes = (0..<layout.size).map { _ in UInt8(generator.integer(below: 256)) }
      for place in layout.quanta { bytes[place] = 0x66 }
      for place in layout.scales {
        bytes[place] = UInt8(generator.integer(below: 256))
        bytes[place + 1] =
          UInt8(0x20 + 2 * generator.integer(below: 8)) | (block % 2 == 0 ? 0x80 : 0)
      }
      low += bytes
    }
    var high = low
    for place in low.indices where layout.quanta.contains(place % layout.size) {
      high[place] = 0x77
    }
    let columns = layout.size > 30 ? 256 : 32
    func opened(_ data: [UInt8]) throws -> LoadedModel {
      try model([.init(dimensions: [UInt64(columns), 6], type: layout.code, data: data)])
    }
    let (original, moved) = (try opened(low), try opened(high))
    let (values, others) = (try original.matrix("W_E"), try moved.matrix("W_E"))
    var largest: Float = 0
    for row in 0..<6 {
      for column in 0..<columns {
        largest = max(largest, abs(others[row, column] - values[row, column]))
      }
    }
    let step = try #require(try original.roundingStep(of: "W_E"))
    #expect(step > 0 && largest > 0)
    // The difference of two rounded values is off by their roundings, at most 64 units each.
    #expect(abs(step - largest) <= largest * 1e-4, "\(step) and \(largest)")
  }

  @Test func `a scale that is NaN is left out of the step, an infinite one is not`() throws {
    func block(_ high: UInt8) -> [UInt8] { [0, high] + [UInt8](repeating: 1, count: 32) }
    let model = try model([.init(dimensions: [32, 2], type: 8, data: block(0x7E) + block(0xB8))])
    #expect(try model.roundingStep(of: "W_E") == 0.5)
    let endless = try self.model([.init(dimensions: [32, 1], type: 8, data: block(0xFC))])
    #expect(try endless.roundingStep(of: "W_E") == .infinity)
  }

  @Test func `a part of a joined tensor has its own step`() throws {
    // 96 rows of 32 outputs first: queries in steps of 1, keys of 2, values of 4.
    let rows = [UInt8(0x3C), 0x40, 0x44].flatMap { high in
      (0..<32).flatMap { _ in [0, high] + [UInt8](repeating: 3, count: 32) }
    }
    let model = try model([
      .init(name: "blk.0.attn_qkv.weight", dimensions: [32, 96], type: 8, data: rows)
    ])
    for (name, step) in [("W_Q[0]", 1), ("W_K[0]", 2), ("W_V[0]", 4)] as [(String, Float)] {
      #expect(try model.roundingStep(of: name) == step)
      #expect(try model.matrix(name).row(0)[0] == Double(3 * step))
    }
  }

  @Test func `a type that cannot be read has no step`() throws {
    let data = [UInt8](repeating: 0, count: 84)
    let model = try model([.init(dimensions: [256, 1], type: 10, data: data)])
    let fault = #expect(throws: Diagnostic.self) { try model.roundingStep(of: "W_E") }
    #expect(fault?.rule == "unsupported-type")
  }
}
