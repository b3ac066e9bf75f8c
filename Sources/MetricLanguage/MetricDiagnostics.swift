import SourceDiagnostics

// Every message the metric language can give, in one place.

extension Diagnostic {
  // MARK: Grammar

  static func unexpectedCharacter(_ character: Character, at place: SourcePlace) -> Diagnostic {
    let help: String? =
      switch character {
      case "−", "–": "the minus sign is '-'"
      case "×", "·": "multiply with '*'; for an inner product write '@' or dot(a, b)"
      case "“", "”", "‘", "’": "write texts in plain quotes: \" or '"
      case "!": "'not' negates; unequal is '!='"
      case "&": "write 'and'"
      case "|": "write 'or', and abs(x) for the absolute value"
      case "%": "write percentages as fractions: 0.05"
      default: nil
      }
    return Diagnostic(
      "unexpected-character",
      "'\(character)' has no meaning in a formula",
      help: help,
      at: place
    )
  }

  static func numberTooLarge(_ text: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "number-range",
      "'\(text.prefix(40))' is too large; expected a number below 1.8e308",
      at: place
    )
  }

  static func numberRunsIntoName(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "number-name",
      "a number runs into a name",
      help: "names cannot start with a digit; write 2 * x, not 2x",
      at: place
    )
  }

  static func unknownEscape(_ character: Character, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "unknown-escape",
      "'\\\(character)' is not an escape; expected \\n, \\t, \\r, \\\\, \\\" or \\'",
      at: place
    )
  }

  static func unclosedText(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "unclosed-text",
      "this text is never closed",
      help: "end it with the quote it began with",
      at: place
    )
  }

  static func emptyFormula(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "empty-formula",
      "the formula is empty",
      help: "for example: mean(pairs(cosine(a, b)))",
      at: place
    )
  }

  static func formulaTooLong(limit: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "formula-too-long",
      "the formula has more than \(grouped(limit)) bytes",
      at: place
    )
  }

  static func formulaTooComplex(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "formula-too-complex",
      "the formula has more than \(grouped(Parser.mostNodes)) parts",
      at: place
    )
  }

  static func chainTooLong(limit: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "chain-too-long",
      "more than \(limit) operations follow from one another",
      help: "name a part of them with let, or add up a list with sum",
      at: place
    )
  }

  static func nestedTooDeeply(limit: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "nested-too-deeply",
      "the formula nests more than \(limit) levels deep",
      help: "name a part of it with let",
      at: place
    )
  }

  static func unexpectedToken(
    found: String,
    expecting: String,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic("syntax", "found \(found), expected \(expecting)", at: place)
  }

  static func reservedName(_ name: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic("reserved-name", "'\(name)' cannot be bound: it has a meaning already", at: place)
  }

  static func chainedComparison(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "chained-comparison",
      "comparisons do not chain",
      help: "join two with 'and'",
      at: place
    )
  }

  // MARK: Names and types

  static func unknownWord(_ word: String, of key: String, among words: [String]) -> Diagnostic {
    Diagnostic(
      "unknown-choice",
      "'\(word)' is not a \(key)",
      help: Suggestion.help(for: word, among: words)
    )
  }

  static func removeOutOfRange(_ count: Int, most: Int) -> Diagnostic {
    Diagnostic("unknown-choice", "cannot remove \(count) directions; expected 0 to \(most)")
  }

  static func unknownName(
    _ name: String,
    among names: [String],
    at place: SourcePlace
  )
    -> Diagnostic
  {
    let meant = Suggestion.closest(to: name, among: names)
    return Diagnostic(
      "unknown-name",
      "no value named '\(name)'",
      help: meant.map { "did you mean '\($0)'?" }
        ?? "workbook eval --functions lists the built-ins; workbook models show lists the tensors",
      at: place
    )
  }

  static func absentTensor(_ name: String, model: String, at place: SourcePlace) -> Diagnostic {
    let help =
      name == "W_U"
      ? "where the unembedding is tied to the embedding, it is W_E, transposed"
      : "workbook models show \(model) lists what there is; of a model that was fetched,"
        + " workbook models pull \(model) --layers 0 fetches a layer's matrices"
    return Diagnostic(
      "absent-tensor",
      "'\(model)' holds no \(name) on this machine",
      help: help,
      at: place
    )
  }

  static func unknownFunction(
    _ name: String,
    among names: [String],
    at place: SourcePlace
  )
    -> Diagnostic
  {
    let meant = Suggestion.closest(to: name, among: names)
    return Diagnostic(
      "unknown-function",
      "no function named '\(name)'",
      help: meant.map { "did you mean '\($0)'?" } ?? "workbook eval --functions lists them all",
      at: place
    )
  }

  static func functionWithoutCall(_ builtIn: BuiltIn, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "function-without-call",
      "'\(builtIn.name)' is a function and needs arguments",
      help: "for example: \(builtIn.example)",
      at: place
    )
  }

  static func notAFunction(_ name: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "not-a-function",
      "'\(name)' is a value, not a function",
      help: "write it without the parentheses",
      at: place
    )
  }

  static func rowsOutsideMetric(_ name: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "rows-outside-metric",
      "'\(name)' stands for a row only inside a metric, and this is not inside one",
      help: "for example: mean(pairs(cosine(a, b)))",
      at: place
    )
  }

  static func noLearnersMetric(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "no-metric",
      "'metric' stands for the learner's answer and is known only in a puzzle's key",
      at: place
    )
  }

  static func layerNeeded(_ name: String, layers: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "layer-needed",
      "'\(name)' has \(layers) layers, and none is named",
      help: "write \(name)[0]",
      at: place
    )
  }

  static func layerUnknown(_ name: String, layers: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "layer-unknown",
      "'\(name)' has layers 0 to \(layers - 1)",
      help: "write one of these as a plain number",
      at: place
    )
  }

  static func typeMismatch(expected: String, found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic("type", "expected \(expected), found \(found)", at: place)
  }

  static func shapeMismatch(
    _ message: String,
    help: String? = nil,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic("shape", message, help: help, at: place)
  }

  static func wrongArguments(
    _ builtIn: BuiltIn,
    _ message: String,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "arguments",
      message,
      help: builtIn.signatures.joined(separator: "  or  "),
      at: place
    )
  }

  static func noMember(_ member: String, of type: ValueType, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "no-member",
      "\(type) has no part named '\(member)'",
      help: "a decomposition has .v[k] (directions), .s[k] (singular values) and .u[k]",
      at: place
    )
  }

  // MARK: Running

  static func notOneToken(_ text: String, pieces: [String], at place: SourcePlace) -> Diagnostic {
    let shown = pieces.prefix(8).joined(separator: " ") + (pieces.count > 8 ? " …" : "")
    return Diagnostic(
      "not-one-token",
      "\(quotedText(text)) is not one token but \(pieces.count): \(shown)",
      help: "embed(\(quotedText(text))) is the mean of the pieces",
      at: place
    )
  }

  /// `meant` is the same text with or without a space before it, if that is a token.
  static func unknownToken(
    _ text: String,
    meant: String? = nil,
    at place: SourcePlace
  ) -> Diagnostic {
    Diagnostic(
      "unknown-token",
      "\(quotedText(text)) is not in the vocabulary",
      help: meant.map { "did you mean \(quotedText($0))? the space before a word counts" },
      at: place
    )
  }

  static func outOfRange(
    _ index: String,
    count: Int,
    of what: String,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "index",
      "there is no \(what) \(index); expected 0 to \(grouped(max(0, count - 1)))",
      at: place
    )
  }

  static func unknownList(
    _ name: String,
    kind: String,
    among names: [String],
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "unknown-list",
      "the lexicon has no \(kind) named '\(name)'",
      help: names.isEmpty
        ? "word lists come from a puzzle's lexicon.yaml; name the puzzle with --puzzle"
        : Suggestion.help(for: name, among: names),
      at: place
    )
  }

  static func tooFewMapped(
    _ name: String,
    mapped: Int,
    listed: Int,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    Diagnostic(
      "too-few-mapped",
      "only \(mapped) of the \(listed) entries of '\(name)' are single tokens of this model; "
        + "expected at least \(Lexicon.fewest)",
      at: place
    )
  }

  static func unevenRows(_ first: Int, _ second: Int, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "shape",
      "what is compared must have one length for all rows, and here it has \(first) and \(second) "
        + "entries",
      at: place
    )
  }

  static func noTokenForClass(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "undefined",
      "class_mean needs to know its token, and these rows stand for none",
      help: "use it on rows of the whole W_E; choose some with rows: …, not with of: W_E[…]",
      at: place
    )
  }

  static func pairBeyondRows(_ count: Int) -> Diagnostic {
    Diagnostic("index", "a pair names a token beyond the matrix's \(grouped(count)) rows")
  }

  static func nonFiniteMetric(_ bad: Int, of count: Int) -> Diagnostic {
    Diagnostic(
      "non-finite-metric",
      "\(grouped(bad)) of \(grouped(count)) values of this metric are not finite numbers",
      help: "look for a division by zero, or a logarithm or root of a negative number"
    )
  }

  static func costlyMetric(_ operations: Double, limit: Double) -> Diagnostic {
    Diagnostic(
      "too-costly",
      "comparing one pair with this metric would take \(scientific(operations)) operations; the limit "
        + "is \(scientific(limit))",
      help: "compute what depends on neither a nor b outside the metric"
    )
  }

  static func constantMetric(_ value: Double) -> Diagnostic {
    Diagnostic(
      "constant-metric",
      "this metric gives every pair the same value, \(value)",
      help: "a metric has to tell some pairs from others"
    )
  }

  static func undefined(_ message: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic("undefined", message, at: place)
  }

  /// The help names how many of the rows would fit.
  static func tooCostly(
    operations: Double,
    limit: Double,
    rows: Int,
    at place: SourcePlace
  )
    -> Diagnostic
  {
    // Pairs grow with the square of the rows. One digit of the number that fits is enough.
    let fitting = min(5_000, Double(rows) * (limit / max(operations, 1)).squareRoot())
    var digit = 1.0
    while digit * 10 <= fitting { digit *= 10 }
    let count = Int(max(2, (fitting / digit).rounded(.down) * digit))
    return Diagnostic(
      "too-costly",
      "this would take \(scientific(operations)) operations; the limit is \(scientific(limit))",
      help: "sample the rows: pairs(…, rows: sample(\(count), seed: 0)), or give eval a higher "
        + "--max-cost",
      at: place
    )
  }

  static func tooLarge(bytes: Double, limit: Double, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "too-large",
      "this would hold \(megabytes(bytes)) in memory; the limit is \(megabytes(limit))",
      help: "select rows first: W_E[sample(5000, seed: 0)]",
      at: place
    )
  }

  static func scientific(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "\(value)" }
    var exponent = 0
    var mantissa = value
    while mantissa >= 9.95 {
      mantissa /= 10
      exponent += 1
    }
    return "\((mantissa * 10).rounded() / 10)e\(exponent)"
  }

  private static func megabytes(_ bytes: Double) -> String {
    guard bytes.isFinite, bytes < 1e15 else { return "more than 1,000,000 GB" }
    return "\(grouped(Int(bytes / 1_000_000))) MB"
  }
}

/// Returns `text` in quotes with control characters escaped.
func quotedText(_ text: String) -> String {
  let shown = text.count > 60 ? text.prefix(60) + "…" : text[...]
  return "\"\(escapingControls(String(shown)))\""
}
