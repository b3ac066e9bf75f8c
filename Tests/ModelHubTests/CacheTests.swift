import EmbeddingMath
import Foundation
import ModelHub
import ModelWeights
import SourceDiagnostics
import Testing
import _LoopbackHub

@Suite struct CacheTests {
  private static let other = String(repeating: "cd", count: 20)

  /// A cache as Hugging Face's tools lay it out: blobs by digest, and links to them by commit.
  private struct Cache {
    let bench: PullBench
    let repository: String
    var cache: HuggingFaceCache { HuggingFaceCache(path: bench.root + "/hub") }
    var environment: [String: String] { ["HF_HUB_CACHE": cache.path] }

    init(_ name: String = PullBench.repository) throws {
      bench = try PullBench()
      repository = "hub/models--" + name.replacing("/", with: "--")
    }

    func snapshot(_ commit: String) -> String { "\(bench.root)/\(repository)/snapshots/\(commit)" }

    /// Puts a file into a snapshot by way of a blob; a half one has its blob only as `.incomplete`.
    func add(_ bytes: [UInt8], as name: String, to commit: String, isHalf: Bool = false) throws {
      let blob = "\(commit.prefix(4))-\(name)"
      try bench.write(bytes, to: "\(repository)/blobs/\(blob)\(isHalf ? ".incomplete" : "")")
      try FileManager.default.createDirectory(
        atPath: snapshot(commit),
        withIntermediateDirectories: true
      )
      guard !isHalf else { return }
      try FileManager.default.createSymbolicLink(
        atPath: snapshot(commit) + "/" + name,
        withDestinationPath: "../../blobs/\(blob)"
      )
    }

    func addModel(_ commit: String) throws {
      try add(TinyCheckpoint.file(), as: "model.safetensors", to: commit)
      try add(TinyCheckpoint.config, as: "config.json", to: commit)
      try add(TinyCheckpoint.vocabulary(), as: "vocab.json", to: commit)
    }

    func setMain(_ text: String) throws {
      try bench.write(Array(text.utf8), to: repository + "/refs/main")
    }
  }

  @Test func `the catalogue's commit counts before the newest`() throws {
    let cache = try Cache()
    let row = try CatalogueRow.sample()
    #expect(cache.cache.snapshot(of: row) == nil)
    try cache.addModel(Self.other)
    #expect(cache.cache.snapshot(of: row) == nil)
    try cache.setMain(Self.other + "\n")
    #expect(cache.cache.snapshot(of: row) == cache.snapshot(Self.other))
    try cache.addModel(PullBench.commit)
    #expect(cache.cache.snapshot(of: row) == cache.snapshot(PullBench.commit))
  }

  @Test func `half a download does not count`() throws {
    let cache = try Cache()
    let row = try CatalogueRow.sample()
    try cache.add(TinyCheckpoint.config, as: "config.json", to: PullBench.commit)
    try cache.add([1, 2, 3], as: "model.safetensors", to: PullBench.commit, isHalf: true)
    #expect(cache.cache.snapshot(of: row) == nil)
    // A link whose blob was removed.
    try FileManager.default.createSymbolicLink(
      atPath: cache.snapshot(PullBench.commit) + "/model.safetensors",
      withDestinationPath: "../../blobs/gone"
    )
    #expect(cache.cache.snapshot(of: row) == nil)
  }

  @Test func `a model in parts counts once all of them are there`() throws {
    let cache = try Cache()
    let row = try CatalogueRow.sample()
    let index = #"{"weight_map":{"wte.weight":"a.safetensors","wpe.weight":"b.safetensors"}}"#
    try cache.add(Array(index.utf8), as: "model.safetensors.index.json", to: PullBench.commit)
    try cache.add([0], as: "a.safetensors", to: PullBench.commit)
    #expect(cache.cache.snapshot(of: row) == nil)
    try cache.add([0], as: "b.safetensors", to: PullBench.commit)
    #expect(cache.cache.snapshot(of: row) == cache.snapshot(PullBench.commit))
  }

  @Test(arguments: ["../../x", "..", "", "main", "/etc", String(repeating: "a", count: 41)])
  func `a reference that is no commit leads nowhere`(_ text: String) throws {
    let cache = try Cache()
    try cache.bench.write([0], to: "x/model.safetensors")
    try cache.bench.write([0], to: cache.repository + "/snapshots/main/model.safetensors")
    try cache.setMain(text)
    #expect(cache.cache.snapshot(of: try .sample()) == nil)
  }

  @Test func `a huge reference is not read`() throws {
    let cache = try Cache()
    try cache.setMain("")
    let path = "\(cache.bench.root)/\(cache.repository)/refs/main"
    #expect(truncate(path, 1 << 40) == 0)
    #expect(cache.cache.snapshot(of: try .sample()) == nil)
  }

  @Test func `a cached model is used where it is, without a request`() throws {
    let cache = try Cache()
    try cache.addModel(PullBench.commit)
    let puller = cache.bench.puller(
      environment: cache.environment.merging(["HF_HUB_OFFLINE": "1"]) { $1 },
      catalogue: [try .sample()]
    )
    let outcome = try puller.pull(.init(model: "TINY"))
    #expect(outcome.origin == .inCache)
    #expect(outcome.path == cache.snapshot(PullBench.commit))
    #expect(outcome.bytesReceived == 0)
    #expect(cache.bench.hub.requests.isEmpty)
    #expect(cache.bench.listing.isEmpty)
    let model = try LoadedModel.open(path: outcome.path)
    #expect(try model.matrix("W_E").rowCount == TinyCheckpoint.tokens)
  }

  @Test func `a revision or another name is fetched in spite of the cache`() throws {
    let cache = try Cache()
    try cache.addModel(PullBench.commit)
    let puller = cache.bench.puller(environment: cache.environment, catalogue: [try .sample()])
    var request = ModelPuller.Request(model: "tiny")
    request.name = "another-name"
    #expect(try puller.pull(request).origin == .fetched)
    request = .init(model: "tiny")
    request.revision = "main"
    #expect(try puller.pull(request).origin == .fetched)
  }

  @Test func `the shelf lists a cached model of the catalogue`() throws {
    let row = try #require(Catalogue.row(named: "gpt2"))
    let cache = try Cache(row.repository)
    try cache.addModel(try #require(row.revision))
    let shelf = ModelShelf(bundled: "/nonexistent", user: nil, cache: cache.cache)
    let entry = try #require(shelf.models().first)
    #expect(shelf.names == ["gpt2"])
    #expect(entry.place == .cache)
    #expect(entry.path == cache.snapshot(row.revision ?? ""))
    #expect(try shelf.locate("gpt2-small") == entry.path)
    // It has the name of a published model and another shape.
    #expect(entry.isMisnamed)
    // A model of the user's with the same name is meant before it.
    try cache.bench.write([0], to: "models/gpt2.gguf")
    let both = ModelShelf(bundled: "", user: cache.bench.models, cache: cache.cache)
    #expect(try both.entry("gpt2").place == .imported)
  }
}
