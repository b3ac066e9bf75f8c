extension AuthoringRule {
  /// The rules about the fields of a file.
  static let schema: [AuthoringRule] = [
    AuthoringRule(
      id: "unknown-key",
      summary: "no mapping has a key that nothing reads",
      explanation:
        "An unknown key is usually a slip that would otherwise be ignored in silence. A key "
        + "that belongs to another kind of question counts as unknown."
    ),
    AuthoringRule(
      id: "missing-key",
      summary: "every mapping has the keys it needs",
      explanation:
        "docs/puzzle-format.md lists what each part needs."
    ),
    AuthoringRule(
      id: "wrong-type",
      summary: "every value is of the kind its key wants",
      explanation:
        "A list where a text is wanted, or a text where a list is wanted, is not guessed at. "
        + "Truth values are spelt true and false."
    ),
    AuthoringRule(
      id: "bad-number",
      summary: "every number is a number in its range",
      explanation:
        "Difficulty is 1 to 5, points are above 0, a tolerance is 0 or more and in the unit "
        + "of the truth."
    ),
    AuthoringRule(
      id: "bad-name",
      summary: "ids are lower-case letters and digits in groups joined by hyphens",
      explanation:
        "Ids appear in file names and commands, so they are kept short (64 characters) and "
        + "plain. A puzzle's folder has the puzzle's id as its name."
    ),
    AuthoringRule(
      id: "empty-value",
      summary: "no text or list is empty",
      explanation:
        "A value that is there but blank is usually unfinished work."
    ),
    AuthoringRule(
      id: "prose-formula",
      summary: "every formula in prose is closed and has a number format",
      explanation:
        "Prose quotes a number as {{ formula | 0.00 }}, so that it is right on every model. "
        + "Formats are 0, 0.0, 0.00, 0%, 0.0% and 0,0. Plain braces are written \\{{."
    ),
  ]
}
