package import MetricLanguage
package import SourceDiagnostics

extension Lexicon {
  /// Reads `lexicon.yaml`: named lists of words, or of pairs of words.
  ///
  /// - Throws: Every fault of the file.
  package init(yaml: String, file: String) throws(DiagnosticReport) {
    let source = YAMLSource(yaml, file: file)
    var reader = SchemaReader(source: source)
    var words: [String: [String]] = [:]
    var pairs: [String: [WordPair]] = [:]
    let root = try SchemaReader.root(of: source)
    if let fields = reader.fields(of: root, "a lexicon", known: nil) {
      if fields.all.isEmpty { reader.note(.emptyLexicon(at: source.place(root))) }
      for field in fields.all {
        switch reader.lexiconList(field) {
        case .words(let list): words[field.key] = list
        case .pairs(let list): pairs[field.key] = list
        case nil: break
        }
      }
    }
    guard reader.faults.isEmpty else { throw DiagnosticReport(reader.faults) }
    self.init(words: words, pairs: pairs)
  }
}

extension SchemaReader {
  fileprivate enum LexiconList {
    case words([String])
    case pairs([Lexicon.WordPair])
  }

  /// Reads one list; its first element says whether it holds words or pairs.
  fileprivate mutating func lexiconList(_ field: YAMLNode.Field) -> LexiconList? {
    if !isIdentifier(field.key) {
      note(.badIdentifier("a list", found: field.key, at: source.place(keyOf: field)))
    }
    guard let elements = list(field.value, "'\(field.key)'") else { return nil }
    guard let first = elements.first else {
      note(.emptyList(field.key, at: source.place(field.value)))
      return nil
    }
    guard case .list = first.content else {
      return .words(texts(field.value, field.key))
    }
    var pairs: [Lexicon.WordPair] = []
    for element in elements {
      guard case .list(let words) = element.content, words.count == 2 else {
        note(.notPair(field.key, at: source.place(element)))
        continue
      }
      let texts = texts(element, field.key)
      if texts.count == 2 { pairs.append(Lexicon.WordPair(texts[0], texts[1])) }
    }
    return .pairs(pairs)
  }
}
