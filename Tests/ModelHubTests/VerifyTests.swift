import Foundation
import ModelHub
import ModelWeights
import SourceDiagnostics
import Testing
import _LoopbackHub

@Suite struct VerifyTests {
  private static let bundled = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("models").path

  private func shelf(_ bench: PullBench) -> ModelShelf {
    ModelShelf(bundled: "", user: bench.models)
  }

  @Test func `a fetched model is as it was`() throws {
    let bench = try PullBench()
    let outcome = try bench.pull()
    let checks = try shelf(bench).verify("tiny-gpt2")
    #expect(checks.allSatisfy { $0.finding == .unchanged && $0.sha256.count == 64 })
    let files = ["config.json", "merges.txt", "vocab.json"]
    #expect(checks.map(\.subject).suffix(3) == files)
    #expect(checks.count == outcome.tensorCount + 1 + files.count, "the header is one more")
    #expect(try shelf(bench).entry("tiny-gpt2").place == .pulled)
  }

  @Test func `a changed header is found`() throws {
    let bench = try PullBench()
    try bench.pull()
    var bytes = try bench.weights()
    let key = Array("workbook.selection".utf8)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: key) })
    bytes[start] = UInt8(ascii: "W")
    try bench.write(bytes, to: "models/tiny-gpt2/model.safetensors")
    let changes = try shelf(bench).verify("tiny-gpt2").filter { $0.finding != .unchanged }
    #expect(changes.map(\.subject) == ["header"])
  }

  @Test func `a file that says it was fetched is not believed`() throws {
    let bench = try PullBench()
    try bench.pull()
    try FileManager.default.removeItem(atPath: bench.model + "/header.sha256")
    #expect(try shelf(bench).entry("tiny-gpt2").place == .imported)
    #expect(try shelf(bench).verify("tiny-gpt2").allSatisfy { $0.finding == .unknown })
  }

  @Test func `a flipped bit in a tensor is found and the tensor named`() throws {
    let bench = try PullBench()
    try bench.pull()
    let before = try shelf(bench).verify("tiny-gpt2")
    let bytes = try bench.weights()
    let tensors = try SafetensorsHeader(bytes: bytes, fileSize: bytes.count).tensors
    for tensor in tensors.prefix(3) {
      let offset = tensor.range.lowerBound + tensor.range.count / 2
      try bench.damage(bench.model + "/model.safetensors", at: offset)
      let after = try shelf(bench).verify("tiny-gpt2")
      let changed = try #require(after.first { $0.subject == tensor.name })
      let expected = try #require(before.first { $0.subject == tensor.name }?.sha256)
      #expect(changed.finding == .changed(expected: expected))
      #expect(changed.sha256 != expected)
      #expect(after.filter { $0.finding != .unchanged } == [changed])
      try bench.damage(bench.model + "/model.safetensors", at: offset)
    }
    #expect(try shelf(bench).verify("tiny-gpt2") == before)
  }

  @Test func `a changed or missing tokenizer is found`() throws {
    let bench = try PullBench()
    try bench.pull()
    let before = try shelf(bench).verify("tiny-gpt2")
    let expected = try #require(before.first { $0.subject == "vocab.json" }?.sha256)
    try bench.damage(bench.model + "/vocab.json", at: 10)
    try FileManager.default.removeItem(atPath: bench.model + "/merges.txt")
    let changes = try shelf(bench).verify("tiny-gpt2").filter { $0.finding != .unchanged }
    #expect(changes.map(\.subject) == ["merges.txt", "vocab.json"])
    #expect(changes.first?.sha256 == "missing")
    #expect(changes.last?.finding == .changed(expected: expected))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a pipe in a tokenizer's place is an error and is not waited for`() throws {
    let bench = try PullBench()
    try bench.pull()
    let path = bench.model + "/vocab.json"
    try FileManager.default.removeItem(atPath: path)
    try #require(mkfifo(path, 0o600) == 0)
    let fault = #expect(throws: Diagnostic.self) { try shelf(bench).verify("tiny-gpt2") }
    #expect(fault?.rule == "unreadable-file")
    #expect(fault?.message == "cannot read the file: expected a regular file")
    #expect(fault?.place?.file == path)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a pipe in the weights' place is an error and is not waited for`() throws {
    let bench = try PullBench()
    try FileManager.default.createDirectory(atPath: bench.model, withIntermediateDirectories: true)
    try #require(mkfifo(bench.model + "/model.safetensors", 0o600) == 0)
    try #require(mkfifo(bench.models + "/other.gguf", 0o600) == 0)
    let shelf = shelf(bench)
    #expect(shelf.models().map(\.format) == ["unreadable", "unreadable"])
    for name in ["tiny-gpt2", "other"] {
      let fault = #expect(throws: Diagnostic.self) { try shelf.verify(name) }
      #expect(fault?.message == "cannot read the file: expected a regular file")
    }
  }

  @Test func `what a system call said is told`() {
    let nowhere = URL(fileURLWithPath: "/nonexistent/folder/file")
    let wrapped = #expect(throws: (any Error).self) { try Data().write(to: nowhere) }
    #expect(wrapped.map(failureText) == "no such file or directory")
    #expect(failureText(POSIXError(.ENOSPC)) == "no space left on device")
    let full = CocoaError(.fileWriteUnknown, userInfo: [NSUnderlyingErrorKey: POSIXError(.ENOSPC)])
    #expect(failureText(full) == "no space left on device")
  }

  @Test(arguments: ["minilm-l6", "smollm2-135m", "whisper-tiny.en"])
  func `a bundled model is as published`(_ name: String) throws {
    let checks = try ModelShelf(bundled: Self.bundled).verify(name)
    #expect(checks.map(\.subject) == [name + ".gguf"])
    #expect(checks.map(\.finding) == [.published])
  }

  @Test func `another file under a bundled model's name is found`() throws {
    let bench = try PullBench()
    try bench.write(Array("GGUF".utf8), to: "models/minilm-l6.gguf")
    let checks = try ModelShelf(bundled: bench.models).verify("minilm-l6")
    let expected = try #require(Catalogue.row(named: "minilm-l6")?.bundled?.sha256)
    #expect(checks.map(\.finding) == [.changed(expected: expected)])
  }

  @Test func `of a file that nothing is known of there is only its digest`() throws {
    let bench = try PullBench()
    try bench.write([2, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D], to: "models/mine.safetensors")
    let checks = try shelf(bench).verify("mine")
    #expect(checks.map(\.subject) == ["mine.safetensors"])
    #expect(checks.map(\.finding) == [.unknown])
    #expect(checks.first?.sha256.count == 64)
    try bench.write(Array("abc".utf8), to: "models/broken.safetensors")
    let unreadable = #expect(throws: Diagnostic.self) { try shelf(bench).verify("broken") }
    #expect(unreadable?.rule == "truncated-file")
    let fault = #expect(throws: Diagnostic.self) { try shelf(bench).verify("nobody") }
    #expect(fault?.rule == "unknown-model")
  }

  @Test func `a checkpoint put there by hand is compared with what is published`() throws {
    let bench = try PullBench()
    try bench.write(TinyCheckpoint.file(), to: "models/gpt2/model.safetensors")
    try bench.write(TinyCheckpoint.vocabulary(), to: "models/gpt2/vocab.json")
    let row = try #require(Catalogue.row(named: "gpt2"))
    let checks = try shelf(bench).verify("gpt2")
    let published = try #require(row.weights?.sha256)
    #expect(checks.first?.subject == "model.safetensors")
    #expect(checks.first?.finding == .changed(expected: published))
    let embedding = try #require(checks.first { $0.subject == "wte.weight" })
    #expect(embedding.finding == .changed(expected: try #require(row.tensors["wte.weight"])))
  }
}
