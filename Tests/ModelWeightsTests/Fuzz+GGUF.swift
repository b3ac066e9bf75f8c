import ModelWeights
import SourceDiagnostics
import _WorkbookTestSupport

/// GGUF files made by a model of the format, then damaged in their fields and in their bytes.
struct GGUFFuzz: FuzzTarget {
  static let format = FuzzFormat.gguf

  private let files: FuzzFiles

  init(folder: String) { files = FuzzFiles(folder: folder) }

  mutating func run(_ dice: inout Dice, _ record: inout FuzzRecord) {
    var example = Self.example(&dice)
    for _ in 0..<dice.below(3) { Self.mutate(&example, &dice) }
    let sound = example.bytes
    let bytes = dice.oneIn(3) ? dice.damaged(sound, splicing: Self.otherFile(&dice)) : sound
    files.write(bytes, to: "model.gguf", &record)
    let path = files.path("model.gguf")
    guard let model = record.open({ try LoadedModel.open(path: path) }) else { return }
    record.use(model, packingTo: files.path("packed.gguf"), &dice)
  }

  /// Returns another file to splice pieces of, the same whenever the round is repeated.
  private static func otherFile(_ dice: inout Dice) -> [UInt8] {
    dice.oneIn(3) ? example(&dice).bytes : []
  }

  // MARK: Sound files

  /// Every type there is a number for, with its elements and bytes in a block.
  private static let types: [(code: UInt32, elements: Int, bytes: Int)] = [
    (0, 1, 4), (1, 1, 2), (2, 32, 18), (3, 32, 20), (6, 32, 22), (7, 32, 24), (8, 32, 34),
    (10, 256, 84), (11, 256, 110), (12, 256, 144), (13, 256, 176), (14, 256, 210), (15, 256, 292),
    (16, 256, 66), (19, 256, 50), (20, 32, 18), (24, 1, 1), (26, 1, 4), (28, 1, 8), (30, 1, 2),
    (34, 256, 54), (39, 32, 17),
  ]

  private static func example(_ dice: inout Dice) -> GGUFExample {
    var example = GGUFExample()
    let rows = 1 + dice.below(12)
    example.set(
      "general.architecture",
      text: dice.pick([
        "llama", "gpt2", "bert", "gptneox", "whisper", "embedding", dice.nastyText(),
      ])
    )
    example.version = dice.pick([2, 3])
    if dice.oneIn(3) {
      example.alignment = dice.pick([8, 32, 64, 4096])
      example.set("general.alignment", unsigned: UInt32(example.alignment))
    }
    if dice.oneIn(3) { example.set("general.name", text: dice.nastyText()) }
    for _ in 0..<dice.below(3) { addPair(to: &example, &dice) }
    if !dice.oneIn(4) { addVocabulary(to: &example, rows: rows, &dice) }
    example.tensors = [tensor("token_embd.weight", rows: rows, &dice)]
    for name in Set((0..<dice.below(5)).map { _ in dice.pick(FuzzNames.gguf) }).sorted() {
      example.tensors.append(tensor(name, rows: 1 + dice.below(6), &dice))
    }
    return example
  }

  private static func tensor(_ name: String, rows: Int, _ dice: inout Dice) -> GGUFExample.Tensor {
    let type = dice.oneIn(3) ? dice.pick(types) : dice.pick(Array(types.prefix(7)))
    let columns = type.elements * (1 + dice.below(type.elements == 1 ? 24 : 2))
    var dimensions = [UInt64(columns)]
    if !name.hasSuffix("norm.weight") { dimensions.append(UInt64(rows)) }
    if dice.oneIn(20) { dimensions.append(1) }
    let elements = dimensions.reduce(1) { $0 * Int($1) }
    return GGUFExample.Tensor(
      name: name,
      dimensions: dimensions,
      type: type.code,
      data: dice.bytes(elements / type.elements * type.bytes)
    )
  }

  private static func addVocabulary(
    to example: inout GGUFExample,
    rows: Int,
    _ dice: inout Dice
  ) {
    let model = dice.pick(["gpt2", "gpt2", "bert", "llama", "words", dice.nastyText()])
    example.set("tokenizer.ggml.model", text: model)
    let known = ["a", "b", "Ġ", "ab", "Ġab", "[UNK]", "▁a", "<s>", "e", "##b", "the", "Ċ"]
    let tokens = (0..<rows).map { $0 < 5 || dice.oneIn(2) ? known[$0] : dice.nastyText() }
    example.set("tokenizer.ggml.tokens", strings: tokens)
    if dice.oneIn(2) {
      example.set(
        "tokenizer.ggml.merges",
        strings: dice.shuffled(["a b", "Ġ a", "Ġa b", "Ġ ab", "  ", dice.nastyText()])
      )
    }
    if dice.oneIn(2) {
      let kinds = (0..<rows).map { _ in Int32(dice.oneIn(2) ? 1 : dice.below(8)) }
      example.set("tokenizer.ggml.token_type", signed: kinds)
      let userTokens = kinds.count { $0 == 4 }
      if dice.oneIn(2) {
        set("workbook.user_token_rules", (0..<userTokens).map { _ in dice.below(40) }, &example)
      }
    }
    let texts = [
      ("tokenizer.ggml.pre", ["gpt-2", "default", "smollm", "llama-bpe", "olmo", "starcoder"]),
      ("workbook.digits", ["joined", "single", "runs"]),
      ("workbook.normalizer", ["nfc", "nfkc", "nfc+lowercase", "", "lowercase", "bert-accents"]),
      ("workbook.tokenizer_caveat", ["no-merges", "dropout", "new"]),
    ]
    for (key, values) in texts where dice.oneIn(3) {
      example.set(key, text: dice.oneIn(6) ? dice.nastyText() : dice.pick(values))
    }
    for key in ["prefix_space", "pattern", "lowercase", "strip_accents", "whole_pieces"]
    where dice.oneIn(4) {
      example.pairs.append(("workbook.\(key)", 7, [UInt8(dice.below(2))]))
    }
    if dice.oneIn(5) {
      set("workbook.row_ids", (0..<rows).map { $0 * 3 + dice.below(3) }, &example)
    }
  }

