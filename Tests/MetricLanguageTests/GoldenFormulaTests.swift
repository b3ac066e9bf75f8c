import EmbeddingMath
import MetricLanguage
import SourceDiagnostics
import Testing

@Suite struct GoldenFormulaTests {
  private let goldens: Goldens
  private let evaluator: Evaluator

  init() throws {
    goldens = try Goldens.recorded.get()
    evaluator = Evaluator(model: GoldenModel(goldens), lexicon: goldens.lexicon)
  }

  @Test func `the goldens are there`() { #expect(goldens.entries.count >= 120) }

  @Test(arguments: Goldens.entries)
  func `a formula has the value that numpy and scipy give it`(entry: Goldens.Entry) throws {
    let tolerance = try #require(goldens.tolerances[entry.tolerance])
    if entry.refused == true {
      #expect(throws: Diagnostic.self) {
        let value = try evaluator.evaluate(Formula(parsing: entry.formula)).value
        if case .distribution(let distribution) = value { _ = try distribution.full() }
      }
      return
    }
    let value = try evaluator.evaluate(Formula(parsing: entry.formula)).value
    func expectClose(_ found: [Double], _ expected: [Double]) {
      #expect(found.count == expected.count)
      let farthest = zip(found, expected).enumerated().first { _, pair in
        // A NaN is close to nothing.
        !(abs(pair.0 - pair.1) <= tolerance * max(1, abs(pair.1)))
      }
      if let farthest {
        let (found, expected) = farthest.element
        Issue.record("entry \(farthest.offset) is \(found), numpy has \(expected)")
      }
    }
    switch value {
    case .number(let number): expectClose([number], [try #require(entry.number)])
    case .truth(let truth): #expect(truth == entry.truth)
    case .vector(let vector): expectClose(vector, try #require(entry.vector))
    case .mask(let mask): #expect(mask == entry.mask)
    case .tokens(let tokens): #expect(tokens == entry.tokens)
    case .matrix(let matrix):
      let expected = try #require(entry.matrix)
      #expect(matrix.rowCount == expected.count)
      expectClose((0..<matrix.rowCount).flatMap { matrix.row($0) }, expected.flatMap { $0 })
    case .pairSet, .metric, .distribution, .decomposition, .text:
      Issue.record("a golden has no \(value.kind.rawValue)")
    }
  }

  @Test func `every signature and every optional argument is in some golden formula`() throws {
    #expect(Signature.all.count == BuiltInTable.all.reduce(0) { $0 + $1.signatures.count })
    var coverage = Coverage(evaluator: evaluator)
    for entry in goldens.entries { coverage.visit(try Formula(parsing: entry.formula).root) }
    for signature in Signature.all {
      let matched = coverage.matched[signature.text]
      #expect(matched != nil, "no golden calls \(signature.text)")
      for index in signature.parameters.indices where signature.parameters[index].isOptional {
        #expect(matched?.contains(index) == true, "argument \(index) of \(signature.text)")
      }
    }
  }

  @Test func `a control keeps what it promises`() throws {
    func matrix(_ text: String) throws -> Matrix {
      let value = try evaluator.evaluate(Formula(parsing: text)).value
      guard case .matrix(let matrix) = value else { throw Diagnostic("type", "no matrix: \(text)") }
      return matrix
    }
    let embedding = try matrix("W_E")
    let tokens = try matrix("shuffle_tokens(W_E, seed: 3)")
    let channels = try matrix("shuffle_channels(W_E, seed: 3)")
    for column in 0..<embedding.columnCount {
      #expect(tokens.column(column).sorted() == embedding.column(column).sorted())
    }
    for row in 0..<embedding.rowCount {
      #expect(channels.row(row).sorted() == embedding.row(row).sorted())
    }
    #expect(try matrix("shuffle_tokens(W_E, seed: 4)") != tokens)
  }

  @Test(arguments: [
    "mean(row_norms(W_E[sample(12, seed: 0)]))", "mean(row_norms(W_E[sample(10 + 2, seed: 0)]))",
    "mean(row_norms(W_E[sample(seed: 0, 12)]))",
  ])
  func `a formula rests on the same rows the second time`(text: String) throws {
    let formula = try Formula(parsing: text)
    let first = try evaluator.evaluate(formula)
    #expect(!first.basis.isExact)
    #expect(try evaluator.evaluate(formula).basis == first.basis)
  }

  /// The accent would join the letter of the escape `\t` before it.
  @Test func `a text with an accent behind a tab reads back as itself`() throws {
    let formula = try Formula(parsing: "count('\t\u{301}')")
    let again = try? Formula(parsing: formula.canonicalText)
    #expect(again == formula)
  }

  /// Formulas are put together from the signatures, one argument in twelve of a wrong kind.
  @Test func `any formula ends in a value or a diagnostic and reads back as itself`() throws {
    let small = Evaluator(
      model: GoldenModel(goldens),
      lexicon: goldens.lexicon,
      limits: .init(operations: 2e7, bytes: 1e7)
    )
    var writer = FormulaWriter(seed: 2024)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(20)
    var values = 0
    var refusals = 0
    while values + refusals < 10_000, clock.now < end {
      let text = writer.formula()
      do throws(Diagnostic) {
        let formula = try Formula(parsing: text)
        let again = try? Formula(parsing: formula.canonicalText)
        #expect(again == formula, "\(text)")
        let evaluation = try small.evaluate(formula)
        #expect(evaluation.value.kind == evaluation.type.kindOnly, "\(text)")
        if case .distribution(let distribution) = evaluation.value { _ = try distribution.full() }
        values += 1
      } catch {
        #expect(!error.message.isEmpty && !error.rule.isEmpty, "\(text)")
        refusals += 1
      }
    }
    // Both kinds must come up, or the writer has lost its use.
    #expect(values > 100)
    #expect(refusals > 100)
  }
}

/// Which signatures are called in formulas, with the positions of the parameters that were given.
private struct Coverage {
  let evaluator: Evaluator
  private(set) var matched: [String: Set<Int>] = [:]

  init(evaluator: Evaluator) { self.evaluator = evaluator }

  mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .number, .text: break
    case .name(let name):
      if let signature = Signature.all.first(where: { $0.name == name && $0.isValue }) {
        matched[signature.text, default: []].formUnion([])
      }
    case .list(let elements): elements.forEach { visit($0) }
    case .unary(_, let operand): visit(operand)
    case .binary(_, let left, let right), .index(let left, let right):
      visit(left)
      visit(right)
    case .member(let base, _): visit(base)
    case .binding(_, let value, let body):
      visit(value)
      visit(body)
    case .call(let name, let arguments):
      for argument in arguments { visit(argument.value) }
      let kinds = arguments.compactMap { kind(of: $0.value) }
      guard kinds.count == arguments.count else { return }
      for signature in Signature.all where signature.name == name && !signature.isValue {
        if let positions = signature.match(labels: arguments.map(\.label), kinds: kinds) {
          matched[signature.text, default: []].formUnion(positions)
          return
        }
      }
    }
  }

  /// Returns what an argument is on its own; `nil` where it speaks of names bound around it.
  private func kind(of expression: Expression) -> TypeKind? {
    if case .name(let name) = expression.kind, name == "a" || name == "b" { return .vector }
    return try? evaluator.check(Formula(parsing: expression.text)).type.kindOnly
  }
}

/// Writes random formulas from the built-ins' signatures.
private struct FormulaWriter {
  private var generator: SeededGenerator
  private var isInMetric = false

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func formula() -> String {
    let kind = pick(TypeKind.allCases) ?? .number
    let body = expression(kind, depth: 1 + generator.integer(below: 4))
    guard chance(in: 6) else { return body }
    let name = pick(["x", "m", "W_E", "mean", "d_model"]) ?? "x"
    let bound = expression(pick(TypeKind.allCases) ?? .number, depth: 2)
    return "let \(name) = \(bound); \(body)"
  }

