import Grading
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import Testing
import WorkbookKit

/// What the proofs rest on: traps that speak, and guesses that are worth what is said.
@Suite struct PlantedTrapTests {
  private let copy: PlantedWorkbook
  private let grader: Grader

  init() throws {
    copy = try PlantedWorkbook(isLean: false)
    grader = try copy.grader()
  }

  private func verdict(_ question: String, _ answer: String) throws -> Verdict {
    let submission = try Submission(
      text: "puzzle: \(grader.puzzle.id)\nmodel: small\nanswers:\n  \(question): \(answer)\n",
      file: "answers",
      puzzle: grader.puzzle
    )
    return try #require(grader.grade(submission).verdicts.first { $0.question == question })
  }

  /// The wrong answer of a trap, with what the trap says.
  private struct WrongAnswer {
    let question: String
    let answer: String
    let says: String
  }

  private func wrongAnswers(to question: Question) throws -> [WrongAnswer] {
    func wrong(_ answer: String, _ says: String) -> WrongAnswer {
      WrongAnswer(question: question.id, answer: answer, says: says)
    }
    switch grader.key.questions[question.id] {
    case .number(let key):
      return try key.traps.map { wrong("\(try grader.evaluator.number($0.when))", $0.says) }
    case .choice(let key):
      return key.traps.map { wrong($0.when, $0.says) }
    case .tokens(let key):
      return try key.traps.map { trap in
        guard case .tokens(let tokens) = try grader.evaluator.evaluate(trap.when).value else {
          throw Diagnostic("trap-fails", "no tokens")
        }
        let names = tokens.prefix(key.need).map(grader.evaluator.model.displayName)
        return wrong("[\(names.joined(separator: ", "))]", trap.says)
      }
    case .metric(let key):
      return key.traps.map { trap in
        switch trap.when {
        case .formula(let formula): wrong("\"\(formula.text)\"", trap.says)
        case .choice(let pattern): wrong(pattern.example.summary, trap.says)
        }
      }
    case .explain, nil: return []
    }
  }

  @Test func `every trap says its own words to its own answer, and no other trap's`() throws {
    let traps = try grader.puzzle.questions.flatMap(wrongAnswers)
    #expect(traps.count == 10)
    #expect(Set(traps.map(\.says)).count == traps.count)
    for trap in traps {
      let verdict = try verdict(trap.question, trap.answer)
      #expect(verdict.outcome != .correct && verdict.points < verdict.possible)
      let said = traps.map(\.says).filter { verdict.message.contains($0) }
      #expect(said == [trap.says], "\(trap): \(verdict.message)")
    }
  }

  @Test func `what guessing earns is what every answer in turn earns`() throws {
    let lean = try PlantedWorkbook(isLean: true)
    let baseline = try #require(try lean.lint().proofs.first).guessing
    let which = ["high", "centred", "shorter", "spaced"]
    let sets = (0..<16).map { mask in
      which.indices.filter { mask >> $0 & 1 == 1 }.map { which[$0] }.joined(separator: ", ")
    }
    let many = try sets.map { try verdict("which", "[\($0)]").points }
    let single = try ["angles", "gaps", "lengths", "ranks", "products"]
      .map { try verdict("single", $0).points }
    let numbers = try ["level", "drawn"].map(expectedNumber)
    let tokens = 2.0 * 10 / 240
    let expected = mean(many) + mean(single) + numbers.reduce(0, +) + tokens
    #expect(abs(baseline.expected - expected) < 0.02, "\(baseline) \(expected)")
    #expect(baseline.possible == 12)
    // A token at random earns at most what is counted for it.
    let names = (0..<240).map(grader.evaluator.model.displayName)
      .filter { $0.hasPrefix("\"") && !$0.dropFirst().dropLast().contains(where: "\"\\".contains) }
    #expect(try mean(names.map { try verdict("near", "[\($0)]").points }) <= tokens)
  }

  /// The mean points of evenly spaced numbers, from half the width of what is known below it to as
  /// much above it.
  private func expectedNumber(_ id: String) throws -> Double {
    guard case .number(let key) = grader.key.questions[id] else { return .nan }
    let formulas = [try #require(key.truth)] + key.traps.map(\.when)
    let known = try formulas.map(grader.evaluator.number)
    let low = try #require(known.min())
    let high = try #require(known.max())
    let count = 400
    let points = try (0..<count).map { step in
      let share = (Double(step) + 0.5) / Double(count)
      return try verdict(id, "\(low - (high - low) / 2 + 2 * (high - low) * share)").points
    }
    return mean(points)
  }

  private func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }
}
