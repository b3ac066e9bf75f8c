import EmbeddingMath
import SourceDiagnostics

extension BuiltInTable {
  /// Built-ins that match every row with its best counterpart, and count what is matched.
  static let matching: [BuiltIn] = [
    BuiltIn(
      "best_match",
      .search,
      "For each row the row of the other matrix most like it: of: is the same matrix unless given. "
        + "With self: true a row may match the one of its own number, and ties within 1e-6 go to it.",
      example: "share(best_match(W_E[sample(500, seed: 0)], by: dot) != row_number(500))",
      [
        Overload(matchParameters, "vector") { (types) throws(ShapeFault) in
          try matchType(types)
        } evaluate: { (arguments) throws(Diagnostic) in
          .vector(try matches(arguments).found.map(Double.init))
        }
      ]
    ),
    BuiltIn(
      "best_value",
      .search,
      "For each row the metric's value with its best match, as best_match finds it.",
      example: "quantile(best_value(W_E[sample(500, seed: 0)], by: euclidean, self: false), 0.1)",
      [
        Overload(matchParameters, "vector") { (types) throws(ShapeFault) in
          try matchType(types)
        } evaluate: { (arguments) throws(Diagnostic) in
          let match = try matches(arguments)
          return .vector(
            match.found.indices.map { row in
              match.similarity.value(match.rows.row(row), match.candidates.row(match.found[row]))
            }
          )
        }
      ]
    ),
    BuiltIn(
      "most_common",
      .search,
      "The k values that occur most often among a vector's entries, most often first, ties to the "
        + "lower. Tokens where there is an entry for each token and all are token numbers.",
      example: "most_common(best_match(W_E[sample(500, seed: 0)], by: dot), 3)",
      [
        Overload([.plain("x", .vector), .plain("k", .number)], "tokens or vector") {
          (types) throws(ShapeFault) in
          best(of: types.vectorLength("x"), types, operations: 10 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let values = try arguments.vector("x")
          let k = try arguments.integer("k", in: 1...100_000)
          let common = counted(values).enumerated()
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .prefix(k).map(\.element.value)
          guard values.count == arguments.evaluator.model.tokenCount else { return .vector(common) }
          var tokens: [Int] = []
          for value in common {
            guard let token = Int(exactly: value), (0..<values.count).contains(token) else {
              throw .undefined(
                "most_common gives tokens here, and \(value) is no token's number",
                at: arguments.place
              )
            }
            tokens.append(token)
          }
          return .tokens(tokens)
        }
      ]
    ),
    BuiltIn(
      "distinct",
      .reduction,
      "How many different values a vector has; all NaN are one.",
      example: "distinct(best_match(W_E[sample(500, seed: 0)], by: dot))",
      [
        Overload([.plain("x", .vector)], "number") { (types) throws(ShapeFault) in
          Typed(.number, operations: 10 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .number(Double(counted(try arguments.vector("x")).count))
        }
      ]
    ),
    BuiltIn(
      "analogies",
      .search,
      "For ordered pairs (p, q) and (r, s) of a lexicon's pairs: whether s is the token most like "
        + "q: times q plus p: times p plus r: times r. The tokens p, q and r may win only with "
        + "inputs: true. At most 2,500 of the ordered pairs are taken, drawn with seed 0.",
      example: "share(analogies('synonyms', by: euclidean))",
      [
        Overload(
          [
            .plain("list", .text), .labelled("by", .metric),
            .labelled("q", .number, standIn: "1"), .labelled("p", .number, standIn: "-1"),
            .labelled("r", .number, standIn: "1"), .labelled("inputs", .truth, standIn: "false"),
          ],
          "mask"
        ) { (types) throws(ShapeFault) in
          let pairs = types.mostPairs(inList: "list")
          let analogies = pairs > mostAnalogies ? mostAnalogies : min(mostAnalogies, pairs * pairs)
          var typed = Typed(.mask(.atMost(analogies)))
          typed.cost.operations =
            2 * Double(analogies) * Double(types.model.tokenCount) * Double(types.model.width)
            * (types["by"]?.metric?.similarity?.weight ?? 1)
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          .mask(try solved(arguments))
        }
      ]
    ),
  ]

  /// How many analogies are tried at most.
  private static let mostAnalogies = 2_500

  private static let matchParameters: [Parameter] = [
    .plain("m", .matrix), .labelled("by", .metric), .labelled("of", .matrix, standIn: "m"),
    .labelled("self", .truth, standIn: "true"),
  ]

  private static func matchType(_ types: ArgumentTypes) throws(ShapeFault) -> Typed {
    let matrix = types.matrix("m")
    let hasOther = types["of"] != nil
    if hasOther {
      try types.require(matrix.columns, equals: types.matrix("of").columns) {
        "the rows have \(grouped($0)) entries and those they are matched with \(grouped($1))"
      }
    }
    var typed = Typed(.vector(matrix.rows))
    let rows = Double(matrix.rows.most)
    let others = hasOther ? Double(types.matrix("of").rows.most) : rows
    let columns = Double(matrix.columns.most)
    let weight = types["by"]?.metric?.similarity?.weight ?? 1
    typed.cost.operations = 2 * rows * others * columns * weight
    if hasOther { typed.cost.bytes += (rows + others) * columns * 4 }
    return typed
  }

  /// Finds each row's match, with the rows as they were compared.
  private static func matches(
    _ arguments: Arguments
  ) throws(Diagnostic) -> (
    found: [Int], rows: Matrix, candidates: Matrix, similarity: Similarity
  ) {
    let evaluator = arguments.evaluator
    let matrix = try arguments.matrix("m")
    let includesSelf = try arguments.truth("self", or: true)
    let (similarity, transform) = try fused(arguments)
    let rows = try transform.apply(to: matrix, tokens: nil, evaluator: evaluator)
    guard arguments.has("of") else {
      guard matrix.rowCount > (includesSelf ? 0 : 1) else {
        throw .undefined("there is no other row to match", at: arguments.place)
      }
      let found = try evaluator.run(at: arguments.place) { progress, isCancelled in
        try evaluator.engine.bestMatch(
          of: rows,
          by: similarity,
          includingSelf: includesSelf,
          progress: progress,
          isCancelled: isCancelled
        )
      }
      return (found, rows, rows, similarity)
    }
    let others = try transform.apply(
      to: try arguments.matrix("of"),
      tokens: nil,
      evaluator: evaluator
    )
    guard rows.columnCount == others.columnCount else {
      throw .unevenRows(rows.columnCount, others.columnCount, at: arguments.place)
    }
    let found = try evaluator.run(at: arguments.place) { progress, isCancelled in
      try evaluator.engine.bestMatch(
        of: rows,
        among: others,
        by: similarity,
        includingSelf: includesSelf,
        progress: progress,
        isCancelled: isCancelled
      )
    }
    var known: [Int] = []
    known.reserveCapacity(found.count)
    for match in found {
      guard let match else {
        throw .undefined(
          "a row that is not finite, or has no other to match, has no match",
          at: arguments.place
        )
      }
      known.append(match)
    }
    return (known, rows, others, similarity)
  }

  private static func fused(
    _ arguments: Arguments
  ) throws(Diagnostic)
    -> (Similarity, RowTransform)
  {
    let plan = try arguments.evaluator.plan(try arguments.metric("by"), place: arguments.place)
    guard case .fused(let similarity, let transform) = plan.form else {
      throw .undefined(
        "this needs a similarity of two rows treated alike, such as cosine(a - v, b - v)",
        at: arguments.place
      )
    }
    return (similarity, transform)
  }

  /// Tries the analogies of a word list.
  private static func solved(_ arguments: Arguments) throws(Diagnostic) -> [Bool] {
    let evaluator = arguments.evaluator
    let pairs = try evaluator.wordPairs(try arguments.text("list"), place: arguments.place)
    let (similarity, transform) = try fused(arguments)
    // Numbered without listing them: their count grows with the square of a list anyone may write.
    let others = pairs.count - 1
    var numbers = Array(0..<min(mostAnalogies, pairs.count * others))
    if pairs.count * others > mostAnalogies {
      var generator = SeededGenerator(seed: evaluator.seedOffset)
      numbers = generator.sample(mostAnalogies, of: pairs.count * others)
    }
    let ordered = numbers.map { number in
      let (first, second) = number.quotientAndRemainder(dividingBy: others)
      return (first: first, second: second < first ? second : second + 1)
    }
    let embedding = try evaluator.embedding(at: arguments.place)
    let p = try arguments.number("p", or: -1)
    let q = try arguments.number("q", or: 1)
    let r = try arguments.number("r", or: 1)
    let queries = Matrix(
      rows: ordered.map { first, second in
        let (left, right) = (embedding.row(pairs.left[first]), embedding.row(pairs.right[first]))
        let other = embedding.row(pairs.left[second])
        return left.indices.map { q * right[$0] + p * left[$0] + r * other[$0] }
      }
    )
    let asking = try transform.apply(to: queries, tokens: nil, evaluator: evaluator)
    let answering = try transform.apply(to: embedding, tokens: nil, evaluator: evaluator)
    let mayWin = try arguments.truth("inputs", or: false)
    let found = try evaluator.run(at: arguments.place) { progress, isCancelled in
      try evaluator.engine.bestMatch(
        of: asking,
        among: answering,
        by: similarity,
        isPaired: false,
        includingSelf: true,
        excluding: mayWin
          ? []
          : ordered.map { [pairs.left[$0.first], pairs.right[$0.first], pairs.left[$0.second]] },
        progress: progress,
        isCancelled: isCancelled
      )
    }
    return zip(ordered, found).map { pairs.right[$0.second] == $1 }
  }

  /// Returns the different values in ascending order with how often each occurs; all NaN are one
  /// value, the last.
  private static func counted(_ values: [Double]) -> [(value: Double, count: Int)] {
    var counts: [(value: Double, count: Int)] = []
    for value in values.sorted(by: precedes) {
      if let last = counts.last, last.value == value || last.value.isNaN {
        counts[counts.count - 1].count += 1
      } else {
        counts.append((value, 1))
      }
    }
    return counts
  }
}
