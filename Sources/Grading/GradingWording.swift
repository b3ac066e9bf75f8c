import Foundation
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

/// Every sentence a verdict can carry that no key provides.
///
/// None of them states the expected value; only a prediction, once recorded, is set beside the number
/// its plot has shown.
enum GradingWording {
  static let unanswered = "Not answered yet."
  static let correct = "Correct."
  static let ungraded = "Read; graded by your instructor."
  static let wrongChoice = "Not this one. Work out what it would do to the numbers, then try it."
  static let wrongChoices = "Not quite: consider each option by itself."
  static let wrongTokens = "None of these tokens belongs."
  static let mixedTokens =
    "Some of these belong and some do not, and each wrong one cancels a right one."
  static let predictionRecorded =
    "Recorded before you looked. A prediction earns its points whether it is close or not."
  static let noPrediction =
    "No prediction was recorded before the first look. It costs its points, never the puzzle."
  static let latePrediction =
    "Written after the first look, so it is not a prediction. It costs its points, never the puzzle."
  static let ranksByLikeness =
    "where it ranks, larger counts as more alike; a distance of your own needs a minus sign"
  static let noIdeas =
    "Recorded. No phrase of the rubric was recognised in it, which does not make it wrong: compare it "
    + "with the answer afterwards."

  static func predicted(_ value: Double) -> String { "you predicted \(rounded(value))" }
  static func turnedOut(_ value: Double) -> String { "it is \(rounded(value))" }

  static func wrongNumber(tolerance: Double) -> String {
    "Not this number (answers count within ±\(rounded(tolerance)))."
  }

  static func tokensThatBelong(_ hits: Int, of count: Int) -> String {
    "\(hits) of your \(count) token\(count == 1 ? "" : "s") belong\(hits == 1 ? "s" : "")"
  }

  static func tooFewTokens(need: Int) -> String {
    "On the right track: \(need) are needed, and each wrong one cancels a right one."
  }

  static func ideasNamed(_ count: Int, of all: Int) -> String {
    "\(count) of \(all) ideas recognised; the points are provisional until a person confirms them."
  }

  static func noKey(_ question: String) -> String {
    "The grader has no key for '\(question)'. This is not your fault; tell the author."
  }

  static func fault(_ diagnostic: Diagnostic) -> String {
    "The grader failed here. This is not your fault; tell the author: [\(diagnostic.rule)]"
  }

  /// Says a diagnostic as a sentence of its own.
  static func sentence(_ diagnostic: Diagnostic) -> String {
    let message = diagnostic.message.prefix(1).uppercased() + diagnostic.message.dropFirst() + "."
    guard let help = diagnostic.help else { return message }
    return "\(message) \(help.prefix(1).uppercased() + help.dropFirst())."
  }

  static func distribution(of values: [Double]) -> [Verdict.Evidence] {
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return [
      .init(
        "your metric averages \(rounded(mean)) over \(grouped(values.count)) random pairs",
        value: mean
      ),
      .init(
        "its standard deviation there is \(rounded(variance.squareRoot()))",
        value: variance.squareRoot()
      ),
    ]
  }

  static func invariance(_ result: Invariance) -> Verdict.Evidence {
    let move = result.relativeMove
    let amount =
      result.holds
      ? "by rounding only"
      : "by up to \(rounded(move)) times the spread of its values"
    return .init("\(result.transformation.summary): a value moves \(amount)", value: move)
  }

  /// Returns a number to three significant digits, without an exponent where that can be read.
  static func rounded(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let size = abs(value)
    if size != 0, size < 0.0005 || size >= 1e6 { return String(format: "%.1e", value) }
    let text = String(
      format: size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f",
      value
    )
    return text == "-0.000" ? "0.000" : text
  }
}

extension Diagnostic {
  static func unknownQuestion(
    _ id: String,
    among ids: [String],
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "unknown-question",
      "this puzzle has no question '\(id)'",
      help: Suggestion.help(for: id, among: ids),
      at: place
    )
  }

  static func notOneToken(_ text: String, pieces: [String], at place: SourcePlace) -> Diagnostic {
    let shown = text.count > 40 ? text.prefix(40) + "…" : text[...]
    guard pieces.count > 1 else {
      return Diagnostic(
        "unknown-token",
        "\"\(shown)\" is not a token of this model",
        help: "most words carry their leading space: \" word\"",
        at: place
      )
    }
    return Diagnostic(
      "not-one-token",
      "\"\(shown)\" is not one token but \(pieces.count): "
        + pieces.prefix(8).joined(separator: " "),
      help: "most words carry their leading space: \" word\"",
      at: place
    )
  }

  static func notAMetric(found: String) -> Diagnostic {
    Diagnostic(
      "not-a-metric",
      "expected a metric of two rows a and b, found a formula that gives \(found)",
      help: "for example: cosine(a - mean(W_E), b - mean(W_E))"
    )
  }

  /// Moves a fault in an answer's formula to the place in the submission where it is written.
  func movedIntoAnswer(_ node: AnswerNode) -> Diagnostic {
    if case .scalar(_, _, let place, let inner) = node { return moved(from: place, inner: inner) }
    return at(node.place)
  }
}
