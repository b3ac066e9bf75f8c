import EmbeddingMath
import SourceDiagnostics

extension Evaluator {
  // MARK: Word lists

  func wordPairs(_ list: String, place: SourcePlace) throws(Diagnostic) -> PairSet {
    guard let pairs = lexicon.pairs[list] else {
      throw .unknownList(
        list,
        kind: "pair list",
        among: lexicon.pairs.keys.sorted(),
        at: place
      )
    }
    var left: [Int] = []
    var right: [Int] = []
    for pair in pairs {
      guard let first = model.wordInitialToken(pair.left),
        let second = model.wordInitialToken(pair.right), first != second
      else { continue }
      left.append(first)
      right.append(second)
    }
    guard left.count >= Lexicon.fewest else {
      throw .tooFewMapped(list, mapped: left.count, listed: pairs.count, at: place)
    }
    return PairSet(left: left, right: right, listed: pairs.count)
  }

  func words(_ list: String, place: SourcePlace) throws(Diagnostic) -> [Int] {
    guard let words = lexicon.words[list] else {
      throw .unknownList(list, kind: "word list", among: lexicon.words.keys.sorted(), at: place)
    }
    var tokens: [Int] = []
    for word in words {
      if let token = model.wordInitialToken(word), !tokens.contains(token) { tokens.append(token) }
    }
    guard !tokens.isEmpty else {
      throw .tooFewMapped(list, mapped: 0, listed: words.count, at: place)
    }
    return tokens
  }

  /// Returns the pairs of tokens that are the same word with a leading space and without.
  ///
  /// Only texts that can be printed as they are count, so that no escape is taken for a letter.
  func spaceTwins(place: SourcePlace) throws(Diagnostic) -> PairSet {
    var left: [Int] = []
    var right: [Int] = []
    for token in 0..<model.tokenCount where model.hasLeadingSpace(token) {
      let name = model.displayName(of: token)
      guard name.count > 3, name.hasPrefix("\" "), name.hasSuffix("\"") else { continue }
      let word = String(name.dropFirst(2).dropLast())
      guard word.first?.isLetter == true, model.tokenID(" " + word) == token,
        let twin = model.tokenID(word)
      else { continue }
      left.append(token)
      right.append(twin)
    }
    guard !left.isEmpty else {
      throw .undefined("this vocabulary has no words both with and without a space", at: place)
    }
    return PairSet(left: left, right: right, listed: left.count)
  }

  // MARK: Metrics

  /// Plans a metric: fused where it has the form `similarity(f(a), f(b))`.
  func plan(_ metric: Metric, place: SourcePlace) throws(Diagnostic) -> MetricPlan {
    var expression = metric.expression
    var bindings = metric.bindings
    while case .binding(let name, let value, let body) = expression.kind, !value.usesRows {
      bindings[name] = try evaluate(value, in: Scope(bindings: bindings))
      expression = body
    }
    if let (similarity, transform) = expression.fusedForm {
      // The transform is kept as an expression of `a`, whichever side it was written on.
      return MetricPlan(
        form: .fused(
          similarity,
          RowTransform(expression: transform, bindings: bindings, place: place)
        )
      )
    }
    return MetricPlan(
      form: .general(try RowFunction(expression, bindings: bindings, evaluator: self))
    )
  }

  /// Returns a metric's distribution over the pairs of a matrix's rows.
  ///
  /// - Parameters:
  ///   - metric: The metric; interpreted pair by pair, it is run on a sample of rows.
  ///   - matrix: The rows.
  ///   - rows: Which rows; all if `nil`.
  ///   - place: Where faults are reported.
  /// - Returns: A distribution that is computed when it is asked for.
  /// - Throws: Why the metric cannot be run, or that a row does not exist.
  func distribution(
    of metric: Metric,
    in matrix: Matrix,
    rows: [Int]?,
    place: SourcePlace
  )
    throws(Diagnostic) -> LazyDistribution
  {
    let plan = try plan(metric, place: place)
    if let outside = rows?.first(where: { $0 < 0 || $0 >= matrix.rowCount }) {
      throw .outOfRange("\(outside)", count: matrix.rowCount, of: "row", at: place)
    }
    let population = matrix.rowCount
    var chosen = rows
    if case .general = plan.form, (rows?.count ?? population) > MetricPlan.sampledRows {
      var generator = SeededGenerator(seed: seedOffset)
      let from = rows ?? Array(0..<population)
      chosen = generator.sample(MetricPlan.sampledRows, of: from.count).map { from[$0] }
      note(sampled: MetricPlan.sampledRows, of: population, seed: 0)
    } else if let rows, rows.count < population, !hasDrawn {
      note(chosen: rows.count, of: population)
    }
    let sample = chosen.flatMap { chosen in
      chosen.count < population
        ? LazyDistribution.Sample(count: chosen.count, population: population) : nil
    }
    switch plan.form {
    case .fused(let similarity, let transform):
      let selected = chosen.map { matrix.selectingRows($0) } ?? matrix
      let transformed = try transform.apply(to: selected, tokens: chosen, evaluator: self)
      return LazyDistribution(
        rows: transformed,
        by: similarity,
        sample: sample,
        evaluator: self,
        place: place
      )
    case .general:
      let indices = chosen ?? Array(0..<population)
      var left: [Int] = []
      var right: [Int] = []
      for (position, first) in indices.enumerated() {
        for second in indices.dropFirst(position + 1) {
          left.append(first)
          right.append(second)
        }
      }
      let pairs = PairSet(left: left, right: right, listed: left.count)
      return LazyDistribution(
        values: try plan.values(pairs: pairs, in: matrix, evaluator: self),
        sample: sample
      )
    }
  }
}
