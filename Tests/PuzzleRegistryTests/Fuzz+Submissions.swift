import Foundation
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import _WorkbookTestSupport

/// A learner's file, every answer read as every kind of question would read it.
struct SubmissionFuzz: FuzzTarget {
  static let format = FuzzFormat.submissions

  private let puzzle: Puzzle

  init(folder: String) throws { puzzle = try ExamplePuzzle.puzzle() }

  mutating func run(_ dice: inout Dice, _ record: inout FuzzRecord) {
    let data = dice.damagedYAML(ExamplePuzzle.submissionYAML)
    record.byteCount += data.count
    let expected = dice.oneIn(2) ? puzzle : nil
    let submission = record.open {
      let text = try BoundedFile.text(of: data, file: "answers.yaml")
      return try Submission(text: text, file: "answers.yaml", puzzle: expected)
    }
    for fault in submission?.warnings ?? [] { record.check(fault) }
    for (id, node) in submission?.answers ?? [] {
      for question in puzzle.questions where question.id == id || dice.oneIn(4) {
        let answer = record.attempt(needsPlace: true) { try question.read(node) }
        if case .metric(let metric)? = answer { use(metric, &record) }
      }
    }
    let flow = dice.pick([
      "{ similarity: \(dice.nastyText()), remove: \(dice.nastyNumber()) }", dice.nastyText(),
    ])
    record.attempt(needsPlace: true) { try MetricAnswer(yaml: flow) }
  }

  private func use(_ metric: MetricAnswer, _ record: inout FuzzRecord) {
    switch metric {
    case .choice(let choice): record.attempt { try choice.formula }
    case .formula(let formula): _ = formula.pairsOfMetric.canonicalText
    }
  }
}

/// Formulas: parsed, printed, checked against a tiny model, planned and evaluated.
struct FormulaFuzz: FuzzTarget {
  static let format = FuzzFormat.formulas

  /// So little that nothing within it takes long.
  private static let limits = Evaluator.Limits(operations: 2e6, bytes: 4e6)

  private let model = TinyModel()

  init(folder: String) throws {}

  mutating func run(_ dice: inout Dice, _ record: inout FuzzRecord) {
    let text = FormulaMaker.text(&dice)
    record.byteCount += text.utf8.count
    guard let formula = record.open({ try Formula(parsing: text) }) else { return }
    checkPrinting(formula, &record)
    let evaluator = Evaluator(
      model: model,
      lexicon: TinyModel.lexicon,
      limits: Self.limits,
      threads: 1
    )
    let checked = record.attempt(needsPlace: true) { try evaluator.check(formula) }
    guard checked != nil else { return }
    record.attempt(needsPlace: true) { try evaluator.explain(formula) }
    if let metric = record.attempt(needsPlace: true, { try evaluator.metric(from: formula) }) {
      guard let metric else {
        record.attempt(needsPlace: true) { try evaluator.evaluate(formula) }
        return
      }
      let pairs = evaluator.randomPairs(count: 20, seed: 1)
      record.attempt { try evaluator.values(of: metric, pairs: pairs) }
    }
  }

  /// Checks that the printed formula gives the same tree.
  private func checkPrinting(_ formula: Formula, _ record: inout FuzzRecord) {
    do {
      if try Formula(parsing: formula.canonicalText) != formula {
        record.complain(
          "'\(formula.text)' is printed as '\(formula.canonicalText)', another formula"
        )
      }
    } catch {
      // Spaces may take it over the limit of length.
      if error.rule != "formula-too-long" { record.complain("'\(formula.text)' printed: \(error)") }
    }
  }
}
