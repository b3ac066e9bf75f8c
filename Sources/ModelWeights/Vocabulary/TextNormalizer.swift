/// What is done to a text before it is split into tokens, step by step.
struct TextNormalizer: Sendable, Equatable {
  /// One step; raw values are those of "workbook.normalizer" in a packed file.
  enum Step: String, Sendable {
    case nfc, nfd, nfkc, nfkd
    /// Each character by itself, without regard to its place in the word.
    case lowercase
    /// Leaves out every kind of combining mark, but takes no character apart.
    case stripAccents = "strip-accents"
    /// BERT's: takes characters apart and leaves out the marks that take no space.
    case bertAccents = "bert-accents"
    /// BERT's: leaves out control characters and turns white space into spaces.
    case cleanText = "clean-text"
    /// BERT's: makes a word of each Chinese character.
    case spaceIdeographs = "space-ideographs"
  }

  var steps: [Step] = []

  init(_ steps: [Step] = []) { self.steps = steps }

  /// Reads what ``name`` wrote; `nil` if a step is not known.
  init?(named name: String) {
    for word in name.split(separator: " ") {
      guard let step = Step(rawValue: String(word)) else { return nil }
      steps.append(step)
    }
  }

  /// The steps, with spaces between them.
  var name: String { steps.map(\.rawValue).joined(separator: " ") }

  /// Returns BERT's normaliser.
  static func bert(
    cleansText: Bool = true,
    spacesIdeographs: Bool = true,
    stripsAccents: Bool,
    lowercases: Bool
  ) -> TextNormalizer {
    let steps: [(Step, Bool)] = [
      (.cleanText, cleansText), (.spaceIdeographs, spacesIdeographs),
      (.bertAccents, stripsAccents), (.lowercase, lowercases),
    ]
    return TextNormalizer(steps.filter(\.1).map(\.0))
  }

  func normalized(_ text: String) -> String {
    steps.reduce(text) { text, step in Self.apply(step, to: text) }
  }

  private static func apply(_ step: Step, to text: String) -> String {
    switch step {
    case .nfc: UnicodeForm.composed(text)
    case .nfd: UnicodeForm.decomposed(text)
    case .nfkc: UnicodeForm.composed(text, compatibly: true)
    case .nfkd: UnicodeForm.decomposed(text, compatibly: true)
    case .lowercase:
      mapping(text) { Array($0.properties.lowercaseMapping.unicodeScalars) }
    case .stripAccents:
      mapping(text) { scalar in
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: []
        default: [scalar]
        }
      }
    case .bertAccents:
      mapping(UnicodeForm.decomposed(text)) {
        $0.properties.generalCategory == .nonspacingMark ? [] : [$0]
      }
    case .cleanText: mapping(text, cleaned)
    case .spaceIdeographs: mapping(text) { isIdeograph($0) ? [" ", $0, " "] : [$0] }
    }
  }

  private static func mapping(
    _ text: String,
    _ transform: (Unicode.Scalar) -> [Unicode.Scalar]
  ) -> String {
    if text.utf8.isEmpty { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.flatMap(transform)))
  }

  private static func cleaned(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    switch scalar {
    case "\t", "\n", "\r": return [" "]
    case "\u{FFFD}": return []
    default: break
    }
    // Control characters first: of those that count as white space, only three become spaces.
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .surrogate: return []
    default: return scalar.properties.isWhitespace ? [" "] : [scalar]
    }
  }

  /// The blocks BERT counts as Chinese characters, each of which is a word.
  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
      0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
