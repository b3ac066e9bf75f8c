import EmbeddingMath
import SourceDiagnostics

extension BuiltInTable {
  static let pairBuiltIns: [BuiltIn] = [
    BuiltIn(
      "pairs",
      .pairs,
      "The metric's values on all unordered distinct pairs of rows, or on the given pairs.",
      example: "mean(pairs(cosine(a, b)))",
      [
        Overload(
          [
            .plain("metric", .metric), .labelled("among", .pairSet),
            .labelled("of", .matrix, standIn: "W_E"),
          ],
          "distribution"
        ) { (types) throws(ShapeFault) in
          var typed = Typed(.distribution)
          typed.cost.operations +=
            (types["metric"]?.metric?.operationsPerPair ?? 0) * Double(types.count("among").most)
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          let metric = try arguments.metric("metric")
          let pairs = try arguments.pairSet("among")
          let matrix = try arguments.matrix("of")
          let plan = try arguments.evaluator.plan(metric, place: arguments.place)
          return .distribution(
            LazyDistribution(
              values: try plan.values(pairs: pairs, in: matrix, evaluator: arguments.evaluator),
              isDistance: plan.isDistance
            )
          )
        },
        Overload(
          [
            .plain("metric", .metric), .labelled("of", .matrix, standIn: "W_E"),
            .labelled("rows", .tokens, standIn: "all"),
          ],
          "distribution"
        ) { (types) throws(ShapeFault) in
          var typed = Typed(.distribution)
          let matrix = types.matrix("of")
          let rows = Double(types["rows"] == nil ? matrix.rows.most : types.count("rows").most)
          guard let shape = types["metric"]?.metric else { return typed }
          typed.cost.operations += rows * shape.operationsPerRow
          typed.cost.bytes += rows * Double(matrix.columns.most) * 4
          if let similarity = shape.similarity {
            typed.deferred.operations =
              rows * rows * Double(matrix.columns.most) * similarity.weight
            typed.hasClosedMean = similarity.hasClosedMean
          } else {
            let sampled = min(rows, Double(MetricPlan.sampledRows))
            typed.cost.operations += sampled * sampled / 2 * shape.operationsPerPair
          }
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          let metric = try arguments.metric("metric")
          let matrix = try arguments.matrix("of")
          let rows = try arguments.tokens("rows")
          return .distribution(
            try arguments.evaluator.distribution(
              of: metric,
              in: matrix,
              rows: rows,
              place: arguments.place
            )
          )
        },
      ]
    ),
    BuiltIn(
      "word_pairs",
      .pairs,
      "A lexicon's pairs of words, each word as its word-initial single token; the rest is dropped.",
      example: "auc(pairs(cosine(a, b), among: word_pairs('synonyms')), "
        + "pairs(cosine(a, b), among: shuffled_pairs('synonyms', seed: 1)))",
      [
        Overload([.plain("list", .text)], "pair set") { (types) throws(ShapeFault) in
          pairSet(most: types.mostPairs(inList: "list"))
        } evaluate: { (arguments) throws(Diagnostic) in
          .pairSet(
            try arguments.evaluator.wordPairs(try arguments.text("list"), place: arguments.place)
          )
        }
      ]
    ),
    BuiltIn(
      "shuffled_pairs",
      .pairs,
      "A lexicon's words with their partners shuffled: the same words, so the same frequencies, "
        + "but not the listed pairs.",
      example: "mean(pairs(cosine(a, b), among: shuffled_pairs('synonyms', seed: 1)))",
      [
        Overload([.plain("list", .text), .labelled("seed", .number)], "pair set") {
          (types) throws(ShapeFault) in
          pairSet(most: types.mostPairs(inList: "list"))
        } evaluate: { (arguments) throws(Diagnostic) in
          let pairs = try arguments.evaluator.wordPairs(
            try arguments.text("list"),
            place: arguments.place
          )
          return .pairSet(pairs.shuffled(seed: try arguments.seed()))
        }
      ]
    ),
    BuiltIn(
      "space_twins",
      .pairs,
      "Pairs of tokens of the same word: left with a leading space and a letter behind it, right without the space.",
      example: "mean(pairs(cosine(a, b), among: space_twins))",
      [
        Overload([], "pair set", isValue: true) { (types) throws(ShapeFault) in
          pairSet(most: types.model.tokenCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .pairSet(try arguments.evaluator.spaceTwins(place: arguments.place))
        }
      ]
    ),
    side("left", "The first tokens of the pairs, in the pairs' order, with repeats.") { $0.left },
    side("right", "The second tokens of the pairs, in the pairs' order, with repeats.") {
      $0.right
    },
    BuiltIn(
      "auc_of_shuffles",
      .pairs,
      "For each seed from 1: the chance that one of a lexicon's pairs is more alike than one with "
        + "shuffled partners. 0.5 is blind, 1 perfect.",
      example: "mean(auc_of_shuffles(cosine(a, b), 'synonyms', 20))",
      [
        Overload(
          [
            .plain("metric", .metric), .plain("list", .text),
            .plain("times", .number, standIn: "20"),
          ],
          "vector"
        ) { (types) throws(ShapeFault) in
          let times = min(types["times"] == nil ? 20 : types.whole("times") ?? mostTimes, mostTimes)
          var typed = Typed(.vector(.atMost(times)))
          typed.cost.operations +=
            (types["metric"]?.metric?.operationsPerPair ?? 0)
            * Double(types.mostPairs(inList: "list")) * Double(times + 1)
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          let evaluator = arguments.evaluator
          let pairs = try evaluator.wordPairs(
            try arguments.text("list"),
            place: arguments.place
          )
          let times = try arguments.integer("times", or: 20, in: 1...mostTimes)
          let plan = try evaluator.plan(try arguments.metric("metric"), place: arguments.place)
          let matrix = try evaluator.embedding(at: arguments.place)
          // All pairs at once, so that each row is transformed and ranked once.
          let shuffles = (1...times).map {
            pairs.shuffled(seed: UInt64($0) &+ evaluator.seedOffset)
          }
          let all = PairSet(
            left: pairs.left + shuffles.flatMap(\.left),
            right: pairs.right + shuffles.flatMap(\.right),
            listed: pairs.listed
          )
          let values = try plan.likeness(pairs: all, in: matrix, evaluator: evaluator)
          let listed = Array(values.prefix(pairs.count))
          var areas: [Double] = []
          var start = pairs.count
          for shuffled in shuffles {
            let end = start + shuffled.count
            areas.append(
              areaUnderCurve(positives: listed, negatives: Array(values[start..<end]))
            )
            start = end
          }
          return .vector(areas)
        }
      ]
    ),
  ]

  /// The most seeds of `auc_of_shuffles`.
  private static let mostTimes = 1_000

  private static func pairSet(most count: Int) -> Typed {
    var typed = Typed(.pairSet)
    typed.count = .atMost(count)
    return typed
  }

  /// One side of the pairs, so that `W_E[left(p)] - W_E[right(p)]` has a row for each pair.
  private static func side(
    _ name: String,
    _ summary: String,
    _ body: @escaping @Sendable (PairSet) -> [Int]
  ) -> BuiltIn {
    BuiltIn(
      name,
      .pairs,
      summary,
      example: "mean(row_norms(W_E[\(name)(space_twins)]))",
      [
        Overload([.plain("pairs", .pairSet)], "tokens") { (types) throws(ShapeFault) in
          var typed = Typed(.tokens)
          typed.count = types.count("pairs")
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          .tokens(body(try arguments.pairSet("pairs")))
        }
      ]
    )
  }
}

extension PairSet {
  /// Returns the same words with partners exchanged so that no listed pair remains.
  ///
  /// A seeded permutation of the right side; a pair that is still a listed one, in either order, or
  /// joins a word with itself, is swapped on with the next ones. Where no such arrangement is found
  /// the offending pairs are left out.
  func shuffled(seed: UInt64) -> PairSet {
    struct Key: Hashable {
      let low: Int
      let high: Int

      init(_ left: Int, _ right: Int) {
        low = min(left, right)
        high = max(left, right)
      }
    }
    let known = Set(zip(left, right).map { Key($0, $1) })
    func isBad(_ left: Int, _ right: Int) -> Bool {
      left == right || known.contains(Key(left, right))
    }
    var generator = SeededGenerator(seed: seed)
    var partners = generator.permutation(of: count).map { right[$0] }
    for index in partners.indices where isBad(left[index], partners[index]) {
      let swap = partners.indices.first { other in
        other != index && !isBad(left[index], partners[other])
          && !isBad(left[other], partners[index])
      }
      if let swap { partners.swapAt(index, swap) }
    }
    let kept = partners.indices.filter { !isBad(left[$0], partners[$0]) }
    return PairSet(
      left: kept.map { left[$0] },
      right: kept.map { partners[$0] },
      listed: listed
    )
  }
}
