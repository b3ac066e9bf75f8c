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
  ]
}
