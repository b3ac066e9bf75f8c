import Foundation
import ModelHub
import SourceDiagnostics
import Testing
import _LoopbackHub

/// What cannot be fetched, and what is not the model that it should be.
@Suite struct PullRefusalTests {
  // MARK: Names

  @Test func `an unknown name is answered with a suggestion`() throws {
    let bench = try PullBench()
    let fault = bench.refusal("tiny-gtp2", catalogue: [try .sample()])
    #expect(
      fault?.description == """
        error: [unknown-model] no model named 'tiny-gtp2' is known here
        help: did you mean 'tiny-gpt2'? known are tiny-gpt2; any other is named by its repository, \
        such as owner/name
        """
    )
    #expect(bench.hub.requests.isEmpty)
  }

  @Test(
    arguments: [
      "", "/", "a/", "/b", "a/b/c", "a/../b", "../b", "a/..", "https://example.org/a/b", "-x/y",
      "x/-y", "a/b?c", "a/b#c", "a%2Fb/c", "a b/c", "a/b\n", ".a/b", "a\\b/c", "ä/b",
      "a/" + String(repeating: "b", count: 97),
    ]
  )
  func `what is no repository is not asked for`(_ text: String) throws {
    let bench = try PullBench()
    #expect(bench.refusal(text)?.rule == "unknown-model")
    #expect(bench.hub.requests.isEmpty && bench.listing.isEmpty)
  }

  @Test(arguments: ["", "../x", "a/b", ".hidden", "-x", "a b", "x\0y"])
  func `what is no name is not written to`(_ name: String) throws {
    let bench = try PullBench()
    var request = ModelPuller.Request(model: PullBench.repository)
    request.name = name
    let fault = #expect(throws: Diagnostic.self) { try bench.puller().pull(request) }
    #expect(fault?.rule == "bad-model-name")
    #expect(bench.hub.requests.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.root).isEmpty)
  }

  @Test func `a name that another model has is left alone`() throws {
    let bench = try PullBench()
    try bench.write([1, 2, 3], to: "models/tiny-gpt2/model.safetensors")
    let fault = bench.refusal()
    #expect(
      fault?.description == """
        \(bench.model): error: [damaged-model] 'tiny-gpt2' is here, but it cannot be read
        help: fetch it again with: workbook models pull some-lab/tiny-gpt2 --name tiny-gpt2 --force
        """
    )
    #expect(try bench.weights() == [1, 2, 3])
    #expect(bench.listing == ["tiny-gpt2"])
    #expect(bench.hub.requests.isEmpty)
  }

  @Test func `an imported model is left alone, even when asked to replace`() throws {
    let bench = try PullBench()
    try bench.write(TinyCheckpoint.file(), to: "models/tiny-gpt2/model.safetensors")
    var request = ModelPuller.Request(model: PullBench.repository)
    for replaces in [false, true] {
      request.replaces = replaces
      let fault = #expect(throws: Diagnostic.self) { try bench.puller().pull(request) }
      #expect(fault?.rule == "name-taken")
    }
    #expect(try bench.weights() == TinyCheckpoint.file())
  }

  @Test func `a fault before anything was fetched leaves what an earlier pull has`() throws {
    let bench = try PullBench()
    bench.hub.setFaults([.init(.refuse, file: "model.safetensors", host: .store, skipping: 3)])
    #expect(bench.refusal(failures: 1)?.rule == "hub-lost")
    #expect(bench.listing == [".tiny-gpt2.part"])
    bench.hub.setFaults([.init(.status(401), file: "model.safetensors")])
    #expect(bench.refusal()?.rule == "not-let-in")
    #expect(bench.listing == [".tiny-gpt2.part"])
  }

  @Test func `a tokenizer that cannot be read is found before the weights are fetched`() throws {
    let bench = try PullBench(
      TinyCheckpoint.files().filter { $0.name != "vocab.json" } + [
        .init("vocab.json", .bytes(Array(#"{"a": 0, "b": 0}"#.utf8)))
      ]
    )
    #expect(bench.refusal() != nil)
    #expect(bench.weightBytesSent == 64 << 10, "the header alone")
    #expect(bench.listing.isEmpty)
  }

  @Test func `an address with a password is refused without showing it`() throws {
    let bench = try PullBench()
    let puller = bench.puller(environment: ["HF_ENDPOINT": "http://me:secret@127.0.0.1:1"])
    let fault = #expect(throws: Diagnostic.self) {
      try puller.pull(.init(model: PullBench.repository))
    }
    #expect(fault?.rule == "bad-endpoint")
    #expect(fault?.description.contains("secret") == false)
  }

  @Test func `a model that is a link is fetched where it leads`() throws {
    let bench = try PullBench()
    try bench.pull()
    let disk = bench.root + "/disk"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: bench.model, toPath: disk + "/there")
    try FileManager.default.createSymbolicLink(
      atPath: bench.model,
      withDestinationPath: disk + "/there"
    )
    let before = try bench.weights().count
    var request = ModelPuller.Request(model: PullBench.repository)
    request.selection.layers = [0]
    _ = try bench.puller().pull(request)
    #expect(try bench.weights().count > before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["there"])
    #expect(bench.listing == ["tiny-gpt2"])
  }

  @Test func `a file of the same name is not hidden by a folder`() throws {
    let bench = try PullBench()
    try bench.write([1], to: "models/tiny-gpt2.gguf")
    #expect(bench.refusal()?.rule == "name-taken")
    #expect(bench.listing == ["tiny-gpt2.gguf"])
  }

  @Test func `what the user keeps in a model's folder stays when it is replaced`() throws {
    let bench = try PullBench()
    try bench.pull()
    try bench.write([1, 2], to: "models/tiny-gpt2/notes.txt")
    try bench.write([3], to: "models/tiny-gpt2/model.safetensors")
    var request = ModelPuller.Request(model: PullBench.repository)
    request.replaces = true
    _ = try bench.puller().pull(request)
    #expect(try bench.bytes(bench.model + "/notes.txt") == [1, 2])
    #expect(bench.listing == ["tiny-gpt2"])
  }

  @Test func `a folder that is no model is never replaced`() throws {
    let bench = try PullBench()
    try bench.write([1, 2], to: "models/tiny-gpt2/notes.txt")
    var request = ModelPuller.Request(model: PullBench.repository)
    request.replaces = true
    let fault = #expect(throws: Diagnostic.self) { try bench.puller().pull(request) }
    #expect(fault?.rule == "name-taken")
    #expect(try bench.bytes(bench.model + "/notes.txt") == [1, 2])
  }

  @Test func `a published model's name is kept for it`() throws {
    let bench = try PullBench()
    let puller = bench.puller(catalogue: Catalogue.rows)
    var request = ModelPuller.Request(model: PullBench.repository)
    for name in ["gpt2", "GPT2", "gpt2-small"] {
      request.name = name
      let fault = #expect(throws: Diagnostic.self) { try puller.pull(request) }
      #expect(fault?.message.contains("is the name of a published model") == true)
    }
  }

  @Test func `a layer that is not there is named with those that are`() throws {
    let bench = try PullBench()
    var request = ModelPuller.Request(model: PullBench.repository)
    request.selection.layers = [0, 99]
    let fault = #expect(throws: Diagnostic.self) { try bench.puller().pull(request) }
    #expect(fault?.rule == "no-such-layer")
    #expect(fault?.message == "'some-lab/tiny-gpt2' has the layers 0..1, so no layer 99")
    #expect(bench.listing.isEmpty)
  }

  @Test func `a pulled model of another repository is left alone`() throws {
    let bench = try PullBench()
    try bench.pull()
    let before = try bench.weights()
    let hub = try LoopbackHub([
      .init("another/tiny-gpt2", commit: PullBench.commit, files: TinyCheckpoint.files())
    ])
    let puller = bench.puller(environment: ["HF_ENDPOINT": hub.endpoint])
    let fault = #expect(throws: Diagnostic.self) {
      try puller.pull(.init(model: "another/tiny-gpt2"))
    }
    #expect(fault?.rule == "name-taken")
    #expect(try bench.weights() == before)
  }

  @Test func `without the network there is nothing to ask`() throws {
    let bench = try PullBench()
    let puller = bench.puller(environment: ["HF_HUB_OFFLINE": "1"])
    let fault = #expect(throws: Diagnostic.self) {
      try puller.pull(.init(model: PullBench.repository))
    }
    #expect(
      fault?.message == "'some-lab/tiny-gpt2' is not here, and HF_HUB_OFFLINE forbids the network"
    )
    #expect(bench.hub.requests.isEmpty)
  }

  @Test(arguments: ["nonsense", "ftp://example.org", "file:///etc", "http://", "://"])
  func `an endpoint must be an address`(_ endpoint: String) throws {
    let bench = try PullBench()
    let puller = bench.puller(environment: ["HF_ENDPOINT": endpoint])
    let fault = #expect(throws: Diagnostic.self) {
      try puller.pull(.init(model: PullBench.repository))
    }
    #expect(fault?.rule == "bad-endpoint")
    #expect(bench.listing.isEmpty)
  }

  @Test(arguments: ["two words", "new\nline", "ümlaut", String(repeating: "x", count: 5000)])
  func `a token that cannot be one is not sent`(_ token: String) throws {
    let bench = try PullBench()
    let puller = bench.puller(environment: ["HF_TOKEN": token])
    let fault = #expect(throws: Diagnostic.self) {
      try puller.pull(.init(model: PullBench.repository))
    }
    #expect(fault?.rule == "bad-token")
    #expect(bench.hub.requests.isEmpty)
  }

  // MARK: Repositories

  @Test func `gated and unknown repositories say what to do`() throws {
    let gated = try PullBench(token: "hf_right")
    #expect(
      gated.refusal()?.message
        == "the hub asks for a token for 'some-lab/tiny-gpt2', or has no such repository (401)"
    )
    let puller = gated.puller(environment: ["HF_TOKEN": "hf_wrong"])
    var fault = #expect(throws: Diagnostic.self) {
      try puller.pull(.init(model: PullBench.repository))
    }
    #expect(fault?.rule == "forbidden")
    fault = #expect(throws: Diagnostic.self) { try puller.pull(.init(model: "no/such")) }
    #expect(fault?.message == "the hub has no repository 'no/such' (404)")
    #expect(gated.refusal("no/such")?.rule == "not-let-in")
    #expect(gated.listing.isEmpty)
  }

  @Test func `a repository with nothing but a pickle is refused`() throws {
    let files = try TinyCheckpoint.files().dropFirst()
    let bench = try PullBench(Array(files))
    #expect(
      bench.refusal()?.description == """
        error: [pickled-weights] 'some-lab/tiny-gpt2' has no safetensors, only a pickle, which can \
        run code when it is read
        help: convert it yourself with Python's torch and safetensors, then `workbook models import`
        """
    )
    let pickled = bench.hub.requests.filter { $0.path.hasSuffix("pytorch_model.bin") }
    #expect(pickled.allSatisfy { $0.range == "bytes=0-0" }, "none of it is read")
    let row = try CatalogueRow.sample(["weights": NSNull(), "note": "Only a pickle is there."])
    #expect(bench.refusal("tiny", catalogue: [row])?.help == "Only a pickle is there.")
    let empty = try PullBench([.init("README.md", .bytes([1]))])
    #expect(empty.refusal()?.rule == "no-such-file-on-hub")
    #expect(bench.listing.isEmpty && empty.listing.isEmpty)
  }

  @Test func `a model without embeddings is refused`() throws {
    let tensor = PretendCheckpoint.Tensor("conv1.weight", dtype: "F32", shape: [2, 2])
    let bench = try PullBench(TinyCheckpoint.files([tensor]))
    #expect(bench.refusal()?.rule == "no-embedding")
    #expect(bench.listing.isEmpty)
  }

  // MARK: What is not as published

  @Test func `published sizes, shapes and digests are compared before the weights come`() throws {
    let size = try TinyCheckpoint.file().count
    let wrong = String(repeating: "0", count: 64)
    let rows: [(changes: [String: Any], message: String)] = [
      (
        ["weights": ["file": "model.safetensors", "bytes": size + 1]],
        "'model.safetensors' has \(size) bytes, expected \(size + 1) bytes as published"
      ),
      (
        ["weights": ["file": "model.safetensors", "sha256": wrong]],
        "'model.safetensors' has the SHA-256"
      ),
      (
        ["tokens": 50_257],
        "'wte.weight' has the shape [3000, 64], expected [50257, 64] as published"
      ),
      (
        ["channels": 768],
        "'wte.weight' has the shape [3000, 64], expected [3000, 768] as published"
      ),
      (
        ["tokenizer": [["file": "vocab.json", "sha256": wrong]]],
        "'vocab.json' has the SHA-256"
      ),
    ]
    let bench = try PullBench()
    for row in rows {
      bench.hub.forgetRequests()
      let fault = bench.refusal("tiny", catalogue: [try .sample(row.changes)])
      #expect(fault?.rule == "not-as-published")
      #expect(fault?.message.hasPrefix(row.message) == true, "\(fault?.message ?? "")")
      #expect(bench.rangesServed == [0..<65536])
      #expect(bench.listing.isEmpty)
    }
  }

  @Test func `a tensor that is not as published leaves nothing behind`() throws {
    let bench = try PullBench()
    let wrong = String(repeating: "0", count: 64)
    let row = try CatalogueRow.sample(["tensors": ["wpe.weight": wrong]])
    let fault = bench.refusal("tiny", catalogue: [row])
    #expect(fault?.message.hasPrefix("'wpe.weight' has the SHA-256 ") == true)
    #expect(fault?.message.hasSuffix("expected \(wrong) as published") == true)
    #expect(bench.listing.isEmpty)
    // By its repository and revision it is whatever it is.
    var request = ModelPuller.Request(model: PullBench.repository)
    request.revision = "main"
    let outcome = try bench.puller(catalogue: [row]).pull(request)
    #expect(outcome.origin == .fetched && outcome.publishedDigests == 0)
  }

  @Test func `right digests are counted`() throws {
    let bench = try PullBench()
    try bench.pull()
    let checks = try ModelShelf(bundled: "", user: bench.models).verify("tiny-gpt2")
    let digests = Dictionary(uniqueKeysWithValues: checks.map { ($0.subject, $0.sha256) })
    try FileManager.default.removeItem(atPath: bench.model)
    let row = try CatalogueRow.sample([
      "tensors": [
        "wte.weight": digests["wte.weight"], "ln_f.bias": digests["ln_f.bias"],
        // Not fetched, so not compared.
        "h.0.mlp.c_fc.weight": String(repeating: "0", count: 64),
      ],
      "tokenizer": [["file": "vocab.json", "sha256": digests["vocab.json"]]],
    ])
    #expect(try bench.pull("tiny", catalogue: [row]).publishedDigests == 2)
  }

  @Test func `a tokenizer that the catalogue names must be there`() throws {
    let bench = try PullBench()
    let row = try CatalogueRow.sample(["tokenizer": [["file": "tokenizer.json"]]])
    #expect(
      bench.refusal("tiny", catalogue: [row])?.message
        == "'some-lab/tiny-gpt2' has no file 'tokenizer.json' (404)"
    )
    #expect(bench.listing.isEmpty)
  }
}
