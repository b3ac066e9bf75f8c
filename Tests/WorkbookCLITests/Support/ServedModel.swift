import Foundation
import _LoopbackHub

/// A small GPT-2-shaped model on a hub of the test's own.
final class ServedModel: Sendable {
  static let repository = "example/tiny-gpt2"
  static let commit = String(repeating: "c0ffee12", count: 5)

  let hub: LoopbackHub
  let checkpointBytes: Int
  private let folder: URL

  /// Serves `tokens` rows of 64 channels, every value another one.
  init(tokens: Int = 3000, faults: [LoopbackHub.Fault] = []) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("served-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let weights = folder.appendingPathComponent("model.safetensors").path
    let plain = PretendCheckpoint.gpt2(layers: 2, tokens: tokens, channels: 64, context: 128)
    checkpointBytes = try PretendCheckpoint.write(
      plain.enumerated().map { index, tensor in Self.filled(tensor, seed: index) },
      to: weights
    )
    // Byte-level names: each token is its number in letters, so none is a part of another word.
    let names = (0..<tokens).map { id in "\"\(id < 256 ? "b" : "Ġw")\(id)\": \(id)" }
    hub = try LoopbackHub(
      [
        .init(
          Self.repository,
          commit: Self.commit,
          files: [
            .init("model.safetensors", .file(path: weights), isLarge: true),
            .init("config.json", .bytes(Array(#"{"model_type": "gpt2"}"#.utf8))),
            .init("vocab.json", .bytes(Array("{\(names.joined(separator: ","))}".utf8))),
            .init("merges.txt", .bytes(Array("#version: 0.2\n".utf8)), redirectsWithinHub: true),
          ]
        )
      ],
      faults: faults
    )
  }

  deinit {
    hub.stop()
    try? FileManager.default.removeItem(at: folder)
  }

  var environment: [String: String] {
    ["HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "hf_secret_of_the_test"]
  }

  private static func filled(
    _ tensor: PretendCheckpoint.Tensor,
    seed: Int
  ) -> PretendCheckpoint.Tensor {
    guard tensor.dtype == "F32" else { return tensor }
    let count = tensor.shape.reduce(1, *)
    return .init(tensor.name, dtype: tensor.dtype, shape: tensor.shape) { write in
      var state = UInt32(truncatingIfNeeded: seed &* 7919 &+ 1)
      var bytes: [UInt8] = []
      for _ in 0..<count {
        state = state &* 1_664_525 &+ 1_013_904_223
        let value = Float(state >> 8) / Float(1 << 24) - 0.25
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        if bytes.count >= 1 << 16 {
          write(bytes)
          bytes = []
        }
      }
      write(bytes)
    }
  }
}
