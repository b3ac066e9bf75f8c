import PuzzleRegistry
import SourceDiagnostics

/// Proves that words without a thought earn nothing as an explanation.
struct ExplanationProof {
  let grader: Grader
  let question: Question
  let key: ExplainKey
  let place: SourcePlace

  func faults() -> [Diagnostic] {
    let phrases = key.rubric.flatMap(\.any)
    let prompt = grader.puzzle.prompt
    let ask = question.ask
    let dumps = [
      ("every phrase of its rubric in a row", phrases.joined(separator: " ")),
      ("every phrase of its rubric as a list", phrases.joined(separator: ", ") + "."),
      ("one phrase of each idea", key.rubric.compactMap(\.any.first).joined(separator: ", ")),
      ("the prompt", prompt), ("the question", ask),
      ("the prompt and the question", prompt + "\n" + ask),
      // Told apart from a copy, it earns what single words of the rubric are worth.
      ("a heap of the prompt's and the question's words", Self.heap(prompt + "\n" + ask)),
    ]
    return dumps.compactMap { what, text in
      let verdict = grader.grade(text, question, key)
      return verdict.points > 0
        ? .dumpEarns(question.id, what, verdict.points, at: place) : nil
    }
  }

  /// Returns the words of a text in an order that makes no sentence.
  private static func heap(_ text: String) -> String {
    Grader.words(text).reversed().joined(separator: " ")
  }
}