  private static func set(_ key: String, _ values: [Int], _ example: inout GGUFExample) {
    var bytes = FileBytes()
    for value in values { bytes.put(UInt32(truncatingIfNeeded: value)) }
    let array = GGUFExample.array(4, count: UInt64(values.count), bytes.bytes)
    example.pairs.append((key, 4 + 5, array))
  }

  /// Adds a pair of any type, most often with the right number of bytes.
  private static func addPair(to example: inout GGUFExample, _ dice: inout Dice) {
    let key = dice.pick([
      "a.b", "llama.context_length", "llama.block_count", "workbook.origin", "general.license",
      "general.url", "bert.context_length", "tokenizer.ggml.scores", "", "A b",
    ])
    let type = UInt32(dice.below(14))
    let sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8, 0]
    var value = dice.bytes(sizes[Int(type)])
    if type == 7 { value = [UInt8(dice.below(2))] }
    if type == 8 { value = GGUFExample.string(dice.nastyText()) }
    if type == 9 { value = array(&dice) }
    example.pairs.append((key, type, value))
  }

  private static func array(_ dice: inout Dice) -> [UInt8] {
    let type = UInt32(dice.below(13))
    let count = dice.oneIn(100) ? 100_000 : dice.below(9)
    switch type {
    case 8:
      let text = GGUFExample.string(count > 1000 ? "" : dice.nastyText())
      return GGUFExample.array(
        8,
        count: UInt64(count),
        Array(repeating: text, count: count).flatMap(\.self)
      )
    case 9:
      let depth = count > 1000 ? 5000 : count
      return Array(repeating: GGUFExample.array(9, count: 1, []), count: depth).flatMap(\.self)
        + GGUFExample.array(0, count: 1, [7])
    default:
      let size = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8][Int(type)]
      let bytes = type == 7 ? [UInt8](repeating: 1, count: count) : dice.bytes(count * size)
      return GGUFExample.array(type, count: UInt64(count), bytes)
    }
  }

  // MARK: Damage to fields

  private static func mutate(_ example: inout GGUFExample, _ dice: inout Dice) {
    switch dice.below(16) {
    case 0: example.tensorCount = dice.extreme()
    case 1: example.pairCount = dice.extreme()
    case 2: example.version = UInt32(truncatingIfNeeded: dice.extreme())
    case 3: example.pairs = dice.shuffled(example.pairs)
    case 4: example.tensors = dice.shuffled(example.tensors)
    case 5: example.missingBytes = dice.below(dice.oneIn(2) ? 64 : 100_000)
    case 6: mutatePair(&example, &dice)
    case 7:
      let value = UInt32(truncatingIfNeeded: dice.extreme())
      example.pairs.removeAll { $0.key == "general.alignment" }
      example.set("general.alignment", unsigned: value)
    case 8: addPair(to: &example, &dice)
    default: mutateTensor(&example, &dice)
    }
  }

  private static func mutatePair(_ example: inout GGUFExample, _ dice: inout Dice) {
    guard !example.pairs.isEmpty else { return }
    let place = dice.below(example.pairs.count)
    switch dice.below(4) {
    case 0:
      example.pairs[place].type = UInt32(
        truncatingIfNeeded: dice.oneIn(2) ? UInt64(dice.below(14)) : dice.extreme()
      )
    case 1: example.pairs[place].key = dice.nastyText()
    case 2 where example.pairs[place].value.count >= 8:
      // The length of a text, or of an array behind its type.
      let start = example.pairs[place].type == 9 && example.pairs[place].value.count >= 12 ? 4 : 0
      var bytes = FileBytes()
      bytes.put(dice.extreme())
      example.pairs[place].value.replaceSubrange(start..<start + 8, with: bytes.bytes)
    default: example.pairs[place].value = dice.damaged(example.pairs[place].value)
    }
  }

  private static func mutateTensor(_ example: inout GGUFExample, _ dice: inout Dice) {
    guard !example.tensors.isEmpty else { return }
    let place = dice.below(example.tensors.count)
    var tensor = example.tensors[place]
    switch dice.below(9) {
    case 0:
      tensor.type = UInt32(
        truncatingIfNeeded: dice.oneIn(2) ? UInt64(dice.below(41)) : dice.extreme()
      )
    case 1: tensor.offset = dice.extreme()
    case 2: tensor.offset = UInt64(dice.below(40) * 8)
    case 3:
      tensor.name =
        dice.oneIn(2) ? dice.nastyText() : dice.pick(FuzzNames.gguf + FuzzNames.checkpoint)
    case 4: tensor.data = dice.damaged(tensor.data)
    case 5: tensor.dimensions = dice.shuffled(tensor.dimensions)
    case 6:
      let bound = dice.oneIn(100) ? 60_000 : 9
      tensor.dimensions = (0..<dice.below(bound)).map { _ in dice.extreme() }
    default:
      if !tensor.dimensions.isEmpty {
        tensor.dimensions[dice.below(tensor.dimensions.count)] =
          dice.oneIn(2) ? dice.extreme() : UInt64(dice.below(70))
      }
    }
    example.tensors[place] = tensor
  }
}
