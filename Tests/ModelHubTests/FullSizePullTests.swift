import Foundation
import ModelHub
import ModelWeights
import SourceDiagnostics
import Testing
import _LoopbackHub

/// A checkpoint of GPT-2's real size, 548 MB, with real embeddings.
@Suite struct FullSizePullTests {
  private static let whisper = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("models/whisper-tiny.en.gguf").path

  /// Hands out the rows of a bundled matrix from the first on, each twice, side by side.
  private static func writeDoubled(
    _ canonical: String,
    rows: Int,
    _ write: ([UInt8]) -> Void
  ) throws {
    let model = try LoadedModel.open(path: whisper)
    let tensor = try #require(model.tensors.first { $0.canonicalName == canonical })
    let rowBytes = 384 * 4
    var left = rows
    while left > 0 {
      var rest: [UInt8] = []
      try model.float32Bytes(ofStored: tensor.fileName) { bytes in
        rest += bytes
        let whole = min(left, rest.count / rowBytes)
        left -= whole
        write(
          (0..<whole).flatMap { row -> [UInt8] in
            let values = Array(rest[row * rowBytes..<(row + 1) * rowBytes])
            return values + values
          }
        )
        rest.removeFirst(whole * rowBytes)
      }
    }
  }

  private static func write(to path: String) throws -> Int {
    let names = ["wte.weight": "W_E", "wpe.weight": "W_pos"]
    let tensors = PretendCheckpoint.gpt2().map { tensor -> PretendCheckpoint.Tensor in
      guard let canonical = names[tensor.name] else { return tensor }
      return .init(tensor.name, dtype: tensor.dtype, shape: tensor.shape) { write in
        // If it cannot be read, too little is written, which is a fault there.
        try? writeDoubled(canonical, rows: tensor.shape[0], write)
      }
    }
    return try PretendCheckpoint.write(tensors, to: path)
  }

  @Test func `a model of GPT-2's size takes a third of its bytes, and interruptions cost little`()
    throws
  {
    let folder = FileManager.default.temporaryDirectory.path + "/full-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let source = folder + "/model.safetensors"
    let size = try Self.write(to: source)
    let bench = try PullBench([
      .init("model.safetensors", .file(path: source), isLarge: true, etag: "full"),
      .init("config.json", .bytes(TinyCheckpoint.config)),
      .init("vocab.json", .bytes(TinyCheckpoint.vocabulary(50_257))),
    ])

    let outcome = try bench.pull()
    #expect(outcome.checkpointBytes == size)
    #expect(bench.hub.bytesSent < size * 3 / 10)
    let whole = try digest(bench)
    let original = try LoadedModel.open(path: source)
    let fetched = try LoadedModel.open(path: bench.model)
    for name in ["wte.weight", "wpe.weight", "ln_f.weight"] {
      #expect(
        try ModelShelf.float32Digest(of: name, in: fetched)
          == ModelShelf.float32Digest(of: name, in: original)
      )
    }

    try FileManager.default.removeItem(atPath: bench.model)
    bench.hub.forgetRequests()
    for skipping in [6, 8] {
      bench.hub.setFaults([
        .init(
          .cut(afterBytes: 1 << 20),
          file: ".safetensors",
          host: .store,
          skipping: skipping,
          times: 1
        ),
        .init(.refuse, file: ".safetensors", skipping: 100),
      ])
      #expect(bench.refusal(failures: 1)?.rule == "hub-lost")
      #expect(bench.listing == [".tiny-gpt2.part"])
    }
    bench.hub.setFaults([])
    let resumed = try bench.pull()
    #expect(resumed.bytesKept > 8 << 20)
    #expect(try digest(bench) == whole)
    // At most the pieces under way were sent for nothing, four at each interruption.
    #expect(bench.hub.bytesSent < size * 3 / 10 + 2 * 4 * 8 << 20)
  }

  private func digest(_ bench: PullBench) throws -> String {
    try ModelShelf(bundled: "").digest(of: bench.model + "/model.safetensors")
  }
}
