import MetricLanguage
import SourceDiagnostics

/// Reads the two parts of a key: what is right for each question, and the reference answers.
struct KeyReader {
  let puzzle: Puzzle
  var schema: SchemaReader
  private(set) var questions: [String: QuestionKey] = [:]
  private(set) var reference: [String: AnswerNode] = [:]
  private(set) var places: [String: SourcePlace] = [:]
  /// The questions whose key or reference is there but faulty, already noted.
  private(set) var failed: Set<String> = []

  init(puzzle: Puzzle, schema: SchemaReader) {
    self.puzzle = puzzle
    self.schema = schema
  }

  mutating func read(_ root: YAMLNode) {
    guard let fields = schema.fields(of: root, "a key", known: ["questions", "reference"]) else {
      failed = Set(puzzle.questions.map(\.id))
      return
    }
    // A misspelt part would make every question look unanswered as well.
    if !fields.unknown.isEmpty { failed = Set(puzzle.questions.map(\.id)) }
    if let node = schema.required("questions", of: fields, "a key"),
      let keys = schema.fields(of: node, "'questions'", known: nil)
    {
      for field in keys.all { readKey(field) }
    } else {
      failed = Set(puzzle.questions.map(\.id))
    }
    if let node = fields["reference"], !node.isEmpty,
      let answers = schema.fields(of: node, "'reference'", known: nil)
    {
      for field in answers.all { readReference(field) }
    }
  }

  /// Returns the question a field is about, noting where the puzzle asks none.
  private mutating func question(_ field: YAMLNode.Field) -> Question? {
    if let question = puzzle.question(field.key) { return question }
    schema.note(
      .keyWithoutQuestion(
        field.key,
        questions: puzzle.questions.map(\.id),
        at: schema.source.place(keyOf: field)
      )
    )
    return nil
  }

  private mutating func readReference(_ field: YAMLNode.Field) {
    guard let question = question(field) else { return }
    let node = schema.source.answer(field.value)
    do {
      // A reference that is blank is as good as missing, which the rules report.
      if try question.read(node) != .unanswered { reference[field.key] = node }
    } catch {
      schema.note(error)
      failed.insert(field.key)
    }
  }

  private mutating func readKey(_ field: YAMLNode.Field) {
    guard let question = question(field) else { return }
    places[field.key] = schema.source.place(keyOf: field)
    let key: QuestionKey?
    switch question.kind {
    case .number: key = number(field.value, question).map { .number($0) }
    case .choice: key = choice(field.value, question).map { .choice($0) }
    case .tokens: key = tokens(field.value).map { .tokens($0) }
    case .metric: key = metric(field.value).map { .metric($0) }
    case .explain: key = explain(field.value).map { .explain($0) }
    }
    if let key { questions[field.key] = key } else { failed.insert(field.key) }
  }

  // MARK: One kind each

  private mutating func number(_ node: YAMLNode, _ question: Question) -> NumberKey? {
    let what = "the key of a number"
    guard
      let fields = schema.fields(of: node, what, known: ["truth", "tolerance", "traps"])
    else { return nil }
    let needsTruth = !question.isPrediction || fields["truth"] != nil
    let truth = needsTruth ? schema.formula("truth", of: fields, what) : nil
    let tolerance =
      needsTruth
      ? schema.required("tolerance", of: fields, what).flatMap {
        schema.number($0, "'tolerance'", in: 0...1e300, expected: "a number, 0 or more")
      } : 0
    let traps = traps(fields) { $0.formula("when", of: $1, "a trap") }
    guard let tolerance, !needsTruth || truth != nil else { return nil }
    return NumberKey(truth: truth, tolerance: tolerance, traps: traps)
  }

  private mutating func tokens(_ node: YAMLNode) -> TokensKey? {
    let what = "the key of a tokens question"
    guard let fields = schema.fields(of: node, what, known: ["truth", "need", "traps"]) else {
      return nil
    }
    let truth = schema.formula("truth", of: fields, what)
    let need = schema.required("need", of: fields, what).flatMap {
      schema.integer($0, "'need'", in: 1...Question.mostTokens)
    }
    let traps = traps(fields) { $0.formula("when", of: $1, "a trap") }
    guard let truth, let need else { return nil }
    return TokensKey(truth: truth, need: need, traps: traps)
  }

