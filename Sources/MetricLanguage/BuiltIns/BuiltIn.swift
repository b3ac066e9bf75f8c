import SourceDiagnostics

/// One name the metric language knows: a function, or a value such as `token_id`.
///
/// Help, suggestions, the reference page and the tests all derive from the table of these.
package struct BuiltIn: Sendable {
  /// The headings the reference page groups names under, in its order.
  package enum Family: String, Sendable, CaseIterable {
    case similarity = "Similarities"
    case pairs = "Pairs"
    case reduction = "Reductions"
    case geometry = "Geometry"
    case statistics = "Statistics"
    case search = "Search"
    case control = "Controls"
    case elementwise = "Elementwise"
    case tokens = "Tokens and sets"
  }

  package let name: String
  package let family: Family
  /// One sentence: what it gives, with its conventions.
  package let summary: String
  /// A formula that uses it and can be run as it stands.
  package let example: String
  /// The ways it can be called; the first that fits is taken.
  let overloads: [Overload]

  init(
    _ name: String,
    _ family: Family,
    _ summary: String,
    example: String,
    _ overloads: [Overload]
  ) {
    self.name = name
    self.family = family
    self.summary = summary
    self.example = example
    self.overloads = overloads
  }

  /// Whether it is written without parentheses.
  var isValue: Bool { overloads.allSatisfy(\.isValue) }

  /// Each way to call it, as `name(parameters) -> result`.
  package var signatures: [String] {
    overloads.map { overload in
      guard !overload.isValue else { return "\(name) -> \(overload.resultName)" }
      let parameters = overload.parameters.map(\.description).joined(separator: ", ")
      return "\(name)(\(parameters)) -> \(overload.resultName)"
    }
  }
}

/// One way to call a built-in.
struct Overload: Sendable {
  let parameters: [Parameter]
  /// The result as the signature states it.
  let resultName: String
  /// Written without parentheses.
  var isValue = false
  /// On a matrix it gives, row by row, what it gives on one row; lets a metric's transform run on
  /// the whole matrix at once.
  var isRowwise = false
  /// The result's type and the work it takes, from the arguments' types.
  let check: @Sendable (ArgumentTypes) throws(ShapeFault) -> Typed
  let evaluate: @Sendable (Arguments) throws(Diagnostic) -> Value

  init(
    _ parameters: [Parameter],
    _ resultName: String,
    isValue: Bool = false,
    isRowwise: Bool = false,
    check: @escaping @Sendable (ArgumentTypes) throws(ShapeFault) -> Typed,
    evaluate: @escaping @Sendable (Arguments) throws(Diagnostic) -> Value
  ) {
    self.parameters = parameters
    self.resultName = resultName
    self.isValue = isValue
    self.isRowwise = isRowwise
    self.check = check
    self.evaluate = evaluate
  }
}

/// One parameter of an overload.
struct Parameter: Sendable, CustomStringConvertible {
  /// How an argument for it is written: its label, or for an unlabelled one only its name in help.
  let name: String
  let kind: TypeKind
  /// Whether the argument must be written `name: value`.
  let isLabelled: Bool
  /// What stands in for a missing argument, as the signature states it; `nil` when it is required.
  let standIn: String?

  /// A parameter given by its position.
  static func plain(_ name: String, _ kind: TypeKind, standIn: String? = nil) -> Parameter {
    Parameter(name: name, kind: kind, isLabelled: false, standIn: standIn)
  }

  /// A parameter given by its label.
  static func labelled(_ name: String, _ kind: TypeKind, standIn: String? = nil) -> Parameter {
    Parameter(name: name, kind: kind, isLabelled: true, standIn: standIn)
  }

  var description: String {
    let written =
      isLabelled ? "\(name): \(kind.rawValue)" : kind == .metric ? "METRIC" : kind.rawValue
    return standIn.map { "\(written) = \($0)" } ?? written
  }
}

