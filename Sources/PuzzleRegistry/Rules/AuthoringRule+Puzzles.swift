extension AuthoringRule {
  /// The rules about puzzles.
  static let puzzles: [AuthoringRule] = [
    AuthoringRule(
      id: "duplicate-question",
      summary: "no two questions have the same id",
      explanation:
        "Answers and keys name questions by id."
    ),
    AuthoringRule(
      id: "unknown-kind",
      summary: "every question is of a known kind",
      explanation:
        "The kinds are number, choice, tokens, metric and explain."
    ),
    AuthoringRule(
      id: "too-few-options",
      summary: "a choice offers two options or more",
      explanation:
        "A choice of one is no question."
    ),
    AuthoringRule(
      id: "plot-kind",
      summary: "every plot names one thing that can be drawn",
      explanation:
        "A plot is a histogram of one formula, an overlay of several, a scatter plot of x and y, "
        + "or a line."
    ),
    AuthoringRule(
      id: "long-prompt",
      summary: "a prompt is short enough to be read",
      explanation:
        "Beyond 1,200 words a learner skims. Move what is not needed to begin into the "
        + "hints."
    ),
    AuthoringRule(
      id: "bad-lexicon",
      summary: "a lexicon has at least one list, each of words or of pairs",
      explanation:
        "The first entry of a list says which it is; the others must be alike."
    ),
    AuthoringRule(
      id: "same-question",
      summary: "no two puzzles ask the same thing",
      explanation:
        "Two questions are the same when they ask the same words, or are right by the same "
        + "formulas. Predictions may be repeated."
    ),
  ]
}
