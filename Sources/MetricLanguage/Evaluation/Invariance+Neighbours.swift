import EmbeddingMath
package import SourceDiagnostics

extension Evaluator {
  /// What comparing the rows of one neighbourhood may cost, in operations: a fraction of a second.
  private static let mostNeighbourOperations = 6e9

  /// The rows that nearest neighbours are sought for, and among.
  package struct Neighbourhood: Sendable {
    package let queries: [Int]
    package let candidates: [Int]
  }

  /// Returns random distinct rows to seek neighbours among, and some of them to seek for.
  ///
  /// A metric that is interpreted pair by pair gets fewer, and so does one whose comparisons are
  /// costly, as Kendall's.
  package func neighbourhood(for metric: Metric, seed: UInt64) -> Neighbourhood {
    var generator = SeededGenerator(seed: seed &+ 1_000)
    var (queries, candidates) = metric.isNamedSimilarity ? (150, 2_000) : (40, 400)
    let most = Self.mostNeighbourOperations / max(1, operationsPerComparison(metric))
    if Double(queries * candidates) > most {
      queries = max(10, Int((most / 10).squareRoot()))
      candidates = 10 * queries
    }
    let rows = generator.sample(min(candidates, model.tokenCount), of: model.tokenCount)
    let chosen = generator.sample(min(queries, rows.count), of: rows.count).map { rows[$0] }
    return Neighbourhood(queries: chosen, candidates: rows)
  }

  /// What comparing two rows costs, once they are transformed where the metric treats them alike.
  private func operationsPerComparison(_ metric: Metric) -> Double {
    if let similarity = metric.namedSimilarity {
      return similarity.weight * 2 * Double(model.width)
    }
    let checker = Checker(
      source: SourceText("", file: Formula.file),
      model: model,
      lexicon: lexicon,
      learnersMetric: learnersMetric
    )
    let typed = try? checker.checkMetric(metric.expression, rowLength: nil, .init())
    return typed?.metric?.operationsPerPair ?? Self.mostOperationsPerPair
  }

  /// Returns for each query how alike each candidate is; a row is never like itself.
  ///
  /// - Throws: Why the metric cannot be run.
  package func likeness(
    of metric: Metric,
    in neighbourhood: Neighbourhood
  ) throws(Diagnostic)
    -> [[Double]]
  {
    let place = SourcePlace(file: Formula.file)
    let plan = try plan(metric, place: place)
    let matrix = try embedding(at: place)
    let candidates = neighbourhood.candidates
    var table: [[Double]] = []
    if case .fused(let similarity, let transform) = plan.form {
      let rows = try transform.apply(
        to: matrix.selectingRows(candidates),
        tokens: candidates,
        evaluator: self
      )
      let queries = try transform.apply(
        to: matrix.selectingRows(neighbourhood.queries),
        tokens: neighbourhood.queries,
        evaluator: self
      )
      // Rows are ranked once, not anew for each query.
      let isRanked = similarity == .spearman
      let compared = isRanked ? rows.rankedRows() : rows
      let asking = isRanked ? queries.rankedRows() : queries
      for query in 0..<asking.rowCount {
        let values = engine.similarity(
          to: asking.row(query),
          of: compared,
          by: isRanked ? .pearson : similarity
        )
        table.append(similarity.isDistance ? values.map { -$0 } : values)
      }
    } else {
      for query in neighbourhood.queries {
        let pairs = PairSet(
          left: Array(repeating: query, count: candidates.count),
          right: candidates,
          listed: candidates.count
        )
        table.append(try plan.likeness(pairs: pairs, in: matrix, evaluator: self))
      }
    }
    for (position, query) in neighbourhood.queries.enumerated() {
      for (column, candidate) in candidates.enumerated() where candidate == query {
        table[position][column] = -.infinity
      }
    }
    return table
  }
}

/// How a metric fares under one transformation, over several seeds.
package struct InvarianceReport: Sendable, Hashable {
  package let transformation: ModelTransformation
  /// The largest move of a value over all seeds, as a share of the values' standard deviation.
  package let relativeMove: Double
  package let holds: Bool
  /// The share of queries whose nearest neighbour changes beyond ties, averaged over the seeds.
  package let changedNeighbours: Double
}

extension Evaluator {
  /// Re-evaluates a metric under every transformation, for several seeds.
  ///
  /// - Parameters:
  ///   - metric: The metric.
  ///   - seeds: The seeds of the transformations, the pairs and the neighbourhoods.
  /// - Returns: One report for each transformation, in their order.
  /// - Throws: Why the metric cannot be run, or that its values have no spread.
  package func invariances(
    of metric: Metric,
    seeds: ClosedRange<UInt64>
  ) throws(Diagnostic)
    -> [InvarianceReport]
  {
    var reports = ModelTransformation.allCases.map {
      InvarianceReport(transformation: $0, relativeMove: 0, holds: true, changedNeighbours: 0)
    }
    let rounds = Double(seeds.count * reports.count)
    var done = 0.0
    for seed in seeds {
      let pairs = randomPairs(count: Invariance.pairCount, seed: seed)
      let around = neighbourhood(for: metric, seed: seed)
      let before = try values(of: metric, pairs: pairs)
      let spread = try Self.spread(of: before)
      let likenessBefore = try likeness(of: metric, in: around)
      for (index, report) in reports.enumerated() {
        let moved = try moved(by: report.transformation, seed: seed)
        let result = Invariance(
          transformation: report.transformation,
          from: before,
          to: try moved.values(of: metric, pairs: pairs),
          spread: spread
        )
        let changed = Self.changes(
          from: likenessBefore,
          to: try moved.likeness(of: metric, in: around)
        )
        reports[index] = InvarianceReport(
          transformation: report.transformation,
          relativeMove: max(report.relativeMove, result.relativeMove),
          holds: report.holds && result.holds,
          changedNeighbours: report.changedNeighbours + changed / Double(seeds.count)
        )
        done += 1
        progress?(done / rounds)
      }
    }
    return reports
  }

  /// Returns the share of queries whose nearest candidate is beaten by another after the change.
  ///
  /// One that is beaten by no more than a millionth of the row's largest value is a tie.
  private static func changes(from before: [[Double]], to after: [[Double]]) -> Double {
    var changed = 0
    for (old, new) in zip(before, after) {
      guard let best = old.indices.max(by: { old[$0] < old[$1] }), let top = new.max() else {
        continue
      }
      let scale = new.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
      if !(new[best] >= top - 1e-6 * scale) { changed += 1 }
    }
    return Double(changed) / Double(max(1, before.count))
  }
}
