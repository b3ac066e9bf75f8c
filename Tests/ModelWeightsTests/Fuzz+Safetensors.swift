import ModelWeights
import SourceDiagnostics
import _WorkbookTestSupport

/// A safetensors file with random tensors, correct until it is damaged.
struct FuzzedSafetensors {
  var header: [UInt8]
  var data: [UInt8]
  /// What the file announces as its header's length, where that is not the truth.
  var announced: UInt64?

  var bytes: [UInt8] {
    var file = FileBytes()
    file.put(announced ?? UInt64(header.count))
    return file.bytes + header + data
  }

  private static let types = [
    ("F32", 32), ("F16", 16), ("BF16", 16), ("F64", 64), ("I64", 64), ("U8", 8), ("BOOL", 8),
    ("F8_E4M3", 8), ("F4", 4), ("C64", 64),
  ]

  /// Makes a sound file of tensors with these names.
  init(_ names: [String], rows: Int, _ dice: inout Dice) {
    var entries: [String] = []
    var begin = 0
    for name in names {
      let (type, bits) =
        dice.oneIn(3) ? dice.pick(Self.types) : dice.pick(Array(Self.types.prefix(3)))
      var shape = [rows, 2 * (1 + dice.below(8))]
      if dice.oneIn(6) { shape = dice.shuffled(shape) }
      if dice.oneIn(30) { shape = dice.pick([[], [0], [0, 1 << 47], [1, 1, 1, 2], [2]]) }
      let end = begin + shape.reduce(1, { $0 &* $1 }) * bits / 8
      entries.append(
        "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
      )
      begin = end
    }
    if dice.oneIn(2) {
      let architecture = dice.pick(["gpt2", "gpt_neox", "bert", "opt", "llama", "unknown"])
      let heads = dice.oneIn(3) ? dice.nastyNumber() : "2"
      entries.append(
        "\"__metadata__\":{\"architecture\":\"\(architecture)\",\"num_attention_heads\":\"\(heads)\"}"
      )
    }
    header = Array("{\(entries.joined(separator: ","))}".utf8)
    data = dice.bytes(begin)
  }
}

/// Safetensors files with damaged headers and `config.json` beside them.
struct SafetensorsFuzz: FuzzTarget {
  static let format = FuzzFormat.safetensors

  private let files: FuzzFiles

  init(folder: String) { files = FuzzFiles(folder: folder) }

  mutating func run(_ dice: inout Dice, _ record: inout FuzzRecord) {
    let embedding = dice.pick([
      "wte.weight", "model.embed_tokens.weight", "gpt_neox.embed_in.weight",
    ])
    let others = (0..<dice.below(5)).map { _ in dice.pick(FuzzNames.checkpoint) }
    let names = Set([embedding] + others).sorted()
    var file = FuzzedSafetensors(names, rows: 1 + dice.below(9), &dice)
    if !dice.oneIn(3) { file.header = JSONMutator.mutated(file.header, &dice) }
    if dice.oneIn(8) { file.header = dice.damaged(file.header) }
    if dice.oneIn(12) { file.announced = dice.extreme() }
    if dice.oneIn(12) { file.data = dice.damaged(file.data) }
    let bytes = dice.oneIn(12) ? dice.damaged(file.bytes) : file.bytes
    files.write(bytes, to: "model.safetensors", &record)
    let config = Self.config(&dice)
    files.write(config, to: "config.json", &record)
    let path = files.path(dice.oneIn(4) ? "" : "model.safetensors")
    checkHeader(bytes, &record)
    guard let model = record.open({ try LoadedModel.open(path: path) }) else { return }
    record.use(model, packingTo: files.path("packed.gguf.out"), &dice)
  }

  /// Reads the header alone, as it is when a model is pulled in parts, and writes it again.
  private func checkHeader(_ bytes: [UInt8], _ record: inout FuzzRecord) {
    let header = record.attempt { try SafetensorsHeader(bytes: bytes, fileSize: bytes.count) }
    guard let header else { return }
    let written = SafetensorsHeader.bytes(for: header.tensors, metadata: header.metadata)
    let size = written.count + header.tensors.reduce(0) { $0 + $1.range.count }
    let again = record.attempt { try SafetensorsHeader(bytes: written, fileSize: size) }
    if again?.tensors.map(\.name) != header.tensors.map(\.name)
      || again?.metadata != header.metadata
    {
      record.complain("a header is not read back as it was written")
    }
  }

  private static func config(_ dice: inout Dice) -> [UInt8] {
    let type = dice.pick(["gpt2", "gpt_neox", "bert", "opt", "llama", "phi"])
    let text =
      #"{"model_type":"\#(type)","n_positions":64,"num_attention_heads":\#(dice.pick([1, 2, 3, 0])),"#
      + #""nested":{"a":[1,2,{"b":null}]},"max_position_embeddings":8}"#
    return dice.oneIn(6) ? JSONMutator.mutated(Array(text.utf8), &dice) : Array(text.utf8)
  }
}

/// Indices that name two files, with the index or one of the files damaged.
struct ShardsFuzz: FuzzTarget {
  static let format = FuzzFormat.shards
  private static let index = "model.safetensors.index.json"

  private let files: FuzzFiles

  init(folder: String) { files = FuzzFiles(folder: folder) }

  mutating func run(_ dice: inout Dice, _ record: inout FuzzRecord) {
    let parts = [["wte.weight", "wpe.weight"], ["h.0.ln_1.weight", "h.0.mlp.c_fc.weight"]]
    var entries: [String] = []
    for (number, names) in parts.enumerated() {
      let file = "model-0000\(number + 1)-of-00002.safetensors"
      for name in names { entries.append("\"\(name)\":\"\(file)\"") }
      var part = FuzzedSafetensors(names, rows: 4, &dice)
      if dice.oneIn(8) { part.header = JSONMutator.mutated(part.header, &dice) }
      files.write(dice.oneIn(16) ? dice.damaged(part.bytes) : part.bytes, to: file, &record)
    }
    if dice.oneIn(300) {
      entries += (0..<2000).map { "\"t\($0)\":\"model-\($0).safetensors\"" }
    }
    let text =
      "{\"metadata\":{\"total_size\":1},\"weight_map\":{\(entries.joined(separator: ","))}}"
    var index = Array(text.utf8)
    if dice.oneIn(2) { index = JSONMutator.mutated(index, &dice) }
    if dice.oneIn(8) { index = dice.damaged(index) }
    files.write(index, to: Self.index, &record)
    let path = files.path(dice.oneIn(4) ? "" : Self.index)
    guard let model = record.open({ try LoadedModel.open(path: path) }) else { return }
    record.use(model, packingTo: files.path("packed.gguf.out"), &dice)
  }
}
