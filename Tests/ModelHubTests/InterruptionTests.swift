import Foundation
import ModelHub
import SourceDiagnostics
import Testing
import _LoopbackHub

/// What passes: a pull that meets it waits, goes on and says nothing, or says how long it waits.
@Suite struct InterruptionTests {
  @Test(arguments: [
    LoopbackHub.Fault.Kind.status(503), .status(500), .status(408), .refuse, .notHTTP,
    .cut(afterBytes: 40_000), .cut(afterBytes: 0),
  ])
  func `a moment's fault anywhere is not the user's`(_ kind: LoopbackHub.Fault.Kind) throws {
    let untroubled = try PullBench()
    try untroubled.pull()
    for file in ["model.safetensors", "vocab.json", "config.json"] {
      let bench = try PullBench(faults: [.init(kind, file: file, times: 2)])
      #expect(try bench.pull().origin == .fetched)
      #expect(bench.notices.isEmpty)
      let needed = try PullTests.neededBytes()
      #expect(try bench.weights().suffix(needed) == untroubled.weights().suffix(needed))
    }
  }

  @Test func `after a cut only the rest is asked for`() throws {
    let bench = try PullBench(faults: [
      .init(.cut(afterBytes: 300_000), file: ".safetensors", host: .store, times: 2)
    ])
    try bench.pull()
    let embeddings = bench.rangesServed.filter { $0.count > 100_000 }
    #expect(embeddings.count == 3)
    let end = try #require(embeddings.first?.upperBound)
    #expect(embeddings.allSatisfy { $0.upperBound == end })
    #expect(embeddings.map(\.lowerBound) == embeddings.map(\.lowerBound).sorted())
    // What the connection had swallowed when it was cut is the only thing sent twice.
    let needed = try PullTests.neededBytes()
    #expect(bench.weightBytesSent - (64 << 10) - needed < 2 * 128 << 10)
    // Each try brought something, so the count of failures started anew.
    #expect(bench.pauses == [0.5, 0.5])
  }

  @Test func `pauses double while nothing comes`() throws {
    let bench = try PullBench(faults: [.init(.status(503), file: "config.json", times: 4)])
    try bench.pull()
    #expect(bench.pauses == [0.5, 1, 2, 4])
  }

  // MARK: Being asked to wait

  @Test func `a wait in seconds is kept to`() throws {
    let bench = try PullBench(faults: [
      .init(.status(429, headers: ["Retry-After": "7"]), file: "model.safetensors", times: 1),
      .init(.status(503, headers: ["Retry-After": "0"]), file: "vocab.json", times: 1),
    ])
    try bench.pull()
    #expect(bench.pauses == [7, 0.5])
    #expect(
      bench.notices.map(\.description)
        == ["warning: [waiting] the server asks to wait 7 s"]
    )
  }

  @Test func `a wait until a date is kept to`() throws {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    let soon = formatter.string(from: Date(timeIntervalSinceNow: 60))
    let bench = try PullBench(faults: [
      .init(.status(429, headers: ["Retry-After": soon]), file: "model.safetensors", times: 1)
    ])
    try bench.pull()
    #expect(bench.pauses.count == 1)
    #expect(try (50...60).contains(#require(bench.pauses.first)))
  }

  @Test(arguments: ["Fri, 31 Dec 1999 23:59:59 GMT", "soon", "-5", "1e9", ""])
  func `a wait that is over or means nothing is the usual pause`(_ field: String) throws {
    let bench = try PullBench(faults: [
      .init(.status(429, headers: ["Retry-After": field]), file: "model.safetensors", times: 1)
    ])
    try bench.pull()
    #expect(bench.pauses == [0.5])
  }

  // MARK: Addresses and versions

  @Test func `an address of the store that has expired is asked for anew`() throws {
    // Thirteen pieces; when the last but one is asked for, the address has long been known.
    let tensors = TinyCheckpoint.tensors(layers: 12, tokens: 300, channels: 8, context: 4)
    var files = try TinyCheckpoint.files(tensors)
    files[2] = .init("vocab.json", .bytes(TinyCheckpoint.vocabulary(300)))
    let bench = try PullBench(
      files,
      faults: [.init(.status(403), file: ".safetensors", host: .store, skipping: 12, times: 1)]
    )
    #expect(try bench.pull().origin == .fetched)
    let requests = bench.hub.requests.filter { $0.path.hasSuffix(".safetensors") }
    let expired = try #require(requests.firstIndex { $0.status == 403 })
    #expect(requests[expired...].contains { $0.host == .hub }, "the hub gives another address")
    #expect(bench.pauses == [0.5])
  }

  @Test func `a header goes on as the file it began as`() throws {
    let bench = try PullBench(faults: [
      .init(.cut(afterBytes: 30_000), file: ".safetensors", host: .store, times: 1),
      .init(.changedETag("another"), file: ".safetensors", host: .store, skipping: 1),
    ])
    #expect(
      bench.refusal()?.message == "'model.safetensors' became another file while it was read"
    )
    #expect(bench.listing.isEmpty)
  }

  @Test func `a server cannot send without end`() throws {
    // Each try at the tokenizer brings sixty megabytes and is cut.
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("huge-\(UUID().uuidString)")
    try Data().write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(truncate(url.path, 63 << 20) == 0)
    var files = try TinyCheckpoint.files()
    files[2] = .init("vocab.json", .file(path: url.path), etag: "huge")
    let bench = try PullBench(
      files,
      faults: [.init(.cut(afterBytes: 60 << 20), file: "vocab.json")]
    )
    #expect(
      bench.refusal()?.message
        == "the server sent far more bytes than were asked for, the last of them of 'vocab.json'"
    )
    #expect(bench.hub.bytesSent < 320 << 20)
    #expect(bench.listing.isEmpty)
  }

  @Test func `a tokenizer longer than any is refused`() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("long-\(UUID().uuidString)")
    try Data().write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(truncate(url.path, 1 << 40) == 0)
    var files = try TinyCheckpoint.files()
    files[2] = .init("vocab.json", .file(path: url.path), etag: "long")
    let bench = try PullBench(files)
    #expect(
      bench.refusal()?.message == "'vocab.json' is longer than the 67108864 bytes accepted"
    )
    #expect(bench.listing.isEmpty)
  }
}