  private mutating func choice(_ node: YAMLNode, _ question: Question) -> ChoiceKey? {
    let what = "the key of a choice"
    guard let fields = schema.fields(of: node, what, known: ["holds", "correct", "traps"]) else {
      return nil
    }
    let truth: ChoiceKey.Truth?
    switch (fields["holds"], fields["correct"]) {
    case (let node?, nil): truth = holds(node, question)
    case (nil, let node?): truth = correct(node, question)
    default:
      if fields.unknown.isEmpty {
        schema.note(.choiceTruthCount(at: schema.source.place(node)))
      }
      truth = nil
    }
    let optionIDs = question.options.map(\.id)
    let traps = traps(fields) { schema, trap in
      guard let node = schema.required("when", of: trap, "a trap"),
        let option = schema.text(node, "'when'")
      else { return nil as String? }
      guard optionIDs.contains(option) else {
        schema.note(
          .unknownOption(option, options: optionIDs, at: schema.source.place(node))
        )
        return nil
      }
      return option
    }
    return truth.map { ChoiceKey(truth: $0, traps: traps) }
  }

  private mutating func holds(_ node: YAMLNode, _ question: Question) -> ChoiceKey.Truth? {
    let optionIDs = question.options.map(\.id)
    guard let fields = schema.fields(of: node, "'holds'", known: optionIDs) else { return nil }
    var formulas: [(option: String, formula: Formula)] = []
    for option in optionIDs {
      guard let formula = schema.formula(option, of: fields, "'holds'") else { continue }
      formulas.append((option, formula))
    }
    return formulas.count == optionIDs.count ? .holds(formulas) : nil
  }

  private mutating func correct(_ node: YAMLNode, _ question: Question) -> ChoiceKey.Truth? {
    do {
      switch try question.read(schema.source.answer(node)) {
      case .choice(let options): return .correct(options)
      default: schema.note(.emptyList("correct", at: schema.source.place(node)))
      }
    } catch {
      schema.note(error)
    }
    return nil
  }

  private mutating func metric(_ node: YAMLNode) -> MetricKey? {
    let what = "the key of a metric"
    guard let fields = schema.fields(of: node, what, known: ["require", "traps"]) else {
      return nil
    }
    let traps = traps(fields) { $0.metricTrap($1) }
    guard let list = schema.required("require", of: fields, what),
      let elements = schema.list(list, "'require'")
    else { return nil }
    guard !elements.isEmpty else {
      schema.note(.emptyList("require", at: schema.source.place(list)))
      return nil
    }
    var requirements: [MetricKey.Requirement] = []
    for element in elements {
      if let requirement = schema.requirement(element) { requirements.append(requirement) }
    }
    guard requirements.count == elements.count else { return nil }
    return MetricKey(requirements: requirements, traps: traps)
  }

  private mutating func explain(_ node: YAMLNode) -> ExplainKey? {
    let what = "the key of an explanation"
    guard let fields = schema.fields(of: node, what, known: ["rubric"]),
      let list = schema.required("rubric", of: fields, what),
      let elements = schema.list(list, "'rubric'")
    else { return nil }
    guard !elements.isEmpty else {
      schema.note(.emptyList("rubric", at: schema.source.place(list)))
      return nil
    }
    var ideas: [ExplainKey.Idea] = []
    for element in elements {
      if let idea = schema.idea(element) { ideas.append(idea) }
    }
    return ideas.count == elements.count ? ExplainKey(rubric: ideas) : nil
  }

  /// Reads the list under `traps:`, whose conditions differ by kind; faulty traps are left out.
  private mutating func traps<Condition>(
    _ fields: SchemaReader.Fields,
    when condition: (inout SchemaReader, SchemaReader.Fields) -> Condition?
  ) -> [Trap<Condition>] {
    guard let list = fields["traps"], let elements = schema.list(list, "'traps'") else { return [] }
    var traps: [Trap<Condition>] = []
    for element in elements {
      guard let fields = schema.fields(of: element, "a trap", known: ["when", "says"]) else {
        continue
      }
      let when = condition(&schema, fields)
      let says = schema.text("says", of: fields, "a trap")
      if let when, let says {
        traps.append(Trap(when: when, says: says, place: schema.source.place(element)))
      }
    }
    return traps
  }
}
