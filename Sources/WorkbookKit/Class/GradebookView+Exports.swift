import Foundation
import Grading
import ProgressStore
package import SourceDiagnostics

// Exports for other programs: test reports and Gradescope.

extension GradebookView {
  /// Returns the grades as JUnit XML: a suite for each learner, a case for each question.
  ///
  /// What is not correct is a failure, what could not be graded an error, and what is missing is
  /// skipped. Characters that XML cannot hold become U+FFFD.
  package var junit: String {
    let byLearner = Dictionary(grouping: grades, by: \.learner)
    let suites = learners.map { learner in
      let cases = (byLearner[learner] ?? []).flatMap(Self.cases)
      func count(_ mark: String) -> Int { cases.count { $0.contains("\n      <\(mark)") } }
      return "  <testsuite name=\"\(XML.escaped(learner))\" tests=\"\(cases.count)\" "
        + "failures=\"\(count("failure"))\" errors=\"\(count("error"))\" "
        + "skipped=\"\(count("skipped"))\">\n" + cases.joined() + "  </testsuite>\n"
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\(suites.joined())"
      + "</testsuites>\n"
  }

  private static func cases(_ grade: Grade) -> [String] {
    func testCase(_ name: String, _ content: String) -> String {
      let start =
        "    <testcase classname=\"\(XML.escaped(grade.puzzle))\" name=\"\(XML.escaped(name))\""
      return content.isEmpty ? start + "/>\n" : start + ">\(content)\n    </testcase>\n"
    }
    let message = XML.escaped(grade.message ?? "")
    switch grade.standing.outcome {
    case "graded": break
    case "missing": return [testCase("submission", "\n      <skipped message=\"missing\"/>")]
    default:
      let kind = XML.escaped(grade.standing.outcome)
      return [testCase("submission", "\n      <error type=\"\(kind)\" message=\"\(message)\"/>")]
    }
    let messages = Dictionary(grade.verdicts.map { ($0.question, $0.message) }) { first, _ in first
    }
    return grade.marks.map { mark in
      let said = XML.escaped(messages[mark.question] ?? "")
      let points = "\(Numbers.exactPoints(mark.points)) of \(Numbers.exactPoints(mark.possible))"
      switch mark.outcome {
      case "correct": return testCase(mark.question, "")
      case "unanswered": return testCase(mark.question, "\n      <skipped message=\"unanswered\"/>")
      case "fault", "unreadable":
        return testCase(
          mark.question,
          "\n      <error type=\"\(mark.outcome)\" message=\"\(said)\"/>"
        )
      default:
        return testCase(
          mark.question,
          "\n      <failure type=\"\(mark.outcome)\" message=\"\(points) points\">\(said)</failure>"
        )
      }
    }
  }

  /// Returns one learner's grades as the `results.json` that Gradescope reads.
  ///
  /// The score is exact and has the deductions taken off. What could not be read says so and has no
  /// points; where the grader itself failed there are no results, so that Gradescope gives no score.
  ///
  /// - Parameter learner: The learner; may be left out of a gradebook that knows one only.
  /// - Returns: The file's content.
  /// - Throws: That there is no such learner, or that the grader failed.
  package func gradescope(learner: String?) throws(Diagnostic) -> JSONValue {
    guard let learner = learner ?? (learners.count == 1 ? learners.first : nil) else {
      throw .namesNoLearner(learners.count)
    }
    let own = grades.filter { $0.learner == learner }
    guard !own.isEmpty else { throw .noSuchLearner(learner, among: learners) }
    if let failed = own.first(where: { $0.standing.outcome == "fault" && $0.override == nil }) {
      throw .graderFailed(failed.puzzle, failed.message ?? "")
    }
    let score = own.compactMap(\.points).map(Points.init(rounding:))
      .reduce(Points(thousandths: 0), +)
    var remarks: [String] = []
    var tests: [JSONValue] = []
    for (index, grade) in own.enumerated() {
      tests += Self.tests(grade, number: index + 1)
      for (reason, size, points) in grade.deductions {
        remarks.append(
          "\(grade.puzzle): \(Numbers.exactPoints(points)) points taken off for \(reason) (\(size))"
        )
      }
      if let override = grade.override {
        remarks.append(
          "\(grade.puzzle): set to \(Numbers.exactPoints(override.points)) points: "
            + override.reason
        )
      }
    }
    return .object([
      "score": .number(score.value), "output": .text(remarks.joined(separator: "\n")),
      "output_format": .text("text"), "test_output_format": .text("text"),
      "test_name_format": .text("text"), "visibility": .text("visible"),
      "stdout_visibility": .text("hidden"), "tests": .array(tests),
    ])
  }

  private static func tests(_ grade: Grade, number: Int) -> [JSONValue] {
    guard grade.standing.outcome == "graded" else {
      return [
        .object([
          "name": .text(grade.puzzle), "number": .text("\(number)"), "status": .text("failed"),
          "visibility": .text("visible"),
          "output": .text(
            grade.message ?? "Nothing was handed in for it: a bundle, or \(grade.puzzle).yaml"
          ),
        ])
      ]
    }
    let verdicts = Dictionary(grade.verdicts.map { ($0.question, $0) }) { first, _ in first }
    return grade.marks.enumerated().map { index, mark in
      let verdict = verdicts[mark.question]
      let said =
        [verdict?.message ?? ""] + (verdict?.evidence.map(\.text) ?? [])
        + (mark.isProvisional
          ? ["These points are a suggestion until a person confirms them."] : [])
        + (mark.comment.map { [$0] } ?? [])
      return .object([
        "name": .text("\(grade.puzzle): \(mark.question)"),
        "number": .text("\(number).\(index + 1)"),
        "score": .number(mark.points), "max_score": .number(mark.possible),
        "status": .text(mark.outcome == "correct" ? "passed" : "failed"),
        "visibility": .text("visible"), "output_format": .text("text"),
        "output": .text(said.filter { !$0.isEmpty }.joined(separator: "\n")),
      ])
    }
  }
}

/// Text as XML and HTML hold it.
enum XML {
  /// Escapes what has a meaning there; control characters that XML 1.0 cannot hold become U+FFFD.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t", "\r": escaped += "&#\(scalar.value);"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension Diagnostic {
  fileprivate static func namesNoLearner(_ count: Int) -> Diagnostic {
    Diagnostic(
      "no-such-learner",
      "the gradebook knows \(count) learners, and this export is about one",
      help: "name one with --learner"
    )
  }

  static func noSuchLearner(_ name: String, among learners: [String]) -> Diagnostic {
    Diagnostic(
      "no-such-learner",
      "the gradebook knows no learner '\(escapingControls(name))'",
      help: Suggestion.help(for: name, among: learners)
    )
  }

  fileprivate static func graderFailed(_ puzzle: String, _ message: String) -> Diagnostic {
    Diagnostic(
      "grader-failed",
      "'\(puzzle)' could not be graded, which is no learner's fault: \(escapingControls(message))"
    )
  }
}
