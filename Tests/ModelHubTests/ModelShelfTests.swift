import Foundation
import ModelHub
import ModelWeights
import SourceDiagnostics
import Testing

@Suite struct ModelShelfTests {
  private static let bundled = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("models").path

  @Test func `the bundled models are listed by name`() throws {
    let models = ModelShelf(bundled: Self.bundled).models()
    #expect(models.map(\.name) == ["minilm-l6", "smollm2-135m", "whisper-tiny.en"])
    for model in models {
      let summary = try model.summary.get()
      #expect(summary.format == "GGUF v3")
      #expect(summary.name == model.name)
      #expect(summary.byteCount == model.byteCount)
      #expect(summary.license != nil)
    }
    #expect(try models.last?.summary.get().rowCount == 50_257)
  }

  @Test func `a name is looked up in the folders in order`() throws {
    try withFolder { folder throws in
      try Data("{}".utf8).write(to: folder.appendingPathComponent("minilm-l6.gguf"))
      let shelf = ModelShelf(bundled: folder.path, user: Self.bundled)
      #expect(try shelf.locate("minilm-l6") == folder.path + "/minilm-l6.gguf")
      #expect(try shelf.locate("whisper-tiny.en") == Self.bundled + "/whisper-tiny.en.gguf")
    }
  }

  @Test func `a broken file is listed with its fault`() throws {
    try withFolder { folder throws in
      try Data("not a model".utf8).write(to: folder.appendingPathComponent("bad.gguf"))
      let entry = try #require(
        ModelShelf(bundled: "/nonexistent", user: folder.path).models().first
      )
      #expect(entry.format == "unreadable")
      #expect(entry.byteCount == 11)
      #expect(throws: Diagnostic.self) { try entry.summary.get() }
    }
  }

  @Test func `a folder with safetensors is a model`() throws {
    try withFolder { folder throws in
      let model = folder.appendingPathComponent("tiny")
      try FileManager.default.createDirectory(at: model, withIntermediateDirectories: false)
      try Data([2, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D])
        .write(to: model.appendingPathComponent("model.safetensors"))
      let shelf = ModelShelf(bundled: folder.path)
      #expect(shelf.models().map(\.format) == ["safetensors"])
      #expect(try shelf.locate("tiny") == model.path)
    }
  }

  @Test func `an unknown name lists what there is`() {
    let fault = #expect(throws: Diagnostic.self) {
      try ModelShelf(bundled: Self.bundled).locate("whisper-tiny")
    }
    #expect(
      fault?.description == """
        error: [unknown-model] no model named 'whisper-tiny'
        help: did you mean 'whisper-tiny.en'? there is: minilm-l6, smollm2-135m, whisper-tiny.en
        """
    )
  }

  @Test func `an empty shelf says how to get models`() {
    let fault = #expect(throws: Diagnostic.self) {
      try ModelShelf(bundled: "").locate("no-such-model")
    }
    #expect(
      fault?.help
        == "there are no models here; name a file, or get one with `workbook models pull`"
    )
  }

  @Test func `a model of the catalogue is not unknown but not here`() {
    let fault = #expect(throws: Diagnostic.self) {
      try ModelShelf(bundled: Self.bundled).locate("GPT2-small")
    }
    #expect(
      fault?.description == """
        error: [model-not-here] the model 'gpt2' is not on this machine
        help: fetch it with: workbook models pull gpt2
        """
    )
  }

  @Test func `an alias leads to the model on the shelf`() throws {
    let shelf = ModelShelf(bundled: Self.bundled)
    #expect(try shelf.locate("all-minilm-L6-v2") == Self.bundled + "/minilm-l6.gguf")
    #expect(try shelf.entry("tiny.en").place == .bundled)
  }

  @Test func `a path must exist`() throws {
    let shelf = ModelShelf(bundled: Self.bundled)
    let fault = #expect(throws: Diagnostic.self) { try shelf.locate("./no/such.gguf") }
    #expect(fault?.rule == "no-such-file")
    #expect(try shelf.locate(Self.bundled) == Self.bundled)
  }

  @Test func `digests are SHA-256`() throws {
    try withFolder { folder throws in
      let file = folder.appendingPathComponent("abc")
      try Data("abc".utf8).write(to: file)
      let shelf = ModelShelf(bundled: "")
      #expect(
        try shelf.digest(of: file.path)
          == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      )
      let fault = #expect(throws: Diagnostic.self) { try shelf.digest(of: file.path + "-none") }
      #expect(fault?.rule == "unreadable-file")
    }
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("shelf-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }
}
