import SourceDiagnostics

/// Faults that only the weights show.
extension PlantedFault {
  private typealias Path = PlantedPuzzle.Path

  /// The rules that no file can break.
  ///
  /// Every answer of a starter reads back as blank, so that `starter-earns` guards the program
  /// itself; it is planted in a test of its own.
  static let provenByHand: Set = ["starter-earns"]

  static let proofs: [PlantedFault] = models + answers + numbers + metrics + words

  private static let models: [PlantedFault] = [
    .replacing(
      "models: [small]",
      with: "models: [gpt-neo-125m]",
      in: Path.puzzle,
      breaks: "unproven",
      "its only model is not here",
      severity: .warning
    ),
    .replacing(
      "compare: [gpt2]",
      with: "compare: [gpt-two]",
      in: Path.puzzle,
      breaks: "unknown-model",
      "a model is in no catalogue",
      severity: .warning
    ),
    .replacing(
      "{{ d_vocab | 0,0 }}",
      with: "{{ norm(W_E[99999]) | 0.0 }}",
      in: Path.prompt,
      breaks: "formula-fails",
      "the prompt quotes a row that is not there"
    ),
    .replacing(
      "histogram: \"pairs(cosine(a, b))\"",
      with: "histogram: \"pairs(cosine(a, b), among: word_pairs('friends'))\"",
      in: Path.puzzle,
      breaks: "formula-fails",
      "a plot uses a list that is not there"
    ),
    .replacing(
      "{{ norm(mean(W_E)) | 0.00 }}",
      with: "{{ mean(W_E) | 0.00 }}",
      in: Path.answer,
      breaks: "formula-fails",
      "the answer quotes a vector as a number"
    ),
    .replacing(
      "guess: { truth: \"mean(pairs(cosine(a, b)))\"",
      with: "guess: { truth: \"mean(W_Q[9])\"",
      in: Path.key,
      breaks: "formula-fails",
      "a prediction's truth needs a tensor that is not there"
    ),
  ]

  private static let answers: [PlantedFault] = [
    .replacing(
      "single: gaps",
      with: "single: lengths",
      in: Path.key,
      breaks: "reference-fails",
      "the reference to a choice is wrong"
    ),
    .replacing(
      "[\" is\", \" has\"]",
      with: "[\" is\", \" the\"]",
      in: Path.key,
      breaks: "reference-fails",
      "a token of the reference does not belong"
    ),
    .replacing(
      "large offset, so",
      with: "large part, so",
      in: Path.key,
      breaks: "reference-fails",
      "the reference explanation misses an idea"
    ),
    PlantedFault(rule: "reference-fails", what: "nothing in the puzzle can be solved") {
      $0.write(
        """
        title: Where is zero
        difficulty: 2
        minutes: 20
        models: [small]
        questions:
          - { id: guess, kind: number, before-looking: true, points: 1, ask: How alike are they? }

        """,
        to: Path.puzzle
      )
      $0.write("questions: {}\n", to: Path.key)
      $0.write("\(PlantedPuzzle.id): [guess]\n", to: Path.ids)
    },
    .replacing(
      "when: angles",
      with: "when: gaps",
      in: Path.key,
      breaks: "trap-is-right",
      "a trap is the right option"
    ),
    .replacing(
      "\"mean(similarity_to(mean(W_E), by: cosine))\"",
      with: "\"mean(pairs(cosine(b, a)))\"",
      in: Path.key,
      breaks: "trap-is-right",
      "a trap is the truth in other words"
    ),
    .replacing(
      "- { when: spaced, says: Count them. }",
      with: "- { when: centred, says: Nobody hears this. }",
      in: Path.key,
      breaks: "trap-is-silent",
      "an earlier trap has the same option"
    ),
    .replacing(
      "'nearest(W_E[\" all\"], k: 5, by: cosine)'",
      with: "token_id",
      in: Path.key,
      breaks: "trap-fails",
      "a trap of tokens gives a vector"
    ),
    PlantedFault(rule: "guessing-pays", what: "one question of two options is worth the most") {
      try $0.replace(
        "      ranks: The ranks\n      products: The products\n",
        with: "",
        in: Path.puzzle
      )
      try $0.replace("      lengths: The lengths\n", with: "", in: Path.puzzle)
      try $0.replace(
        "    kind: choice\n    points: 1\n",
        with: "    kind: choice\n    points: 20\n",
        in: Path.puzzle
      )
      try $0.replace(
        "      - { when: lengths, says: A length starts at zero. }\n",
        with: "",
        in: Path.key
      )
    },
  ]

  private static let numbers: [PlantedFault] = [
    .replacing(
      "tolerance: 0.03",
      with: "tolerance: 0.06",
      in: Path.key,
      breaks: "tolerance-too-wide",
      "a trap is one and a half tolerances away"
    ),
    .replacing(
      "tolerance: 0.01",
      with: "tolerance: 0.000000001",
      in: Path.key,
      breaks: "tolerance-too-narrow",
      "a tolerance is as small as rounding"
    ),
    .replacing(
      "tolerance: 0.03",
      with: "tolerance: 0.001",
      in: Path.key,
      breaks: "tolerance-too-narrow",
      "a tolerance is smaller than what other draws make of the truth"
    ),
  ]

  private static let metrics: [PlantedFault] = [
    PlantedFault(
      rule: "nothing-accepted",
      what: "only a formula meets the requirements",
      isLean: false
    ) {
      try $0.replace(
        "abs(mean(pairs(metric, rows: sample(100, seed: 0)))) < 0.015",
        with: "max(pairs(metric, among: word_pairs('partners'))) > 1.05"
          + " and abs(mean(pairs(metric, rows: sample(100, seed: 0)))) < 0.015",
        in: Path.key
      )
      try $0.replace(
        "metric: { similarity: cosine, zero-point: token-mean }",
        with: "metric: \"2 * cosine(a - mean(W_E), b - mean(W_E))\"",
        in: Path.key
      )
    },
    .replacing(
      "{ similarity: kendall, zero-point: origin }",
      with: "{ similarity: cosine, remove: 1 }",
      in: Path.key,
      breaks: "wrong-choice-accepted",
      "a trap covers a choice that is right",
      isLean: false
    ),
    PlantedFault(
      rule: "fragile-verdict",
      what: "a requirement rests on one draw of five rows",
      isLean: false
    ) {
      try $0.replace(
        "rows: sample(100, seed: 0)))) < 0.015",
        with: "rows: sample(100, seed: 0)))) < 0.015"
          + " and norm(mean(W_E[sample(5, seed: 5)])) > 0.265",
        in: Path.key
      )
    },
  ]

  private static let words: [PlantedFault] = [
    .replacing(
      "- Plot what you are asked about before you compute it.",
      with: "- It is near 0.55; what does that say?",
      in: Path.hints,
      breaks: "hint-tells",
      "a hint types the number"
    ),
    .replacing(
      "title: Second",
      with: "title: Think of the gaps between rows",
      in: Path.hints,
      breaks: "hint-tells",
      "a hint's title is the right option"
    ),
    .replacing(
      "first from where they are stored",
      with: "first with their offset",
      in: Path.prompt,
      breaks: "dump-earns",
      "the prompt holds a phrase of the rubric"
    ),
  ]
}
