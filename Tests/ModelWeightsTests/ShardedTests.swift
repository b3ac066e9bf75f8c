import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import Testing

/// Models split over several safetensors files.
@Suite struct ShardedTests {
  private static let names = [
    "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
  ]
  private static let indexName = "model.safetensors.index.json"
  private static let first = SafetensorsExample(
    [("model.embed_tokens.weight", [3, 2]), ("model.norm.weight", [2])],
    metadata: ["format": "pt", "license": "MIT"]
  )
  private static let second = SafetensorsExample(
    [("model.layers.0.mlp.up_proj.weight", [4, 2]), ("lm_head.weight", [3, 2])],
    start: 100
  )
  private static let places = [
    "model.embed_tokens.weight": names[0], "model.norm.weight": names[0],
    "model.layers.0.mlp.up_proj.weight": names[1], "lm_head.weight": names[1],
  ]

  private static func index(_ places: [String: String]) -> [UInt8] {
    let pairs = places.sorted { $0.key > $1.key }.map { #""\#($0.key)":"\#($0.value)""# }
    let map = pairs.joined(separator: ",")
    return Array(#"{"metadata":{"total_size":80},"weight_map":{\#(map)}}"#.utf8)
  }

  /// Writes the model into a folder, and calls `body` with the path of the index.
  private func withModel<Result>(
    places: [String: String] = places,
    files: [(name: String, bytes: [UInt8])] = [
      (names[0], first.bytes), (names[1], second.bytes),
    ],
    _ body: (String) throws -> Result
  ) throws -> Result {
    try withFiles([(Self.indexName, Self.index(places))] + files, body)
  }

  private func fault(
    places: [String: String] = places,
    files: [(name: String, bytes: [UInt8])] = [
      (names[0], first.bytes), (names[1], second.bytes),
    ]
  ) throws -> Diagnostic? {
    try withModel(places: places, files: files) { path in
      #expect(throws: Diagnostic.self) { try LoadedModel.open(path: path) }
    }
  }

  private func indexFault(_ text: String) -> Diagnostic? {
    #expect(throws: Diagnostic.self) { try SafetensorsIndex(json: Array(text.utf8)) }
  }

  // MARK: Opening

  @Test(arguments: [true, false])
  func `the index or its folder opens all files`(namesFolder: Bool) throws {
    try withModel { path throws in
      let folder = String(path.dropLast(Self.indexName.count + 1))
      let model = try LoadedModel.open(path: namesFolder ? folder : path)
      #expect(model.format == "safetensors in 2 files")
      #expect(model.architecture == "llama")
      #expect(model.license == "MIT")
      #expect(
        model.tensors.compactMap(\.canonicalName).sorted() == [
          "W_E", "W_U", "W_in[0]", "ln_final_w",
        ]
      )
      #expect(try model.matrix("W_E").row(2) == [4, 5])
      #expect(try model.matrix("W_in[0]").row(1) == [101, 103, 105, 107])
      #expect(try model.matrix("W_U").row(0) == [108, 110, 112])
    }
  }

  @Test func `a model in an index takes its name from the index`() throws {
    try withModel { path throws in
      #expect(try LoadedModel.open(path: path).name == "model")
    }
  }

  @Test func `one of the files opens by itself`() throws {
    try withModel { path throws in
      let second = path.replacing(Self.indexName, with: Self.names[1])
      let model = try LoadedModel.open(path: second)
      #expect(model.format == "safetensors")
      #expect(model.tensors.map(\.canonicalName) == ["W_in[0]", "W_U"])
    }
  }

  @Test func `a summary adds the files up`() throws {
    try withModel { path throws in
      let summary = try ModelSummary.read(path: path)
      #expect(summary.format == "safetensors in 2 files")
      #expect(summary.tensorCount == 4)
      #expect(summary.rowCount == 3)
      #expect(summary.columnCount == 2)
      #expect(summary.byteCount == Self.first.bytes.count + Self.second.bytes.count)
    }
  }

  @Test func `a model in several files packs into one`() throws {
    try withModel { path throws in
      let model = try LoadedModel.open(path: path)
      let packed = path + ".gguf"
      _ = try ModelPacker.pack(model, to: packed, options: PackOptions(matrixType: .f32))
      let result = try LoadedModel.open(path: packed)
      for name in ["W_E", "W_in[0]", "W_U", "ln_final_w"] {
        #expect(try result.matrix(name) == model.matrix(name))
      }
    }
  }

  // MARK: Faults of the files

  @Test func `a missing file is named`() throws {
    let fault = try fault(files: [(Self.names[0], Self.first.bytes)])
    #expect(fault?.rule == "unreadable-file")
    #expect(fault?.place?.file.hasSuffix("/" + Self.names[1]) == true)
  }

  @Test func `a tensor that its file lacks is named`() throws {
    let places = Self.places.merging(["model.norm.bias": Self.names[0]]) { $1 }
    let fault = try fault(places: places)
    #expect(fault?.rule == "missing-tensor")
    #expect(
      fault?.message
        == "the index places tensor 'model.norm.bias' in this file, which does not hold it"
    )
    #expect(fault?.place?.file.hasSuffix("/" + Self.names[0]) == true)
  }

