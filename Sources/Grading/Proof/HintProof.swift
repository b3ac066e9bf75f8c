import EmbeddingMath
import MetricLanguage
package import PuzzleRegistry
package import SourceDiagnostics

/// Proves that no hint contains an answer.
///
/// What is looked for: a number within its tolerance of a truth, computed or written; the formula of
/// a truth; the text of a right option; a right token in quotes; the reference's metric.
package struct HintProof: Sendable {
  private let grader: Grader

  package init(grader: Grader) {
    self.grader = grader
  }

  /// - Parameters:
  ///   - hints: The hints, in order.
  ///   - place: Where they stand.
  /// - Returns: A fault for each hint and each answer it contains.
  package func faults(_ hints: [Hint], at place: SourcePlace) -> [Diagnostic] {
    var faults: [Diagnostic] = []
    for question in grader.puzzle.questions where !question.isPrediction {
      guard let tells = tells(question) else { continue }
      for (index, hint) in hints.enumerated() where tells(hint) {
        faults.append(.hintTells(index + 1, question.id, at: place))
      }
    }
    return faults
  }

  /// Returns what decides whether a hint contains the answer to a question; `nil` if nothing can.
  private func tells(_ question: Question) -> ((Hint) -> Bool)? {
    switch grader.key.questions[question.id] {
    case .number(let key): numberTells(key)
    case .choice(let key): choiceTells(question, key)
    case .tokens(let key): tokensTell(key)
    case .metric: metricTells(question)
    case .explain, nil: nil
    }
  }

  private func numberTells(_ key: NumberKey) -> ((Hint) -> Bool)? {
    guard let formula = key.truth, let truth = try? grader.evaluator.number(formula) else {
      return nil
    }
    let written = Self.squeezed(formula.text)
    return { hint in
      if Self.squeezed(hint.shown).contains(written) { return true }
      let computed = hint.template.formulas.compactMap { try? grader.evaluator.number($0) }
      let literals = Self.numbers(in: hint.shown)
      return (computed + literals).contains { abs($0 - truth) <= key.tolerance }
    }
  }

  private func choiceTells(_ question: Question, _ key: ChoiceKey) -> ((Hint) -> Bool)? {
    guard let right = try? grader.correctOptions(key) else { return nil }
    let texts = question.options.filter { right.contains($0.id) }.map { Grader.words($0.text) }
      .filter { $0.count >= 4 }
    return { hint in
      let words = Grader.words(hint.shown)
      return texts.contains { Grader.occurrences(of: $0, in: words) > 0 }
    }
  }

  private func tokensTell(_ key: TokensKey) -> ((Hint) -> Bool)? {
    guard case .tokens(let tokens)? = (try? grader.evaluator.evaluate(key.truth))?.value else {
      return nil
    }
    let names = tokens.prefix(Question.mostTokens).compactMap(grader.tokenText)
    return { hint in
      names.contains { hint.shown.contains("\"\($0)\"") || hint.shown.contains("'\($0)'") }
    }
  }

  private func metricTells(_ question: Question) -> ((Hint) -> Bool)? {
    guard let node = grader.key.reference[question.id],
      case .metric(let answer)? = try? question.read(node)
    else { return nil }
    let formula = Self.squeezed(answer.formulaText)
    return { hint in
      if Self.squeezed(hint.shown).contains(formula) { return true }
      guard case .choice(let choice) = answer else { return false }
      return hint.shown.contains(choice.similarity.rawValue)
        && choice.zeroPoint != .origin && hint.shown.contains(choice.zeroPoint.rawValue)
    }
  }

  private static func squeezed(_ text: String) -> String { text.filter { !$0.isWhitespace } }

  /// The numbers in a text that can tell something.
  ///
  /// Those are the ones with a decimal point or a percent sign, and whole ones of three digits and
  /// more. After a hyphen a number counts with the minus sign and without, since it may end a range.
  private static func numbers(in text: String) -> [Double] {
    text.matches(of: #/([-−]?)(\d[\d,]*(?:\.\d+)?|\.\d+)(\s?%)?/#).flatMap { match -> [Double] in
      let (_, sign, written, percent) = match.output
      let digits = written.filter { $0 != "," }
      let isTelling = digits.contains(".") || digits.count >= 3 || percent != nil
      guard isTelling, let number = Double(digits) else { return [] }
      let values = percent == nil ? [number] : [number, number / 100]
      return sign.isEmpty ? values : values + values.map { -$0 }
    }
  }
}

extension Hint {
  /// Everything a learner is shown: the title, then the text.
  fileprivate var shown: String { title.map { $0 + "\n" + text } ?? text }
}
