extension AuthoringRule {
  /// The rules about YAML as such.
  static let yaml: [AuthoringRule] = [
    AuthoringRule(
      id: "empty-file",
      summary: "no YAML file is empty",
      explanation:
        "A file that holds nothing, or comments only, cannot be read as a puzzle, key or "
        + "list."
    ),
    AuthoringRule(
      id: "yaml-syntax",
      summary: "every YAML file can be parsed",
      explanation:
        "Most faults are a missing quote around a text that holds ': ' or '#', or uneven "
        + "indentation. The caret is where the parser gave up; the fault may stand just before "
        + "it."
    ),
    AuthoringRule(
      id: "tab-indentation",
      summary: "lines are indented with spaces",
      explanation:
        "YAML forbids tabs in indentation. Most editors can turn them into spaces."
    ),
    AuthoringRule(
      id: "control-character",
      summary: "no file holds invisible control characters",
      explanation:
        "They hide text from its reader, and YAML forbids most of them."
    ),
    AuthoringRule(
      id: "yaml-anchor",
      summary: "no anchors or aliases are used",
      explanation:
        "An alias makes one value appear in several places, which hides what a reader sees "
        + "and lets a small file grow without bound. Write the value out."
    ),
    AuthoringRule(
      id: "yaml-tag",
      summary: "no tags are used",
      explanation:
        "A tag asks for a value to be read as something it does not look like. Here, the key "
        + "says what kind of value is wanted."
    ),
    AuthoringRule(
      id: "duplicate-key",
      summary: "no key appears twice in one mapping",
      explanation:
        "YAML readers disagree on which of the two counts."
    ),
    AuthoringRule(
      id: "several-documents",
      summary: "a file holds one YAML document",
      explanation:
        "A line of three hyphens starts a second document, which nothing would read."
    ),
    AuthoringRule(
      id: "too-deep",
      summary: "values are nested at most 32 levels deep",
      explanation:
        "No format here needs more than six."
    ),
    AuthoringRule(
      id: "too-many-values",
      summary: "a file holds at most 20,000 values",
      explanation:
        "Far more than a puzzle needs, so that a hostile file costs little."
    ),
    AuthoringRule(
      id: "key-not-text",
      summary: "keys are plain names",
      explanation:
        "YAML allows lists and mappings as keys; nothing here does."
    ),
  ]
}
