/// Changes a text line by line: lists of words, numbers in columns.
package enum LineMutator {
  /// Returns a text with one to four changes.
  package static func mutated(_ text: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    for _ in 0...dice.below(4) { mutate(&lines, &dice) }
    return Array(lines.joined(separator: [0x0A]))
  }

  private static func mutate(_ lines: inout [[UInt8]], _ dice: inout Dice) {
    guard !lines.isEmpty else { return }
    let place = dice.below(lines.count)
    switch dice.below(9) {
    case 0, 1: lines = dice.shuffled(lines)
    case 2: lines[place] = Array(dice.nastyText().utf8)
    case 3: lines[place].append(contentsOf: dice.oneIn(2) ? [0x0D] : [0x20])
    case 4: lines.insert(contentsOf: Array(repeating: [], count: 1 + dice.below(3)), at: place)
    case 5, 6:
      var fields = lines[place].split(separator: 0x20).map(Array.init)
      if fields.isEmpty { fields = [[]] }
      let field = dice.below(fields.count)
      switch dice.below(4) {
      case 0: fields = dice.shuffled(fields)
      case 1: fields[field] = Array(dice.nastyText().utf8)
      default: fields[field] = Array(dice.nastyNumber().utf8)
      }
      lines[place] = Array(fields.joined(separator: Array(dice.pick([" ", " ", "  ", "\t"]).utf8)))
    case 7 where dice.oneIn(10):
      lines[place] = Array(repeating: Array("1 ".utf8), count: dice.pick([1000, 70_000])).flatMap(
        \.self
      )
    case 7 where dice.oneIn(10):
      lines.insert(contentsOf: Array(repeating: lines[place], count: 5000), at: place)
    default: lines[place] = dice.damaged(lines[place])
    }
  }
}
