import ModelWeights
import SourceDiagnostics
import _WorkbookTestSupport

/// Damaged embeddings: word2vec's and GloVe's text, numpy's arrays and the lists of their words.
struct EmbeddingFuzz: FuzzTarget {
  static let format = FuzzFormat.embeddings

  private let files: FuzzFiles

  init(folder: String) { files = FuzzFiles(folder: folder) }

  mutating func run(_ dice: inout Dice, _ record: inout FuzzRecord) {
    let isArray = dice.oneIn(2)
    let rows = 1 + dice.below(6)
    let bytes = isArray ? Self.array(rows: rows, &dice) : Self.text(rows: rows, &dice)
    let source = files.path("source")
    files.write(dice.oneIn(8) ? dice.damaged(bytes) : bytes, to: "source", &record)
    var tokens: String?
    if isArray ? dice.oneIn(2) : dice.oneIn(20) {
      tokens = files.path("tokens")
      files.write(Self.words(rows, &dice), to: "tokens", &record)
    }
    record.attempt(needsPlace: true) { try EmbeddingImporter.format(of: source) }
    let output = files.path("out.gguf")
    let name = dice.oneIn(4) ? dice.nastyText() : "vectors"
    let report = record.open {
      try EmbeddingImporter.convert(source, tokens: tokens, name: name, to: output, progress: nil)
    }
    guard let report else { return }
    record.checkShown(report.notes.joined(separator: "\n"), "a note")
    // What was just written is refused by nothing.
    do {
      let model = try LoadedModel.open(path: output)
      if model.shape(of: "W_E") != [report.rowCount, report.columnCount] {
        record.complain("\(report) came back as \(model.shape(of: "W_E") ?? [])")
      }
      record.use(model, packingTo: files.path("packed.gguf"), &dice)
    } catch {
      record.complain("what was converted is refused: \(error)")
    }
  }

  // MARK: Text

  private static func text(rows: Int, _ dice: inout Dice) -> [UInt8] {
    let columns = 1 + dice.below(5)
    var text = dice.oneIn(2) ? "\(rows) \(columns)\n" : ""
    for row in 0..<rows {
      let word = dice.oneIn(4) ? dice.nastyText() : ["the", "of", ".", "New_York", "w", "x"][row]
      text += word
      for _ in 0..<columns { text += " " + number(&dice) }
      text += "\n"
    }
    let bytes = Array(text.utf8)
    return dice.oneIn(2) ? LineMutator.mutated(bytes, &dice) : bytes
  }

  private static func number(_ dice: inout Dice) -> String {
    switch dice.below(12) {
    case 0: dice.nastyNumber()
    case 1: "\(Float(bitPattern: UInt32(truncatingIfNeeded: dice.extreme())))"
    case 2: "\(Double(bitPattern: dice.extreme()))"
    default: "\(Double(dice.below(2000) - 1000) / 997)"
    }
  }

  // MARK: Arrays

  private static func array(rows: Int, _ dice: inout Dice) -> [UInt8] {
    let columns = 1 + dice.below(5)
    let type = dice.pick(["<f4", "<f4", "<f2", "<f8", ">f4", "|O", "<i8"])
    let size = Int(String(type.suffix(1))) ?? 8
    let shape =
      dice.oneIn(4) ? "\(dice.nastyNumber()), \(dice.nastyNumber())" : "\(rows), \(columns)"
    var parts = [
      "'descr': '\(type)'", "'fortran_order': \(dice.oneIn(12) ? "True" : "False")",
      "'shape': (\(shape))",
    ]
    if dice.oneIn(5) { parts = dice.shuffled(parts) }
    if dice.oneIn(12) { parts.append("'\(dice.pick(["x", "shape", "descr"]))': \(dice.pick(odd))") }
    if dice.oneIn(12) { parts[dice.below(parts.count)] += dice.pick(odd) }
    var header = Array("{\(parts.joined(separator: ", ")), }".utf8)
    if dice.oneIn(6) { header = dice.damaged(header) }
    let version = dice.oneIn(10) ? dice.byte() : UInt8(1 + dice.below(3))
    if dice.oneIn(200) { header += [UInt8](repeating: 0x20, count: 70_000) }
    while !(header.count + 11).isMultiple(of: 16) { header.append(0x20) }
    header.append(0x0A)
    var file = FileBytes(bytes: [0x93] + Array("NUMPY".utf8) + [version, dice.oneIn(20) ? 1 : 0])
    let length = dice.oneIn(15) ? dice.extreme() : UInt64(header.count)
    if version < 2 {
      file.put(UInt16(truncatingIfNeeded: length))
    } else {
      file.put(UInt32(truncatingIfNeeded: length))
    }
    return file.bytes + header + dice.bytes(rows * columns * size)
  }

  private static let odd = [
    "(", ")", "[('a', '<f4')]", "__import__('os')", "\\", "'", "{", "None", "1L", "(1, 2", "()",
    "(,)",
    "((1, 2), 3)", "\u{0}", "é", "0x10", "-1", "1e3", ", ,",
  ]

  private static func words(_ rows: Int, _ dice: inout Dice) -> [UInt8] {
    let words = (0..<rows).map { dice.oneIn(3) ? dice.nastyText() : "w\($0)" }
    if dice.oneIn(2) {
      let bytes = Array("[\(words.map { "\"\($0)\"" }.joined(separator: ","))]".utf8)
      return dice.oneIn(3) ? JSONMutator.mutated(bytes, &dice) : bytes
    }
    let bytes = Array(words.joined(separator: "\n").utf8)
    return dice.oneIn(3) ? LineMutator.mutated(bytes, &dice) : bytes
  }
}
