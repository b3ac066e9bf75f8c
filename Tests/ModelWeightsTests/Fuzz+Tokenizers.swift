import ModelWeights
import SourceDiagnostics
import _WorkbookTestSupport

/// Damaged tokenizers beside sound weights: `tokenizer.json`, `vocab.json` with `merges.txt` and
/// `added_tokens.json`, and `vocab.txt`.
struct TokenizerFuzz: FuzzTarget {
  static let format = FuzzFormat.tokenizers

  private let files: FuzzFiles

  init(folder: String) { files = FuzzFiles(folder: folder) }

  mutating func run(_ dice: inout Dice, _ record: inout FuzzRecord) {
    files.removeAll()
    let rows = Self.names.count + dice.below(2)
    let weights = safetensors(
      #"{"wte.weight":{"dtype":"F32","shape":[\#(rows),1],"data_offsets":[0,\#(4 * rows)]}}"#,
      data: [UInt8](repeating: 1, count: 4 * rows)
    )
    files.write(weights, to: "model.safetensors", &record)
    switch dice.below(4) {
    case 0, 1: writeTokenizer(&dice, &record)
    case 2: writeBytePairs(&dice, &record)
    default: writeWordPieces(&dice, &record)
    }
    let path = files.path("model.safetensors")
    guard let model = record.open({ try LoadedModel.open(path: path) }) else { return }
    record.use(model, packingTo: files.path("packed.gguf"), &dice)
  }

  /// The number of names is more than ten, so that one may be missing.
  private static let names = [
    "a", "b", "c", "ab", "\u{120}", "\u{120}a", "abc", "e", "\u{10A}", "##b", "the", "[UNK]", "<s>",
    "\u{C3}", "\u{A9}", "\u{120}the", "  ", "é", "İ", "ß", "1", "2",
  ]

  private static func vocabulary(_ dice: inout Dice) -> String {
    var entries = names.enumerated().map { "\"\($1)\":\($0)" }
    if dice.oneIn(6) {
      entries[dice.below(entries.count)] = "\"\(dice.pick(names))\":\(dice.nastyNumber())"
    }
    return "{\(entries.joined(separator: ","))}"
  }

  // MARK: tokenizer.json

  private func writeTokenizer(_ dice: inout Dice, _ record: inout FuzzRecord) {
    let type = dice.pick(["BPE", "BPE", "BPE", "WordPiece", "Unigram"])
    var members = [
      #""version":"1.0""#,
      #""added_tokens":[\#(Self.added(&dice))]"#,
      #""normalizer":\#(Self.component(Self.normalizers, &dice))"#,
      #""pre_tokenizer":\#(Self.component(Self.splits, &dice))"#,
      #""decoder":{"type":"ByteLevel"}"#,
      #""model":{"type":"\#(type)","vocab":\#(Self.vocabulary(&dice)),"#
        + #""merges":\#(Self.merges(&dice))\#(Self.properties(&dice))}"#,
    ]
    if dice.oneIn(4) { members = dice.shuffled(members) }
    var bytes = Array("{\(members.joined(separator: ","))}".utf8)
    if dice.oneIn(2) { bytes = JSONMutator.mutated(bytes, &dice) }
    if dice.oneIn(8) { bytes = dice.damaged(bytes) }
    files.write(bytes, to: "tokenizer.json", &record)
  }

  private static func added(_ dice: inout Dice) -> String {
    let flags = ["special", "normalized", "lstrip", "rstrip", "single_word"]
    return (0..<dice.below(4)).map { _ in
      let id = dice.below(names.count + 2)
      let name = id < names.count && !dice.oneIn(3) ? names[id] : dice.pick(["  ", "ab", "é", ""])
      let settings = flags.map { "\"\($0)\":\(dice.oneIn(3))" }.joined(separator: ",")
      return "{\"id\":\(id),\"content\":\"\(name)\",\(settings)}"
    }.joined(separator: ",")
  }

