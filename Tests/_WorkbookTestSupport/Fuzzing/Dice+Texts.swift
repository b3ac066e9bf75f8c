extension Dice {
  /// Returns a text that readers of text get wrong: control characters, marks without a letter,
  /// characters of many scalars, other writing systems, very long ones.
  package mutating func nastyText() -> String {
    if oneIn(300) { return String(repeating: pick(["a", "é", " ", "👩‍👩‍👧", "ab "]), count: 20_000) }
    return (0...below(4)).map { _ in pick(Dice.pieces) }.joined(separator: pick(["", "", " "]))
  }

  private static let pieces = [
    "a", " king", "New_York", "", " ", "\t", "\n", "\r\n", "\u{0}", "\u{1B}[31m", "\u{7F}",
    "\u{85}",
    "\u{A0}", "\u{200D}", "\u{202E}evil", "\u{2028}", "\u{FEFF}", "\u{FFFD}", "\u{10FFFF}",
    "e\u{301}",
    "\u{301}", "\u{1100}\u{1161}\u{11A8}", "한", "漢字", "ابجد", "İstanbul", "straße", "👩‍👩‍👧‍👦", "🇩🇪🇩",
    "Ġthe", "▁the", "##ing", "<|endoftext|>", "<s>", "<0x0A>", "[UNK]", "[unused3]", "don't",
    "I'LL",
    "1234567890", "３", "½", "%s%n", "../../etc/passwd", "'", "\"", "\\", "\\u0041", "{{ x | 0 }}",
    "W_E", "null", "true", "-0", "1e999", "NaN", "ﬁ", "Å", "a\u{300}\u{301}\u{302}\u{303}\u{304}",
  ]

  /// Returns a number as JSON, YAML or Python might have it, legal or not.
  package mutating func nastyNumber() -> String {
    switch below(6) {
    case 0: return pick(Dice.oddNumbers)
    case 1: return "-\(extreme())"
    case 2: return "\(extreme()).\(below(10))"
    case 3: return oneIn(40) ? String(repeating: "9", count: 20_000) : "\(below(40))"
    default: return "\(extreme())"
    }
  }

  private static let oddNumbers = [
    "-0", "00", "01", "+1", "1.", ".5", "1e5", "1E+400", "1e-400", "-1e999", "0x10", "0o7", "1_000",
    "Infinity", "-inf", "nan", "NaN", "1e", "--1", "1e1000000000000", "18446744073709551616",
    "170141183460469231731687303715884105728", "281474976710655", "281474976710656", "٣", "½",
    "0.1e1", "9007199254740993", "4.9e-324", "3.4028236e38", "1,5", "1 2", "true",
  ]

  /// Returns how often to repeat something: seldom so often that recursion would overflow a stack.
  package mutating func nesting() -> Int {
    oneIn(12)
      ? pick([10_000, 100_000]) : pick([2, 5, 31, 32, 33, 59, 60, 61, 63, 64, 65, 129, 1000])
  }

  /// Returns an array with entries left out, repeated and exchanged.
  package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    guard !elements.isEmpty else { return elements }
    let place = below(elements.count)
    switch below(4) {
    case 0: elements.remove(at: place)
    case 1: elements.insert(elements[place], at: below(elements.count))
    case 2: elements.swapAt(place, below(elements.count))
    default: elements.reverse()
    }
    return elements
  }
}
