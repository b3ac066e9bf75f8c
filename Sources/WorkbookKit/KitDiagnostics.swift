import MetricLanguage
package import SourceDiagnostics

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
    present: [String],
    fetchable: String?
  )
    -> Diagnostic
  {
    Diagnostic(
      "no-model",
      "\(puzzle) wants one of \(wanted.joined(separator: ", ")), and none of them is here",
      help: fetchable.map { "fetch one with: workbook models pull \($0)" }
        ?? (present.isEmpty
          ? "put a model into the workbook's models folder"
          : "choose another with --model; there are: \(present.joined(separator: ", "))")
    )
  }

  static func noVocabulary(_ model: String) -> Diagnostic {
    Diagnostic(
      "no-vocabulary",
      "'\(model)' brings no tokens, so no text can be split",
      help: "put its tokenizer.json, vocab.json and merges.txt, or vocab.txt beside the weights"
    )
  }

  package static func lineTooLong(_ number: Int, limit: Int) -> Diagnostic {
    Diagnostic(
      "line-too-long",
      "line \(number) of the standard input is longer than \(limit) bytes",
      help: "break it into lines, each of which is split for itself"
    )
  }

  static func inexactTokens(_ caveat: String) -> Diagnostic {
    Diagnostic(
      "inexact-tokens",
      "the model may split text otherwise, since its tokenizer \(caveat)",
      severity: .warning
    )
  }

  static func bundledName(_ model: String) -> Diagnostic {
    Diagnostic(
      "name-taken",
      "'\(model)' comes with the workbook, and another model of that name would never be found",
      help: "fetch it under another name: workbook models pull \(model) --name \(model)-original"
    )
  }

  static func bundledAlready(_ model: String) -> Diagnostic {
    Diagnostic(
      "bundled-already",
      "'\(model)' comes with the workbook, its matrices in 8 bits",
      help: "the original weights: workbook models pull \(model) --name \(model)-original",
      severity: .warning
    )
  }

  static func misnamedModel(_ model: String) -> Diagnostic {
    Diagnostic(
      "unknown-weights",
      "'\(model)' has the name of a published model but embeddings of another shape",
      help: "what is published about that model says nothing about these weights",
      severity: .warning
    )
  }

  static func notFinite(
    _ tensor: String,
    row: Int,
    token: String?,
    column: Int,
    value: Float
  ) -> Diagnostic {
    Diagnostic(
      "non-finite-weight",
      "\(tensor) holds \(value) at row \(row)\(token.map { " (\($0))" } ?? ""), column \(column),"
        + " expected finite numbers",
      help: "no verdict can rest on these weights; get the model again, or choose another"
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

  static func hintNotShown(_ number: Int, shown: Int) -> Diagnostic {
    Diagnostic(
      "hint-not-shown",
      "hint \(number) was not shown yet; \(shown) so far",
      help: "without --number the next one is shown"
    )
  }

  static func noHints(_ puzzle: String) -> Diagnostic {
    Diagnostic("no-hints", "\(puzzle) has no hints")
  }

  static func noVectorToPlot(_ type: String, _ formula: Formula) -> Diagnostic {
    Diagnostic(
      "nothing-to-plot",
      "'\(formula.text)' gives \(type), expected a vector with an entry for each point"
    )
  }

  static func noTokensToPlot(_ type: String, _ formula: Formula) -> Diagnostic {
    Diagnostic(
      "nothing-to-plot",
      "'\(formula.text)' names tokens to draw, found \(type)",
      help: "points can be named or chosen where there is one for each token"
    )
  }

  static func noColourToPlot(_ type: String, _ formula: Formula) -> Diagnostic {
    Diagnostic(
      "nothing-to-plot",
      "'\(formula.text)' gives \(type), expected a mask or a vector with an entry for each point"
    )
  }

  static func unevenVectors(_ first: Int, _ second: Int, _ formula: Formula) -> Diagnostic {
    Diagnostic(
      "nothing-to-plot",
      "'\(formula.text)' has \(grouped(second)) entries, expected \(grouped(first)), one for each point"
    )
  }

  static func nothingToPlot(_ type: String, _ formula: Formula) -> Diagnostic {
    Diagnostic(
      "nothing-to-plot",
      "expected a distribution or a vector, found \(type)",
      help: "for example: workbook plot 'pairs(cosine(a, b), rows: sample(5000, seed: 0))'",
      at: SourcePlace(file: Formula.file, line: 1, column: 1, quotedLine: formula.text)
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

  static func notAMetric(_ formula: Formula, found: String) -> Diagnostic {
    Diagnostic(
      "not-a-metric",
      "expected a metric of two rows a and b, found a formula that gives \(found)",
      help: "for example: cosine(a - mean(W_E), b - mean(W_E))",
      at: SourcePlace(file: Formula.file, line: 1, column: 1, quotedLine: formula.text)
    )
  }

  static func startFirst(_ puzzle: String) -> Diagnostic {
    Diagnostic(
      "start-first",
      "\(puzzle) was not started, and its plot would spoil the prediction",
      help: "workbook start \(puzzle)"
    )
  }

  static func nothingToTry(_ puzzle: String) -> Diagnostic {
    Diagnostic("nothing-to-try", "\(puzzle) has no histogram over pairs to try a metric on")
  }

  static func latePrediction(_ id: String) -> Diagnostic {
    Diagnostic(
      "late-prediction",
      "'\(id)' was predicted after the first look, so it is not recorded",
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

  static func noFolder(_ path: String) -> Diagnostic {
    Diagnostic("no-folder", "the folder to write into does not exist", at: SourcePlace(file: path))
  }

  static func solutionExists(_ path: String) -> Diagnostic {
    Diagnostic(
      "solution-exists",
      "there is such a file already, and nothing was changed",
      help: "keep one of the two, plain or encoded, and remove the other",
      at: SourcePlace(file: path)
    )
  }

  static func solutionChanged(_ path: String) -> Diagnostic {
    Diagnostic(
      "solution-changed",
      "the file was changed by someone else meanwhile, and was left as it is",
      at: SourcePlace(file: path)
    )
  }

  static func unknownPuzzleModel(
    _ model: String,
    among known: [String],
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "unknown-model",
      "'\(model)' is neither here nor in the catalogue",
      help: Suggestion.help(for: model, among: known),
      at: place,
      severity: .warning
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
