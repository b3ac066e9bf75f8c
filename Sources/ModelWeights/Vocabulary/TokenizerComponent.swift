import SourceDiagnostics

/// One step of a `tokenizer.json`, such as a normaliser, with what it is set to.
struct TokenizerComponent {
  private(set) var type = ""
  private var texts: [String: String] = [:]
  private var truths: [String: Bool] = [:]
  private var parts: [String: TokenizerComponent] = [:]
  private var children: [TokenizerComponent] = []

  /// Reads an object; numbers and lists of anything but objects are passed over.
  init(_ scanner: inout JSONScanner) throws(Diagnostic) {
    var parsed = self
    try scanner.object { (scanner, key) throws(Diagnostic) in
      let key = String(decoding: key, as: UTF8.self)
      switch try scanner.kind() {
      case .text: parsed.texts[key] = String(decoding: try scanner.text(), as: UTF8.self)
      case .word: parsed.truths[key] = try scanner.word()
      case .object: parsed.parts[key] = try TokenizerComponent(&scanner)
      case .array:
        try scanner.array { (scanner) throws(Diagnostic) in
          if try scanner.kind() == .object {
            parsed.children.append(try TokenizerComponent(&scanner))
          } else {
            try scanner.skip()
          }
        }
      case .number: try scanner.skip()
      }
    }
    parsed.type = parsed.texts["type"] ?? ""
    self = parsed
  }

  private init() {}

  /// The component itself, or those of a sequence, however deep, in order.
  var steps: [TokenizerComponent] {
    type == "Sequence" ? children.flatMap(\.steps) : [self]
  }

  /// Returns a truth value, or `nil` if it is absent or null.
  private func truth(_ key: String) -> Bool? { truths[key] }

  // MARK: What it means

  /// Returns what the component does to a text, or `nil` if any part of it is not known.
  var normalizer: TextNormalizer? {
    var normalizer = TextNormalizer()
    for step in steps {
      switch step.type {
      case "NFC": normalizer.steps.append(.nfc)
      case "NFD": normalizer.steps.append(.nfd)
      case "NFKC": normalizer.steps.append(.nfkc)
      case "NFKD": normalizer.steps.append(.nfkd)
      case "Lowercase": normalizer.steps.append(.lowercase)
      case "StripAccents": normalizer.steps.append(.stripAccents)
      case "BertNormalizer": normalizer.steps += step.bertNormalizer.steps
      default: return nil
      }
    }
    return normalizer
  }

  private var bertNormalizer: TextNormalizer {
    let lowercases = truth("lowercase") ?? true
    return .bert(
      cleansText: truth("clean_text") ?? true,
      spacesIdeographs: truth("handle_chinese_chars") ?? true,
      stripsAccents: truth("strip_accents") ?? lowercases,
      lowercases: lowercases
    )
  }

  /// Whether bytes are spelled in the printed alphabet at some step.
  var isByteLevel: Bool { steps.contains { $0.type == "ByteLevel" } }

  /// Whether the component is BERT's rule and nothing else.
  var isBertSplit: Bool { steps.map(\.type) == ["BertPreTokenizer"] }

  /// Returns the rule that the component cuts byte-level text by, or `nil` if it is not known.
  ///
  /// Known are digits set apart, then GPT-2's pattern spelled out, then the step to bytes; each but
  /// the last may be absent.
  var preTokenizer: PreTokenizer? {
    var rule = PreTokenizer(usesPattern: false)
    var steps = steps[...]
    if steps.first?.type == "Digits", let step = steps.popFirst() {
      rule.digits = step.truth("individual_digits") ?? false ? .single : .runs
    }
    if steps.first?.type == "Split", let step = steps.popFirst() {
      guard step.isPatternSplit else { return nil }
      rule.usesPattern = true
    }
    guard steps.count == 1, let last = steps.first, last.type == "ByteLevel" else { return nil }
    rule.addsPrefixSpace = last.truth("add_prefix_space") ?? false
    // Behind a split, each piece would be given a space.
    if rule.addsPrefixSpace, rule.usesPattern { return nil }
    rule.usesPattern = rule.usesPattern || last.truth("use_regex") ?? true
    return rule
  }

  /// Whether it is a split by GPT-2's pattern that keeps every piece.
  private var isPatternSplit: Bool {
    guard parts["pattern"]?.texts["Regex"] == PreTokenizer.gpt2Pattern else { return false }
    return switch (texts["behavior"], truth("invert") ?? false) {
    case ("Isolated", false), ("Removed", true): true
    default: false
    }
  }
}
