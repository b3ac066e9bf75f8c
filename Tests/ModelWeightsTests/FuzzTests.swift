import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// Damaged files end in a diagnostic or a model, never in a trap, and quickly.
@Suite struct FuzzTests {
  private static let tokenizer = Array(
    """
    {"added_tokens":[{"id":2,"content":"<s>","special":true}],
     "pre_tokenizer":{"type":"ByteLevel"},"normalizer":{"type":"N","lowercase":true},
     "model":{"type":"BPE","vocab":{"a":0,"\\u0120b":1},"merges":["a b",["a","b"]]}}
    """.utf8
  )

  private static var gguf: [UInt8] {
    var example = GGUFExample.plain()
    example.set("general.alignment", unsigned: 32)
    example.set("tokenizer.ggml.model", text: "gpt2")
    example.set("tokenizer.ggml.tokens", strings: ["a", "Ġb", "<s>"])
    example.set("tokenizer.ggml.merges", strings: ["a b", "Ġ b"])
    example.set("tokenizer.ggml.token_type", signed: [1, 1, 3])
    example.pairs.append(("a.flag", 7, [1]))
    example.tensors.append(
      .init(
        name: "blk.0.ffn_up.weight",
        dimensions: [32, 2],
        type: 8,
        data: [UInt8](repeating: 60, count: 68)
      )
    )
    example.tensors.append(
      .init(
        name: "blk.0.attn_norm.weight",
        dimensions: [4],
        type: 1,
        data: [0, 60, 0, 62, 1, 2, 3, 4]
      )
    )
    return example.bytes
  }

  private static var safetensorsFile: [UInt8] {
    let header =
      #"{"__metadata__":{"name":"x"},"wte.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},"#
      + #""h.0.attn.c_attn.weight":{"dtype":"BF16","shape":[2,3],"data_offsets":[24,36]}}"#
    return safetensors(header, data: (0..<36).map { UInt8($0) })
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `a damaged GGUF file never traps`(seed: UInt64) throws {
    try fuzz(seed: seed, rounds: 1500, files: [("model.gguf", Self.gguf)], damaging: 0)
  }

  @Test(arguments: [UInt64(4), 5])
  func `a damaged safetensors file never traps`(seed: UInt64) throws {
    let files = [("model.safetensors", Self.safetensorsFile), ("tokenizer.json", Self.tokenizer)]
    try fuzz(seed: seed, rounds: 1000, files: files, damaging: 0)
  }

  @Test(arguments: [UInt64(6)])
  func `a damaged tokenizer never traps`(seed: UInt64) throws {
    let files = [("model.safetensors", Self.safetensorsFile), ("tokenizer.json", Self.tokenizer)]
    try fuzz(seed: seed, rounds: 1000, files: files, damaging: 1)
  }

  private func fuzz(
    seed: UInt64,
    rounds: Int,
    files: [(name: String, bytes: [UInt8])],
    damaging index: Int
  ) throws {
    var generator = SeededGenerator(seed: seed)
    var opened = 0
    try withFiles(files) { path throws in
      let damaged = path.replacing(files[0].name, with: files[index].name)
      for _ in 0..<rounds {
        let bytes = Self.damage(files[index].bytes, &generator)
        try Data(bytes).write(to: URL(fileURLWithPath: damaged))
        do {
          let model = try LoadedModel.open(path: path)
          Self.exercise(model)
          opened += 1
        } catch let error as Diagnostic {
          #expect(!error.message.isEmpty && error.place != nil)
        }
      }
    }
    // Some damage falls on names and weights, which any bytes will do for.
    #expect(opened > 0 && opened < rounds, "seed \(seed): \(opened) of \(rounds) opened")
  }

  /// Reads everything there is; only diagnostics may be thrown.
  private static func exercise(_ model: LoadedModel) {
    for name in model.tensors.compactMap(\.canonicalName) { _ = try? model.matrix(name) }
    guard let vocabulary = model.vocabulary else { return }
    for id in 0..<min(8, vocabulary.count) {
      _ = vocabulary.displayName(of: id)
      _ = vocabulary.startsWord(id)
      _ = vocabulary.id(ofBytes: vocabulary.bytes(of: id))
    }
    _ = vocabulary.tokenize("ab b a\u{301}")
  }

  private static func damage(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...generator.integer(below: 3) where bytes.count > 8 {
      let place = generator.integer(below: bytes.count)
      switch generator.integer(below: 6) {
      case 0: bytes.removeLast(generator.integer(below: bytes.count))
      case 1, 2: bytes[place] ^= 1 << UInt8(generator.integer(below: 8))
      case 3: bytes[place] = UInt8(generator.integer(below: 256))
      case 4:
        let extreme: [UInt64] = [0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 62, 1 << 63, .max, .max - 7]
        let value = extreme[generator.integer(below: extreme.count)]
        for (index, shift) in stride(from: 0, to: 64, by: 8).enumerated()
        where place + index < bytes.count {
          bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(shift))
        }
      default:
        let piece = bytes[place..<min(bytes.count, place + generator.integer(below: 24))]
        bytes.insert(contentsOf: piece, at: generator.integer(below: bytes.count))
      }
    }
    return bytes
  }
}
