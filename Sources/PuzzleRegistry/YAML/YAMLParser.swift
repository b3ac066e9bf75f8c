import SourceDiagnostics
import Yams

/// Turns a YAML text into nodes, refusing what a hand-written puzzle never needs.
///
/// Anchors, aliases, tags, duplicate keys, several documents and deep nesting each stop the file
/// with one diagnostic. Scalars keep their source text.
struct YAMLParser {
  static let deepest = 32
  static let mostNodes = 20_000

  private let source: YAMLSource
  private var nodeCount = 0

  /// Returns the file's one value.
  ///
  /// - Throws: One diagnostic: the first thing that stops the file.
  static func parse(_ source: YAMLSource) throws(Diagnostic) -> YAMLNode {
    guard source.text.utf8.count <= BoundedFile.yamlLimit else {
      throw .fileTooLarge(source.file, limit: BoundedFile.yamlLimit)
    }
    try YAMLGuards.refuseControlCharacters(in: source)
    try YAMLGuards.refuseAliasFloods(in: source)
    let result = DeepStack.run {
      var parser = YAMLParser(source: source)
      return parser.result()
    }
    guard let result else { throw .invalidYAML("it cannot be read", help: nil, at: nil) }
    return try result.get()
  }

  private init(source: YAMLSource) {
    self.source = source
  }

  private mutating func result() -> Result<YAMLNode, Diagnostic> {
    do {
      return .success(try root())
    } catch {
      return .failure(error)
    }
  }

  private mutating func root() throws(Diagnostic) -> YAMLNode {
    do {
      // No resolver: every scalar is text, so `no` and "no" are the same key. The parser must
      // outlive the walk, because nodes hold their anchors weakly.
      let parser = try Yams.Parser(
        yaml: source.text,
        resolver: Resolver.basic,
        encoding: Parser.Encoding.utf8
      )
      return try withExtendedLifetime(parser) {
        guard let root = try parser.singleRoot() else { throw Diagnostic.emptyFile(source.file) }
        return try node(root, depth: 1)
      }
    } catch let fault as YamlError {
      throw YAMLGuards.diagnostic(for: fault, in: source)
    } catch let fault as Diagnostic {
      throw fault
    } catch {
      throw .invalidYAML("\(error)", help: nil, at: SourcePlace(file: source.file))
    }
  }

  private mutating func node(_ node: Node, depth: Int) throws(Diagnostic) -> YAMLNode {
    let mark = node.mark.map { YAMLNode.Mark($0) } ?? YAMLNode.Mark(line: 1, column: 1)
    guard depth <= YAMLParser.deepest else { throw .tooDeep(at: source.place(mark)) }
    nodeCount += 1
    guard nodeCount <= YAMLParser.mostNodes else { throw .tooManyValues(at: source.place(mark)) }
    if let anchor = node.anchor {
      throw .anchor("&\(anchor.rawValue)", at: source.place(mark))
    }
    switch node {
    case .scalar(let scalar):
      try refuseTag(scalar.tag, mark)
      return YAMLNode(content: .scalar(scalar.string, YAMLParser.style(scalar.style)), mark: mark)
    case .sequence(let sequence):
      try refuseTag(sequence.tag, mark)
      var elements: [YAMLNode] = []
      for element in sequence { elements.append(try self.node(element, depth: depth + 1)) }
      return YAMLNode(content: .list(elements), mark: mark)
    case .mapping(let mapping):
      try refuseTag(mapping.tag, mark)
      return YAMLNode(content: .map(try fields(of: mapping, depth: depth)), mark: mark)
    case .alias(let alias):
      throw .anchor("*\(alias.anchor.rawValue)", at: source.place(mark))
    }
  }

  private mutating func fields(
    of mapping: Node.Mapping,
    depth: Int
  ) throws(Diagnostic)
    -> [YAMLNode.Field]
  {
    var fields: [YAMLNode.Field] = []
    for (key, value) in mapping {
      let key = try node(key, depth: depth + 1)
      guard case .scalar(let name, _) = key.content else {
        throw .keyNotText(at: source.place(key.mark))
      }
      fields.append(
        YAMLNode.Field(key: name, keyMark: key.mark, value: try node(value, depth: depth + 1))
      )
    }
    return fields
  }

  /// Refuses `!tag`, which would ask for a value to be read as something it does not look like.
  private func refuseTag(_ tag: Tag, _ mark: YAMLNode.Mark) throws(Diagnostic) {
    let name = tag.description
    guard name.isEmpty || YAMLParser.harmlessTags.contains(name) else {
      throw .tag(name.replacing(YAMLParser.coreTag, with: "!!"), at: source.place(mark))
    }
  }

  /// What quoting or the parser itself puts on a value.
  private static let harmlessTags: Set<String> = [
    coreTag + "str", coreTag + "seq", coreTag + "map",
  ]
  private static let coreTag = "tag:yaml.org,2002:"

  private static func style(_ style: Node.Scalar.Style) -> YAMLNode.Style {
    switch style {
    case .singleQuoted, .doubleQuoted: .quoted
    case .literal, .folded: .block
    case .any, .plain: .plain
    }
  }
}
