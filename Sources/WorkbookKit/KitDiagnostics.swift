import SourceDiagnostics

// Every message of the use cases, in one place.

extension Diagnostic {
  static func notAWorkbook(_ path: String, origin: String) -> Diagnostic {
    Diagnostic(
      "not-a-workbook",
      "\(origin) names '\(path)', which has no puzzles folder",
      help: "a workbook is a folder with puzzles/, solutions/ and models/"
    )
  }

  static func noWorkbook(from path: String) -> Diagnostic {
    Diagnostic(
      "no-workbook",
      "there is no workbook here or in any folder above",
      help: "run this inside the workbook's folder, or name it with --workbook DIR or WORKBOOK_HOME"
    )
  }

  static func noEmbedding(_ path: String) -> Diagnostic {
    Diagnostic(
      "no-embedding",
      "this file holds no token embedding that is recognised",
      help: "workbook models show PATH lists what it holds",
      at: SourcePlace(file: path)
    )
  }

  static func noModelForPuzzle(
    _ puzzle: String,
    wanted: [String],
    present: [String]
  )
    -> Diagnostic
  {
    Diagnostic(
      "no-model",
      "\(puzzle) wants one of \(wanted.joined(separator: ", ")), and none of them is here",
      help: present.isEmpty
        ? "put a model into the workbook's models folder"
        : "choose another with --model; there are: \(present.joined(separator: ", "))"
    )
  }

  static func noSubmission(_ puzzle: String, path: String) -> Diagnostic {
    Diagnostic(
      "no-submission",
      "there is no submission to \(puzzle) yet",
      help: "workbook start \(puzzle) writes one",
      at: SourcePlace(file: path)
    )
  }

  static func otherPuzzle(_ written: String, expected: String, at place: SourcePlace) -> Diagnostic
  {
    Diagnostic(
      "other-puzzle",
      "this submission answers '\(written)', not '\(expected)'",
      help: "write puzzle: \(expected)",
      at: place
    )
  }

  static func nothingToReset(_ puzzle: String, path: String) -> Diagnostic {
    Diagnostic(
      "nothing-to-reset",
      "there is no submission to \(puzzle), so nothing was changed",
      at: SourcePlace(file: path)
    )
  }

  static func cannotWrite(_ path: String, reason: String) -> Diagnostic {
    Diagnostic("cannot-write", "cannot be written: \(reason)", at: SourcePlace(file: path))
  }

  static func noHints(_ puzzle: String) -> Diagnostic {
    Diagnostic("no-hints", "\(puzzle) has no hints")
  }

  static func nothingToPlot(_ type: String) -> Diagnostic {
    Diagnostic(
      "nothing-to-plot",
      "expected a distribution or a vector, found a \(type)",
      help: "for example: workbook plot 'pairs(cosine(a, b), rows: sample(5000, seed: 0))'"
    )
  }

  static func notANumberForProse(_ fault: Diagnostic) -> Diagnostic {
    Diagnostic(
      "prose-formula",
      "a number in the text cannot be computed: [\(fault.rule)] \(fault.message)",
      help: fault.help,
      severity: .warning
    )
  }

  static func noPredictionAsked(_ id: String, asked: [String]) -> Diagnostic {
    Diagnostic(
      "no-prediction",
      "'\(id)' is not a prediction of this puzzle",
      help: asked.isEmpty ? "it asks for none" : Suggestion.help(for: id, among: asked)
    )
  }

  static func unknownPackType(_ type: String, among types: [String]) -> Diagnostic {
    Diagnostic(
      "pack-type",
      "'\(type)' is not a type matrices can be written in",
      help: Suggestion.help(for: type, among: types)
    )
  }

  static func unprovenPuzzle(_ id: String, wanted: [String], at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "unproven",
      "none of \(wanted.joined(separator: ", ")) is here, so nothing was run",
      help: "add a bundled model to 'models:'",
      at: place,
      severity: .warning
    )
  }
}
