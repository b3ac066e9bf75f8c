import SourceDiagnostics

/// Builds the tree of a formula by precedence climbing.
///
/// ```
/// formula  = { "let" NAME "=" expr ";" } expr
/// expr     = operand { OPERATOR operand }        # or, and, comparisons, + -, * / @, ^
/// operand  = "not" expr | "-" operand | postfix
/// postfix  = primary { "." NAME | "[" expr "]" }
/// primary  = NUMBER | TEXT | NAME | NAME "(" [ argument { "," argument } ] ")"
///          | "[" [ expr { "," expr } ] "]" | "(" formula ")"
/// argument = [ NAME ":" ] expr
/// ```
struct Parser {
  /// The largest formula that is read, in characters.
  static let longestText = 8_000
  /// How deeply expressions may nest.
  static let deepestNesting = 60
  /// How high a tree may be.
  ///
  /// A chain such as `1 + 1 + 1` nests nowhere, but its tree is as high as it is long. Keeps every
  /// recursive walk far from the end of the stack, which some threads have only 512 kB of.
  static let highestTree = 100
  /// The largest number of nodes in a tree.
  static let mostNodes = 2_000

  private let source: SourceText
  private let tokens: [Token]
  private var position = 0
  private var depth = 0
  private var nodeCount = 0

  static func parse(_ source: SourceText) throws(Diagnostic) -> Expression {
    guard source.text.utf8.count <= longestText else {
      throw .formulaTooLong(limit: longestText, at: source.place(0..<1))
    }
    let tokens = try Lexer.tokens(of: source)
    guard tokens.count > 1 else { throw .emptyFormula(at: source.place(0..<1)) }
    var parser = Parser(source: source, tokens: tokens)
    let tree = try parser.formula()
    guard parser.current.kind == .end else { throw parser.unexpected(expecting: "an operator") }
    return tree
  }

  private init(source: SourceText, tokens: [Token]) {
    self.source = source
    self.tokens = tokens
  }

  private var current: Token { tokens[min(position, tokens.count - 1)] }

  private mutating func advance() { position += 1 }

