/// A small but complete puzzle, with a question of every kind, on which lint finds nothing.
///
/// The lean form leaves the metric question out, whose proof takes nearly all of lint's time; what is
/// planted elsewhere in the puzzle is planted in that one.
enum PlantedPuzzle {
  static let id = "puzzle1-planted"
  static let model = "small"
  /// The rows of the bundled model that are kept: the most common tokens that are words.
  static let rows = 262..<502

  /// The paths of the puzzle's files, those of the solution as they are named when plain.
  enum Path {
    static let puzzle = "puzzles/\(id)/puzzle.yaml"
    static let prompt = "puzzles/\(id)/prompt.md"
    static let lexicon = "puzzles/\(id)/lexicon.yaml"
    static let ids = "puzzles/ids.yaml"
    static let key = "solutions/\(id)/key.yaml"
    static let hints = "solutions/\(id)/hints.yaml"
    static let answer = "solutions/\(id)/answer.md"
  }

  /// Returns the text of each file by its path.
  static func texts(isLean: Bool) -> [String: String] {
    [
      Path.puzzle: puzzleYAML + (isLean ? "" : metricQuestion),
      Path.prompt: prompt,
      Path.lexicon: lexicon,
      Path.ids: isLean ? ids : ids.replacing("why]", with: "why, metric]"),
      Path.key: "questions:\n" + (isLean ? "" : metricKey) + key
        + (isLean ? "" : metricReference),
      Path.hints: hints,
      Path.answer: answer,
    ]
  }

  private static let puzzleYAML = #"""
    title: Where is zero
    principle: Make sure your zero point is meaningful
    source: { title: A study of rows, author: An Author, year: 2023, url: "https://example.org" }
    difficulty: 2
    minutes: 20
    background: A token becomes a vector by a look-up in a table.
    models: [small]
    compare: [gpt2]
    plots:
      - { title: Cosines of all pairs, histogram: "pairs(cosine(a, b))", caption: All pairs. }
      - title: From zero and from the mean
        overlay:
          - { name: origin, formula: "pairs(cosine(a, b))" }
          - { name: mean, formula: "pairs(cosine(a - mean(W_E), b - mean(W_E)))" }
    questions:
      - { id: guess, kind: number, before-looking: true, points: 1, ask: How alike are two rows? }
      - { id: level, kind: number, points: 2, ask: "What is the mean cosine of two rows, to 0.01?" }
      - { id: drawn, kind: number, points: 2, ask: "How long is the mean of {{ 200 | 0 }} rows?" }
      - id: which
        kind: choice
        many: true
        points: 2
        ask: Which of these hold?
        options:
          high: The typical pair has a positive cosine
          centred: Seen from the mean the typical cosine stays above one half
          shorter: The mean vector is shorter than one
          spaced: Most of the tokens begin with a blank
      - id: single
        kind: choice
        points: 1
        ask: What does moving every row by one vector leave as it was?
        options:
          angles: The angles
          gaps: The gaps between rows
          lengths: The lengths
          ranks: The ranks
          products: The products
      - { id: near, kind: tokens, points: 2, ask: Name two of the ten tokens nearest to the word was. }
      - { id: why, kind: explain, points: 3, ask: Say in two sentences what is wrong with an angle. }

    """#

  private static let metricQuestion = """
      - { id: metric, kind: metric, points: 4, ask: Choose a metric for which zero does not matter. }

    """

  private static let prompt = """
    # Where is zero

    The table has {{ d_vocab | 0,0 }} rows. Compare them two by two, first from where they are stored.

    """

  private static let lexicon = """
    partners: [[is, was], [is, are], [was, are], [he, his], [he, we], [we, you], [it, this],
      [that, this], [the, this], [of, from], [in, at], [on, in], [to, for], [and, or], [and, but],
      [have, has], [can, will], [they, we], [you, they], [with, by], [do, go], [not, but],
      [all, the], [it, that]]
    pronouns: [he, we, you, they, it]

    """

  private static let ids = """
    # Ids that may not be lost.
    \(id): [guess, level, drawn, which, single, near, why]

