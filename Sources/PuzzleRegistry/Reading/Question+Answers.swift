package import SourceDiagnostics

extension Question {
  /// The most tokens one answer may list.
  package static let mostTokens = 1000

  /// Reads what a learner wrote as an answer to this question.
  ///
  /// Lenient about style: `92%` is 0.92, one option needs no list, case and outer spaces of an
  /// option do not matter. Strict about type: a number is never guessed from words. An empty list
  /// answers only a question that takes many options, and says that none holds.
  ///
  /// - Throws: What cannot be read and how it could be, placed in the submission.
  package func read(_ node: AnswerNode) throws(Diagnostic) -> Answer {
    guard !node.isBlank || isOption(node) else { return .unanswered }
    switch kind {
    case .number: return .number(try number(node))
    case .choice: return try choice(node)
    case .tokens: return try tokens(node)
    case .metric: return .metric(try MetricAnswer(reading: node))
    case .explain:
      guard case .scalar(let text, _, _, _) = node else {
        throw .answerNotText(found: node.kind, at: node.place)
      }
      return .text(text)
    }
  }

  private func isOption(_ node: AnswerNode) -> Bool {
    guard kind == .choice, case .scalar(let text, _, _, _) = node else { return false }
    return options.contains { $0.id == text }
  }

  private func number(_ node: AnswerNode) throws(Diagnostic) -> Double {
    guard case .scalar(let text, _, let place, _) = node else {
      throw .answerNotNumber(found: node.kind, at: node.place)
    }
    var spelling = text.filter { !$0.isWhitespace }.replacing("−", with: "-")
    let isPercent = spelling.hasSuffix("%")
    if isPercent { spelling.removeLast() }
    if let value = DecimalNumber.value(of: spelling) {
      return isPercent ? value / 100 : value
    }
    if DecimalNumber.isSpelt(spelling) { throw .answerTooLarge(text, at: place) }
    let dotted = spelling.replacing(",", with: ".")
    if spelling.contains(","), DecimalNumber.isSpelt(dotted) {
      throw .decimalComma(text, meaning: dotted + (isPercent ? "%" : ""), at: place)
    }
    if ["nan", "inf", "infinity"].contains(spelling.lowercased().drop { "+-.".contains($0) }) {
      throw .answerNotFinite(text, at: place)
    }
    throw .answerNotNumber(found: "'\(text.prefix(40))'", at: place)
  }

  private func choice(_ node: AnswerNode) throws(Diagnostic) -> Answer {
    let nodes: [AnswerNode]
    switch node {
    case .list(let elements, _): nodes = elements
    case .scalar: nodes = [node]
    case .map, .null: throw .answerNotOption(found: node.kind, many: many, at: node.place)
    }
    var chosen: Set<String> = []
    for node in nodes { chosen.insert(try option(node)) }
    guard !many else { return .choice(chosen) }
    guard !chosen.isEmpty else { return .unanswered }
    guard chosen.count == 1 else { throw .tooManyOptions(chosen.count, at: node.place) }
    return .choice(chosen)
  }

  private func option(_ node: AnswerNode) throws(Diagnostic) -> String {
    guard case .scalar(let text, _, let place, _) = node else {
      throw .answerNotOption(found: node.kind, many: many, at: node.place)
    }
    let name = text.filter { !$0.isWhitespace }.lowercased()
    guard let option = options.first(where: { $0.id == name }) else {
      throw .unknownOption(text, options: options.map(\.id), at: place)
    }
    return option.id
  }

  private func tokens(_ node: AnswerNode) throws(Diagnostic) -> Answer {
    let nodes: [AnswerNode]
    switch node {
    case .list(let elements, _): nodes = elements
    case .scalar: nodes = [node]
    case .map, .null: throw .answerNotTokens(found: node.kind, at: node.place)
    }
    guard nodes.count <= Question.mostTokens else {
      throw .tooManyTokens(nodes.count, most: Question.mostTokens, at: node.place)
    }
    var seen: Set<String> = []
    var tokens: [String] = []
    for node in nodes {
      guard case .scalar(let text, _, _, _) = node else {
        throw .answerNotTokens(found: node.kind, at: node.place)
      }
      if seen.insert(text).inserted { tokens.append(text) }
    }
    return tokens.isEmpty ? .unanswered : .tokens(tokens)
  }
}
