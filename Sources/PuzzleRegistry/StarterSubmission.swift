import MetricLanguage
import SourceDiagnostics

/// The file a learner starts from: every question as a comment, every answer left blank.
package enum StarterSubmission {
  /// The widest a comment line gets.
  private static let width = 92

  /// Returns the text of a new submission, whose every answer reads back as unanswered.
  ///
  /// - Parameters:
  ///   - puzzle: The puzzle to answer.
  ///   - model: The model the answers are made on.
  ///   - render: Turns a question's text into what is shown; by default formulas stay as written.
  /// - Returns: YAML text that ends with a line break.
  package static func text(
    for puzzle: Puzzle,
    model: String,
    render: (ProseTemplate) -> String = { $0.text }
  ) -> String {
    var lines = [
      "# \(oneLine(puzzle.title))",
      "# Write an answer after each colon, then run: workbook check \(puzzle.id)",
      "puzzle: \(puzzle.id)",
      "model: \(scalar(model))",
      "answers:",
    ]
    for question in puzzle.questions {
      lines.append("")
      lines += comment(render(question.askTemplate))
      lines += guidance(for: question)
      lines.append("  \(question.id):")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Returns `starter` with one blank answer filled in; everything else stays as it is.
  ///
  /// - Parameters:
  ///   - questionID: The question answered.
  ///   - value: The answer, any text; it is quoted where YAML needs it.
  ///   - starter: A text made by ``text(for:model:render:)``, perhaps filled in before.
  /// - Returns: The new text, or `nil` when that answer is not there or not blank.
  package static func settingAnswer(
    _ questionID: String,
    to value: String,
    in starter: String
  ) -> String? {
    var lines = starter.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let answers = lines.firstIndex(of: "answers:"),
      let index = lines[answers...].firstIndex(of: "  \(questionID):")
    else { return nil }
    lines[index] += " \(scalar(value))"
    return lines.joined(separator: "\n")
  }

  /// Returns what a learner may write, as comment lines.
  private static func guidance(for question: Question) -> [String] {
    switch question.kind {
    case .number:
      return question.isPrediction ? comment("Your guess, before looking: one number.") : []
    case .choice:
      let count =
        question.many
        ? "Any number of these, as a list such as [first, second]; [] for none:" : "One of:"
      return comment(count)
        + question.options.flatMap { comment("\($0.id): \($0.text)", indent: "  ") }
    case .tokens:
      return comment("Tokens in quotes, a leading space included, such as [\" dog\", \" cat\"]")
    case .metric:
      let similarities = "dot, cosine, euclidean, manhattan, pearson, spearman, kendall"
      let zeroPoints = ZeroPoint.allCases.map { "\($0.rawValue) (\($0.summary))" }
        .joined(separator: ", ")
      return comment("A choice, such as { similarity: cosine, zero-point: origin, remove: 0 }")
        + comment("similarity: \(similarities)", indent: "  ")
        + comment("zero-point: \(zeroPoints)", indent: "  ")
        + comment(
          "remove: how many of the leading singular directions to drop, 0 to 3",
          indent: "  "
        )
        + comment("or a formula of two rows a and b, such as \"cosine(a, b)\"")
    case .explain:
      return comment("In your own words: write '|' after the colon, and indent the lines below.")
    }
  }

  /// Returns `text` as comment lines, wrapped at spaces.
  private static func comment(_ text: String, indent: String = "") -> [String] {
    let start = "  # \(indent)"
    var lines: [String] = []
    for paragraph in text.split(whereSeparator: \.isNewline) {
      var line = start
      for word in paragraph.split(whereSeparator: \.isWhitespace) {
        if line != start, line.count + 1 + word.count > width {
          lines.append(line)
          line = start
        }
        line += (line == start ? "" : " ") + escapingControls(String(word))
      }
      lines.append(line)
    }
    return lines
  }

  private static func oneLine(_ text: String) -> String {
    escapingControls(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
  }

  /// Returns `text` as a YAML scalar that reads back as it is.
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.first.map { $0.isLetter || $0.isNumber } ?? false
      || DecimalNumber.isSpelt(text)
    let safe = text.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-._+%".contains($0))
    }
    if isPlain, safe, text != "null" { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where isEscaped(scalar):
        let code = String(scalar.value, radix: 16, uppercase: true)
        quoted += "\\U" + String(repeating: "0", count: 8 - code.count) + code
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// Returns whether a scalar is invisible or ends a line, and so is written by its number.
  private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }
}
