import SourceDiagnostics

/// Faults in what the files say, found without weights.
extension PlantedFault {
  private typealias Path = PlantedPuzzle.Path

  static let schema: [PlantedFault] = [
    .replacing(
      "minutes: 20",
      with: "minutes: 20\ncolour: red",
      in: Path.puzzle,
      breaks: "unknown-key",
      "the puzzle has a colour"
    ),
    .replacing(
      "minutes: 20\n",
      with: "",
      in: Path.puzzle,
      breaks: "missing-key",
      "the puzzle says no minutes"
    ),
    .replacing(
      "models: [small]",
      with: "models: small",
      in: Path.puzzle,
      breaks: "wrong-type",
      "the models are no list"
    ),
    .replacing(
      "difficulty: 2",
      with: "difficulty: 9",
      in: Path.puzzle,
      breaks: "bad-number",
      "the difficulty is 9 of 5"
    ),
    .replacing(
      "tolerance: 0.01",
      with: "tolerance: -0.01",
      in: Path.key,
      breaks: "bad-number",
      "a tolerance is below 0"
    ),
    .replacing(
      "pronouns:",
      with: "Pronouns:",
      in: Path.lexicon,
      breaks: "bad-name",
      "a list of words has a capital letter"
    ),
    PlantedFault(rule: "bad-name", what: "a second folder has spaces in its name") {
      $0.put(.folder, at: "puzzles/Puzzle Two")
    },
    .replacing(
      "title: Where is zero",
      with: "title: ''",
      in: Path.puzzle,
      breaks: "empty-value",
      "the title is empty"
    ),
    PlantedFault(rule: "empty-value", what: "the prompt is blank") {
      $0.write(" \n", to: Path.prompt)
    },
    .replacing(
      "{{ d_vocab | 0,0 }}",
      with: "{{ d_vocab }}",
      in: Path.prompt,
      breaks: "prose-formula",
      "a formula has no number format"
    ),
  ]

  static let puzzles: [PlantedFault] = [
    .replacing(
      "id: drawn",
      with: "id: level",
      in: Path.puzzle,
      breaks: "duplicate-question",
      "two questions have one id"
    ),
    .replacing(
      "kind: tokens",
      with: "kind: token",
      in: Path.puzzle,
      breaks: "unknown-kind",
      "a kind is misspelt"
    ),
    .replacing(
      """
            gaps: The gaps between rows
            lengths: The lengths
            ranks: The ranks
            products: The products

      """,
      with: "",
      in: Path.puzzle,
      breaks: "too-few-options",
      "a choice offers one option"
    ),
    .replacing(
      #"histogram: "pairs(cosine(a, b))", "#,
      with: "",
      in: Path.puzzle,
      breaks: "plot-kind",
      "a plot draws nothing"
    ),
    PlantedFault(rule: "long-prompt", what: "the prompt has 1,300 words", severity: .warning) {
      try $0.append(String(repeating: "word ", count: 1_300), to: Path.prompt)
    },
    .replacing(
      "[he, his]",
      with: "[he, his, him]",
      in: Path.lexicon,
      breaks: "bad-lexicon",
      "a pair has three words"
    ),
    PlantedFault(rule: "same-question", what: "a second puzzle asks for the same truth") {
      $0.add(PlantedPuzzle.twin(truth: "mean(pairs(cosine(a,b)))"))
    },
    PlantedFault(rule: "same-question", what: "a second puzzle asks in the same words") {
      $0.add(PlantedPuzzle.twin(ask: "What is the mean cosine of two rows (to 0.01)?"))
    },
    PlantedFault(rule: "same-question", what: "a second puzzle has the same title") {
      $0.add(PlantedPuzzle.twin(title: "Where is zero"))
    },
  ]

  static let keys: [PlantedFault] = [
    .replacing(
      "questions:\n",
      with: "questions:\n  lost: { truth: '1', tolerance: 1 }\n",
      in: Path.key,
      breaks: "unknown-question",
      "the key answers what nobody asks"
    ),
    .replacing(
      """
        single:
          correct: [gaps]
          traps:
            - { when: angles, says: An angle is seen from zero. }
            - { when: lengths, says: A length starts at zero. }

      """,
      with: "",
      in: Path.key,
      breaks: "missing-question-key",
      "a choice has no key"
    ),
    .replacing(
      "  near: [\" is\", \" has\"]\n",
      with: "",
      in: Path.key,
      breaks: "missing-reference",
      "tokens have no reference"
    ),
    .replacing(
      "any: [mean vector, offset], points: 2",
      with: "any: [mean vector, offset], points: 1",
      in: Path.key,
      breaks: "points-mismatch",
      "a rubric shares out too little"
    ),
    .replacing(
      "    correct: [gaps]\n",
      with: "",
      in: Path.key,
      breaks: "choice-truth",
      "the key of a choice says nothing"
    ),
    .replacing(
      "invariant: translation, ",
      with: "",
      in: Path.key,
      breaks: "requirement-kind",
      "a requirement requires nothing",
      isLean: false
    ),
    .replacing(
      "invariant: translation",
      with: "invariant: mirroring",
      in: Path.key,
      breaks: "unknown-invariance",
      "an invariance cannot be tested",
      isLean: false
    ),
    .replacing(
      "when: angles",
      with: "when: nothing",
      in: Path.key,
      breaks: "unknown-option",
      "a trap names no option"
    ),
    .replacing(
      "- What is left once every row is moved?\n",
      with: "",
      in: Path.hints,
      breaks: "few-hints",
      "there are two hints",
      severity: .warning
    ),
  ]
}
