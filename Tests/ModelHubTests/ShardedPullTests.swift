import Foundation
import ModelHub
import ModelWeights
import SourceDiagnostics
import Testing
import _LoopbackHub

@Suite struct ShardedPullTests {
  private static let first = "model-00001-of-00002.safetensors"
  private static let second = "model-00002-of-00002.safetensors"

  /// A repository in two parts, with an index that says what a test wants.
  private func bench(
    leavingOut missing: String? = nil,
    index change: (inout [String: String]) -> Void = { _ in }
  ) throws -> PullBench {
    let tensors = TinyCheckpoint.tensors()
    let middle = try #require(tensors.firstIndex { $0.name.hasPrefix("h.1.") })
    let parts = [Self.first: tensors[..<middle], Self.second: tensors[middle...]]
    var map: [String: String] = [:]
    for (file, tensors) in parts {
      for tensor in tensors { map[tensor.name] = file }
    }
    change(&map)
    let index = try JSONSerialization.data(withJSONObject: ["weight_map": map])
    var files = try Array(TinyCheckpoint.files().dropFirst())
    files.append(.init("model.safetensors.index.json", .bytes([UInt8](index))))
    for (file, tensors) in parts where file != missing {
      files.append(.init(file, .bytes(try TinyCheckpoint.file(Array(tensors))), isLarge: true))
    }
    return try PullBench(files)
  }

  @Test func `a checkpoint in parts becomes one file`() throws {
    let sharded = try bench()
    let outcome = try sharded.pull()
    #expect(outcome.tensorCount == 12)
    #expect(try abs(outcome.checkpointBytes - TinyCheckpoint.file().count) < 1000)
    let model = try LoadedModel.open(path: sharded.model)
    let whole = try PullBench()
    try whole.pull()
    let expected = try LoadedModel.open(path: whole.model)
    for tensor in expected.storedTensors {
      #expect(
        try ModelShelf.float32Digest(of: tensor.fileName, in: model)
          == ModelShelf.float32Digest(of: tensor.fileName, in: expected),
        "\(tensor.fileName)"
      )
    }
    // All of it is read of the commit that the index came from.
    let paths = sharded.hub.requests.filter { $0.host == .hub }.map(\.path)
    #expect(paths.filter { $0.contains("/main/") }.count == 2)
  }

  @Test func `a part that is missing is named`() throws {
    let bench = try bench(leavingOut: Self.second)
    #expect(
      bench.refusal()?.message == "'some-lab/tiny-gpt2' has no file '\(Self.second)' (404)"
    )
    #expect(bench.listing.isEmpty)
  }

  @Test func `an index that lies is refused`() throws {
    let moved = try bench { $0["wte.weight"] = Self.second }
    #expect(
      moved.refusal()?.message
        == "the index and the files do not agree on where tensor 'wte.weight' is ('\(Self.first)')"
    )
    let invented = try bench { $0["extra.weight"] = Self.first }
    #expect(
      invented.refusal()?.message
        == "the index and the files do not agree on where tensor 'extra.weight' is ('\(Self.first)')"
    )
    let silent = try bench { $0["ln_f.bias"] = nil }
    #expect(silent.refusal()?.rule == "index-mismatch")
    #expect(moved.listing.isEmpty && invented.listing.isEmpty && silent.listing.isEmpty)
  }

  @Test(arguments: ["../x.safetensors", "/etc/x.safetensors", "a/b.safetensors", "x.bin", ""])
  func `an index that leads elsewhere is refused`(_ name: String) throws {
    let bench = try bench { $0["wpe.weight"] = name }
    let fault = bench.refusal()
    #expect(fault?.rule == "shard-elsewhere")
    #expect(fault?.place?.file == "model.safetensors.index.json")
    #expect(bench.listing.isEmpty)
    #expect(bench.rangesServed.isEmpty)
  }
}
