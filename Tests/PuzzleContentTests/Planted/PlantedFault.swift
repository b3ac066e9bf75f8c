import SourceDiagnostics
import Testing

/// A copy of the base puzzle with one fault in it, and the rule that it breaks.
struct PlantedFault: Sendable, CustomTestStringConvertible {
  let rule: String
  /// What is wrong, as a clause.
  let what: String
  var severity = Diagnostic.Severity.error
  /// Whether the metric question is left out, which no fault but those of metrics needs.
  var isLean = true
  let edit: @Sendable (inout PlantedFiles) throws -> Void

  var testDescription: String { "\(rule): \(what)" }

  /// A fault that is made by putting one text in the place of another.
  static func replacing(
    _ old: String,
    with new: String,
    in path: String,
    breaks rule: String,
    _ what: String,
    severity: Diagnostic.Severity = .error,
    isLean: Bool = true
  ) -> PlantedFault {
    PlantedFault(rule: rule, what: what, severity: severity, isLean: isLean) {
      try $0.replace(old, with: new, in: path)
    }
  }

  /// Every planted fault; a rule may have several.
  static let all = files + yaml + schema + puzzles + keys + proofs
}
