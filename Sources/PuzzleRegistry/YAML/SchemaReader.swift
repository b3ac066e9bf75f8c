import MetricLanguage
import SourceDiagnostics

/// Reads the fields of one YAML file, gathering every fault instead of stopping at the first.
///
/// Each reading method returns `nil` after having noted why it could not read.
struct SchemaReader {
  /// The most faults noted for one file; more would only repeat the first.
  private static let mostFaults = 100

  let source: YAMLSource
  private(set) var faults: [Diagnostic] = []

  init(source: YAMLSource) {
    self.source = source
  }

  /// The fields of one mapping.
  struct Fields {
    let node: YAMLNode
    let all: [YAMLNode.Field]
    /// The keys that were not expected, already noted.
    let unknown: [String]

    subscript(_ key: String) -> YAMLNode? {
      all.first { $0.key == key }?.value
    }
  }

  mutating func note(_ fault: Diagnostic) {
    if faults.count < SchemaReader.mostFaults { faults.append(fault) }
  }

  // MARK: Mappings and lists

  /// Returns the mapping's fields, noting each key that is not among `known`.
  ///
  /// - Parameters:
  ///   - node: What should be a mapping.
  ///   - what: What it describes, for messages, with its article: `a question`.
  ///   - known: The keys it may hold; `nil` when any will do.
  /// - Returns: All fields, the unknown ones among them.
  mutating func fields(of node: YAMLNode, _ what: String, known: [String]?) -> Fields? {
    guard case .map(let all) = node.content else {
      note(.notMapping(what, found: node.kind, at: source.place(node)))
      return nil
    }
    let unknown = known.map { known in all.filter { !known.contains($0.key) } } ?? []
    for field in unknown {
      note(.unknownKey(field.key, in: what, known: known ?? [], at: source.place(keyOf: field)))
    }
    return Fields(node: node, all: all, unknown: unknown.map(\.key))
  }

  /// Returns the field's value, noting that it is missing where it is.
  ///
  /// A key that was merely misspelt has been noted as unknown, which is enough.
  mutating func required(_ key: String, of fields: Fields, _ what: String) -> YAMLNode? {
    if let value = fields[key] { return value }
    if !fields.unknown.contains(where: { Suggestion.closest(to: $0, among: [key]) != nil }) {
      note(.missingKey(key, in: what, at: source.place(fields.node)))
    }
    return nil
  }

  mutating func list(_ node: YAMLNode, _ what: String) -> [YAMLNode]? {
    if case .list(let elements) = node.content { return elements }
    note(.notList(what, found: node.kind, at: source.place(node)))
    return nil
  }

  /// Returns the texts of a list; elements that are not texts are noted and left out.
  mutating func texts(_ node: YAMLNode?, _ what: String) -> [String] {
    guard let node, let elements = list(node, "'\(what)'") else { return [] }
    var texts: [String] = []
    for element in elements {
      if let text = text(element, "each of '\(what)'") { texts.append(text) }
    }
    return texts
  }

  // MARK: Scalars

  /// Returns a text that is not blank.
  mutating func text(_ node: YAMLNode, _ what: String) -> String? {
    guard case .scalar(let text, _) = node.content else {
      note(.notText(what, found: node.kind, at: source.place(node)))
      return nil
    }
    guard !text.allSatisfy(\.isWhitespace) else {
      note(.emptyText(what, at: source.place(node)))
      return nil
    }
    return text
  }

  mutating func text(_ key: String, of fields: Fields, _ what: String) -> String? {
    guard let node = required(key, of: fields, what) else { return nil }
    return text(node, "'\(key)'")
  }

  mutating func optionalText(_ key: String, of fields: Fields) -> String? {
    guard let node = fields[key] else { return nil }
    return text(node, "'\(key)'")
  }

  /// Returns a finite number within `range`.
  mutating func number(
    _ node: YAMLNode,
    _ what: String,
    in range: ClosedRange<Double>,
    expected: String
  ) -> Double? {
    guard let text = text(node, what) else { return nil }
    guard let value = DecimalNumber.value(of: text), range.contains(value) else {
      note(.notNumber(what, found: text, expected: expected, at: source.place(node)))
      return nil
    }
    return value
  }

  mutating func integer(_ node: YAMLNode, _ what: String, in range: ClosedRange<Int>) -> Int? {
    guard let text = text(node, what) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      let expected =
        range.upperBound == .max
        ? "a whole number, \(range.lowerBound) or more"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
      note(.notNumber(what, found: text, expected: expected, at: source.place(node)))
      return nil
    }
    return value
  }

  /// Returns `true` or `false`; no other spelling is a truth value.
  mutating func truth(_ key: String, of fields: Fields) -> Bool? {
    guard let node = fields[key] else { return false }
    guard let text = text(node, "'\(key)'") else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default:
      note(.notTruth(key, found: text, at: source.place(node)))
      return nil
    }
  }

  /// Returns a name in lower case with hyphens.
  mutating func identifier(_ node: YAMLNode, _ what: String) -> String? {
    guard let text = text(node, what) else { return nil }
    guard isIdentifier(text) else {
      note(.badIdentifier(what, found: text, at: source.place(node)))
      return nil
    }
    return text
  }

  // MARK: Embedded languages

  /// Returns a formula; its fault is shown where the formula stands in this file.
  mutating func formula(_ node: YAMLNode, _ what: String) -> Formula? {
    guard let text = text(node, what) else { return nil }
    do {
      return try Formula(parsing: text)
    } catch {
      note(moved(error, into: node))
      return nil
    }
  }

  mutating func formula(_ key: String, of fields: Fields, _ what: String) -> Formula? {
    guard let node = required(key, of: fields, what) else { return nil }
    return formula(node, "'\(key)'")
  }

  /// Returns prose that may hold `{{ formula | format }}`.
  mutating func prose(_ node: YAMLNode, _ what: String) -> ProseTemplate? {
    guard let text = text(node, what) else { return nil }
    do {
      return try ProseTemplate(parsing: text, file: "<text>")
    } catch {
      for fault in error.diagnostics { note(moved(fault, into: node)) }
      return nil
    }
  }

  /// Returns a fault found within a scalar's own text, placed in this file.
  ///
  /// The caret is exact for a scalar that stands on one line as it reads; otherwise the whole
  /// scalar is marked and the message quotes the inner line.
  private func moved(_ fault: Diagnostic, into node: YAMLNode) -> Diagnostic {
    fault.moved(from: source.place(node), inner: source.innerPlace(node))
  }
}

/// Returns whether `text` is a name such as `puzzle1-suspicious-similarities`.
///
/// Lower-case letters and digits in groups joined by single hyphens, at most 64 characters.
package func isIdentifier(_ text: String) -> Bool {
  guard (1...64).contains(text.utf8.count) else { return false }
  return text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { group in
    !group.isEmpty
      && group.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      }
  }
}
