import MetricLanguage
import SourceDiagnostics

extension MetricAnswer {
  /// Reads a metric written as in a submission, such as `{ similarity: cosine }`.
  package init(yaml text: String) throws {
    let submission = try Submission(
      text: "puzzle: any\nanswers:\n  metric: \(text)\n",
      file: "<metric>"
    )
    guard let node = submission["metric"] else {
      throw Diagnostic.answerNotMetric(found: "nothing", at: SourcePlace(file: "<metric>"))
    }
    try self.init(reading: node)
  }

  /// The keys of a metric choice.
  static let choiceKeys = ["similarity", "zero-point", "remove"]

  /// Reads a mapping as a metric choice and a text as a formula.
  init(reading node: AnswerNode) throws(Diagnostic) {
    switch node {
    case .scalar(let text, _, let place, let innerPlace):
      do {
        self = .formula(try Formula(parsing: text))
      } catch {
        throw error.moved(from: place, inner: innerPlace)
      }
    case .map(let fields, let place):
      self = .choice(try MetricAnswer.choice(fields, at: place))
    case .list, .null:
      throw .answerNotMetric(found: node.kind, at: node.place)
    }
  }

  private static func choice(
    _ fields: [AnswerNode.Field],
    at place: SourcePlace
  ) throws(Diagnostic) -> MetricChoice {
    for field in fields where !choiceKeys.contains(field.key) {
      throw .unknownKey(field.key, in: "a metric", known: choiceKeys, at: field.keyPlace)
    }
    var texts: [String: String] = [:]
    for field in fields where !field.value.isBlank {
      guard case .scalar(let text, _, _, _) = field.value else {
        throw .notText("'\(field.key)'", found: field.value.kind, at: field.value.place)
      }
      texts[field.key] = text
    }
    guard let similarity = texts["similarity"] else {
      throw .missingKey("similarity", in: "a metric", at: place)
    }
    func valuePlace(_ key: String) -> SourcePlace {
      fields.first { $0.key == key }?.value.place ?? place
    }
    let remove = try texts["remove"].map { (text) throws(Diagnostic) -> Int in
      guard let count = Int(text) else {
        throw .notNumber(
          "'remove'",
          found: text,
          expected: "a whole number from 0 to 3",
          at: valuePlace("remove")
        )
      }
      return count
    }
    return try MetricChoice.reading(
      similarity: similarity,
      zeroPoint: texts["zero-point"],
      remove: remove,
      placedBy: valuePlace
    )
  }
}

extension MetricChoice {
  /// Reads a choice, placing a fault at the key that holds it.
  ///
  /// The parts are tried one after another, so that the first faulty one is the one marked.
  static func reading(
    similarity: String,
    zeroPoint: String?,
    remove: Int?,
    placedBy place: (String) -> SourcePlace
  ) throws(Diagnostic) -> MetricChoice {
    var key = "similarity"
    do {
      _ = try reading(similarity: similarity, zeroPoint: nil, remove: nil)
      key = "zero-point"
      _ = try reading(similarity: similarity, zeroPoint: zeroPoint, remove: nil)
      key = "remove"
      return try reading(similarity: similarity, zeroPoint: zeroPoint, remove: remove)
    } catch {
      throw error.at(place(key))
    }
  }
}
