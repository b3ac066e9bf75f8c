import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

// What each kind of file reports when it is faulty, rendered as a user would see it.

func submissionFaults(_ text: String, for puzzle: Puzzle? = nil) -> String {
  report { _ = try Submission(text: text, file: "a.yaml", puzzle: puzzle) }
}

func puzzleFaults(
  yaml: String = ExamplePuzzle.puzzleYAML,
  prompt: String = ExamplePuzzle.prompt
) -> String {
  report { _ = try Puzzle(id: ExamplePuzzle.id, directory: "p", yaml: yaml, prompt: prompt) }
}

/// Reports the faults of the example puzzle with one text replaced.
func puzzleFaults(_ text: String, _ replacement: String) -> String {
  puzzleFaults(yaml: replacing(text, by: replacement, in: ExamplePuzzle.puzzleYAML))
}

/// Reports the faults of the example key with one text replaced.
func keyFaults(_ text: String, _ replacement: String) -> String {
  let yaml = replacing(text, by: replacement, in: ExamplePuzzle.keyYAML)
  return report { _ = try ExamplePuzzle.key(yaml: yaml) }
}

func lexiconFaults(_ yaml: String) -> String {
  report { _ = try Lexicon(yaml: yaml, file: "lexicon.yaml") }
}

func hintFaults(_ yaml: String) -> String {
  report { _ = try Hint.hints(yaml: yaml, file: "hints.yaml", puzzleID: ExamplePuzzle.id) }
}

/// Reports what is wrong with an answer, given as YAML, to a question of the example.
func answerFault(_ question: String, _ yaml: String) -> String {
  report {
    if let (question, node) = try ExamplePuzzle.answering(question, yaml) {
      _ = try question.read(node)
    }
  }
}

private func replacing(_ text: String, by replacement: String, in whole: String) -> String {
  precondition(whole.contains(text), "the example does not hold '\(text)'")
  return whole.replacing(text, with: replacement, maxReplacements: 1)
}
