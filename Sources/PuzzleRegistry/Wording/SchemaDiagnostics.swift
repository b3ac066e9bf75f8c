import SourceDiagnostics

/// What is said about fields that are missing, unknown or of the wrong kind.
extension Diagnostic {
  static func notMapping(_ what: String, found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "wrong-type",
      "\(what) is \(found), expected a mapping of keys to values",
      at: place
    )
  }

  static func notList(_ what: String, found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic("wrong-type", "\(what) is \(found), expected a list", at: place)
  }

  static func notText(_ what: String, found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic("wrong-type", "\(what) is \(found), expected a text", at: place)
  }

  static func notNumber(
    _ what: String,
    found: String,
    expected: String,
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic("bad-number", "\(what) is '\(found.prefix(40))', expected \(expected)", at: place)
  }

  static func notTruth(_ key: String, found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "wrong-type",
      "'\(key)' is '\(found.prefix(40))', expected true or false",
      at: place
    )
  }

  static func emptyText(_ what: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic("empty-value", "\(what) is empty, expected a text", at: place)
  }

  static func emptyList(_ key: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic("empty-value", "'\(key)' is empty, expected at least one entry", at: place)
  }

  static func unknownKey(
    _ key: String,
    in what: String,
    known: [String],
    at place: SourcePlace,
    severity: Severity = .error
  ) -> Diagnostic {
    Diagnostic(
      "unknown-key",
      "\(what) has no key '\(key.prefix(64))'",
      help: Suggestion.help(for: key, among: known),
      at: place,
      severity: severity
    )
  }

  static func missingKey(_ key: String, in what: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "missing-key",
      "\(what) needs the key '\(key)'",
      help: "add '\(key): …'",
      at: place
    )
  }

  static func badIdentifier(_ what: String, found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "bad-name",
      "\(what) is named '\(found.prefix(64))', expected lower-case letters and digits, in groups "
        + "joined by hyphens",
      help: "use a name such as 'mean-cosine'",
      at: place
    )
  }

  // MARK: Prose

  static func unclosedProseFormula(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "prose-formula",
      "this '{{' has no '}}'",
      help: "close it, or write '\\{{' for plain braces",
      at: place
    )
  }

  static func tooManyProseFormulas(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "prose-formula",
      "this text quotes more than \(ProseTemplate.mostFormulas) formulas",
      at: place
    )
  }

  static func missingNumberFormat(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "prose-formula",
      "this formula has no number format",
      help: "write '{{ formula | 0.00 }}', or '\\{{' for plain braces",
      at: place
    )
  }

  static func badNumberFormat(_ pattern: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "prose-formula",
      "'\(pattern.prefix(40))' is not a number format",
      help: "expected one of: \(NumberFormat.examples)",
      at: place
    )
  }

  // MARK: Puzzles

  static func duplicateQuestion(_ id: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "duplicate-question",
      "two questions have the id '\(id)'",
      help: "rename one of them",
      at: place
    )
  }

  static func unknownQuestionKind(_ name: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "unknown-kind",
      "there is no question of the kind '\(name.prefix(40))'",
      help: Suggestion.help(for: name, among: Question.Kind.allCases.map(\.rawValue)),
      at: place
    )
  }

  static func foreignKey(
    _ key: String,
    owner: Question.Kind,
    found: Question.Kind,
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "unknown-key",
      "'\(key)' is for questions of the kind '\(owner.rawValue)', but this is of the kind "
        + "'\(found.rawValue)'",
      help: "remove it, or change the kind",
      at: place
    )
  }

  static func tooFewOptions(_ count: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "too-few-options",
      "a choice offers \(count) option\(count == 1 ? "" : "s"), expected 2 or more",
      at: place
    )
  }

  static func plotKindCount(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "plot-kind",
      "a plot needs exactly one thing to draw",
      help: "expected one of: \(Plot.kinds.joined(separator: ", "))",
      at: place
    )
  }

  static func notPair(_ list: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "bad-lexicon",
      "'\(list)' is a list of pairs, but this is not a list of two words",
      at: place
    )
  }

  static func emptyLexicon(at place: SourcePlace) -> Diagnostic {
    Diagnostic("bad-lexicon", "this lexicon has no list, expected at least one", at: place)
  }

  // MARK: Keys

  static func keyWithoutQuestion(
    _ id: String,
    questions: [String],
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "unknown-question",
      "the puzzle has no question '\(id.prefix(64))'",
      help: Suggestion.help(for: id, among: questions),
      at: place
    )
  }

  static func choiceTruthCount(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "choice-truth",
      "the key of a choice needs either 'holds' or 'correct'",
      help: "give a formula for each option under 'holds', or list the options under 'correct'",
      at: place
    )
  }

  static func requirementKindCount(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "requirement-kind",
      "a requirement needs either 'invariant' or 'that'",
      at: place
    )
  }

  static func unknownInvariance(_ name: String, at place: SourcePlace) -> Diagnostic {
    let known = MetricKey.Invariance.allCases.map(\.rawValue)
    return Diagnostic(
      "unknown-invariance",
      "there is no invariance named '\(name.prefix(40))'",
      help: Suggestion.help(for: name, among: known),
      at: place
    )
  }

  static func emptyPattern(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "empty-value",
      "this trap names no part of a metric choice, so it would match any",
      help: "expected at least one of: \(MetricAnswer.choiceKeys.joined(separator: ", "))",
      at: place
    )
  }

  /// A fault of an encoded file, without what the file says.
  static func concealed(_ fault: Diagnostic, puzzleID: String) -> Diagnostic {
    Diagnostic(
      fault.rule,
      "the answers to '\(puzzleID)' have a fault here",
      help: "'workbook lint \(puzzleID)' says which, and shows part of the answers",
      at: fault.place,
      severity: fault.severity
    )
  }
}