  @Test func `a tensor that the index does not name is refused`() throws {
    let fault = try fault(places: Self.places.filter { $0.key != "lm_head.weight" })
    #expect(fault?.rule == "stray-tensor")
    #expect(
      fault?.message == "this file holds tensor 'lm_head.weight', which the index does not name"
    )
  }

  @Test func `a tensor in another file than the index says is refused`() throws {
    let fault = try fault(places: Self.places.merging(["lm_head.weight": Self.names[0]]) { $1 })
    #expect(fault?.rule == "missing-tensor")
    let both = SafetensorsExample(Self.first.shapes + [("lm_head.weight", [1])])
    let files = [(name: Self.names[0], bytes: both.bytes), (Self.names[1], Self.second.bytes)]
    let stray = try self.fault(files: files)
    #expect(stray?.rule == "stray-tensor")
    #expect(
      stray?.message
        == "this file holds tensor 'lm_head.weight', which the index places in '\(Self.names[1])'"
    )
  }

  @Test func `a damaged file is named`() throws {
    let files = [
      (name: Self.names[0], bytes: Self.first.bytes), (Self.names[1], Self.second.bytes + [0]),
    ]
    let fault = try fault(files: files)
    #expect(fault?.rule == "stray-bytes")
    #expect(fault?.place?.file.hasSuffix("/" + Self.names[1]) == true)
  }

  // MARK: Faults of the index (safetensors, rule 9)

  @Test(arguments: [
    "", ".", "..", ".safetensors", ".hidden.safetensors", "/etc/x.safetensors",
    "../x.safetensors", "a/x.safetensors", "a..b.safetensors", #"a\\x.safetensors"#,
    #"a\u0000.safetensors"#, "c:x.safetensors", "model.bin", "model.safetensors ",
  ])
  func `a file must be a plain name beside the index`(name: String) {
    let fault = indexFault(#"{"weight_map":{"a":"\#(name)"}}"#)
    #expect(fault?.rule == "shard-elsewhere")
    #expect(fault?.message.hasPrefix("the index places tensor 'a' in '") == true)
  }

  @Test func `files are listed once, by the tensors' names`() throws {
    let text = #"{"weight_map":{"c":"y.safetensors","a":"z.safetensors","b":"y.safetensors"}}"#
    let index = try SafetensorsIndex(json: Array(text.utf8))
    #expect(index.files == ["z.safetensors", "y.safetensors"])
    #expect(
      index.file == ["a": "z.safetensors", "b": "y.safetensors", "c": "y.safetensors"]
    )
  }

  @Test(arguments: [
    ("{}", "empty-index"), (#"{"weight_map":{}}"#, "empty-index"),
    (#"{"weight_map":[]}"#, "malformed-json"), ("[]", "malformed-json"), ("", "malformed-json"),
    (#"{"weight_map":{"a":"x.safetensors"}} x"#, "malformed-json"),
    (#"{"weight_map":{"a":1}}"#, "index-entry-not-text"),
    (#"{"weight_map":{"a":null}}"#, "index-entry-not-text"),
    (#"{"weight_map":{"a":"x.safetensors","a":"x.safetensors"}}"#, "duplicate-key"),
    (#"{"weight_map":{"a":"x.safetensors"},"weight_map":{}}"#, "duplicate-key"),
    (#"{"weight_map":{"é":"x.safetensors","e\u0301":"x.safetensors"}}"#, "duplicate-tensor"),
  ])
  func `a broken index is refused`(text: String, rule: String) {
    #expect(indexFault(text)?.rule == rule)
  }

  @Test func `more than a thousand files are refused`() throws {
    func text(_ count: Int) -> String {
      let pairs = (0..<count).map { #""t\#($0)":"f\#($0).safetensors""# }
      return #"{"weight_map":{\#(pairs.joined(separator: ","))}}"#
    }
    #expect(try SafetensorsIndex(json: Array(text(1_000).utf8)).files.count == 1_000)
    #expect(indexFault(text(1_001))?.rule == "too-many")
  }
}
