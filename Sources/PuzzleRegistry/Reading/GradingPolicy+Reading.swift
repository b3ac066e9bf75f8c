package import SourceDiagnostics

extension GradingPolicy {
  private static let keys = [
    "due", "puzzles", "grace", "late", "extensions", "hints", "reveal", "attempts",
  ]

  /// Reads `policy.yaml`.
  ///
  /// - Throws: Every fault of the file.
  package init(yaml: String, file: String) throws(DiagnosticReport) {
    let source = YAMLSource(yaml, file: file)
    var reader = SchemaReader(source: source)
    let root = try SchemaReader.root(of: source)
    var policy = GradingPolicy.none
    if let fields = reader.fields(of: root, "a policy", known: Self.keys) {
      let hints = reader.hintCost(fields["hints"])
      let attempts = reader.attempts(fields["attempts"])
      policy = GradingPolicy(
        due: fields["due"].flatMap { reader.time($0, "'due'") },
        dueByPuzzle: reader.dueDates(fields["puzzles"]),
        grace: fields["grace"].flatMap { reader.duration($0, "'grace'") } ?? 0,
        late: reader.lateSteps(fields["late"]),
        extensions: reader.extensions(fields["extensions"]),
        hint: hints.each,
        freeHints: hints.free,
        reveal: fields["reveal"].flatMap { reader.size($0, "'reveal'") },
        counted: attempts.counted,
        mostAttempts: attempts.most
      )
    }
    guard reader.faults.isEmpty else { throw DiagnosticReport(reader.faults) }
    self = policy
  }
}

extension SchemaReader {
  fileprivate mutating func time(_ node: YAMLNode, _ what: String) -> Double? {
    guard let text = text(node, what) else { return nil }
    if let seconds = ZonedTime.seconds(text) { return seconds }
    note(.badTime(what, found: text, at: source.place(node)))
    return nil
  }

  fileprivate mutating func duration(_ node: YAMLNode, _ what: String) -> Double? {
    guard let text = text(node, what) else { return nil }
    if let seconds = ZonedTime.duration(text) { return seconds }
    note(.badDuration(what, found: text, at: source.place(node)))
    return nil
  }

  /// Reads `0.5`, which is points, or `10%`.
  fileprivate mutating func size(_ node: YAMLNode, _ what: String) -> GradingPolicy.Size? {
    guard let text = text(node, what) else { return nil }
    let isPercent = text.hasSuffix("%")
    let digits = isPercent ? text.dropLast().trimmingSuffix(while: \.isWhitespace) : text[...]
    let most = isPercent ? 100.0 : 1_000_000
    if let value = DecimalNumber.value(of: String(digits)), (0...most).contains(value) {
      let thousandths = Int((value * 1_000).rounded(.toNearestOrEven))
      return isPercent ? .percent(thousandths) : .points(thousandths)
    }
    note(.badSize(what, found: text, at: source.place(node)))
    return nil
  }

  fileprivate mutating func dueDates(_ node: YAMLNode?) -> [String: Double] {
    guard let node, let fields = fields(of: node, "'puzzles'", known: nil) else { return [:] }
    var dates: [String: Double] = [:]
    for field in fields.all { dates[field.key] = time(field.value, "'\(field.key)'") }
    return dates
  }

  fileprivate mutating func lateSteps(_ node: YAMLNode?) -> [GradingPolicy.LateStep] {
    guard let node, let elements = list(node, "'late'") else { return [] }
    var steps: [GradingPolicy.LateStep] = []
    for (index, element) in elements.enumerated() {
      guard let fields = fields(of: element, "a late step", known: ["within", "off"]),
        let offNode = required("off", of: fields, "a late step"), let off = size(offNode, "'off'")
      else { continue }
      let within = fields["within"].flatMap { duration($0, "'within'") }
      let isLast = index == elements.count - 1
      let isOrdered = (steps.last?.within ?? 0) < (within ?? .infinity)
      if isLast != (fields["within"] == nil) || !isOrdered {
        note(.lateStepOrder(at: source.place(element)))
      }
      steps.append(.init(within: within, off: off))
    }
    return steps
  }

  fileprivate mutating func extensions(_ node: YAMLNode?) -> [GradingPolicy.Extension] {
    guard let node, let elements = list(node, "'extensions'") else { return [] }
    var found: [GradingPolicy.Extension] = []
    for element in elements {
      let known = ["learner", "until", "puzzles", "reason"]
      guard let fields = fields(of: element, "an extension", known: known),
        let learner = text("learner", of: fields, "an extension"),
        let untilNode = required("until", of: fields, "an extension"),
        let until = time(untilNode, "'until'")
      else { continue }
      found.append(
        .init(
          learner: learner,
          puzzles: texts(fields["puzzles"], "puzzles"),
          until: until,
          reason: optionalText("reason", of: fields)
        )
      )
    }
    return found
  }

  fileprivate mutating func hintCost(
    _ node: YAMLNode?
  ) -> (each: GradingPolicy.Size?, free: Int) {
    guard let node, let fields = fields(of: node, "'hints'", known: ["each", "free"]) else {
      return (nil, 0)
    }
    let each = required("each", of: fields, "'hints'").flatMap { size($0, "'each'") }
    let free = fields["free"].flatMap { integer($0, "'free'", in: 0...1_000) } ?? 0
    return (each, free)
  }

  fileprivate mutating func attempts(
    _ node: YAMLNode?
  ) -> (counted: GradingPolicy.Counted, most: Int?) {
    guard let node, let fields = fields(of: node, "'attempts'", known: ["count", "most"]) else {
      return (.last, nil)
    }
    var counted = GradingPolicy.Counted.last
    if let node = fields["count"], let name = text(node, "'count'") {
      if let known = GradingPolicy.Counted(rawValue: name) {
        counted = known
      } else {
        note(.unknownCount(name, at: source.place(node)))
      }
    }
    return (counted, fields["most"].flatMap { integer($0, "'most'", in: 1...10_000) })
  }
}

extension Substring {
  fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> Substring {
    var rest = self
    while let last = rest.last, isDropped(last) { rest.removeLast() }
    return rest
  }
}
