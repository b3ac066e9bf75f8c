package import MetricLanguage
package import SourceDiagnostics

/// Markdown that quotes numbers by formula: `the mean is {{ mean(pairs(cosine(a, b))) | 0.00 }}`.
///
/// The format after the last bar is required. `\{{` stands for two plain braces.
package struct ProseTemplate: Sendable, Hashable {
  package enum Piece: Sendable, Hashable {
    case text(String)
    case formula(Formula, format: NumberFormat)
  }

  /// The most formulas one text may quote; each costs an evaluation.
  package static let mostFormulas = 64

  /// The text as written.
  package let text: String
  /// The text cut at its formulas, in order.
  package let pieces: [Piece]

  package var formulas: [Formula] {
    pieces.compactMap { if case .formula(let formula, _) = $0 { formula } else { nil } }
  }

  /// A template that says nothing.
  static let empty = ProseTemplate(text: "", pieces: [])

  private init(text: String, pieces: [Piece]) {
    self.text = text
    self.pieces = pieces
  }

  /// - Parameters:
  ///   - text: The Markdown.
  ///   - file: The name that places in it carry.
  /// - Throws: Every fault in every quoted formula and format.
  package init(parsing text: String, file: String) throws(DiagnosticReport) {
    var parser = ProseParser(source: SourceText(text, file: file))
    self.text = text
    self.pieces = parser.pieces(of: text)
    guard parser.faults.isEmpty else { throw DiagnosticReport(parser.faults) }
  }

  /// Returns the text with each formula replaced by its formatted value.
  package func rendered<Failure: Error>(
    _ value: (Formula) throws(Failure) -> Double
  ) throws(Failure) -> String {
    var result = ""
    for piece in pieces {
      switch piece {
      case .text(let text): result += text
      case .formula(let formula, let format): result += format.string(try value(formula))
      }
    }
    return result
  }
}

/// Cuts prose at its `{{ … }}`.
private struct ProseParser {
  let source: SourceText
  var faults: [Diagnostic] = []

  mutating func pieces(of text: String) -> [ProseTemplate.Piece] {
    var pieces: [ProseTemplate.Piece] = []
    var plain = ""
    var rest = text[...]
    var offset = 0
    var formulaCount = 0
    while let open = rest.firstRange(of: "{{") {
      let before = rest[..<open.lowerBound]
      offset += before.count
      if before.hasSuffix("\\") {
        plain += before.dropLast() + "{{"
        offset += 2
        rest = rest[open.upperBound...]
        continue
      }
      plain += before
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
        faults.append(.unclosedProseFormula(at: source.place(offset..<offset + 2)))
        return pieces
      }
      formulaCount += 1
      guard formulaCount <= ProseTemplate.mostFormulas else {
        faults.append(.tooManyProseFormulas(at: source.place(offset..<offset + 2)))
        return pieces
      }
      let inner = rest[open.upperBound..<close.lowerBound]
      if let piece = piece(inner, at: offset + 2) {
        if !plain.isEmpty { pieces.append(.text(plain)) }
        pieces.append(piece)
      }
      plain = ""
      offset += 4 + inner.count
      rest = rest[close.upperBound...]
    }
    plain += rest
    if !plain.isEmpty { pieces.append(.text(plain)) }
    return pieces
  }

  /// Returns the formula and format between two pairs of braces.
  private mutating func piece(_ inner: Substring, at offset: Int) -> ProseTemplate.Piece? {
    guard let bar = inner.lastIndex(of: "|") else {
      faults.append(.missingNumberFormat(at: source.place(offset..<offset + max(1, inner.count))))
      return nil
    }
    let formulaText = inner[..<bar]
    let formatText = inner[inner.index(after: bar)...]
    let format = NumberFormat(pattern: trimmed(formatText))
    if format == nil {
      let start = offset + formulaText.count + 1 + leadingSpaces(formatText)
      let pattern = trimmed(formatText)
      faults.append(
        .badNumberFormat(pattern, at: source.place(start..<start + max(1, pattern.count)))
      )
    }
    let start = offset + leadingSpaces(formulaText)
    do {
      let formula = try Formula(parsing: trimmed(formulaText))
      return format.map { .formula(formula, format: $0) }
    } catch {
      faults.append(moved(error, to: start))
      return nil
    }
  }

  /// Returns a formula's fault placed in the prose, where the formula starts at `offset`.
  private func moved(_ fault: Diagnostic, to offset: Int) -> Diagnostic {
    let start = source.place(offset..<offset + 1)
    guard let inner = fault.place, let line = inner.line, let column = inner.column else {
      return fault.at(start)
    }
    let startLine = start.line ?? 1
    let startColumn = line == 1 ? start.column ?? 1 : 1
    return fault.at(
      source.place(
        line: startLine + line - 1,
        column: startColumn + column - 1,
        length: inner.length
      )
    )
  }

  private func leadingSpaces(_ text: Substring) -> Int {
    text.prefix { $0.isWhitespace }.count
  }

  private func trimmed(_ text: Substring) -> String {
    let body = text.drop { $0.isWhitespace }
    let end = body.lastIndex { !$0.isWhitespace }
    return end.map { String(body[...$0]) } ?? ""
  }
}
