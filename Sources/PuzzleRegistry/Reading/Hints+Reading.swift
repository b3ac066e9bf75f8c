package import SourceDiagnostics

extension Hint {
  /// Reads `hints.yaml`: a list of texts, or of mappings with a title and a text.
  ///
  /// - Parameters:
  ///   - yaml: The file's text as stored.
  ///   - file: The name its diagnostics carry.
  ///   - puzzleID: The puzzle they belong to.
  ///   - isEncoded: Whether `yaml` is rot13.
  ///   - revealing: Whether diagnostics may say and quote what is encoded.
  /// - Returns: The hints, in order; at least one.
  /// - Throws: Every fault of the file.
  package static func hints(
    yaml: String,
    file: String,
    puzzleID: String,
    isEncoded: Bool = false,
    revealing: Bool = false
  ) throws(DiagnosticReport) -> [Hint] {
    let source = YAMLSource(yaml, file: file, isEncoded: isEncoded, revealing: revealing)
    do {
      return try hints(source)
    } catch {
      throw isEncoded && !revealing ? error.concealed(puzzleID) : error
    }
  }

  private static func hints(_ source: YAMLSource) throws(DiagnosticReport) -> [Hint] {
    var reader = SchemaReader(source: source)
    let root = try SchemaReader.root(of: source)
    var hints: [Hint] = []
    for element in reader.list(root, "the file of hints") ?? [] {
      if let hint = reader.hint(element) { hints.append(hint) }
    }
    if root.isEmptyList { reader.note(.noHints(at: source.place(root))) }
    guard reader.faults.isEmpty else { throw DiagnosticReport(reader.faults) }
    return hints
  }
}

extension SchemaReader {
  fileprivate mutating func hint(_ node: YAMLNode) -> Hint? {
    guard case .map = node.content else {
      return prose(node, "a hint").map { Hint(title: nil, template: $0) }
    }
    guard let fields = fields(of: node, "a hint", known: ["title", "text"]) else { return nil }
    let title = optionalText("title", of: fields)
    let text = required("text", of: fields, "a hint").flatMap { prose($0, "'text'") }
    return text.map { Hint(title: title, template: $0) }
  }
}
