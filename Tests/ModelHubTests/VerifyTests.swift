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
    #expect(checks.count == outcome.tensorCount + files.count)
    #expect(try shelf(bench).entry("tiny-gpt2").place == .pulled)
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
