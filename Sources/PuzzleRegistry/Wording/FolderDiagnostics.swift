import SourceDiagnostics

/// What is said about the folders of a workbook, and about a puzzle as a whole.
extension Diagnostic {
  static func noPuzzles(in folder: String) -> Diagnostic {
    Diagnostic(
      "no-puzzles",
      "there is no puzzle in '\(folder)'",
      help:
        "name the workbook's folder with --workbook, or add a puzzle: docs/puzzle-format.md says how"
    )
  }

  static func unknownPuzzle(_ name: String, suggestion: String?) -> Diagnostic {
    Diagnostic("unknown-puzzle", "there is no puzzle '\(name.prefix(64))'", help: suggestion)
  }

  static func ambiguousPuzzle(_ name: String, ids: [String]) -> Diagnostic {
    Diagnostic(
      "ambiguous-puzzle",
      "'\(name.prefix(64))' names \(ids.count) puzzles",
      help: "name one of: \(ids.prefix(24).joined(separator: ", "))"
    )
  }

  static func badPuzzleID(_ id: String, folder: String) -> Diagnostic {
    .badIdentifier("this folder", found: id, at: SourcePlace(file: folder))
  }

  static func folderIsLink(_ path: String) -> Diagnostic {
    Diagnostic(
      "not-a-folder",
      "this is not a folder, expected a puzzle's folder",
      help: "put the folder itself here; links are not followed",
      at: SourcePlace(file: path)
    )
  }

  static func missingKeyFile(_ path: String, puzzleID: String) -> Diagnostic {
    Diagnostic(
      "missing-file",
      "'\(puzzleID)' has no \(path.split(separator: "/").last ?? "key")",
      help:
        "write it here as plain text, then encode it with 'workbook solution encode \(puzzleID)'",
      at: SourcePlace(file: path)
    )
  }

  static func bothForms(_ plain: String) -> Diagnostic {
    Diagnostic(
      "two-forms",
      "this file is there both plain and encoded",
      help: "delete the older of the two",
      at: SourcePlace(file: plain)
    )
  }

  static func plainKey(_ path: String, puzzleID: String) -> Diagnostic {
    Diagnostic(
      "plain-key",
      "this file is not encoded, so a learner may read it by accident",
      help: "encode it with 'workbook solution encode \(puzzleID)'",
      at: SourcePlace(file: path),
      severity: .warning
    )
  }

  static func strayFile(_ path: String, known: [String]) -> Diagnostic {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return Diagnostic(
      "stray-file",
      "nothing reads the file '\(name)'",
      help: Suggestion.help(for: name, among: known),
      at: SourcePlace(file: path),
      severity: .warning
    )
  }

  static func orphanKey(_ path: String) -> Diagnostic {
    Diagnostic(
      "orphan-key",
      "this folder belongs to no puzzle",
      help: "rename it after its puzzle, or delete it",
      at: SourcePlace(file: path),
      severity: .warning
    )
  }

  static func emptyProse(_ path: String) -> Diagnostic {
    Diagnostic("empty-value", "this file is empty, expected a text", at: SourcePlace(file: path))
  }

  static func longPrompt(_ words: Int, most: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "long-prompt",
      "the prompt has \(words) words, expected at most \(most)",
      help: "move what is not needed to begin into hints",
      at: place,
      severity: .warning
    )
  }

  static func fewHints(_ count: Int, least: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "few-hints",
      "there \(count == 1 ? "is 1 hint" : "are \(count) hints"), expected \(least) or more",
      help: "lead from a nudge to the last step",
      at: place,
      severity: .warning
    )
  }

  static func noHints(at place: SourcePlace) -> Diagnostic {
    Diagnostic("empty-value", "there are no hints, expected at least one", at: place)
  }

  static func missingQuestionKey(
    _ id: String,
    kind: Question.Kind,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "missing-question-key",
      "the \(kind.rawValue) question '\(id)' has no key",
      help: "add '\(id):' under 'questions' in the key",
      at: place
    )
  }

  static func missingReference(_ id: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "missing-reference",
      "the question '\(id)' has no reference answer",
      help: "add '\(id):' under 'reference', an answer that earns full marks",
      at: place
    )
  }

  static func pointsMismatch(
    _ id: String,
    parts: String,
    sum: String,
    points: String,
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "points-mismatch",
      "the \(parts) of '\(id)' \(parts == "rubric" ? "gives" : "give") \(sum) points, but the "
        + "question is worth \(points)",
      help: "make the two agree",
      at: place
    )
  }

  static func unfinished(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "unfinished",
      "this text still says \(TextRules.placeholder)",
      help: "fill in what is wanted here",
      at: place
    )
  }

  static func notRot13(_ path: String) -> Diagnostic {
    Diagnostic(
      "not-rot13",
      "this file is named as encoded, and is plain text",
      help:
        "take \(WorkbookFolder.encodedSuffix) off its name, then run 'workbook solution encode'",
      at: SourcePlace(file: path)
    )
  }

  static func sameTitle(_ title: String, as puzzle: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "same-question",
      "'\(puzzle)' has the title '\(title.prefix(60))' too",
      at: place
    )
  }

  static func sameQuestion(
    _ question: String,
    as other: String,
    of puzzle: String,
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "same-question",
      "'\(question)' asks the same as '\(other)' of \(puzzle)",
      help: "ask it once; a prediction may come back to what another puzzle found",
      at: place
    )
  }

  static func lostPuzzle(_ id: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "lost-id",
      "the puzzle '\(id)' was published and is not here any more",
      help: "learners' files and grades name it: give it its id back",
      at: place
    )
  }

  static func lostQuestion(
    _ question: String,
    of puzzle: String,
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "lost-id",
      "the question '\(question)' of \(puzzle) was published and is not asked any more",
      help: "learners' files and grades name it: give it its id back",
      at: place
    )
  }
}
