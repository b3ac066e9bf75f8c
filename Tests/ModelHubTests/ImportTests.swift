import Foundation
import ModelHub
import ModelWeights
import SourceDiagnostics
import Testing
import _LoopbackHub

@Suite struct ImportTests {
  private static let bundled = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("models").path

  private static let glove = Array("king 1 2 3\nqueen 4 5 6\n".utf8)

  // MARK: Folders

  @Test func `of a folder only what the model is opened from is copied`() throws {
    let bench = try PullBench()
    let folder = try source(bench)
    try bench.write(Array("other".utf8), to: "mine/other.safetensors")
    try bench.write(Array("notes".utf8), to: "mine/README.md")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/more.safetensors",
      withDestinationPath: bench.root
    )
    try makePipe(folder + "/pipe.safetensors")
    let outcome = try importModel(folder, bench)
    #expect(outcome.name == "mine")
    #expect(outcome.path == bench.models + "/mine")
    #expect(outcome.conversion == nil)
    let weights = ["config.json", "model.safetensors", "vocab.json"]
    #expect(try contents(outcome.path) == weights)
    #expect(bench.listing == ["mine"])
    #expect(try shelf(bench).entry("mine").place == .imported)
    #expect(try LoadedModel.open(path: outcome.path).vocabularySize == TinyCheckpoint.tokens)
  }

  @Test func `weights in several files come with their index and nothing else`() throws {
    let bench = try PullBench()
    try source(bench)
    let first = bench.root + "/mine/model-00001-of-00001.safetensors"
    try FileManager.default.moveItem(atPath: bench.root + "/mine/model.safetensors", toPath: first)
    let bytes = try bench.bytes(first)
    let names = try SafetensorsHeader(bytes: bytes, fileSize: bytes.count).tensors.map(\.name)
    let map = names.map { "\"\($0)\":\"model-00001-of-00001.safetensors\"" }
    let index = Array("{\"weight_map\":{\(map.joined(separator: ","))}}".utf8)
    let path = try bench.write(index, to: "mine/model.safetensors.index.json")
    try bench.write(Array("other".utf8), to: "mine/other.safetensors")
    let expected = [
      "config.json", "model-00001-of-00001.safetensors", "model.safetensors.index.json",
      "vocab.json",
    ]
    let outcome = try importModel(bench.root + "/mine", bench)
    #expect(try contents(outcome.path) == expected)
    let byIndex = try importModel(path, bench, name: "again")
    #expect(try contents(byIndex.path) == expected)
    #expect(try shelf(bench).entry("again").summary.get().rowCount == TinyCheckpoint.tokens)
  }

  @Test func `the only weights of a folder are taken under the usual name`() throws {
    let bench = try PullBench()
    let folder = try source(bench)
    try FileManager.default.moveItem(
      atPath: folder + "/model.safetensors",
      toPath: folder + "/weights.safetensors"
    )
    let outcome = try importModel(folder, bench)
    let expected = ["config.json", "model.safetensors", "vocab.json"]
    #expect(try contents(outcome.path) == expected)
  }

  @Test func `a folder with one gguf becomes a file`() throws {
    let bench = try PullBench()
    let bundled = try bench.bytes(Self.bundled + "/minilm-l6.gguf")
    try bench.write(bundled, to: "small/weights.gguf")
    let outcome = try importModel(bench.root + "/small", bench)
    #expect(outcome.path == bench.models + "/small.gguf")
    #expect(try bench.bytes(outcome.path) == bundled)
  }

  @Test func `side files that are pipes, folders or long are left out`() throws {
    let bench = try PullBench()
    let folder = try source(bench)
    try makePipe(folder + "/special_tokens_map.json")
    try bench.write([], to: "mine/tokenizer_config.json/inside")
    let long = try bench.write([], to: "mine/vocab.txt")
    #expect(truncate(long, (64 << 20) + 1) == 0)
    let outcome = try importModel(folder, bench)
    let expected = ["config.json", "model.safetensors", "vocab.json"]
    #expect(try contents(outcome.path) == expected)
  }

  @Test func `weights that are a pipe are refused and leave nothing`() throws {
    let bench = try PullBench()
    let folder = bench.root + "/piped"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try makePipe(folder + "/model.safetensors")
    for path in [folder, folder + "/model.safetensors"] {
      let fault = #expect(throws: Diagnostic.self) { try importModel(path, bench, name: "piped") }
      #expect(fault?.message == "expected a regular file, found a folder, pipe or device")
    }
    #expect(bench.listing.isEmpty)
  }

  // MARK: Links

  @Test func `what links lead to is copied`() throws {
    let bench = try PullBench()
    let folder = try source(bench)
    let linked = bench.root + "/linked"
    try FileManager.default.createDirectory(atPath: linked, withIntermediateDirectories: true)
    for file in ["model.safetensors", "vocab.json"] {
      try FileManager.default.createSymbolicLink(
        atPath: linked + "/" + file,
        withDestinationPath: "../mine/" + file
      )
    }
    let outcome = try importModel(linked, bench)
    try FileManager.default.removeItem(atPath: folder)
    #expect(try LoadedModel.open(path: outcome.path).vocabularySize == TinyCheckpoint.tokens)
  }

  @Test func `a folder or file is linked to`() throws {
    let bench = try PullBench()
    let folder = try source(bench)
    let outcome = try importModel(folder, bench, asLink: true)
    #expect(outcome.isLink)
    let manager = FileManager.default
    for file in ["config.json", "model.safetensors", "vocab.json"] {
      let link = try manager.destinationOfSymbolicLink(atPath: outcome.path + "/" + file)
      #expect(link.hasPrefix("/") && link.hasSuffix("/mine/" + file))
    }
    let gguf = Self.bundled + "/minilm-l6.gguf"
    let file = try importModel(gguf, bench, name: "small", asLink: true)
    #expect(try manager.destinationOfSymbolicLink(atPath: file.path).hasPrefix("/"))
    #expect(try shelf(bench).remove("small") == file.path)
    #expect(manager.fileExists(atPath: gguf))
  }

  // MARK: Names

  @Test(arguments: ["Qwen2.5-0.5B", "v1.0"])
  func `a folder keeps what looks like an ending in its name`(_ name: String) throws {
    let bench = try PullBench()
    let folder = try source(bench, as: name)
    #expect(try importModel(folder, bench).name == name)
    #expect(try shelf(bench).entry(name).place == .imported)
  }

  @Test func `a file loses its ending and no more`() throws {
    let bench = try PullBench()
    let file = try bench.write(Self.glove, to: "glove.6B.3d.txt")
    #expect(try importModel(file, bench).name == "glove.6B.3d")
  }

  @Test func `a name that is taken on the shelf is refused, by an alias too`() throws {
    let bench = try PullBench()
    let folder = try source(bench)
    try importModel(folder, bench)
    let fault = #expect(throws: Diagnostic.self) { try importModel(folder, bench) }
    #expect(fault?.rule == "name-taken")
    #expect(fault?.place?.file == bench.models + "/mine")
    let shelf = ModelShelf(bundled: Self.bundled, user: bench.models)
    for name in ["minilm-l6", "all-MiniLM-L6-v2"] {
      let taken = #expect(throws: Diagnostic.self) {
        try ModelImporter(shelf: shelf)
          .run(folder, name: name, tokens: nil, asLink: false, progress: nil)
      }
      #expect(taken?.place?.file == Self.bundled + "/minilm-l6.gguf")
    }
  }

  @Test func `what lies in the current folder takes no name`() throws {
    let bench = try PullBench()
    let here = FileManager.default.currentDirectoryPath
    let item = try #require(
      try FileManager.default.contentsOfDirectory(atPath: here).sorted()
        .first { $0.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_-]*/) != nil }
    )
    #expect(try shelf(bench).entry(item).place == .file)
    #expect(try importModel(try source(bench), bench, name: item).name == item)
  }

  @Test func `a folder under a published model's name must have its shape`() throws {
    let bench = try PullBench()
    let folder = try source(bench)
    let fault = #expect(throws: Diagnostic.self) { try importModel(folder, bench, name: "gpt2") }
    #expect(fault?.rule == "name-taken")
    #expect(fault?.message.contains("published model") == true)
    let file = try bench.write(Self.glove, to: "glove.txt")
    let converted = #expect(throws: Diagnostic.self) { try importModel(file, bench, name: "gpt2") }
    #expect(converted?.message == fault?.message)
    #expect(bench.listing.isEmpty)
  }

  // MARK: Files that are converted, and what was left behind

  @Test func `word vectors are converted, and not linked to`() throws {
    let bench = try PullBench()
    let file = try bench.write(Self.glove, to: "words.txt")
    let fault = #expect(throws: Diagnostic.self) { try importModel(file, bench, asLink: true) }
    #expect(fault?.rule == "cannot-link")
    let outcome = try importModel(file, bench)
    #expect(outcome.conversion?.format == "GloVe text")
    #expect(outcome.conversion?.rowCount == 2)
    #expect(bench.listing == ["words.gguf"])
  }

  @Test func `what a killed import left goes, and what a pull left stays`() throws {
    let bench = try PullBench()
    let folder = try source(bench)
    try bench.write([1], to: "models/.mine.import/model.safetensors")
    try bench.write([2], to: "models/.mine.part/model.safetensors")
    try importModel(folder, bench)
    #expect(bench.listing == [".mine.part", "mine"])
    #expect(try bench.bytes(bench.models + "/.mine.part/model.safetensors") == [2])
  }

  // MARK: Helpers

  /// Writes a model's folder and returns its path.
  @discardableResult
  private func source(_ bench: PullBench, as name: String = "mine") throws -> String {
    try bench.write(TinyCheckpoint.file(), to: name + "/model.safetensors")
    try bench.write(TinyCheckpoint.config, to: name + "/config.json")
    try bench.write(TinyCheckpoint.vocabulary(), to: name + "/vocab.json")
    return bench.root + "/" + name
  }

  private func shelf(_ bench: PullBench) -> ModelShelf {
    ModelShelf(bundled: "", user: bench.models)
  }

  @discardableResult
  private func importModel(
    _ path: String,
    _ bench: PullBench,
    name: String? = nil,
    asLink: Bool = false
  ) throws(Diagnostic) -> ModelImporter.Outcome {
    try ModelImporter(shelf: shelf(bench))
      .run(path, name: name, tokens: nil, asLink: asLink, progress: nil)
  }

  private func contents(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  private func makePipe(_ path: String) throws {
    try #require(mkfifo(path, 0o600) == 0)
  }
}