  private mutating func chance(in count: Int) -> Bool { generator.integer(below: count) == 0 }

  private mutating func pick<Element>(_ choices: [Element]) -> Element? {
    choices.isEmpty ? nil : choices[generator.integer(below: choices.count)]
  }

  private mutating func expression(_ wanted: TypeKind, depth: Int) -> String {
    let kind = chance(in: 12) ? pick(TypeKind.allCases) ?? wanted : wanted
    if kind == .metric { return metric(depth: depth) }
    guard depth > 0, !chance(in: 5) else { return leaf(kind) }
    if chance(in: 3) { return compound(kind, depth: depth - 1) }
    let signatures = Signature.all.filter { $0.result == kind }
    guard let signature = pick(signatures) else { return compound(kind, depth: depth - 1) }
    return call(signature, depth: depth - 1)
  }

  private mutating func call(_ signature: Signature, depth: Int) -> String {
    guard !signature.isValue else { return signature.name }
    var arguments: [String] = []
    for parameter in signature.parameters {
      if parameter.isOptional, chance(in: 2) { continue }
      let value = expression(parameter.kind, depth: depth)
      arguments.append(parameter.label.map { "\($0): \(value)" } ?? value)
    }
    if chance(in: 12) { arguments.reverse() }
    return "\(signature.name)(\(arguments.joined(separator: ", ")))"
  }

