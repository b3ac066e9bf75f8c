extension AuthoringRule {
  /// The rules that are proven by running the puzzle on real weights.
  package static let proofs: [AuthoringRule] = [
    AuthoringRule(
      id: "starter-earns",
      summary: "the untouched starter submission earns nothing",
      explanation: "Otherwise some question counts an empty answer as right."
    ),
    AuthoringRule(
      id: "reference-fails",
      summary: "the reference answer is correct on every model of the puzzle that is here",
      explanation:
        "The reference proves that the puzzle can be solved. Where it fails on one model only, the "
        + "effect is not there, or the answer has to be a formula."
    ),
    AuthoringRule(
      id: "trap-is-right",
      summary: "a trap's wrong answer is not graded correct",
      explanation:
        "Tighten the tolerance or the requirements, or drop the trap: what it warns of is right here."
    ),
    AuthoringRule(
      id: "trap-is-silent",
      summary: "each trap's wrong answer is met with the trap's own words",
      explanation:
        "The first trap that fits speaks. Put the more special one first, or make two that cannot be "
        + "told apart into one."
    ),
    AuthoringRule(
      id: "trap-fails",
      summary: "each trap's wrong answer can be graded",
      explanation: "A trap is run as a learner's answer; this one cannot be read or computed."
    ),
    AuthoringRule(
      id: "tolerance-too-wide",
      summary: "a tolerance is at most half the distance from the truth to the nearest trap",
      explanation: "Otherwise a wrong number near the truth passes for a rounded right one."
    ),
    AuthoringRule(
      id: "formula-fails",
      summary: "every formula of plots, prose, hints, answer and key can be evaluated",
      explanation: "Each is run once on every model of the puzzle that is here."
    ),
    AuthoringRule(
      id: "unproven",
      summary: "a puzzle names at least one model that is here",
      explanation: "Without one nothing can be run, and what lint says rests on the text alone."
    ),
    AuthoringRule(
      id: "unknown-model",
      summary: "a puzzle's models are here or in the catalogue",
      explanation: "Any other name is probably a slip, and the puzzle is never proven on it."
    ),
    AuthoringRule(
      id: "tolerance-too-narrow",
      summary: "a tolerance is at least ten times the error of its truth",
      explanation:
        "The error is how far the truth moves when weights are rounded otherwise, or when what it "
        + "draws at random is drawn anew. Within it, a right answer would be a matter of luck."
    ),
    AuthoringRule(
      id: "nothing-accepted",
      summary: "some choice of a metric is accepted",
      explanation:
        "Every similarity, zero point and number of removed directions is run on a sample of 2,000 "
        + "rows. A learner who chooses, and writes no formula, must be able to solve the puzzle."
    ),
    AuthoringRule(
      id: "wrong-choice-accepted",
      summary: "no choice that a trap lists as wrong is accepted",
      explanation:
        "A trap's choice covers every choice that agrees on the parts it names. Name more of them, "
        + "or tighten the requirements."
    ),
    AuthoringRule(
      id: "fragile-verdict",
      summary: "what is accepted stays accepted under other draws, rows and precision",
      explanation:
        "Every choice accepted on the sample is run again on all rows, with other random draws, on "
        + "half of the rows, and on weights rounded to 4 bits. A verdict that depends on these would "
        + "be chance."
    ),
    AuthoringRule(
      id: "guessing-pays",
      summary: "random answers earn at most a quarter of the points on average",
      explanation:
        "An option is drawn evenly, a number from around the truth and the traps, a metric from all "
        + "choices. Predictions do not count; explanations earn nothing by chance."
    ),
    AuthoringRule(
      id: "hint-tells",
      summary: "no hint contains an answer",
      explanation:
        "What is looked for: a number within its tolerance of a truth, the truth's formula, a right "
        + "option's text, a right token in quotes, the reference's metric."
    ),
    AuthoringRule(
      id: "dump-earns",
      summary: "words without a thought earn nothing as an explanation",
      explanation:
        "The rubric's phrases in a row, one of each idea, the prompt and the question, as they are and "
        + "word by word backwards, are graded as explanations."
    ),
  ]
}
