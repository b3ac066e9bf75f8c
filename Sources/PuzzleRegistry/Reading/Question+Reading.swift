import SourceDiagnostics

extension SchemaReader {
  private static let questionKeys = [
    "id", "kind", "ask", "points", "before-looking", "options", "many",
  ]

  /// Reads the list under `questions:`; a question with a fault is left out.
  mutating func questions(of fields: Fields) -> [Question] {
    guard let node = required("questions", of: fields, "a puzzle"),
      let elements = list(node, "'questions'")
    else { return [] }
    var questions: [Question] = []
    var ids: Set<String> = []
    for element in elements {
      guard let question = question(element) else { continue }
      if ids.insert(question.id).inserted {
        questions.append(question)
      } else {
        note(.duplicateQuestion(question.id, at: question.place))
      }
    }
    if elements.isEmpty { note(.emptyList("questions", at: source.place(node))) }
    return questions
  }

  private mutating func question(_ node: YAMLNode) -> Question? {
    guard let fields = fields(of: node, "a question", known: SchemaReader.questionKeys) else {
      return nil
    }
    let id = required("id", of: fields, "a question").flatMap { identifier($0, "'id'") }
    let ask = required("ask", of: fields, "a question").flatMap { prose($0, "'ask'") }
    let points = required("points", of: fields, "a question").flatMap { self.points($0) }
    let kind = questionKind(fields)
    let isPrediction = truth("before-looking", of: fields)
    let many = truth("many", of: fields)
    var options: [Question.Option]? = []
    if let kind {
      refuseForeignKeys(fields, kind: kind)
      if kind == .choice { options = self.options(fields) }
    }
    guard let id, let ask, let points, let kind, let isPrediction, let many, let options else {
      return nil
    }
    let idPlace = fields["id"].map { source.place($0) } ?? source.place(node)
    return Question(
      id: id,
      kind: kind,
      askTemplate: ask,
      points: points,
      isPrediction: isPrediction,
      options: options,
      many: many,
      place: idPlace
    )
  }

  private mutating func questionKind(_ fields: Fields) -> Question.Kind? {
    guard let node = required("kind", of: fields, "a question"),
      let name = text(node, "'kind'")
    else { return nil }
    guard let kind = Question.Kind(rawValue: name) else {
      note(.unknownQuestionKind(name, at: source.place(node)))
      return nil
    }
    return kind
  }

  /// Notes the keys that mean something only for another kind of question.
  private mutating func refuseForeignKeys(_ fields: Fields, kind: Question.Kind) {
    let owners: [String: Question.Kind] = [
      "before-looking": .number, "options": .choice, "many": .choice,
    ]
    for field in fields.all {
      if let owner = owners[field.key], owner != kind {
        note(
          .foreignKey(field.key, owner: owner, found: kind, at: source.place(keyOf: field))
        )
      }
    }
  }

  /// Reads points: a finite number above 0.
  mutating func points(_ node: YAMLNode) -> Double? {
    let smallest = Double.leastNonzeroMagnitude
    return number(node, "'points'", in: smallest...1000, expected: "a number above 0, at most 1000")
  }

  private mutating func options(_ fields: Fields) -> [Question.Option]? {
    guard let node = required("options", of: fields, "a choice question"),
      let choices = self.fields(of: node, "'options'", known: nil)
    else { return nil }
    var options: [Question.Option] = []
    for field in choices.all {
      if !isIdentifier(field.key) {
        note(.badIdentifier("an option", found: field.key, at: source.place(keyOf: field)))
      }
      if let text = text(field.value, "the option '\(field.key)'") {
        options.append(Question.Option(id: field.key, text: text))
      }
    }
    guard choices.all.count >= 2 else {
      note(.tooFewOptions(choices.all.count, at: source.place(node)))
      return nil
    }
    return options
  }
}
