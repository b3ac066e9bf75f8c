import MetricLanguage

/// Makes formulas of the metric language: sound ones, odd ones and hostile ones.
package enum FormulaMaker {
  /// Returns a formula's text.
  package static func text(_ dice: inout Dice) -> String {
    switch dice.below(10) {
    case 0: return damaged(sound(&dice), &dice)
    case 1: return damaged(random(4, &dice), &dice)
    case 2: return hostile(&dice)
    case 3, 4: return random(5, &dice)
    case 5:
      return "let \(dice.pick(["x", "a", "W_E", "let"])) = \(random(2, &dice)); \(random(3, &dice))"
    default: return sound(&dice)
    }
  }

  /// Formulas that hold for any model, and the examples of all built-ins.
  private static let examples =
    [
      "mean(pairs(cosine(a, b)))", "mean(similarity_to(mean(W_E), by: cosine))",
      "nearest(mean(W_E), k: 5, by: dot)", "cosine(a - mean(W_E), b - mean(W_E))",
      "let u = W_E - mean(W_E); mean(norm(u)) / norm(mean(W_E))", "W_E[0] @ W_E[1]",
      "abs(1 - 2) < 0.5 and not 1 == 2", "pairs(dot(a, b), rows: sample(10, seed: 0))",
    ] + BuiltInTable.all.map(\.example)

  private static func sound(_ dice: inout Dice) -> String { dice.pick(examples) }

  private static func random(_ depth: Int, _ dice: inout Dice) -> String {
    guard depth > 0 else { return leaf(&dice) }
    switch dice.below(9) {
    case 0, 1:
      return "\(random(depth - 1, &dice)) \(dice.pick(operators)) \(random(depth - 1, &dice))"
    case 2, 3, 4:
      let name = dice.pick(BuiltInTable.all).name
      let arguments = (0..<dice.below(4)).map { _ in
        (dice.oneIn(3) ? dice.pick(labels) + ": " : "") + random(depth - 1, &dice)
      }
      return "\(name)(\(arguments.joined(separator: ", ")))"
    case 5: return "(\(random(depth - 1, &dice)))"
    case 6: return "\(random(depth - 1, &dice))[\(random(depth - 2, &dice))]"
    case 7: return dice.pick(["-", "not ", "-"]) + random(depth - 1, &dice)
    default:
      return
        "[\((0..<dice.below(4)).map { _ in random(depth - 2, &dice) }.joined(separator: ", "))]"
    }
  }

  private static let operators = BinaryOperator.allCases.map(\.rawValue)
  private static let labels = ["by", "rows", "seed", "k", "of", "bins", "n", "to", "x"]

  private static func leaf(_ dice: inout Dice) -> String {
    switch dice.below(6) {
    case 0: return dice.pick(["W_E", "W_pos", "W_in[0]", "W_in[1]", "W_in", "ln_final_w", "W_X"])
    case 1: return dice.pick(["a", "b", "metric", "cosine", "x", "pi", "rows", "let", "_", "and"])
    case 2: return "'\(dice.pick(["synonyms", "neighbours", "some", " w1", "w9", "\\n", "é", ""]))'"
    case 3: return dice.nastyNumber()
    default: return "\(dice.below(12))"
    }
  }

  private static func damaged(_ text: String, _ dice: inout Dice) -> String {
    guard !dice.oneIn(3) else {
      return String(decoding: dice.damaged(Array(text.utf8)), as: UTF8.self)
    }
    var words = text.split(separator: " ").map(String.init)
    for _ in 0...dice.below(3) {
      words = dice.shuffled(words)
      if dice.oneIn(3), !words.isEmpty { words[dice.below(words.count)] += dice.nastyText() }
    }
    return words.joined(separator: " ")
  }

  /// Returns a formula that is deep, long or asks for too much.
  private static func hostile(_ dice: inout Dice) -> String {
    let depth = dice.nesting()
    func repeated(_ piece: String, _ count: Int) -> String {
      String(repeating: piece, count: count)
    }
    switch dice.below(10) {
    case 0:
      let (open, close) = dice.pick([
        ("(", ")"), ("[", "]"), ("abs(", ")"), ("-", ""), ("not ", ""),
      ])
      return repeated(open, depth) + "1" + repeated(close, depth)
    case 1: return "1" + repeated(dice.pick([" + 1", " ^ 2", "[0]", ".x", " < 1", " @ 1"]), depth)
    case 2: return repeated("let x = 1; ", depth) + "x"
    case 3: return repeated("1", 5000) + dice.pick(["", ".5", "e9", "e-99999"])
    case 4: return "'" + repeated(dice.pick(["x", "\\n", "é", "\u{301}"]), 3000)
    case 5: return "[" + repeated("1, ", 2600) + "1]"
    case 6: return "# " + repeated("x", depth)
    case 7:
      return doubling(dice.pick(["x + x", "x @ x", "x * W_E", "pairs(cosine(a, b))", "[x, x]"]))
    case 8: return "\(dice.pick(["nearest(W_E[0], k: ", "sample(", "W_E["]))\(dice.nastyNumber()))"
    default: return "\(dice.pick(["2", "W_E", "-1"])) ^ \(dice.extreme()) ^ \(dice.extreme())"
    }
  }

  /// Returns a chain of names each of which stands for twice the one before.
  private static func doubling(_ step: String) -> String {
    let lets = (1...40).map { number in
      "let y\(number) = \(step.replacing("x", with: number == 1 ? "W_E" : "y\(number - 1)"));"
    }
    return lets.joined(separator: " ") + " mean(y40)"
  }
}