/// Work measured before it is done.
package struct Cost: Sendable, Hashable {
  /// Floating-point operations, an inner product of d entries counting 2d.
  package var operations: Double
  /// Bytes of the matrices that are made, all counted as if they were held together.
  package var bytes: Double

  package init(operations: Double = 0, bytes: Double = 0) {
    self.operations = operations
    self.bytes = bytes
  }

  static func + (left: Cost, right: Cost) -> Cost {
    Cost(operations: left.operations + right.operations, bytes: left.bytes + right.bytes)
  }

  static func += (left: inout Cost, right: Cost) { left = left + right }
}

/// A checked expression: its type, what evaluating it costs, and what is put off until needed.
struct Typed: Sendable {
  var type: ValueType
  var cost = Cost()
  /// The part of the cost that depends on neither row of a metric, and is paid once.
  var fixedCost = Cost()
  /// For tokens and pair sets, how many there are.
  var count = Dimension.unknown
  /// The value itself, where a number is known before the formula runs.
  var number: Double?
  /// The value itself, of a text.
  var text: String?
  /// For a distribution, what computing every pair costs; its mean often needs less.
  var deferred = Cost()
  /// For a distribution, whether its mean has a closed form over the rows.
  var hasClosedMean = false
  /// For a metric, what it does with each row, and with each pair.
  var metric: MetricShape?

  /// Adds what computing a part of the expression costs.
  mutating func add(_ part: Typed) {
    cost += part.cost
    fixedCost += part.fixedCost
  }

  init(_ type: ValueType, operations: Double = 0) {
    self.type = type
    self.cost = Cost(operations: operations, bytes: type.byteCount)
  }
}

extension ValueType {
  /// The bytes a value of this type takes.
  fileprivate var byteCount: Double {
    switch self {
    case .matrix: entryCount * 4
    case .vector: entryCount * 8
    case .mask: entryCount
    default: 0
    }
  }

  /// How many numbers the value holds at most; 1 for what is neither vector, mask nor matrix.
  var entryCount: Double {
    switch self {
    case .vector(let count), .mask(let count): Double(count.most)
    case .matrix(let rows, let columns): Double(rows.most) * Double(columns.most)
    default: 1
    }
  }
}

/// Why arguments do not fit together; the checker adds the place.
struct ShapeFault: Error {
  let message: String
  var help: String?

  init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}

/// The arguments of a call by parameter name, as types, while shapes are checked.
struct ArgumentTypes: Sendable {
  let types: [String: Typed]
  let model: any ModelAccess
  let lexicon: Lexicon

  subscript(_ name: String) -> Typed? { types[name] }

  func type(_ name: String) -> ValueType { types[name]?.type ?? .number }

  /// The matrix argument called `name`, or `W_E` where it is left out.
  func matrix(_ name: String) -> (rows: Dimension, columns: Dimension) {
    if case .matrix(let rows, let columns)? = types[name]?.type { return (rows, columns) }
    return (.exactly(model.tokenCount), .exactly(model.width))
  }

  func vectorLength(_ name: String) -> Dimension {
    switch types[name]?.type {
    case .vector(let count), .mask(let count): count
    default: .unknown
    }
  }

  /// The number argument called `name`, where it is known and a whole number from 0.
  func whole(_ name: String) -> Int? {
    types[name]?.number.flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// How many tokens or pairs the argument has: a text stands for its one token.
  func count(_ name: String) -> Dimension {
    guard let typed = types[name] else { return .unknown }
    return typed.type == .text ? .exactly(1) : typed.count
  }

  /// At most how many pairs the pair list named by the argument gives.
  func mostPairs(inList name: String) -> Int {
    types[name]?.text.map { lexicon.pairs[$0]?.count ?? 0 } ?? model.tokenCount
  }

  /// At most how many tokens the word list named by the argument gives.
  func mostWords(inList name: String) -> Int {
    types[name]?.text.map { lexicon.words[$0]?.count ?? 0 } ?? model.tokenCount
  }

  /// Requires that two vectors, or a vector and a matrix's side, have the same length.
  func require(
    _ left: Dimension,
    equals right: Dimension,
    _ message: (Int, Int) -> String
  ) throws(ShapeFault) {
    if let left = left.exact, let right = right.exact, left != right {
      throw ShapeFault(message(left, right))
    }
  }
}
