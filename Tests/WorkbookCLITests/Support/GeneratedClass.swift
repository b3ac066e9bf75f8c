import Foundation

/// A class made up from a seed: most hand in answers, right or wrong, some nothing, some what nobody can
/// read, and a few what is meant to harm.
struct GeneratedClass {
  /// What each puzzle's learners may answer, by the kind of its questions.
  private struct Sheet {
    let id: String
    /// Lines that answer a question rightly or wrongly.
    let right: [String]
    let wrong: [[String]]
  }

  private var state: UInt64
  private(set) var counts = (graded: 0, missing: 0, unreadable: 0)

  /// Fills a folder.
  ///
  /// - Parameters:
  ///   - folder: The class's folder.
  ///   - learners: How many there are.
  ///   - puzzles: The ids of the puzzles, with the starter's questions read from `puzzles`.
  ///   - seed: Another seed makes another class.
  /// - Throws: What the file system says.
  init(in folder: URL, learners: Int, puzzles: [String], seed: UInt64) throws {
    state = seed
    let sheets = puzzles.map { Self.sheet($0) }
    for number in 0..<learners {
      let own = folder.appendingPathComponent("learner \(number)")
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      for sheet in sheets { try handIn(sheet, by: number, to: own) }
    }
  }

  /// A generator whose numbers are the same everywhere (Steele, Lea and Flood, 2014: SplitMix).
  private mutating func random(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((value ^ (value >> 31)) % UInt64(bound))
  }

  /// Hands in one puzzle: 5% nothing, 5% unreadable, 2% hostile.
  private mutating func handIn(_ sheet: Sheet, by number: Int, to own: URL) throws {
    let file = own.appendingPathComponent("\(sheet.id).yaml")
    switch random(below: 100) {
    case 0..<5: counts.missing += 1
    case 5..<10:
      counts.unreadable += 1
      let texts = ["puzzle: [\n", "x: 1\n", "puzzle: other-puzzle\nanswers: {}\n", "\u{1}"]
      try Data(texts[random(below: 4)].utf8).write(to: file)
    case 10..<12:
      counts.unreadable += 1
      switch random(below: 4) {
      case 0:
        try Data(repeating: 120, count: number.isMultiple(of: 50) ? 10 << 20 : 300_000)
          .write(to: file)
      case 1: try Data(("puzzle: " + String(repeating: "[", count: 100_000)).utf8).write(to: file)
      case 2: try Data("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n".utf8).write(to: file)
      default: symlink("/etc/passwd", file.path)
      }
    default:
      counts.graded += 1
      var lines = ["puzzle: \(sheet.id)", "answers:"]
      for (right, wrong) in zip(sheet.right, sheet.wrong) {
        lines.append("  " + (random(below: 2) == 0 ? right : wrong[random(below: wrong.count)]))
      }
      lines.append("  why: |\n    I, number \(number), think that the rows share a mean vector.")
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    }
  }

  /// Answers to some of a puzzle's questions; what is right about them matters to nobody here.
  private static func sheet(_ id: String) -> Sheet {
    let metrics = ["cosine", "dot", "euclidean"].flatMap { similarity in
      ["origin", "token-mean", "class-mean"].map { zero in
        "metric: { similarity: \(similarity), zero-point: \(zero), remove: 0 }"
      }
    }
    let numbers = (1...40).map { "\(Double($0) / 40)" }
    switch id {
    case "puzzle9-privileged-basis":
      return Sheet(
        id: id,
        right: ["layers: [last-cross, final]", "split: [queries, keys]", "guess: 0.1"],
        wrong: [
          ["layers: [final]", "layers: []", "layers: none"],
          ["split: [values]", "split: [queries]"], numbers.map { "first: \($0)" },
        ]
      )
    default:
      return Sheet(
        id: id,
        right: ["guess: 0.5", "metric: { similarity: cosine, zero-point: token-mean }"],
        wrong: [numbers.map { "predicts: \($0)" }, metrics]
      )
    }
  }
}
