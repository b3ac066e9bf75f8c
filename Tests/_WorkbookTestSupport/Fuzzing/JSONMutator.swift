/// Changes a JSON text token by token, so that the damage gets past the scanner.
package struct JSONMutator {
  private var tokens: [[UInt8]]

  package init(_ text: [UInt8]) { tokens = Self.tokens(of: text) }

  package var bytes: [UInt8] { Array(tokens.joined()) }

  /// Returns a text with one to three changes.
  package static func mutated(_ text: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var mutator = JSONMutator(text)
    for _ in 0...dice.below(3) { mutator.mutate(&dice) }
    return mutator.bytes
  }

  /// Cuts a text at its strings, marks and other words; spaces are dropped.
  private static func tokens(of text: [UInt8]) -> [[UInt8]] {
    var tokens: [[UInt8]] = []
    var position = 0
    while position < text.count {
      let start = position
      position += 1
      switch text[start] {
      case UInt8(ascii: "\""):
        while position < text.count, text[position] != UInt8(ascii: "\"") {
          position += text[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position = min(position + 1, text.count)
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case let byte where isMark(byte): break
      default:
        while position < text.count, !isMark(text[position]), text[position] > 0x20 {
          position += 1
        }
      }
      tokens.append(Array(text[start..<position]))
    }
    return tokens
  }

  private static func isMark(_ byte: UInt8) -> Bool { "{}[]:,".utf8.contains(byte) }

  private mutating func mutate(_ dice: inout Dice) {
    guard !tokens.isEmpty else { return }
    let place = dice.below(tokens.count)
    switch dice.below(12) {
    case 0: tokens.remove(at: place)
    case 1: tokens.insert(tokens[place], at: dice.below(tokens.count))
    case 2: tokens.swapAt(place, dice.below(tokens.count))
    case 3, 4:
      replace(near: place, with: Array(dice.nastyNumber().utf8)) { $0.first.map(Self.isDigit) }
    case 5: replace(near: place, with: Self.string(&dice)) { $0.first == UInt8(ascii: "\"") }
    case 6: tokens[place] = Array(dice.pick(Self.words).utf8)
    case 7: repeatMember(near: place, &dice)
    case 8: nest(at: place, &dice)
    case 9: exchangeValues(&dice)
    case 10 where dice.oneIn(10): addMembers(near: place, &dice)
    default:
      let inside = tokens[place]
      tokens[place] =
        dice.oneIn(2) ? dice.damaged(inside) : inside + Array(dice.pick(Self.words).utf8)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static let words = [
    "null", "true", "false", "{}", "[]", "{", "}", "[", "]", ",", ":", "\"\"", "\"", "\\", "/**/",
    "//",
    "nul", "\u{FEFF}", "\u{0}", "[[]]", "{\"\":{}}", "'a'", "\n", "undefined", "-", "0",
  ]

  /// Returns a string in quotes, often with escapes that pair, miss or break.
  private static func string(_ dice: inout Dice) -> [UInt8] {
    if dice.oneIn(200) {
      return Array("\"\(String(repeating: dice.pick(["x", "\\n", "é"]), count: 60_000))\"".utf8)
    }
    if dice.oneIn(4) { return [0x22] + dice.pick(brokenUTF8) + [0x22] }
    if dice.oneIn(2) { return Array("\"\(dice.pick(escapes))\"".utf8) }
    return Array("\"\(dice.nastyText())\"".utf8)
  }

  private static let brokenUTF8: [[UInt8]] = [
    [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
  ]
  private static let escapes = [
    "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\ud83d\\u0041", "\\ud83d", "\\u0000", "\\u12",
    "\\x41",
    "\\u00e9", "e\\u0301", "\\\"", "\\", "\\/", "\\u0120a", "\\u2581a", "\\ud83d\\",
    "\\uD83D\\uD83D",
  ]

  /// Replaces the first token from `place` on, going round, that satisfies `condition`.
  private mutating func replace(
    near place: Int,
    with token: [UInt8],
    where condition: ([UInt8]) -> Bool?
  ) {
    let order = Array(tokens.indices[place...]) + Array(tokens.indices[..<place])
    guard let found = order.first(where: { condition(tokens[$0]) == true }) else { return }
    tokens[found] = token
  }

  /// Returns the range of each key with its value.
  private var members: [Range<Int>] {
    tokens.indices.dropLast(2).filter { tokens[$0].first == 0x22 && tokens[$0 + 1] == [0x3A] }
      .map { $0..<end(ofValueAt: $0 + 2) }
  }

  /// Returns the index after the value that starts at `start`.
  private func end(ofValueAt start: Int) -> Int {
    var depth = 0
    for index in start..<tokens.count {
      if tokens[index] == [0x7B] || tokens[index] == [0x5B] { depth += 1 }
      if tokens[index] == [0x7D] || tokens[index] == [0x5D] { depth -= 1 }
      if depth <= 0 { return index + 1 }
    }
    return tokens.count
  }

  private mutating func repeatMember(near place: Int, _ dice: inout Dice) {
    let members = members
    guard !members.isEmpty else { return }
    let copied = Array(tokens[dice.pick(members)])
    let target = dice.pick(members).lowerBound
    tokens.insert(contentsOf: copied + [[0x2C]], at: target)
  }

  /// Gives one member the value of another.
  private mutating func exchangeValues(_ dice: inout Dice) {
    let members = members
    guard !members.isEmpty else { return }
    let (source, target) = (dice.pick(members), dice.pick(members))
    let value = Array(tokens[source.dropFirst(2)])
    tokens.replaceSubrange(target.dropFirst(2), with: value)
  }

  private mutating func nest(at place: Int, _ dice: inout Dice) {
    let depth = dice.nesting()
    let (open, close) = dice.pick([("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]"), ("[", "")])
    tokens[place] =
      Array(repeating: Array(open.utf8), count: depth).flatMap(\.self) + tokens[place]
      + Array(repeating: Array(close.utf8), count: depth).flatMap(\.self)
  }

  /// Puts in many members, or many elements.
  private mutating func addMembers(near place: Int, _ dice: inout Dice) {
    let count = dice.oneIn(20) ? 100_000 : dice.pick([10, 300, 2000])
    let repeats = dice.oneIn(4)
    let elements = dice.oneIn(3)
    let text = (0..<count).map { number in
      elements ? "\(number)" : "\"k\(repeats ? 0 : number)\":\(number)"
    }
    let order = Array(tokens.indices[place...]) + Array(tokens.indices[..<place])
    let mark: [UInt8] = [elements ? 0x5B : 0x7B]
    guard let open = order.first(where: { tokens[$0] == mark }) else { return }
    tokens[open] += Array(text.joined(separator: ",").utf8)
    if open + 1 < tokens.count, tokens[open + 1] != [0x7D], tokens[open + 1] != [0x5D] {
      tokens[open].append(0x2C)
    }
  }
}
