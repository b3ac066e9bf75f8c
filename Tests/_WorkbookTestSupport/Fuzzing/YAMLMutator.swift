/// Changes a YAML text in its lines, values and indentation, so that most of it still reads.
package enum YAMLMutator {
  /// Returns a text with one to four changes.
  package static func mutated(_ text: String, _ dice: inout Dice) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for _ in 0...dice.below(4) { mutate(&lines, &dice) }
    let end = dice.oneIn(20) ? dice.pick(["\r\n", "\r", "\u{85}", "\u{2028}"]) : "\n"
    return (dice.oneIn(40) ? "\u{FEFF}" : "") + lines.joined(separator: end)
  }

  private static func mutate(_ lines: inout [String], _ dice: inout Dice) {
    guard !lines.isEmpty else {
      lines = [dice.pick(self.lines)]
      return
    }
    let place = dice.below(lines.count)
    switch dice.below(14) {
    case 0: lines = dice.shuffled(lines)
    case 1: lines[place] = String(repeating: " ", count: 1 + dice.below(4)) + lines[place]
    case 2: lines[place] = String(lines[place].drop { $0 == " " })
    case 3:
      lines[place] = dice.pick(["\t", "- ", "? ", "# ", "&a ", "!!int ", "*a "]) + lines[place]
    case 4: lines.insert(dice.pick(self.lines), at: place)
    case 5: lines.insert(indentation(of: lines[place]) + dice.pick(self.lines), at: place)
    case 6, 7, 8: replaceValue(&lines[place], &dice)
    case 9: insertFragment(&lines[place], &dice)
    case 10 where dice.oneIn(6): lines.insert(contentsOf: flood(&dice), at: place)
    case 11: exchangeValues(&lines, &dice)
    case 12: lines[place] = String(decoding: dice.damaged(Array(lines[place].utf8)), as: UTF8.self)
    default: repeatBlock(&lines, at: place, &dice)
    }
  }

  private static func indentation(of line: String) -> String { String(line.prefix { $0 == " " }) }

  /// Whole lines that mean something to YAML, or mean nothing.
  private static let lines = [
    "---", "...", "--- !!map", "%YAML 1.2", "%TAG ! tag:x,2000:", "&a a: &b b", "*a : *b", "<<: *a",
    "? [a, b]", ": c", "- - - x", "key: |", "key: >-2", "key: |9", "- {", "]", "}", "a: 'it''s",
    "\t", "",
    "!!python/object/apply:os.system [id]", "!<tag:yaml.org,2002:str> x: y", "a: b: c",
    "\"a\\x41\": 1",
    "a: \"\\u0000\\uD800\"", "@x: 1", "`x`: 1", "a: !!binary aGk=", "? ? ? a", "~: ~", "'': ''",
    "[]: {}",
    "{a: 1, a: 2}: x", "...\n---\na: 1",
  ]

  /// Values that are not what a key asks for.
  private static let values = [
    "", "~", "null", "[]", "{}", "-1", "0", "1e999", "NaN", ".inf", "-.inf", "0x10", "0o17",
    "1_000", "yes",
    "2001-01-01", "*a", "&a x", "!!float 1", "[a, b, [c]]", "{a: {b: c}}", "|", ">", "\"\\", "'",
    "\"\"",
    "[*a]", "{? a}", "[a: b]", "number", "choice", "explain", "tokens", "metric", "gpt2", "true",
    "…",
    "\"\\u202E\"", "\"a\\nb\"", "1 000", "9223372036854775808", "-0", "0.1e-400", "%", "@", "`x`",
    "a #b",
    "{ similarity: cosine, zero-point: token-mean, remove: 99999999999999999999 }",
    "{ histogram: 1 }",
    "{ name: x, formula: \"1\" }", "[\" the\", \" the\"]", "\"{{ 1 | 0.00 }}\"", "\"{{ }}\"",
    "\"{{ 1 | \"",
  ]

  private static func value(_ dice: inout Dice) -> String {
    switch dice.below(8) {
    case 0: return dice.nastyNumber()
    case 1: return dice.nastyText()
    case 2: return quoted(FormulaMaker.text(&dice))
    case 3:
      return quoted(
        "{{ \(FormulaMaker.text(&dice)) | \(dice.pick(["0", "0.00", "0%", "x", ""])) }}"
      )
    case 4 where dice.oneIn(4):
      let (open, close) = dice.pick([("[", "]"), ("{a: ", "}"), ("[", ""), ("- ", ""), ("? ", "")])
      let depth = dice.nesting()
      return String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth)
    default: return dice.pick(values)
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// Replaces what stands behind the first colon, or behind a later one.
  private static func replaceValue(_ line: inout String, _ dice: inout Dice) {
    let colons = line.indices.filter { line[$0...].hasPrefix(": ") }
    guard !colons.isEmpty else {
      line += dice.pick([": ", " "]) + value(&dice)
      return
    }
    let colon = dice.pick(colons)
    let rest = line[colon...].dropFirst(2)
    // Within braces only this value goes, not all that follows.
    let end =
      dice.oneIn(3) ? rest.endIndex : rest.firstIndex { ",}]".contains($0) } ?? rest.endIndex
    line = line[...colon] + " " + value(&dice) + line[end...]
  }

  private static func exchangeValues(_ lines: inout [String], _ dice: inout Dice) {
    let places = lines.indices.filter { lines[$0].contains(": ") }
    guard !places.isEmpty else { return }
    let (source, target) = (lines[dice.pick(places)], dice.pick(places))
    guard let from = source.firstRange(of: ": "), let to = lines[target].firstRange(of: ": ") else {
      return
    }
    lines[target] = String(lines[target][..<to.upperBound] + source[from.upperBound...])
  }

  private static func insertFragment(_ line: inout String, _ dice: inout Dice) {
    let fragments = [
      "\u{0}", "\u{1B}", "\u{7F}", "\t", "\u{FEFF}", "\u{FFFE}", "[", "]", "{", "}", ": ", ", ",
      "- ", "? ",
      "\"", "'", "|", ">", " #", "&a ", "*a ", "!x ", "{{", "}}", "\\", "\u{2028}", "e\u{301}",
      "\u{301}", "…",
    ]
    let index = line.unicodeScalars.index(
      line.unicodeScalars.startIndex,
      offsetBy: dice.below(line.unicodeScalars.count + 1)
    )
    line.unicodeScalars.insert(contentsOf: dice.pick(fragments).unicodeScalars, at: index)
  }

  /// Repeats a line with what is indented below it, as it is or with another key.
  private static func repeatBlock(_ lines: inout [String], at place: Int, _ dice: inout Dice) {
    let indent = indentation(of: lines[place]).count
    let below = lines[(place + 1)...].prefix { indentation(of: $0).count > indent }
    let block = [lines[place]] + below
    let count = dice.oneIn(60) ? min(2000, 100_000 / max(1, block.joined().utf8.count)) : 1
    lines.insert(contentsOf: Array(repeating: block, count: count).joined(), at: place)
  }

  /// Returns lines built to exhaust a reader.
  private static func flood(_ dice: inout Dice) -> [String] {
    switch dice.below(6) {
    case 0:
      // Aliases of aliases: nine levels of nine would be a thousand million values.
      let bomb = zip("abcdefghij", " abcdefghi").map { name, inner in
        let use = inner == " " ? "x" : "*\(inner)"
        return "\(name): &\(name) [\(Array(repeating: use, count: 9).joined(separator: ","))]"
      }
      return bomb + [dice.pick(["use: *j", "? *j", "{*j : 1}"])]
    case 1:
      return ["long: " + String(repeating: dice.pick(["x", "é", "a ", "\\"]), count: 100_000)]
    case 2: return (0..<dice.pick([50, 3000, 25_000])).map { "k\($0): \($0)" }
    case 3: return (0..<dice.pick([40, 500])).map { String(repeating: " ", count: $0) + "a:" }
    case 4: return ["text: |"] + Array(repeating: "  " + dice.nastyText(), count: 500)
    default: return ["list: [" + Array(repeating: "a", count: 30_000).joined(separator: ",") + "]"]
    }
  }
}
