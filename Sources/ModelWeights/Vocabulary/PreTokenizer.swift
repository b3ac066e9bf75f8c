/// The rule that cuts a text into pieces before pairs are merged within each.
enum PreTokenizer: Sendable {
  /// GPT-2's: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
  case gpt2
  /// Each digit stands alone, and GPT-2's rule holds between them; SmolLM2's and StarCoder's.
  case singleDigits

  /// Returns the rule with a name of llama.cpp's, or `nil` if it is not one of these.
  static func named(_ name: String) -> PreTokenizer? {
    switch name {
    case "gpt-2", "gpt2", "phi-2", "roberta-bpe", "mpt", "olmo", "jais": .gpt2
    case "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone": .singleDigits
    default: nil
    }
  }

  /// The name llama.cpp knows the rule by.
  var name: String {
    switch self {
    case .gpt2: "gpt-2"
    case .singleDigits: "smollm"
    }
  }

  /// Returns the pieces of a text, in order; together they are the text.
  func pieces(of text: String) -> [ArraySlice<Unicode.Scalar>] {
    let scalars = Array(text.unicodeScalars)
    var pieces: [ArraySlice<Unicode.Scalar>] = []
    switch self {
    case .gpt2: Self.cut(scalars[...], into: &pieces)
    case .singleDigits:
      var start = 0
      for (index, scalar) in scalars.enumerated() where ScalarClass(scalar) == .number {
        Self.cut(scalars[start..<index], into: &pieces)
        pieces.append(scalars[index...index])
        start = index + 1
      }
      Self.cut(scalars[start...], into: &pieces)
    }
    return pieces
  }

  private static func cut(
    _ scalars: ArraySlice<Unicode.Scalar>,
    into pieces: inout [ArraySlice<Unicode.Scalar>]
  ) {
    var start = scalars.startIndex
    while start < scalars.endIndex {
      let end = endOfPiece(in: scalars, from: start)
      pieces.append(scalars[start..<end])
      start = end
    }
  }

  private static let contractions: [[Unicode.Scalar]] =
    ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map { Array($0.unicodeScalars) }

  private static func endOfPiece(
    in scalars: ArraySlice<Unicode.Scalar>,
    from start: Int
  ) -> Int {
    if scalars[start] == "'",
      let contraction = contractions.first(where: { scalars[start...].starts(with: $0) })
    {
      return start + contraction.count
    }
    var body = start
    if scalars[start] == " ", start + 1 < scalars.endIndex { body += 1 }
    let bodyClass = ScalarClass(scalars[body])
    if bodyClass != .space {
      return scalars[body...].firstIndex { ScalarClass($0) != bodyClass } ?? scalars.endIndex
    }
    guard let end = scalars[start...].firstIndex(where: { ScalarClass($0) != .space }) else {
      return scalars.endIndex
    }
    // The last space before something else is left to it, unless it is the only one.
    return end - start > 1 ? end - 1 : end
  }
}

/// The classes of characters that pre-tokenisers tell apart.
private enum ScalarClass {
  case letter, number, space, other

  init(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      switch scalar {
      case "a"..."z", "A"..."Z": self = .letter
      case "0"..."9": self = .number
      case " ", "\t"..."\r": self = .space
      default: self = .other
      }
      return
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      self = .letter
    case .decimalNumber, .letterNumber, .otherNumber: self = .number
    default: self = scalar.properties.isWhitespace ? .space : .other
    }
  }
}
