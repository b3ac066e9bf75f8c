import EmbeddingMath
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

/// Runs every choice a learner can make on a metric question.
///
/// First all of them on a sample of the rows; then those that are accepted on all rows, and under
/// changes that must not matter: other random draws, half of the rows, weights of 4 bits.
struct MetricProof {
  /// How many rows every choice is run on.
  static let sampledRows = 2_000

  let grader: Grader
  let question: Question
  let key: MetricKey
  let place: SourcePlace
  /// Receives the share of the work that is done.
  let progress: @Sendable (Double) -> Void

  func run() -> (map: VerdictMap, faults: [Diagnostic]) {
    let map = map()
    progress(0.5)
    guard !map.accepted.isEmpty else { return (map, [.nothingAccepted(question.id, at: place)]) }
    var faults: [Diagnostic] = []
    for trap in key.traps {
      guard case .choice(let pattern) = trap.when,
        let accepted = map.accepted.first(where: pattern.matches)
      else { continue }
      faults.append(.wrongChoiceAccepted(question.id, accepted, at: trap.place))
    }
    for (step, variant) in Variant.allCases.enumerated() {
      if let fault = fragility(of: map.accepted, under: variant) { faults.append(fault) }
      progress(0.5 + 0.5 * Double(step + 1) / Double(Variant.allCases.count))
    }
    return (map, faults)
  }

  // MARK: The map

  /// Every choice that means something on this model.
  private var choices: [MetricChoice] {
    let zeroPoints = ZeroPoint.allCases.filter {
      $0 != .positionMean || grader.evaluator.model.shape(of: "W_pos") != nil
    }
    return Similarity.allCases.flatMap { similarity in
      zeroPoints.flatMap { zero in
        (0...MetricChoice.mostRemoved).map {
          MetricChoice(similarity: similarity, zeroPoint: zero, remove: $0)
        }
      }
    }
  }

  private func map() -> VerdictMap {
    let all = grader.evaluator.model.tokenCount
    let rows = sample(min(Self.sampledRows, all))
    let sampled = grader.on(
      grader.evaluator.with(model: AlteredModel(grader.evaluator.model, rows: rows))
    )
    let choices = choices
    let verdicts = verdicts(on: choices, by: sampled)
    return VerdictMap(
      question: question.id,
      model: grader.evaluator.model.modelName,
      rows: rows.count < all
        ? "a sample of \(grouped(rows.count)) of \(grouped(all)) rows, seed 0, with the words the key names"
        : "all \(grouped(all)) rows",
      cells: zip(choices, verdicts).map { .init(choice: $0, verdict: $1) }
    )
  }

  private func verdicts(on choices: [MetricChoice], by grader: Grader) -> [Verdict] {
    let answers = choices.map { (choice: $0, node: AnswerNode.choice($0, at: place)) }
    return grader.verdicts(on: answers, question)
  }

  /// Returns so many random rows, among them every token the puzzle's words and formulas name.
  private func sample(_ count: Int) -> [Int] {
    let model = grader.evaluator.model
    let lexicon = grader.evaluator.lexicon
    let words =
      lexicon.words.values.flatMap { $0 }
      + lexicon.pairs.values.joined().flatMap {
        [$0.left, $0.right]
      }
    var named = Set(words.compactMap(model.wordInitialToken))
    for formula in formulas { named.formUnion(formula.texts.compactMap(model.tokenID)) }
    var generator = SeededGenerator(seed: 0)
    let others = generator.sample(min(count, model.tokenCount), of: model.tokenCount)
      .filter { !named.contains($0) }
    return Array(named) + others.prefix(max(0, count - named.count))
  }

  private var formulas: [Formula] {
    key.requirements.compactMap { requirement in
      if case .that(let formula) = requirement.condition { formula } else { nil }
    }
      + key.traps.compactMap { trap in
        if case .formula(let formula) = trap.when { formula } else { nil }
      }
  }

  // MARK: What must not matter

  /// A change of rows, draws or weights under which an accepted choice must stay accepted.
  private enum Variant: String, CaseIterable {
    case allRows = "on all rows"
    case otherSeeds = "with other random draws"
    case halfTheRows = "on half of the rows"
    case fourBits = "on weights of 4 bits"
  }

  private func fragility(of choices: [MetricChoice], under variant: Variant) -> Diagnostic? {
    let model = grader.evaluator.model
    let evaluator =
      switch variant {
      case .allRows: grader.evaluator
      case .otherSeeds: grader.evaluator.with(seedOffset: 1_000_003)
      case .halfTheRows:
        grader.evaluator.with(model: AlteredModel(model, rows: sample(model.tokenCount / 2)))
      case .fourBits: grader.evaluator.with(model: AlteredModel(model, alteration: .fourBits))
      }
    let verdicts = verdicts(on: choices, by: grader.on(evaluator))
    let fallen = zip(choices, verdicts).filter { $0.1.outcome != .correct }
    guard let first = fallen.first else { return nil }
    return .fragileVerdict(
      question.id,
      first.0,
      others: fallen.count - 1,
      when: variant.rawValue,
      message: first.1.message,
      at: place
    )
  }
}

extension Grader {
  /// Returns a grader of the same puzzle with another evaluator.
  func on(_ evaluator: Evaluator) -> Grader {
    Grader(puzzle: puzzle, key: key, evaluator: evaluator)
  }
}
