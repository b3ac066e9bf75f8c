/// Reads numbers as people write them, and nothing that merely happens to convert.
enum DecimalNumber {
  /// Returns the finite value of `text`, such as `0.917`, `-3`, `.5` or `9.2e-1`; else `nil`.
  ///
  /// Hexadecimal, `inf`, `nan` and values beyond a double's range are not numbers here.
  static func value(of text: String) -> Double? {
    guard isSpelt(text), let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// Returns whether `text` is spelt like a decimal number, whatever its size.
  static func isSpelt(_ text: String) -> Bool {
    var rest = Substring(text)
    if rest.hasPrefix("-") || rest.hasPrefix("+") { rest = rest.dropFirst() }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction: Substring = ""
    if rest.hasPrefix(".") {
      fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return false }
    guard let letter = rest.first else { return true }
    guard letter == "e" || letter == "E" else { return false }
    rest = rest.dropFirst()
    if rest.hasPrefix("-") || rest.hasPrefix("+") { rest = rest.dropFirst() }
    return !rest.isEmpty && rest.allSatisfy(isDigit)
  }

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && character.isWholeNumber
  }
}
