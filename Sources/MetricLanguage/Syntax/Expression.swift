/// A node of a parsed formula.
///
/// Two nodes are equal when they have the same shape and names, wherever they stand in a text, so
/// that printing a formula and parsing it again gives an equal tree.
package struct Expression: Sendable {
  /// What the node is.
  package indirect enum Kind: Hashable, Sendable {
    case number(Double)
    case text(String)
    case name(String)
    case list([Expression])
    case call(name: String, arguments: [Argument])
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    case index(Expression, Expression)
    case member(Expression, String)
    case binding(name: String, value: Expression, body: Expression)
  }

  /// One argument of a call, with its label if it was written with one.
  package struct Argument: Hashable, Sendable {
    package var label: String?
    package var value: Expression
  }

  package let kind: Kind
  /// Where the node stands in the formula's text, in characters counted from 0.
  package let range: Range<Int>
  /// How many nodes the longest way down to a leaf has; 1 for a leaf.
  let height: Int

  init(_ kind: Kind, _ range: Range<Int>) {
    self.kind = kind
    self.range = range
    self.height = 1 + (kind.children.map(\.height).max() ?? 0)
  }
}

extension Expression {
  /// The expression as a formula's text.
  package var text: String { Printer.print(self) }
}

extension Expression: Hashable {
  package static func == (left: Expression, right: Expression) -> Bool { left.kind == right.kind }

  package func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}

/// An operator written before its operand.
package enum UnaryOperator: String, Sendable {
  case negate = "-"
  case not = "not"
}

/// An operator written between its operands.
package enum BinaryOperator: String, Sendable, CaseIterable {
  case or, and
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case product = "@"
  case power = "^"

  /// How tightly the operator binds; higher binds tighter.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: 4
    case .add, .subtract: 5
    case .multiply, .divide, .product: 6
    case .power: 8
    }
  }

  /// Comparisons do not chain: `0 < x < 1` is an error, not a surprise.
  var isComparison: Bool { precedence == 4 }
  var isLogical: Bool { precedence <= 2 }

  static let notPrecedence = 3
  static let negatePrecedence = 7
  static let postfixPrecedence = 9
}

extension Expression {
  /// The expressions directly inside this one, in reading order.
  var children: [Expression] { kind.children }
}

extension Expression.Kind {
  var children: [Expression] {
    switch self {
    case .number, .text, .name: []
    case .list(let elements): elements
    case .call(_, let arguments): arguments.map(\.value)
    case .unary(_, let operand): [operand]
    case .binary(_, let left, let right): [left, right]
    case .index(let base, let index): [base, index]
    case .member(let base, _): [base]
    case .binding(_, let value, let body): [value, body]
    }
  }
}

extension Expression {
  /// Returns the expression with every free use of a name replaced.
  func replacing(_ name: String, with replacement: Expression.Kind) -> Expression {
    func visit(_ expression: Expression) -> Expression {
      let kind: Kind
      switch expression.kind {
      case .number, .text: return expression
      case .name(let own):
        return own == name ? Expression(replacement, expression.range) : expression
      case .list(let elements): kind = .list(elements.map(visit))
      case .call(let callee, let arguments):
        kind = .call(
          name: callee,
          arguments: arguments.map { Argument(label: $0.label, value: visit($0.value)) }
        )
      case .unary(let symbol, let operand): kind = .unary(symbol, visit(operand))
      case .binary(let symbol, let left, let right):
        kind = .binary(symbol, visit(left), visit(right))
      case .index(let base, let index): kind = .index(visit(base), visit(index))
      case .member(let base, let member): kind = .member(visit(base), member)
      case .binding(let bound, let value, let body):
        kind = .binding(
          name: bound,
          value: visit(value),
          body: bound == name ? body : visit(body)
        )
      }
      return Expression(kind, expression.range)
    }
    return visit(self)
  }
}
