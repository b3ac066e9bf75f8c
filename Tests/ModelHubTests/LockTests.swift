import Dispatch
import Foundation
import ModelHub
import SourceDiagnostics
import Synchronization
import Testing
import _LoopbackHub

@Suite struct LockTests {
  @Test func `of two pulls at once one fetches and the other finds it`() throws {
    let bench = try PullBench(faults: [
      .init(.slow(bytesPerSecond: 2_000_000), file: ".safetensors", host: .store)
    ])
    let outcomes = Mutex<[Result<ModelPuller.Outcome, Diagnostic>]>([])
    let group = DispatchGroup()
    for _ in 0..<2 {
      group.enter()
      Thread.detachNewThread {
        let outcome = Result { () throws(Diagnostic) in try bench.pull() }
        outcomes.withLock { $0.append(outcome) }
        group.leave()
      }
    }
    group.wait()
    let origins = try outcomes.withLock { try $0.map { try $0.get().origin } }
    #expect(origins.filter { $0 == .fetched }.count == 1)
    #expect(origins.filter { $0 == .alreadyHere }.count == 1)
    #expect(
      bench.notices.map(\.message) == ["another process is fetching 'tiny-gpt2'; waiting for it"]
    )
    #expect(try bench.weightBytesSent == (64 << 10) + PullTests.neededBytes())
    #expect(bench.listing == ["tiny-gpt2"])
  }

  @Test func `two models are fetched side by side`() throws {
    let bench = try PullBench()
    var request = ModelPuller.Request(model: PullBench.repository)
    request.name = "another"
    try bench.write([], to: "models/.tiny-gpt2.lock")
    let lock = open(bench.models + "/.tiny-gpt2.lock", O_RDWR)
    #expect(flock(lock, LOCK_EX) == 0)
    #expect(try bench.puller().pull(request).origin == .fetched)
    #expect(bench.notices.isEmpty)
    close(lock)
  }

  @Test func `who waits goes on when the other gives up`() throws {
    let bench = try PullBench()
    let path = try bench.write([], to: "models/.tiny-gpt2.lock")
    let lock = open(path, O_RDWR)
    #expect(flock(lock, LOCK_EX) == 0)
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { close(lock) }
    #expect(try bench.pull().origin == .fetched)
    #expect(bench.notices.map(\.rule) == ["waiting"])
    #expect(bench.listing == ["tiny-gpt2"])
  }

  @Test func `the lock file of a dead process blocks nobody`() throws {
    let bench = try PullBench()
    try bench.write(Array("4711\n".utf8), to: "models/.tiny-gpt2.lock")
    #expect(try bench.pull().origin == .fetched)
    #expect(bench.notices.isEmpty)
    #expect(bench.listing == ["tiny-gpt2"])
  }

  @Test func `a lock file that leads elsewhere is not followed`() throws {
    let bench = try PullBench()
    let secret = try bench.write([1, 2, 3], to: "secret")
    try FileManager.default.createDirectory(
      atPath: bench.models,
      withIntermediateDirectories: true
    )
    try FileManager.default.createSymbolicLink(
      atPath: bench.models + "/.tiny-gpt2.lock",
      withDestinationPath: secret
    )
    let fault = bench.refusal()
    #expect(fault?.rule == "unwritable-folder")
    #expect(fault?.message.hasPrefix("cannot write '\(bench.models)/.tiny-gpt2.lock': ") == true)
    #expect(try bench.bytes(secret) == [1, 2, 3])
  }

  @Test func `a folder that cannot be made is named`() throws {
    let bench = try PullBench()
    try bench.write([], to: "models")
    #expect(bench.refusal()?.rule == "unwritable-folder")
    #expect(bench.hub.requests.isEmpty)
  }
}
