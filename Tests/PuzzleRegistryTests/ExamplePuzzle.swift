import PuzzleRegistry
import SourceDiagnostics

/// A complete puzzle with its key, hints, answer and submission, as texts that tests change.
enum ExamplePuzzle {
  static let id = "puzzle1-suspicious-similarities"

  static let puzzleYAML = #"""
    title: Suspiciously similar embeddings
    principle: Make sure your zero point is meaningful      # shown once solved
    source: { title: "Mech Interp Puzzle 1", author: Neel Nanda, year: 2023 }
    difficulty: 2          # of 5
    minutes: 60
    background: You need to know only that a token becomes a vector by a table look-up.
    models: [gpt-neo-125m, whisper-tiny.en]
    compare: [gpt2, smollm2-135m, minilm-l6]
    plots:
      - { title: Pairwise cosine similarity, histogram: "pairs(cosine(a, b), rows: sample(5000, seed: 0))" }
      - title: With and without the mean
        overlay:
          - { name: origin, formula: "pairs(cosine(a, b))" }
          - { name: token mean, formula: "pairs(cosine(a - mean(W_E), b - mean(W_E)))" }
        caption: Two histograms on one axis.
    questions:
      - { id: guess, kind: number, before-looking: true, points: 1,
          ask: What mean cosine would you expect between two random tokens? }
      - { id: predicts, kind: number, points: 2,
          ask: "One number about single tokens predicts the mean pairwise cosine. What is it?" }
      - id: which
        kind: choice
        ask: Which of these leave the histogram where it is?
        options: { shuffle-channels: Shuffle each row's channels, shuffle-tokens: Shuffle each channel's tokens }
        many: true
        points: 2
      - { id: metric, kind: metric, points: 4, ask: Choose a metric that does not depend on where zero is. }
      - { id: closest, kind: tokens, points: 1, ask: Name three tokens closest to the mean. }
      - { id: why, kind: explain, points: 3, ask: "Why is it so high, and what does that say about cosine similarity?" }

    """#

  static let prompt = """
    # Suspiciously similar embeddings

    The mean cosine between two tokens is {{ mean(pairs(cosine(a, b))) | 0.00 }}. Why so high?

    """

  static let lexiconYAML = """
    synonyms: [[big, large], [quick, fast], [no, nope]]
    animals: [dog, cat, "on"]

    """

  static let keyYAML = #"""
    questions:
      predicts:
        truth: "mean(similarity_to(mean(W_E), by: cosine))"
        tolerance: 0.01
        traps:
          - { when: "mean(pairs(cosine(a, b)))", says: "That is the mean pairwise cosine itself; which single-token number gives it when squared?" }
      which:
        holds:
          shuffle-tokens: "abs(mean(pairs(cosine(a, b), of: shuffle_tokens(W_E, seed: 1))) - mean(pairs(cosine(a, b)))) < 0.02"
          shuffle-channels: "abs(mean(pairs(cosine(a, b), of: shuffle_channels(W_E, seed: 1))) - mean(pairs(cosine(a, b)))) < 0.02"
        traps:
          - { when: shuffle-channels, says: Shuffling channels breaks the common direction. }
      metric:
        require:
          - { invariant: translation, points: 2, says: Move every embedding by the same vector and your answer changes. }
          - { that: "mean(auc_of_shuffles(metric, 'synonyms', 20)) > 0.6", points: 2,
              says: It no longer tells synonyms from unrelated words of the same frequency. }
        traps:
          - { when: "pearson(a, b)", says: "Pearson removes each vector's own average over channels, not the data set's mean vector." }
          - { when: { similarity: kendall }, says: Ranks of channels do not know where zero is either. }
      closest:
        truth: "nearest(mean(W_E), k: 100, by: cosine)"
        need: 2
        traps:
          - { when: "nearest(mean(W_E), k: 100, by: dot)", says: Those are long rather than close. }
      why:
        rubric:
          - { idea: the mean vector is large, any: [mean vector, common direction, offset, bias, not centred], points: 2 }
          - { idea: cosine privileges the origin, any: [zero point, origin, translation], points: 1 }
    reference:
      which: [shuffle-tokens]
      metric: { similarity: cosine, zero-point: token-mean }
      closest: [" the", " a"]

    """#

  static let hintsYAML = """
    - Plot the cosine of each token with the mean token.
    - { title: Closer, text: "The mean token's norm is {{ norm(mean(W_E)) | 0.0 }}." }
    - What is left once you subtract it?

    """

  static let answer = """
    Every embedding shares one direction, so {{ mean(similarity_to(mean(W_E), by: cosine)) | 0% }}
    of each token's length is common to all.

    """

  static let submissionYAML = #"""
    puzzle: puzzle1-suspicious-similarities
    model: whisper-tiny.en
    answers:
      guess: 0.0
      predicts: 0.917
      which: [shuffle-tokens]
      metric: { similarity: cosine, zero-point: token-mean, remove: 0 }
      closest: [" the", " of"]
      why: |
        Because the mean vector is large.

    """#

  static func puzzle(
    yaml: String = puzzleYAML,
    prompt: String = prompt,
    lexicon: String? = lexiconYAML
  ) throws(DiagnosticReport) -> Puzzle {
    try Puzzle(id: id, directory: "puzzles/\(id)", yaml: yaml, prompt: prompt, lexicon: lexicon)
  }

  static func key(yaml: String = keyYAML) throws(DiagnosticReport) -> Key {
    try Key(yaml: yaml, file: "key.yaml", for: puzzle())
  }

  static func submission(_ text: String = submissionYAML) throws(DiagnosticReport) -> Submission {
    try Submission(text: text, file: "answers.yaml", puzzle: puzzle())
  }

  /// Returns a question of the example with its answer node read from `yaml`.
  static func answering(
    _ question: String,
    _ yaml: String
  ) throws(DiagnosticReport) -> (question: Question, node: AnswerNode)? {
    let text = "puzzle: \(id)\nanswers:\n  \(question): \(yaml)\n"
    let puzzle = try puzzle()
    let submission = try Submission(text: text, file: "answers.yaml", puzzle: puzzle)
    guard let question = puzzle.question(question), let node = submission[question.id] else {
      return nil
    }
    return (question, node)
  }
}

/// Returns what `body` reports, rendered; empty when it reports nothing.
func report(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch let report as DiagnosticReport {
    return report.description
  } catch {
    return "\(error)"
  }
}
