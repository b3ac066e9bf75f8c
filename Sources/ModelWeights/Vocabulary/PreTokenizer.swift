/// The rule that cuts a text into pieces before pairs are merged within each.
struct PreTokenizer: Sendable, Hashable {
  /// How digits are set apart before anything else; raw values are those of "workbook.digits" in a
  /// packed file.
  enum Digits: String, Sendable {
    case joined
    /// Each stands alone; SmolLM2's and StarCoder's.
    case single
    /// Each run of them stands alone.
    case runs
  }

  var digits = Digits.joined
  /// Whether each part that does not begin with a space is given one.
  var addsPrefixSpace = false
  /// Whether GPT-2's rule holds within each part:
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
  var usesPattern = true

  static let gpt2 = PreTokenizer()
  static let singleDigits = PreTokenizer(digits: .single)

  /// GPT-2's rule as files spell it out.
  static let gpt2Pattern =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  /// Returns the rule with a name of llama.cpp's, or `nil` if it is not one of these.
  static func named(_ name: String) -> PreTokenizer? {
    switch name {
    case "gpt-2", "gpt2", "phi-2", "roberta-bpe", "mpt", "olmo", "jais": .gpt2
    case "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone": .singleDigits
    default: nil
    }
  }

  /// The name llama.cpp knows the rule by, or that of the nearest one it knows.
  var name: String { digits == .joined ? "gpt-2" : "smollm" }

  /// Returns the pieces of a text, in order.
  ///
  /// Together they are the text, and the spaces added to it.
  func pieces(of text: String) -> [ArraySlice<Unicode.Scalar>] {
    let scalars = Array(text.unicodeScalars)
    var pieces: [ArraySlice<Unicode.Scalar>] = []
    var start = 0
    if digits != .joined {
      var index = 0
      while index < scalars.count {
        guard ScalarClass(scalars[index]) == .number else {
          index += 1
          continue
        }
        appendPieces(of: scalars[start..<index], to: &pieces)
        start = index
        repeat {
          index += 1
        } while digits == .runs && index < scalars.count && ScalarClass(scalars[index]) == .number
        appendPieces(of: scalars[start..<index], to: &pieces)
        start = index
      }
    }
    appendPieces(of: scalars[start...], to: &pieces)
    return pieces
  }

  private func appendPieces(
    of part: ArraySlice<Unicode.Scalar>,
    to pieces: inout [ArraySlice<Unicode.Scalar>]
  ) {
    guard let first = part.first else { return }
    let part = addsPrefixSpace && first != " " ? [" "] + part : part
    if usesPattern {
      Self.cut(part, into: &pieces)
    } else {
      pieces.append(part)
    }
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
