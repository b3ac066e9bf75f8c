import Foundation
import Grading
import PuzzleRegistry
import SourceDiagnostics

/// What feedback is written as.
package enum FeedbackFormat: String, Sendable, CaseIterable { case html, markdown }

/// A puzzle as a page of feedback shows it: its title, its questions, and its plots on the weights.
struct FeedbackPuzzle {
  let title: String
  /// What each question asks, by its id.
  let asks: [String: String]
  let plots: [(svg: String, sentence: String)]
}

/// One learner's grades as a page: each question with its points, why, and what the answer produces.
struct FeedbackPage {
  let learner: String
  let grades: [GradebookView.Grade]
  let puzzles: [String: FeedbackPuzzle]

  /// Returns the page.
  ///
  /// - Parameters:
  ///   - format: What to write it as.
  ///   - isInline: Whether an HTML page holds its plots rather than referring to them.
  ///   - plotPath: Returns where a puzzle's plot lies, from the page, by puzzle and number from 1.
  /// - Returns: The whole file.
  func text(
    _ format: FeedbackFormat,
    isInline: Bool,
    plotPath: (String, Int) -> String
  ) -> String {
    var writer: any FeedbackWriter =
      format == .html ? HTMLFeedback(isInline: isInline) : MarkdownFeedback()
    let known = grades.compactMap(\.points).map(Points.init(rounding:))
    let possible = grades.compactMap(\.possible).map(Points.init(rounding:))
    writer.title(learner)
    if !known.isEmpty {
      let sum = known.reduce(Points(thousandths: 0), +)
      let most = possible.reduce(Points(thousandths: 0), +)
      writer.paragraph("\(sum.text) of \(most.text) points")
    }
    for grade in grades { add(grade, to: &writer, plotPath: plotPath) }
    return writer.finished
  }

  private func add(
    _ grade: GradebookView.Grade,
    to writer: inout any FeedbackWriter,
    plotPath: (String, Int) -> String
  ) {
    let puzzle = puzzles[grade.puzzle]
    writer.heading(puzzle?.title ?? grade.puzzle)
    let possible = grade.possible.map { " of \(Numbers.exactPoints($0))" } ?? ""
    let late = grade.standing.isLate ? ", late" : ""
    writer.paragraph(
      grade.points.map { "\(Numbers.exactPoints($0))\(possible) points\(late)" }
        ?? "\(grade.standing.outcome)\(late): no points either way"
    )
    if let override = grade.override {
      writer.paragraph(
        "Set by hand to \(Numbers.exactPoints(override.points)) points: \(override.reason)"
      )
    }
    if let message = grade.message { writer.code(message) }
    for (reason, size, points) in grade.deductions {
      writer.paragraph("−\(Numbers.exactPoints(points)) points: \(reason) (\(size))")
    }
    let verdicts = Dictionary(grade.verdicts.map { ($0.question, $0) }) { first, _ in first }
    for mark in grade.marks {
      let points =
        "\(Numbers.exactPoints(mark.points)) of \(Numbers.exactPoints(mark.possible)) points"
      writer.question(
        puzzle?.asks[mark.question] ?? mark.question,
        "\(mark.outcome), \(points)"
          + (mark.isProvisional ? ", a suggestion that nobody has confirmed yet" : "")
      )
      if let answer = grade.answers[mark.question] { writer.quote(answer) }
      if let verdict = verdicts[mark.question] {
        writer.paragraph(verdict.message)
        writer.list(verdict.evidence.map(\.text))
      }
      if let comment = mark.comment { writer.paragraph("Comment: \(comment)") }
    }
    for (index, plot) in (puzzle?.plots ?? []).enumerated() {
      writer.picture(plot.svg, path: plotPath(grade.puzzle, index + 1), plot.sentence)
    }
  }
}

/// Puts the parts of a page of feedback into some format; every text is a stranger's.
private protocol FeedbackWriter {
  mutating func title(_ text: String)
  mutating func heading(_ text: String)
  mutating func question(_ text: String, _ outcome: String)
  mutating func paragraph(_ text: String)
  mutating func list(_ items: [String])
  mutating func code(_ text: String)
  /// What the learner answered.
  mutating func quote(_ text: String)
  mutating func picture(_ svg: String, path: String, _ sentence: String)
  var finished: String { get }
}