  private mutating func metric(depth: Int) -> String {
    let similarity = pick(Similarity.allCases.map(\.rawValue)) ?? "dot"
    guard depth > 0, !isInMetric, !chance(in: 3) else {
      return chance(in: 2) ? similarity : "\(similarity)(a, b)"
    }
    isInMetric = true
    defer { isInMetric = false }
    if chance(in: 3) { return "\(expression(.number, depth: depth)) + \(similarity)(a, b)" }
    let transform = expression(.vector, depth: depth)
    // The row's name where it is a whole word.
    let other = transform.replacing(/\ba\b/, with: "b")
    return "\(similarity)(\(transform), \(other))"
  }

  /// An operator, an index or a member that gives the kind, of kinds that may or may not go together.
  private mutating func compound(_ kind: TypeKind, depth: Int) -> String {
    func part(_ kind: TypeKind, _ writer: inout Self) -> String {
      "(\(writer.expression(kind, depth: depth)))"
    }
    switch kind {
    case .truth, .mask:
      if chance(in: 4) { return "not \(part(kind, &self))" }
      if chance(in: 2) {
        return "\(part(kind, &self)) \(pick(["and", "or"]) ?? "or") \(part(kind, &self))"
      }
      let symbol = pick(["<", "<=", ">", ">=", "==", "!="]) ?? "<"
      let side: TypeKind = kind == .truth ? .number : .vector
      return "\(part(side, &self)) \(symbol) \(part(side, &self))"
    case .number, .vector, .matrix:
      if chance(in: 6) { return "-\(part(kind, &self))" }
      if chance(in: 3) {
        let symbol = pick(["+", "-", "*", "/", "^", "@"]) ?? "+"
        let other = pick([kind, .number, .vector, .matrix]) ?? kind
        return "\(part(kind, &self)) \(symbol) \(part(other, &self))"
      }
      let base: TypeKind = kind == .number ? .vector : .matrix
      if chance(in: 4) {
        return "\(part(.decomposition, &self)).\(pick(["v", "s", "u"]) ?? "v")[\(leaf(.number))]"
      }
      let index =
        pick(kind == .matrix ? [.mask, .tokens] : [TypeKind.number, .text, .mask]) ?? .number
      return "\(part(base, &self))[\(expression(index, depth: depth))]"
    case .tokens, .pairSet, .metric, .distribution, .decomposition, .text: return leaf(kind)
    }
  }

  private mutating func leaf(_ kind: TypeKind) -> String {
    let row = isInMetric && !chance(in: 3) ? ["a"] : []
    let choices: [String] =
      switch kind {
      case .number:
        [
          "0", "1", "2", "3", "0.5", "11", "-1", "79", "1e9", "1e300", "1e-300", "d_model",
          "log(-1)",
        ]
      case .truth: ["true", "false"]
      case .vector:
        row.isEmpty
          ? [
            "mean(W_E)", "ln_final_w", "token_id", "[1, 2, 3]", "W_E[70]", "0 * ln_final_w", "[7]",
          ]
          : row
      case .mask: ["has_leading_space", "starts_word", "token_id < 0", "ln_final_w > 1"]
      case .matrix:
        ["W_E", "W_pos", "W_in[0]", "W_E[token_id < 0]", "W_E[[' ba']]", "W_E / 0", "W_in[1]"]
      case .tokens:
        ["words('some')", "sample(5, seed: 1)", "' ba'", "[' ba', 'ba']", "sample(90, seed: 0)"]
      case .pairSet: ["word_pairs('kin')", "shuffled_pairs('kin', seed: 1)", "word_pairs('none')"]
      case .metric: ["cosine(a, b)"]
      case .distribution: ["pairs(cosine(a, b))", "pairs(euclidean, among: word_pairs('kin'))"]
      case .decomposition: ["svd(W_E)", "pca(W_pos)", "svd(W_in[0])"]
      case .text: ["' ba'", "'kin'", "\"some\"", "'bagel'", "'\\n'", "''"]
      }
    return pick(choices) ?? "0"
  }
}

extension ValueType {
  /// The kind without the shape.
  fileprivate var kindOnly: TypeKind {
    switch self {
    case .number: .number
    case .truth: .truth
    case .vector: .vector
    case .mask: .mask
    case .matrix: .matrix
    case .tokens: .tokens
    case .pairSet: .pairSet
    case .metric: .metric
    case .distribution: .distribution
    case .decomposition: .decomposition
    case .text: .text
    }
  }
}
