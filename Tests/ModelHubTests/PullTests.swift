import EmbeddingMath
import Foundation
import ModelHub
import ModelWeights
import SourceDiagnostics
import Synchronization
import Testing
import _LoopbackHub

@Suite struct PullTests {
  /// What a pull without any wishes takes from the tiny checkpoint.
  private static let wanted: Set = [
    "wte.weight", "wpe.weight", "h.0.ln_1.weight", "h.0.ln_1.bias", "h.0.ln_2.weight",
    "h.0.ln_2.bias", "h.1.ln_1.weight", "h.1.ln_1.bias", "h.1.ln_2.weight", "h.1.ln_2.bias",
    "ln_f.weight", "ln_f.bias",
  ]

  /// How many bytes of the tiny checkpoint's weights that is.
  static func neededBytes() throws -> Int {
    TinyCheckpoint.tensors().filter { wanted.contains($0.name) }
      .reduce(0) { $0 + ($1.byteCount ?? 0) }
  }

  // MARK: What is fetched

  @Test func `only what puzzles need is fetched, value by value`() throws {
    let bench = try PullBench()
    let outcome = try bench.pull()
    #expect(outcome.name == "tiny-gpt2" && outcome.path == bench.model)
    #expect(outcome.origin == .fetched)
    #expect(outcome.commit == PullBench.commit && !outcome.isPinned)
    let checkpoint = try TinyCheckpoint.file()
    #expect(outcome.checkpointBytes == checkpoint.count)
    #expect(outcome.bytesKept == 0 && outcome.publishedDigests == 0)
    #expect(outcome.bytesReceived == bench.hub.bytesSent)

    let model = try LoadedModel.open(path: bench.model)
    #expect(Set(model.storedTensors.map(\.fileName)) == Self.wanted)
    #expect(outcome.tensorCount == Self.wanted.count)
    let source = try LoadedModel.open(
      path: try bench.write(checkpoint, to: "source.safetensors")
    )
    for name in Self.wanted {
      #expect(
        try ModelShelf.float32Digest(of: name, in: model)
          == ModelShelf.float32Digest(of: name, in: source),
        "\(name)"
      )
    }
    #expect(try model.matrix("W_E").rowCount == TinyCheckpoint.tokens)
    #expect(model.vocabulary?.count == TinyCheckpoint.tokens)
    #expect(bench.listing == ["tiny-gpt2"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: bench.model).sorted()
        == ["config.json", "header.sha256", "merges.txt", "model.safetensors", "vocab.json"]
    )
    #expect(try bench.bytes(bench.model + "/vocab.json") == TinyCheckpoint.vocabulary())
    // The header's read covers the first tensors' bytes once more, and nothing else is sent twice.
    let needed = model.storedTensors.reduce(0) { $0 + $1.byteCount }
    #expect(bench.weightBytesSent == (64 << 10) + needed)
    #expect(!bench.hub.requests.contains { $0.path.contains("pytorch_model") })
  }

  @Test func `the file says where it is from`() throws {
    let bench = try PullBench()
    try bench.pull(layers: [1, 0], catalogue: [.sample()])
    let bytes = try bench.weights()
    let metadata = try SafetensorsHeader(bytes: bytes, fileSize: bytes.count).metadata
    let origin = "\(bench.hub.endpoint)/\(PullBench.repository)/tree/\(PullBench.commit)"
    #expect(metadata["name"] == "tiny-gpt2")
    #expect(metadata["license"] == "MIT")
    #expect(metadata["origin"] == origin)
    #expect(metadata["workbook.repository"] == PullBench.repository)
    #expect(metadata["workbook.commit"] == PullBench.commit)
    #expect(metadata["workbook.selection"] == "0,1")
    let files = metadata.keys.filter { $0.hasPrefix("file-sha256:") }.sorted()
    #expect(files == ["file-sha256:config.json", "file-sha256:vocab.json"])
    let model = try LoadedModel.open(path: bench.model)
    #expect(model.license == "MIT" && model.origin == origin && model.name == "tiny-gpt2")
    for tensor in model.storedTensors {
      #expect(
        try metadata["sha256:" + tensor.fileName]
          == ModelShelf.float32Digest(of: tensor.fileName, in: model)
      )
    }
  }

  @Test func `layers can be had, or everything`() throws {
    let bench = try PullBench()
    try bench.pull(layers: [1])
    var names = Set(try LoadedModel.open(path: bench.model).storedTensors.map(\.fileName))
    let matrices = ["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"].flatMap { matrix in
      ["h.1.\(matrix).weight", "h.1.\(matrix).bias"]
    }
    #expect(names == Self.wanted.union(matrices))

    var request = ModelPuller.Request(model: PullBench.repository)
    request.selection.isEverything = true
    request.name = "all-of-it"
    #expect(try bench.puller().pull(request).name == "all-of-it")
    let model = try LoadedModel.open(path: bench.models + "/all-of-it")
    names = Set(model.storedTensors.map(\.fileName))
    #expect(names == Set(TinyCheckpoint.tensors().map(\.name)))
  }

  @Test func `a checkpoint of bert's layout comes with its word pieces`() throws {
    let tensors = ["word_embeddings", "position_embeddings", "token_type_embeddings"]
      .map { TinyCheckpoint.filled(.init("embeddings.\($0).weight", dtype: "F32", shape: [6, 4])) }
    let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "##s"]
    let bench = try PullBench([
      .init("model.safetensors", .bytes(try TinyCheckpoint.file(tensors))),
      .init("config.json", .bytes(Array(#"{"model_type":"bert"}"#.utf8))),
      .init("vocab.txt", .bytes(Array((words.joined(separator: "\n") + "\n").utf8))),
    ])
    #expect(try bench.pull().tensorCount == 3)
    #expect(try LoadedModel.open(path: bench.model).vocabulary?.count == 6)
  }

  @Test func `a copy of the unembedding is fetched only where it is not the embedding`() throws {
    let bench = try PullBench(TinyCheckpoint.files(TinyCheckpoint.withUnembedding()))
    try bench.pull("tiny", catalogue: [.sample(["tied": true])])
    var names = try LoadedModel.open(path: bench.model).storedTensors.map(\.fileName)
    #expect(!names.contains("lm_head.weight"))
    try FileManager.default.removeItem(atPath: bench.model)
    try bench.pull("tiny", catalogue: [.sample(["tied": false])])
    names = try LoadedModel.open(path: bench.model).storedTensors.map(\.fileName)
    #expect(names.contains("lm_head.weight"))
  }

  @Test func `a model in half precision is kept as it is`() throws {
    let half = [UInt8](repeating: 0x3C, count: 6 * 4 * 2)
    let tensor = PretendCheckpoint.Tensor("wte.weight", dtype: "F16", shape: [6, 4]) { $0(half) }
    let bench = try PullBench([
      .init("model.safetensors", .bytes(try TinyCheckpoint.file([tensor])))
    ])
    try bench.pull()
    let model = try LoadedModel.open(path: bench.model)
    #expect(model.storedTensors.map(\.dtype) == ["F16"])
    #expect(model.vocabulary == nil)
  }

  // MARK: How it is asked for

  @Test func `the hub sees the token and the store does not`() throws {
    let bench = try PullBench(token: "hf_secret")
    let puller = bench.puller(environment: ["HF_TOKEN": "hf_secret"])
    #expect(try puller.pull(.init(model: PullBench.repository)).origin == .fetched)
    let requests = bench.hub.requests
    for request in requests {
      #expect(request.authorization == (request.host == .hub ? "Bearer hf_secret" : nil))
      #expect(request.method == "GET")
      #expect(request.headers["accept-encoding"] == "identity")
      #expect(request.headers["cookie"] == nil)
    }
    #expect(Set(requests.map(\.host)) == [.hub, .store])
  }

  @Test func `the store's address is asked for once a connection, not once a piece`() throws {
    let big = TinyCheckpoint.tensors(layers: 12, tokens: 300, channels: 8, context: 4)
    var files = try TinyCheckpoint.files(big)
    files[2] = .init("vocab.json", .bytes(TinyCheckpoint.vocabulary(300)))
    let bench = try PullBench(files)
    try bench.pull()
    let asked = bench.hub.requests.filter {
      $0.host == .hub && $0.path.hasSuffix("model.safetensors")
    }
    // The header's, by the branch; then by the commit, at most once for each of four connections.
    #expect(asked.first?.path == "/\(PullBench.repository)/resolve/main/model.safetensors")
    #expect(asked.dropFirst().allSatisfy { $0.path.contains("/resolve/\(PullBench.commit)/") })
    #expect(asked.count <= 5)
    #expect(bench.rangesServed.count == 1 + 13)
  }

  @Test func `progress ends when all is here, cuts or not`() throws {
    let bench = try PullBench(faults: [
      .init(.cut(afterBytes: 300_000), file: ".safetensors", host: .store, times: 1)
    ])
    let shares = Mutex<[Double]>([])
    let puller = ModelPuller(
      settings: HubSettings(environment: ["HF_ENDPOINT": bench.hub.endpoint]),
      folder: bench.models,
      progress: { share in shares.withLock { $0.append(share) } }
    )
    #expect(try puller.pull(.init(model: PullBench.repository)).origin == .fetched)
    #expect(shares.withLock { $0.max() } == 1)
    #expect(shares.withLock { $0.min() } ?? 0 > 0)
  }

  @Test func `pieces come side by side`() throws {
    // Four pieces of 128 kB, apart from one another, each of which takes half a second.
    let shapes = [
      ("wte.weight", [500, 64]), ("wpe.weight", [500, 64]), ("ln_f.weight", [32_000]),
      ("ln_f.bias", [32_000]),
    ]
    let tensors = shapes.flatMap { name, shape in
      [
        TinyCheckpoint.filled(.init(name, dtype: "F32", shape: shape)),
        .init("between.\(name)", dtype: "F32", shape: [16]),
      ]
    }
    let bench = try PullBench(
      [.init("model.safetensors", .bytes(try TinyCheckpoint.file(tensors)), isLarge: true)],
      faults: [.init(.slow(bytesPerSecond: 256_000), file: ".safetensors")]
    )
    let time = try ContinuousClock().measure { try bench.pull() }
    #expect(bench.rangesServed.dropFirst().map(\.count) == [128_000, 128_000, 128_000, 128_000])
    #expect(time < .seconds(1.9), "one after another they take 2.2 s or more")
  }

  // MARK: Again

  @Test func `a second pull makes no request`() throws {
    let bench = try PullBench()
    try bench.pull(layers: [0])
    bench.hub.forgetRequests()
    for layers in [Set<Int>(), [0]] {
      let outcome = try bench.pull(layers: layers)
      #expect(outcome.origin == .alreadyHere)
      #expect(outcome.commit == PullBench.commit && outcome.path == bench.model)
    }
    #expect(try bench.pull(catalogue: [.sample()]).origin == .alreadyHere)
    let offline = bench.puller(environment: ["HF_HUB_OFFLINE": "1"])
    #expect(try offline.pull(.init(model: PullBench.repository)).origin == .alreadyHere)
    #expect(bench.hub.requests.isEmpty)
  }

  @Test func `more of a model fetches only what is new`() throws {
    let bench = try PullBench()
    try bench.pull()
    let before = try LoadedModel.open(path: bench.model)
    bench.hub.forgetRequests()
    let outcome = try bench.pull(layers: [0])
    let checkpoint = try TinyCheckpoint.file()
    let header = try SafetensorsHeader(bytes: checkpoint, fileSize: checkpoint.count)
    let new = header.tensors.filter {
      $0.name.hasPrefix("h.0.") && !$0.name.contains("ln") && $0.name != "h.0.attn.bias"
    }
    let first = try #require(new.first?.range.lowerBound)
    let last = try #require(new.last?.range.upperBound)
    #expect(
      bench.rangesServed.sorted { $0.lowerBound < $1.lowerBound } == [0..<65536, first..<last]
    )
    #expect(outcome.tensorCount == before.storedTensors.count + new.count)
    let after = try LoadedModel.open(path: bench.model)
    for tensor in before.storedTensors {
      #expect(
        try ModelShelf.float32Digest(of: tensor.fileName, in: before)
          == ModelShelf.float32Digest(of: tensor.fileName, in: after)
      )
    }
    // A pull of everything at once gives the same file, but for the address it is from.
    let fresh = try PullBench()
    try fresh.pull(layers: [0])
    let dataBytes = after.storedTensors.reduce(0) { $0 + $1.byteCount }
    #expect(try bench.weights().suffix(dataBytes) == fresh.weights().suffix(dataBytes))
    #expect(try LoadedModel.open(path: fresh.model).storedTensors == after.storedTensors)
    #expect(bench.listing == ["tiny-gpt2"])
  }

  @Test func `what was damaged meanwhile is fetched anew with the rest`() throws {
    let bench = try PullBench()
    try bench.pull()
    let whole = try bench.weights()
    try bench.damage(bench.model + "/model.safetensors", at: whole.count - 1000)
    try bench.pull(layers: [0])
    let checks = try ModelShelf(bundled: "", user: bench.models).verify("tiny-gpt2")
    #expect(checks.allSatisfy { $0.finding == .unchanged })
    let source = try LoadedModel.open(
      path: try bench.write(TinyCheckpoint.file(), to: "source.safetensors")
    )
    let model = try LoadedModel.open(path: bench.model)
    for tensor in model.storedTensors {
      #expect(
        try ModelShelf.float32Digest(of: tensor.fileName, in: model)
          == ModelShelf.float32Digest(of: tensor.fileName, in: source),
        "\(tensor.fileName)"
      )
    }
  }

  // MARK: Revisions

  @Test func `a branch is read at the commit it stands for`() throws {
    let bench = try PullBench()
    var other = TinyCheckpoint.tensors()
    other[0] = .init("wte.weight", dtype: "F32", shape: other[0].shape)
    // The branch moves on once the header has been read.
    let moved = try LoopbackHub.File(
      "model.safetensors",
      .bytes(TinyCheckpoint.file(other)),
      isLarge: true
    )
    bench.hub.setFaults([.init(.status(503), file: "config.json", times: 1)])
    var patience = HubPatience()
    patience.pause = { _ in bench.hub.replace(moved, in: PullBench.repository) }
    let puller = ModelPuller(
      settings: HubSettings(environment: ["HF_ENDPOINT": bench.hub.endpoint]),
      folder: bench.models,
      patience: patience
    )
    #expect(try puller.pull(.init(model: PullBench.repository)).commit == PullBench.commit)
    #expect(bench.hub.commit(of: PullBench.repository) != PullBench.commit)
    let embedding = try LoadedModel.open(path: bench.model).matrix("W_E")
    #expect(embedding[17, 3] != 0)
  }

  @Test func `another revision is not taken for the one that is here`() throws {
    let bench = try PullBench()
    try bench.pull()
    bench.hub.replace(.init("README.md", .bytes([1])), in: PullBench.repository)
    let newest = try #require(bench.hub.commit(of: PullBench.repository))
    var request = ModelPuller.Request(model: PullBench.repository)
    request.revision = PullBench.commit
    #expect(try bench.puller().pull(request).origin == .alreadyHere)
    request.revision = newest
    let outcome = try bench.puller().pull(request)
    #expect(outcome.origin == .fetched && outcome.commit == newest && outcome.isPinned)
    // What was asked for by its commit is not said to be what the branch stands for.
    bench.hub.forgetRequests()
    request.revision = nil
    #expect(try bench.puller().pull(request).origin == .fetched)
    #expect(bench.rangesServed == [0..<65536])
    request.revision = "no-such-branch"
    let fault = #expect(throws: Diagnostic.self) { try bench.puller().pull(request) }
    #expect(fault?.rule == "no-such-revision")
    #expect(bench.listing == ["tiny-gpt2"])
  }

  @Test(arguments: ["not-a-commit", "abc", "ABABABABABABABABABABABABABABABABABABABAB"])
  func `a commit that is none is not asked for`(_ commit: String) throws {
    let bench = try PullBench(commit: commit)
    #expect(try bench.pull().commit == "main")
    let paths = bench.hub.requests.filter { $0.host == .hub }.map(\.path)
    #expect(paths.filter { $0.contains("/resolve/") }.allSatisfy { $0.contains("/resolve/main/") })
  }

  @Test func `the catalogue's commit is fetched and said to be`() throws {
    let bench = try PullBench()
    let outcome = try bench.pull("tiny", catalogue: [.sample()])
    #expect(outcome.isPinned && outcome.commit == PullBench.commit)
    #expect(bench.hub.requests.allSatisfy { !$0.path.contains("/main/") })
  }
}
