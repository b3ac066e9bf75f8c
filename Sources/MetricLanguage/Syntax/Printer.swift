/// Writes a tree back as text, with the fewest parentheses that keep its meaning.
enum Printer {
  static func print(_ expression: Expression) -> String { text(expression, above: -1) }

  private static func text(_ expression: Expression, above minimum: Int) -> String {
    let (written, precedence) = piece(expression)
    return precedence < minimum ? "(\(written))" : written
  }

  /// Returns the text and how tightly it holds together.
  private static func piece(_ expression: Expression) -> (String, Int) {
    let tight = BinaryOperator.postfixPrecedence + 1
    switch expression.kind {
    case .number(let value): return (number(value), tight)
    case .text(let value): return (quoted(value), tight)
    case .name(let name): return (name, tight)
    case .list(let elements):
      return ("[\(elements.map { text($0, above: 0) }.joined(separator: ", "))]", tight)
    case .call(let name, let arguments):
      let inside = arguments.map { argument in
        (argument.label.map { "\($0): " } ?? "") + text(argument.value, above: 0)
      }
      return ("\(name)(\(inside.joined(separator: ", ")))", tight)
    case .unary(.not, let operand):
      let precedence = BinaryOperator.notPrecedence
      return ("not \(text(operand, above: precedence))", precedence)
    case .unary(.negate, let operand):
      let precedence = BinaryOperator.negatePrecedence
      return ("-\(text(operand, above: precedence))", precedence)
    case .binary(let symbol, let left, let right):
      let own = symbol.precedence
      let leftText = text(left, above: symbol == .power || symbol.isComparison ? own + 1 : own)
      let rightText = text(right, above: symbol == .power ? own : own + 1)
      return ("\(leftText) \(symbol.rawValue) \(rightText)", own)
    case .index(let base, let index):
      return (
        "\(text(base, above: BinaryOperator.postfixPrecedence))[\(text(index, above: 0))]", tight
      )
    case .member(let base, let member):
      return ("\(text(base, above: BinaryOperator.postfixPrecedence)).\(member)", tight)
    case .binding(let name, let value, let body):
      // A `let` holds together least of all: anywhere but as a body it needs parentheses.
      return ("let \(name) = \(text(value, above: 0)); \(text(body, above: -1))", -1)
    }
  }

  private static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return "\(value)"
  }

  private static func quoted(_ value: String) -> String {
    var written = "\""
    let characters = Array(value)
    for (index, character) in characters.enumerated() {
      // Before a combining mark an escape's letter would merge with it; there the character itself
      // is written.
      let next = index + 1 < characters.count ? characters[index + 1].unicodeScalars.first : nil
      let isMarked = next?.properties.isGraphemeExtend == true
      switch character {
      case "\\": written += "\\\\"
      case "\"": written += "\\\""
      case "\n" where !isMarked: written += "\\n"
      case "\t" where !isMarked: written += "\\t"
      case "\r" where !isMarked: written += "\\r"
      default: written.append(character)
      }
    }
    return written + "\""
  }
}
