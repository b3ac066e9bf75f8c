import Foundation
import _LoopbackHub

/// A checkpoint shaped like GPT-2's, small and full of numbers that no two tensors share.
enum TinyCheckpoint {
  static let tokens = 3000
  static let channels = 64

  /// The tensors of a model with two layers: 1.3 MB, of which 0.8 MB are embeddings.
  static func tensors(
    layers: Int = 2,
    tokens: Int = tokens,
    channels: Int = channels,
    context: Int = 64
  ) -> [PretendCheckpoint.Tensor] {
    PretendCheckpoint.gpt2(layers: layers, tokens: tokens, channels: channels, context: context)
      .map(filled)
  }

  /// The embeddings and their copy under the unembedding's name.
  static func withUnembedding() -> [PretendCheckpoint.Tensor] {
    tensors() + [filled(.init("lm_head.weight", dtype: "F32", shape: [tokens, channels]))]
  }

  /// Returns the tensor with numbers in [-1, 1) drawn from its name.
  static func filled(_ tensor: PretendCheckpoint.Tensor) -> PretendCheckpoint.Tensor {
    let count = tensor.shape.reduce(1, *)
    let name = tensor.name
    return .init(name, dtype: tensor.dtype, shape: tensor.shape) { write in
      write(values(name, count: count))
    }
  }

  /// Returns numbers in [-1, 1) as little-endian float32.
  private static func values(_ name: String, count: Int) -> [UInt8] {
    var state = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
      (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * count)
    for _ in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
      for shift in [0, 8, 16, 24] as [UInt32] {
        bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
      }
    }
    return bytes
  }

  /// The file with these tensors.
  static func file(_ tensors: [PretendCheckpoint.Tensor] = tensors()) throws -> [UInt8] {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("checkpoint-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: url) }
    _ = try PretendCheckpoint.write(tensors, to: url.path)
    return try [UInt8](Data(contentsOf: url))
  }

  static let config = Array(#"{"model_type":"gpt2"}"#.utf8)

  /// A `vocab.json` with as many tokens as there are rows.
  static func vocabulary(_ count: Int = tokens) -> [UInt8] {
    Array("{\((0..<count).map { "\"t\($0)\":\($0)" }.joined(separator: ","))}".utf8)
  }

  /// The repository's files: weights in the store, a vocabulary behind a redirect, the rest plain.
  static func files(
    _ tensors: [PretendCheckpoint.Tensor] = tensors()
  ) throws -> [LoopbackHub.File] {
    [
      .init("model.safetensors", .bytes(try file(tensors)), isLarge: true),
      .init("config.json", .bytes(config)),
      .init("vocab.json", .bytes(vocabulary()), redirectsWithinHub: true),
      .init("merges.txt", .bytes(Array("#version: 0.2\n".utf8))),
      .init("pytorch_model.bin", .bytes(Array("a pickle".utf8)), isLarge: true),
    ]
  }
}
