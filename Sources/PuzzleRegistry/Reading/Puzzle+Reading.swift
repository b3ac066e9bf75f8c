import MetricLanguage
package import SourceDiagnostics

extension Puzzle {
  static let keys = [
    "title", "principle", "source", "difficulty", "minutes", "background", "models", "compare",
    "plots", "questions",
  ]

  /// Reads a puzzle from the texts of its files.
  ///
  /// - Parameters:
  ///   - id: The name of the puzzle's folder.
  ///   - directory: The folder's path; the diagnostics name the files in it.
  ///   - yaml: The text of `puzzle.yaml`.
  ///   - prompt: The text of `prompt.md`.
  ///   - lexicon: The text of `lexicon.yaml`, if there is one.
  /// - Throws: Every fault of the three files.
  package init(
    id: String,
    directory: String,
    yaml: String,
    prompt: String,
    lexicon: String? = nil
  ) throws(DiagnosticReport) {
    var faults: [Diagnostic] = []
    let promptFile = "\(directory)/prompt.md"
    let template = collecting(&faults) { () throws(DiagnosticReport) in
      try ProseTemplate(parsing: prompt, file: promptFile)
    }
    let words = lexicon.flatMap { text in
      collecting(&faults) { () throws(DiagnosticReport) in
        try Lexicon(yaml: text, file: "\(directory)/lexicon.yaml")
      }
    }
    let puzzle = collecting(&faults) { () throws(DiagnosticReport) in
      try Puzzle(
        id: id,
        directory: directory,
        source: YAMLSource(yaml, file: "\(directory)/puzzle.yaml"),
        prompt: template ?? .empty,
        lexicon: words
      )
    }
    guard faults.isEmpty, let puzzle else { throw DiagnosticReport(faults) }
    self = puzzle
  }

  private init(
    id: String,
    directory: String,
    source: YAMLSource,
    prompt: ProseTemplate,
    lexicon: Lexicon?
  ) throws(DiagnosticReport) {
    var reader = SchemaReader(source: source)
    let root = try SchemaReader.root(of: source)
    guard let fields = reader.fields(of: root, "a puzzle", known: Puzzle.keys) else {
      throw DiagnosticReport(reader.faults)
    }
    self.id = id
    self.directory = directory
    self.promptTemplate = prompt
    self.lexicon = lexicon
    self.place = source.place(fields["title"] ?? root)
    self.title = reader.text("title", of: fields, "a puzzle") ?? ""
    self.principle = reader.optionalText("principle", of: fields)
    self.background = reader.optionalText("background", of: fields)
    self.source = fields["source"].flatMap { reader.puzzleSource($0) }
    self.difficulty =
      reader.required("difficulty", of: fields, "a puzzle")
      .flatMap { reader.integer($0, "'difficulty'", in: 1...5) } ?? 1
    self.minutes =
      reader.required("minutes", of: fields, "a puzzle")
      .flatMap { reader.integer($0, "'minutes'", in: 1...1000) } ?? 1
    self.models = reader.models(of: fields)
    self.compare = reader.texts(fields["compare"], "compare")
    self.plots = reader.plots(fields["plots"])
    self.questions = reader.questions(of: fields)
    guard reader.faults.isEmpty else { throw DiagnosticReport(reader.faults) }
  }
}

extension SchemaReader {
  /// Returns the file's one value, or throws the one fault that stops the file.
  static func root(of source: YAMLSource) throws(DiagnosticReport) -> YAMLNode {
    do {
      return try YAMLParser.parse(source)
    } catch {
      throw DiagnosticReport(error)
    }
  }

  fileprivate mutating func puzzleSource(_ node: YAMLNode) -> Puzzle.Source? {
    let keys = ["title", "author", "year", "url"]
    guard let fields = fields(of: node, "a source", known: keys) else { return nil }
    let title = text("title", of: fields, "a source")
    let author = text("author", of: fields, "a source")
    let year = required("year", of: fields, "a source")
      .flatMap { integer($0, "'year'", in: 1900...2200) }
    let url = optionalText("url", of: fields)
    guard let title, let author, let year else { return nil }
    return Puzzle.Source(title: title, author: author, year: year, url: url)
  }

  fileprivate mutating func models(of fields: Fields) -> [String] {
    guard let node = required("models", of: fields, "a puzzle") else { return [] }
    let names = texts(node, "models")
    if node.isEmptyList { note(.emptyList("models", at: source.place(node))) }
    return names
  }
}

/// Returns what `body` makes, or `nil` after adding what it threw to `faults`.
func collecting<Value>(
  _ faults: inout [Diagnostic],
  _ body: () throws(DiagnosticReport) -> Value
) -> Value? {
  do {
    return try body()
  } catch {
    faults += error.diagnostics
    return nil
  }
}
