import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// Headers read without their files, and headers of parts.
@Suite struct SafetensorsHeaderTests {
  private static let example = SafetensorsExample(
    [
      ("transformer.wte.weight", [3, 4]), ("transformer.h.0.attn.c_attn.weight", [4, 12]),
      ("transformer.h.0.attn.bias", [1, 1, 2, 2]), ("transformer.wpe.weight", [2, 4]),
    ],
    metadata: ["format": "pt"]
  )

  private func header(_ bytes: [UInt8]) throws -> SafetensorsHeader {
    let length = try SafetensorsHeader.length(
      prefix: Array(bytes.prefix(8)),
      fileSize: bytes.count
    )
    return try SafetensorsHeader(bytes: Array(bytes.prefix(length)), fileSize: bytes.count)
  }

  @Test func `a header says everything without the data`() throws {
    let bytes = Self.example.bytes
    let header = try header(bytes)
    #expect(header.fileSize == bytes.count)
    #expect(header.metadata == ["format": "pt"])
    #expect(header.tensors.map(\.name) == Self.example.shapes.map(\.name))
    #expect(header.tensors.map(\.shape) == Self.example.shapes.map(\.shape))
    #expect(Set(header.tensors.map(\.dtype)) == ["F32"])
    #expect(
      header.tensors.map(\.canonicalNames)
        == [["W_E"], ["W_Q[0]", "W_K[0]", "W_V[0]"], [], ["W_pos"]]
    )
    for tensor in header.tensors {
      #expect(Array(bytes[tensor.range]) == GGUFExample.floats(Self.example.values(tensor.name)))
    }
    #expect(header.tensors.last?.range.upperBound == bytes.count)
  }

  @Test func `bytes after the header are ignored`() throws {
    let bytes = Self.example.bytes
    let whole = try SafetensorsHeader(bytes: bytes, fileSize: bytes.count)
    #expect(try whole.tensors == header(bytes).tensors)
  }

  @Test func `too few bytes of a header are refused`() throws {
    let bytes = Self.example.bytes
    let length = try SafetensorsHeader.length(prefix: bytes, fileSize: bytes.count)
    for count in [0, 7, 8, length - 1] {
      let fault = #expect(throws: Diagnostic.self) {
        try SafetensorsHeader(bytes: Array(bytes.prefix(count)), fileSize: bytes.count)
      }
      #expect(fault?.rule == "truncated-file")
    }
  }

  @Test(arguments: [-4, 4]) func `the announced size of the file must fit`(difference: Int) throws {
    let bytes = Self.example.bytes
    let fault = #expect(throws: Diagnostic.self) {
      try SafetensorsHeader(bytes: bytes, fileSize: bytes.count + difference)
    }
    #expect(fault?.rule == (difference < 0 ? "tensor-past-end" : "stray-bytes"))
  }

  @Test(arguments: [Int.min, -1, 0, 7]) func `a file under eight bytes is refused`(size: Int) {
    let fault = #expect(throws: Diagnostic.self) {
      try SafetensorsHeader.length(prefix: [UInt8](repeating: 0, count: 8), fileSize: size)
    }
    #expect(fault?.rule == "truncated-file")
  }

  @Test(arguments: [[3, 0], [0], [], [1, 2]] as [[Int]])
  func `a part is a file of its own`(choice: [Int]) throws {
    let bytes = Self.example.bytes
    let chosen = try choice.map { try header(bytes).tensors[$0] }
    let start = SafetensorsHeader.bytes(for: chosen, metadata: ["architecture": "gpt2"])
    #expect(start.count.isMultiple(of: 8))
    let part = chosen.reduce(into: start) { $0 += bytes[$1.range] }
    let read = try header(part)
    #expect(read.metadata == ["architecture": "gpt2"])
    #expect(read.tensors.map(\.name) == chosen.map(\.name))
    #expect(read.tensors.map(\.range.count) == chosen.map(\.range.count))
    try withFiles([("part.safetensors", part), ("whole.safetensors", bytes)]) { path throws in
      let opened = try LoadedModel.open(path: path)
      let whole = try LoadedModel.open(path: path.replacing("part.", with: "whole."))
      #expect(opened.architecture == "gpt2")
      for name in chosen.flatMap(\.canonicalNames) {
        #expect(try opened.matrix(name) == whole.matrix(name))
      }
    }
  }

  @Test func `the same part has the same bytes`() throws {
    let tensors = try header(Self.example.bytes).tensors
    let metadata = Dictionary(uniqueKeysWithValues: (0..<20).map { ("k\($0)", "v") })
    let first = SafetensorsHeader.bytes(for: tensors, metadata: metadata)
    let again = Dictionary(
      uniqueKeysWithValues: metadata.sorted { $0.key > $1.key }.map { ($0, $1) }
    )
    #expect(SafetensorsHeader.bytes(for: tensors, metadata: again) == first)
  }

  @Test func `names that JSON must escape survive`() throws {
    let odd = #"{"a\"\\\u0001\n\u2028é😀":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#
    let tensors = try header(safetensors(odd, data: [1, 2])).tensors
    let metadata = ["\u{7}\"k\"": "line\nbreak\\"]
    let part = try header(SafetensorsHeader.bytes(for: tensors, metadata: metadata) + [1, 2])
    #expect(part.tensors.map(\.name) == tensors.map(\.name))
    #expect(part.metadata == metadata)
  }

  @Test(arguments: [UInt64(1), 2, 3]) func `damage never traps`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let index = Array(#"{"metadata":{"x":1},"weight_map":{"a":"b.safetensors","c":"d"}}"#.utf8)
    var refused = 0
    for _ in 0..<2_000 {
      var (header, map) = (Self.example.bytes, index)
      for _ in 0...generator.integer(below: 3) {
        header[generator.integer(below: 400)] = UInt8(generator.integer(below: 256))
        map[generator.integer(below: map.count)] = UInt8(generator.integer(below: 256))
      }
      header.removeLast(generator.integer(below: header.count))
      let sizes = [0, header.count, Self.example.bytes.count, 1 << 40, .max]
      for size in sizes {
        do {
          let read = try SafetensorsHeader(bytes: header, fileSize: size)
          _ = SafetensorsHeader.bytes(for: read.tensors, metadata: read.metadata)
        } catch {
          refused += 1
          #expect(!error.message.isEmpty)
        }
      }
      _ = try? SafetensorsIndex(json: map)
    }
    #expect(refused > 8_000, "seed \(seed)")
  }
}