  private mutating func accept(_ symbol: String) -> Bool {
    guard current.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  private mutating func expect(_ symbol: String, after what: String) throws(Diagnostic) {
    guard accept(symbol) else { throw unexpected(expecting: "'\(symbol)' \(what)") }
  }

  private func unexpected(expecting: String) -> Diagnostic {
    let found: String
    switch current.kind {
    case .end: found = "the end of the formula"
    case .number, .text, .name, .symbol:
      let characters = Array(source.text)
      found = "'\(String(characters[current.range]))'"
    }
    return .unexpectedToken(found: found, expecting: expecting, at: source.place(current.range))
  }

  private mutating func node(
    _ kind: Expression.Kind,
    from start: Int
  ) throws(Diagnostic)
    -> Expression
  {
    nodeCount += 1
    let end = position > 0 ? tokens[min(position, tokens.count) - 1].range.upperBound : start
    let range = start..<max(start, end)
    guard nodeCount <= Self.mostNodes else {
      throw .formulaTooComplex(at: source.place(range))
    }
    let expression = Expression(kind, range)
    guard expression.height <= Self.highestTree else {
      throw .chainTooLong(limit: Self.highestTree, at: source.place(range))
    }
    return expression
  }

  private mutating func nested<Result>(
    _ body: (inout Parser) throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestNesting else {
      throw .nestedTooDeeply(limit: Self.deepestNesting, at: source.place(current.range))
    }
    return try body(&self)
  }

  private mutating func formula() throws(Diagnostic) -> Expression {
    guard current.kind == .name("let") else { return try expression(0) }
    return try nested { (parser) throws(Diagnostic) in
      let start = parser.current.range.lowerBound
      parser.advance()
      guard case .name(let name) = parser.current.kind else {
        throw parser.unexpected(expecting: "a name after 'let'")
      }
      guard !Self.reserved.contains(name) else {
        throw .reservedName(name, at: parser.source.place(parser.current.range))
      }
      parser.advance()
      try parser.expect("=", after: "after the name")
      let value = try parser.expression(0)
      try parser.expect(";", after: "after the value of '\(name)'")
      let body = try parser.formula()
      return try parser.node(.binding(name: name, value: value, body: body), from: start)
    }
  }

  /// Words that cannot be bound: operators, and the two rows of a metric.
  static let reserved: Set<String> = ["let", "and", "or", "not", "a", "b", "true", "false", "all"]

  private mutating func expression(_ minimum: Int) throws(Diagnostic) -> Expression {
    try nested { (parser) throws(Diagnostic) in
      let start = parser.current.range.lowerBound
      var left = try parser.operand()
      while let symbol = parser.currentOperator, symbol.precedence >= minimum {
        let place = parser.source.place(parser.current.range)
        parser.advance()
        // '^' groups to the right; everything else to the left.
        let right = try parser.expression(
          symbol == .power ? symbol.precedence : symbol.precedence + 1
        )
        if symbol.isComparison, let next = parser.currentOperator, next.isComparison {
          throw .chainedComparison(at: place)
        }
        left = try parser.node(.binary(symbol, left, right), from: start)
      }
      return left
    }
  }

  private var currentOperator: BinaryOperator? {
    switch current.kind {
    case .symbol(let symbol): BinaryOperator(rawValue: symbol)
    case .name("and"): .and
    case .name("or"): .or
    default: nil
    }
  }

  private mutating func operand() throws(Diagnostic) -> Expression {
    let start = current.range.lowerBound
    if current.kind == .name("not") {
      advance()
      let operand = try expression(BinaryOperator.notPrecedence)
      return try node(.unary(.not, operand), from: start)
    }
    if accept("-") {
      let operand = try expression(BinaryOperator.negatePrecedence)
      return try node(.unary(.negate, operand), from: start)
    }
    return try postfix()
  }

  private mutating func postfix() throws(Diagnostic) -> Expression {
    let start = current.range.lowerBound
    var base = try primary()
    while true {
      if accept(".") {
        guard case .name(let member) = current.kind else {
          throw unexpected(expecting: "a name after '.'")
        }
        advance()
        base = try node(.member(base, member), from: start)
      } else if accept("[") {
        let index = try expression(0)
        try expect("]", after: "to close '['")
        base = try node(.index(base, index), from: start)
      } else {
        return base
      }
    }
  }

  private mutating func primary() throws(Diagnostic) -> Expression {
    let start = current.range.lowerBound
    switch current.kind {
    case .number(let value):
      advance()
      return try node(.number(value), from: start)
    case .text(let value):
      advance()
      return try node(.text(value), from: start)
    case .name(let name) where name != "let" && name != "and" && name != "or":
      advance()
      guard accept("(") else { return try node(.name(name), from: start) }
      let arguments = try arguments()
      return try node(.call(name: name, arguments: arguments), from: start)
    case .symbol("["):
      advance()
      var elements: [Expression] = []
      if !accept("]") {
        repeat { elements.append(try expression(0)) } while accept(",")
        try expect("]", after: "to close '['")
      }
      return try node(.list(elements), from: start)
    case .symbol("("):
      advance()
      let inside = try formula()
      try expect(")", after: "to close '('")
      return inside
    default:
      throw unexpected(expecting: "a value")
    }
  }

  private mutating func arguments() throws(Diagnostic) -> [Expression.Argument] {
    var arguments: [Expression.Argument] = []
    guard !accept(")") else { return arguments }
    repeat {
      var label: String?
      if case .name(let name) = current.kind, position + 1 < tokens.count,
        tokens[position + 1].kind == .symbol(":")
      {
        label = name
        position += 2
      }
      arguments.append(.init(label: label, value: try expression(0)))
    } while accept(",")
    try expect(")", after: "to close the call")
    return arguments
  }
}