    """

  private static let metricKey = #"""
      metric:
        require:
          - { invariant: translation, points: 0.25, says: It moves with the origin. }
          - { invariant: scaling, points: 0.25, says: It grows with the rows. }
          - { invariant: rotation, points: 1.5, says: It turns with the rows. }
          - that: "mean(auc_of_shuffles(metric, 'partners', 20)) > 0.6"
            points: 0.5
            says: It is blind to partners.
          - that: "abs(mean(pairs(metric, rows: sample(100, seed: 0)))) < 0.015"
            points: 1.5
            says: Strangers must score near zero.
        traps:
          - { when: "cosine(a, b)", says: Its angle is seen from the origin. }
          - { when: { similarity: kendall, zero-point: origin }, says: Ranks have a zero too. }

    """#

  private static let key = #"""
      guess: { truth: "mean(pairs(cosine(a, b)))", tolerance: 0.1 }
      level:
        truth: "mean(pairs(cosine(a, b)))"
        tolerance: 0.01
        traps:
          - when: "mean(similarity_to(mean(W_E), by: cosine))"
            says: That is one row with the mean.
          - { when: "norm(mean(W_E))", says: That is a length. }
      drawn:
        truth: "norm(mean(W_E[sample(200, seed: 3)]))"
        tolerance: 0.03
        traps:
          - { when: "mean(row_norms(W_E))", says: That is a mean of lengths. }
      which:
        holds:
          high: "median(pairs(cosine(a, b))) > 0"
          centred: "median(pairs(cosine(a - mean(W_E), b - mean(W_E)))) > 0.5"
          shorter: "norm(mean(W_E)) < 1"
          spaced: "share(has_leading_space) > 0.5"
        traps:
          - { when: centred, says: Subtract the mean and look again. }
          - { when: spaced, says: Count them. }
      single:
        correct: [gaps]
        traps:
          - { when: angles, says: An angle is seen from zero. }
          - { when: lengths, says: A length starts at zero. }
      near:
        truth: 'nearest(W_E[" was"], k: 10, by: cosine)'
        need: 2
        traps:
          - when: 'nearest(W_E[" all"], k: 5, by: cosine)'
            says: These are near another word.
      why:
        rubric:
          - { idea: The mean is large, any: [mean vector, offset], points: 2 }
          - { idea: The origin is arbitrary, any: [origin, zero point], points: 1 }
    reference:
      which: [high, shorter]
      single: gaps
      near: [" is", " has"]
      why: >-
        Every row holds the same large offset, so all of them seem to lean one way while the origin
        of the space means nothing to the model.

    """#

  private static let metricReference = """
      metric: { similarity: cosine, zero-point: token-mean }

    """

  private static let hints = """
    - Plot what you are asked about before you compute it.
    - title: Second
      text: "A row has {{ d_model | 0 }} numbers; which part of them do all rows share?"
    - What is left once every row is moved?

    """

  private static let answer = """
    Half of it is one vector, whose length is {{ norm(mean(W_E)) | 0.00 }}.

    """

  // MARK: A second puzzle

  static let twinID = "puzzle2-twin"

  /// Returns the texts of a second puzzle of one question.
  static func twin(
    title: String = "How long is a row",
    ask: String = "How long is the typical row?",
    truth: String = "median(row_norms(W_E))"
  ) -> [String: String] {
    [
      "puzzles/\(twinID)/puzzle.yaml": """
      title: \(title)
      difficulty: 1
      minutes: 5
      models: [small]
      questions:
        - { id: length, kind: number, points: 2, ask: "\(ask)" }

      """,
      "puzzles/\(twinID)/prompt.md": "Rows have lengths.\n",
      "solutions/\(twinID)/key.yaml": """
      questions:
        length: { truth: "\(truth)", tolerance: 0.01 }

      """,
      "solutions/\(twinID)/hints.yaml": "[Sort them., Take the one in the middle., Run it.]\n",
      "solutions/\(twinID)/answer.md": "It is the length of the row in the middle.\n",
    ]
  }
}