private struct HTMLFeedback: FeedbackWriter {
  /// Whether plots are part of the page.
  let isInline: Bool
  private var name = ""
  private var body = ""

  init(isInline: Bool) {
    self.isInline = isInline
  }

  private func escaped(_ text: String) -> String {
    XML.escaped(text).replacing("&#10;", with: "\n").replacing("&#9;", with: " ")
  }

  mutating func title(_ text: String) {
    name = text
    body += "<h1 dir=\"auto\">\(escaped(text))</h1>\n"
  }

  mutating func heading(_ text: String) { body += "<h2>\(escaped(text))</h2>\n" }

  mutating func question(_ text: String, _ outcome: String) {
    body += "<h3>\(escaped(text))</h3>\n<p><strong>\(escaped(outcome))</strong></p>\n"
  }

  mutating func paragraph(_ text: String) { body += "<p dir=\"auto\">\(escaped(text))</p>\n" }

  mutating func list(_ items: [String]) {
    guard !items.isEmpty else { return }
    body += "<ul>\n" + items.map { "<li>\(escaped($0))</li>\n" }.joined() + "</ul>\n"
  }

  mutating func code(_ text: String) { body += "<pre>\(escaped(text))</pre>\n" }

  mutating func quote(_ text: String) {
    body += "<blockquote dir=\"auto\">\(escaped(text))</blockquote>\n"
  }

  mutating func picture(_ svg: String, path: String, _ sentence: String) {
    guard isInline else {
      body += "<figure>\n<img src=\"\(escaped(path))\" alt=\"\(escaped(sentence))\">\n"
      body += "<figcaption>\(escaped(sentence))</figcaption>\n</figure>\n"
      return
    }
    // Within a page, the XML declaration of a document of its own has no place.
    let start = svg.range(of: "<svg")?.lowerBound ?? svg.startIndex
    body += "<figure>\n\(svg[start...])\n<figcaption>\(escaped(sentence))</figcaption>\n</figure>\n"
  }

  var finished: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>\(escaped(name))</title>
    <style>
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
    h3 { margin-bottom: 0; } pre, blockquote { white-space: pre-wrap; } svg, img { max-width: 100%; height: auto; }
    figure { margin: 1rem 0; } figcaption { color: #555; }
    </style>
    \(body)</html>

    """
  }
}

private struct MarkdownFeedback: FeedbackWriter {
  private var body = ""

  /// Escapes what Markdown or HTML would take for a mark.
  private func escaped(_ text: String) -> String {
    // By scalars: a character may hide a mark behind a scalar that joins it.
    var escaped = ""
    for scalar in text.unicodeScalars {
      if "\\`*_{}[]()#+-.!|<>~&".unicodeScalars.contains(scalar) { escaped += "\\" }
      escaped.unicodeScalars.append(Character(scalar).isNewline ? " " : scalar)
    }
    return escaped
  }

  mutating func title(_ text: String) { body += "# \(escaped(text))\n" }

  mutating func heading(_ text: String) { body += "\n## \(escaped(text))\n" }

  mutating func question(_ text: String, _ outcome: String) {
    body += "\n### \(escaped(text))\n\n**\(escaped(outcome))**\n"
  }

  mutating func paragraph(_ text: String) { body += "\n\(escaped(text))\n" }

  mutating func list(_ items: [String]) {
    guard !items.isEmpty else { return }
    body += "\n" + items.map { "- \(escaped($0))\n" }.joined()
  }

  mutating func code(_ text: String) {
    body += "\n" + text.split(separator: "\n").map { "    \($0)\n" }.joined()
  }

  mutating func quote(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    body += "\n" + lines.map { "> \(escaped(String($0)))\n" }.joined()
  }

  mutating func picture(_ svg: String, path: String, _ sentence: String) {
    body += "\n![\(escaped(sentence))](\(path))\n"
  }

  var finished: String { body }
}
