package import SourceDiagnostics

extension Key {
  /// Reads a key against the puzzle it belongs to.
  ///
  /// - Parameters:
  ///   - yaml: The file's text as stored.
  ///   - file: The name its diagnostics carry.
  ///   - puzzle: The puzzle whose questions it answers.
  ///   - isEncoded: Whether `yaml` is rot13.
  ///   - revealing: Whether diagnostics may say and quote what is encoded; otherwise they only
  ///     point at the encoded line.
  /// - Throws: Every fault of the file.
  package init(
    yaml: String,
    file: String,
    for puzzle: Puzzle,
    isEncoded: Bool = false,
    revealing: Bool = false
  ) throws(DiagnosticReport) {
    do {
      let source = YAMLSource(yaml, file: file, isEncoded: isEncoded, revealing: revealing)
      self = try Key(source: source, for: puzzle, isEncoded: isEncoded)
    } catch {
      throw isEncoded && !revealing ? error.concealed(puzzle.id) : error
    }
  }

  private init(
    source: YAMLSource,
    for puzzle: Puzzle,
    isEncoded: Bool
  ) throws(DiagnosticReport) {
    let root = try SchemaReader.root(of: source)
    var reader = KeyReader(puzzle: puzzle, schema: SchemaReader(source: source))
    reader.read(root)
    let key = Key(
      puzzleID: puzzle.id,
      questions: reader.questions,
      reference: reader.reference,
      isEncoded: isEncoded,
      places: reader.places,
      place: source.place(root)
    )
    let faults = reader.schema.faults + KeyRules.errors(in: key, for: puzzle, unless: reader.failed)
    guard faults.isEmpty else { throw DiagnosticReport(faults) }
    self = key
  }
}

extension DiagnosticReport {
  /// Returns the report without a word about what the encoded text says.
  ///
  /// Each fault keeps its rule and place, whose quoted line is the encoded one already.
  func concealed(_ puzzleID: String) -> DiagnosticReport {
    DiagnosticReport(diagnostics.map { .concealed($0, puzzleID: puzzleID) })
  }
}
