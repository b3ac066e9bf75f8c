extension AuthoringRule {
  /// The rules about keys and hints.
  static let keys: [AuthoringRule] = [
    AuthoringRule(
      id: "unknown-question",
      summary: "a key answers only questions the puzzle asks",
      explanation:
        "A key for a question that is not there is usually a renamed question."
    ),
    AuthoringRule(
      id: "missing-question-key",
      summary: "every question but a prediction has a key",
      explanation:
        "Without one its answer could not be judged. A prediction earns its points for being "
        + "recorded."
    ),
    AuthoringRule(
      id: "missing-reference",
      summary: "every question has an answer known to earn full marks",
      explanation:
        "Lint grades the reference to prove that the puzzle can be solved. A number's "
        + "reference is its truth, and a choice's may be the options listed under correct; a "
        + "choice judged by formulas, a tokens question and a metric need theirs under "
        + "reference."
    ),
    AuthoringRule(
      id: "points-mismatch",
      summary: "the points of the parts add up to the question's",
      explanation:
        "A metric's requirements and an explanation's rubric share out the question's "
        + "points."
    ),
    AuthoringRule(
      id: "choice-truth",
      summary: "the key of a choice has either formulas or a list of options",
      explanation:
        "Give a formula for each option under holds where the weights decide, and the "
        + "options under correct where they do not."
    ),
    AuthoringRule(
      id: "requirement-kind",
      summary: "a requirement is either an invariance or a formula",
      explanation:
        "Each requirement is judged and explained by itself, so it asks for one thing."
    ),
    AuthoringRule(
      id: "unknown-invariance",
      summary: "every invariance is one that can be tested",
      explanation:
        "The changes are translation, rotation, scaling and constant."
    ),
    AuthoringRule(
      id: "unknown-option",
      summary: "keys name only options the puzzle offers",
      explanation:
        "A key for an option that is not there is usually a renamed option."
    ),
    AuthoringRule(
      id: "few-hints",
      summary: "a puzzle has three hints or more",
      explanation:
        "A learner who is stuck needs a nudge, a direction and the last step, in that order."
    ),
  ]
}