  private static func merges(_ dice: inout Dice) -> String {
    let lists = [
      #"["a b","ab c","Ġ a"]"#, #"[["a","b"],["ab","c"]]"#, #"["ab","a b c",""," "]"#,
      #"[["a"],[],["a","b","c"]]"#, #"["a b","a b","b a"]"#, "[]", "null",
    ]
    return dice.pick(lists)
  }

  private static func properties(_ dice: inout Dice) -> String {
    let all = [
      #""unk_token":"[UNK]""#, #""unk_token":null"#, #""dropout":0.1"#, #""dropout":-0e5"#,
      #""byte_fallback":true"#, #""ignore_merges":true"#, ###""continuing_subword_prefix":"##""###,
      #""end_of_word_suffix":"</w>""#, #""fuse_unk":false"#, #""max_input_chars_per_word":100"#,
      #""max_input_chars_per_word":0"#,
    ]
    return (0..<dice.below(3)).map { _ in "," + dice.pick(all) }.joined()
  }

  /// Returns a component, perhaps a sequence of sequences of them.
  private static func component(_ kinds: [String], _ dice: inout Dice) -> String {
    let key = kinds == splits ? "pretokenizers" : "normalizers"
    var text = dice.pick(kinds)
    if dice.oneIn(3) {
      let parts = (0..<dice.below(4)).map { _ in dice.pick(kinds) }.joined(separator: ",")
      text = #"{"type":"Sequence","\#(key)":[\#(parts)]}"#
    }
    if dice.oneIn(40) {
      for _ in 0..<min(dice.nesting(), 1000) { text = #"{"type":"Sequence","\#(key)":[\#(text)]}"# }
    }
    return text
  }

  private static let normalizers = [
    "null", #"{"type":"NFC"}"#, #"{"type":"NFKC"}"#, #"{"type":"NFD"}"#, #"{"type":"Lowercase"}"#,
    #"{"type":"BertNormalizer","lowercase":true,"strip_accents":null,"clean_text":true}"#,
    #"{"type":"BertNormalizer","lowercase":false}"#,
    #"{"type":"Replace","pattern":{"String":" "}}"#,
    #"{"type":"Prepend","prepend":"▁"}"#, "[]",
  ]
  private static let splits = [
    "null", #"{"type":"ByteLevel","add_prefix_space":true,"use_regex":true}"#,
    #"{"type":"ByteLevel","use_regex":false}"#, #"{"type":"Digits","individual_digits":true}"#,
    #"{"type":"Digits","individual_digits":false}"#, #"{"type":"BertPreTokenizer"}"#,
    #"{"type":"Split","pattern":{"Regex":"(a+)+$"},"behavior":"Isolated","invert":false}"#,
    #"{"type":"Metaspace"}"#, #"{"type":"WhitespaceSplit"}"#,
  ]

  // MARK: Older files

  private func writeBytePairs(_ dice: inout Dice, _ record: inout FuzzRecord) {
    var vocabulary = Array(Self.vocabulary(&dice).utf8)
    if dice.oneIn(3) { vocabulary = JSONMutator.mutated(vocabulary, &dice) }
    files.write(dice.oneIn(12) ? dice.damaged(vocabulary) : vocabulary, to: "vocab.json", &record)
    if !dice.oneIn(5) {
      var merges = Array("#version: 0.2\na b\nab c\nĠ a\nĠ the\n".utf8)
      if dice.oneIn(2) { merges = LineMutator.mutated(merges, &dice) }
      files.write(merges, to: "merges.txt", &record)
    }
    if dice.oneIn(2) {
      var added = Array(#"{"<|endoftext|>":22,"  ":16,"ab":3}"#.utf8)
      if dice.oneIn(2) { added = JSONMutator.mutated(added, &dice) }
      files.write(added, to: "added_tokens.json", &record)
    }
  }

  private func writeWordPieces(_ dice: inout Dice, _ record: inout FuzzRecord) {
    var lines = Array(Self.names.joined(separator: "\n").utf8)
    if !dice.oneIn(4) { lines = LineMutator.mutated(lines, &dice) }
    files.write(dice.oneIn(8) ? dice.damaged(lines) : lines, to: "vocab.txt", &record)
  }
}
