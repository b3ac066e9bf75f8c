import EmbeddingMath
import Foundation
package import MetricLanguage
import PuzzleRegistry
package import SourceDiagnostics

extension Evaluation {
  /// The value in words and numbers, for a terminal.
  package func described(by evaluator: Evaluator) throws(Diagnostic) -> String {
    switch value {
    case .number(let number):
      let error = standardError.map { " ± \(Numbers.short($0))" } ?? ""
      return Numbers.long(number) + error
    case .truth(let truth): return truth ? "true" : "false"
    case .text(let text): return escapingControls(text)
    case .vector(let values): return Self.described(values)
    case .mask(let mask):
      return "\(type): \(grouped(mask.count { $0 })) of \(grouped(mask.count)) true"
    case .matrix(let matrix):
      let rows = (0..<min(4, matrix.rowCount)).map { row in
        let entries = matrix.row(row).prefix(6).map(Numbers.short).joined(separator: "  ")
        return "  \(entries)\(matrix.columnCount > 6 ? "  …" : "")"
      }
      return ([type.description] + rows + (matrix.rowCount > 4 ? ["  …"] : [])).joined(
        separator: "\n"
      )
    case .tokens(let tokens):
      let shown = tokens.prefix(50).map { token in
        "\(evaluator.model.displayName(of: token)) (\(token))"
      }
      return shown.joined(separator: "\n")
        + (tokens.count > 50 ? "\n… \(grouped(tokens.count)) in all" : "")
    case .pairSet(let pairs):
      let shown = zip(pairs.left, pairs.right).prefix(20).map { left, right in
        "\(evaluator.model.displayName(of: left)) – \(evaluator.model.displayName(of: right))"
      }
      return "\(pairs.count) of \(pairs.listed) listed pairs are single tokens here\n"
        + shown.joined(separator: "\n") + (pairs.count > 20 ? "\n…" : "")
    case .metric(let metric): return "a metric: \(metric.text)"
    case .decomposition: return type.description
    case .distribution(let distribution):
      let full = try distribution.full()
      return [
        "\(grouped(full.count)) pairs",
        "mean \(Numbers.long(full.mean))\(standardError.map { " ± \(Numbers.short($0))" } ?? "")",
        "sd \(Numbers.long(full.standardDeviation))",
        "min \(Numbers.short(full.minimum)), 5% \(Numbers.short(full.quantile(0.05))), median "
          + "\(Numbers.short(full.quantile(0.5))), 95% \(Numbers.short(full.quantile(0.95))), max "
          + Numbers.short(full.maximum),
      ].joined(separator: "\n")
    }
  }

  private static func described(_ values: [Double]) -> String {
    let shown = values.prefix(8).map(Numbers.short).joined(separator: "  ")
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    return "vector [\(grouped(values.count))]: \(shown)\(values.count > 8 ? "  …" : "")\n"
      + "mean \(Numbers.long(mean)), min \(Numbers.short(values.min() ?? .nan)), max "
      + Numbers.short(values.max() ?? .nan)
  }

  /// `{value, type, model, basis, standard_error?, exact}`.
  package func json(by evaluator: Evaluator) throws(Diagnostic) -> JSONValue {
    var fields: [String: JSONValue] = [
      "value": try jsonValue(evaluator), "type": .text(type.description), "model": .text(modelName),
      "basis": .text("raw weights, \(basis.rows)"), "exact": .bool(basis.isExact),
    ]
    if let standardError { fields["standard_error"] = .number(standardError) }
    return .object(fields)
  }

  private func jsonValue(_ evaluator: Evaluator) throws(Diagnostic) -> JSONValue {
    switch value {
    case .number(let number): return .number(number)
    case .truth(let truth): return .bool(truth)
    case .text(let text): return .text(text)
    case .vector(let values): return .array(values.map { .number($0) })
    case .mask(let mask): return .array(mask.map { .bool($0) })
    case .matrix(let matrix):
      return .object([
        "rows": .integer(matrix.rowCount), "columns": .integer(matrix.columnCount),
      ])
    case .tokens(let tokens):
      return .array(
        tokens.map { token in
          .object([
            "id": .integer(token), "token": .text(evaluator.model.displayName(of: token)),
          ])
        }
      )
    case .pairSet(let pairs):
      return .array(
        zip(pairs.left, pairs.right).map { .array([.integer($0), .integer($1)]) }
      )
    case .metric(let metric): return .text(metric.text)
    case .decomposition: return .text(type.description)
    case .distribution(let distribution):
      let full = try distribution.full()
      return .object([
        "count": .integer(full.count), "mean": .number(full.mean),
        "standard_deviation": .number(full.standardDeviation), "min": .number(full.minimum),
        "max": .number(full.maximum), "non_finite": .integer(full.nonFiniteCount),
        "quantiles": .object(
          ["0.05", "0.25", "0.5", "0.75", "0.95"].reduce(into: [:]) { fields, share in
            fields[share] = .number(full.quantile(Double(share) ?? 0))
          }
        ),
      ])
    }
  }
}

extension Workbook {
  /// Returns a puzzle's word lists, for formulas that use them.
  package func lexicon(of name: String) throws -> Lexicon {
    try folder.loadPuzzle(try folder.resolve(name)).lexicon ?? .empty
  }

  /// Writes a text file the user asked for, replacing what is there.
  package func write(_ text: String, to path: String) throws(Diagnostic) {
    let full = path.hasPrefix("/") ? path : surroundings.currentDirectory + "/" + path
    let directory = URL(fileURLWithPath: full).deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: directory) else { throw .noFolder(path) }
    try FileWriting.replace(full, with: text)
  }
}
