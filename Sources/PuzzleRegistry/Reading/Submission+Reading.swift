package import SourceDiagnostics

extension Submission {
  static let keys = ["puzzle", "model", "answers"]

  /// Reads a submission from its text.
  ///
  /// What does no harm becomes a warning, so that one slip does not cost the other answers.
  ///
  /// - Parameters:
  ///   - text: The file's text.
  ///   - file: The name its diagnostics carry.
  ///   - puzzle: The puzzle it should answer; `nil` reads a submission to any puzzle.
  /// - Throws: What stops the file, or that it names no puzzle, or another one.
  package init(text: String, file: String, puzzle: Puzzle? = nil) throws(DiagnosticReport) {
    let source = YAMLSource(text, file: file)
    var reader = SchemaReader(source: source)
    let root = try SchemaReader.root(of: source)
    var warnings: [Diagnostic] = []
    var answers: [(questionID: String, node: AnswerNode)] = []
    var puzzleID: String?
    var model: String?
    if let fields = reader.fields(of: root, "a submission", known: nil) {
      for field in fields.all where !Submission.keys.contains(field.key) {
        warnings.append(
          .unknownKey(
            field.key,
            in: "a submission",
            known: Submission.keys,
            at: source.place(keyOf: field),
            severity: .warning
          )
        )
      }
      puzzleID = reader.puzzleID(of: fields, expected: puzzle)
      if let node = fields["model"], !node.isEmpty { model = reader.text(node, "'model'") }
      if let node = fields["answers"], !node.isEmpty,
        let given = reader.fields(of: node, "'answers'", known: nil)
      {
        for field in given.all {
          answers.append((field.key, source.answer(field.value)))
          if let puzzle, puzzle.question(field.key) == nil {
            warnings.append(
              .unknownAnswer(
                field.key,
                questions: puzzle.questions.map(\.id),
                at: source.place(keyOf: field)
              )
            )
          }
        }
      }
    }
    guard reader.faults.isEmpty, let puzzleID else { throw DiagnosticReport(reader.faults) }
    self.puzzle = puzzleID
    self.model = model
    self.answers = answers
    self.source = SourceText(text, file: file)
    self.warnings = DiagnosticReport(warnings).diagnostics
  }
}

extension SchemaReader {
  fileprivate mutating func puzzleID(of fields: Fields, expected: Puzzle?) -> String? {
    guard let node = required("puzzle", of: fields, "a submission"),
      let id = text(node, "'puzzle'")
    else { return nil }
    if let expected, id != expected.id {
      note(.otherPuzzle(id, expected: expected.id, at: source.place(node)))
      return nil
    }
    return id
  }
}

extension YAMLSource {
  /// Returns a node as a learner's answer.
  func answer(_ node: YAMLNode) -> AnswerNode {
    let place = place(node)
    switch node.content {
    case .scalar(let text, let style):
      guard !node.isEmpty else { return .null(place: place) }
      return .scalar(
        text,
        isQuoted: style != .plain,
        place: place,
        innerPlace: innerPlace(node)
      )
    case .list(let elements):
      return .list(elements.map(answer), place: place)
    case .map(let fields):
      return .map(
        fields.map {
          AnswerNode.Field(key: $0.key, keyPlace: self.place(keyOf: $0), value: answer($0.value))
        },
        place: place
      )
    }
  }
}
