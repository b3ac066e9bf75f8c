/// Numbers as a chart writes them, without a locale, so that a chart is the same everywhere.
enum ChartNumber {
  /// Returns a whole number with a comma before every third digit: `1,262,857,896`.
  static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// Returns a count with what is counted: `1 point`, `50,257 points`.
  static func count(_ value: Int, _ noun: String) -> String {
    grouped(value) + " " + noun + (value == 1 ? "" : "s")
  }

  /// Returns a count in at most three digits and a letter: `0`, `950`, `1.2k`, `12M`, `1.26B`.
  ///
  /// The letters are k, M, B and T for 10³, 10⁶, 10⁹ and 10¹²; larger counts keep the T.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    var (scaled, letters) = (abs(value), ["", "k", "M", "B", "T"][...])
    while scaled >= 999.5, letters.count > 1 {
      scaled /= 1000
      letters = letters.dropFirst()
    }
    let decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0
    let sign = value < 0 ? "-" : ""
    return sign + trimmed(fixed(scaled, decimals: decimals)) + (letters.first ?? "")
  }

  /// Returns `value` rounded to `decimals` places; a value that rounds to zero has no sign.
  ///
  /// What is too large for that is written with an exponent.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let decimals = min(max(0, decimals), 15)
    let scaled = (value * power(decimals)).rounded()
    guard abs(scaled) < 1e15 else { return value.description }
    let digits = String(Int(abs(scaled)))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = scaled < 0 ? "-" : ""
    guard decimals > 0 else { return sign + padded }
    return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }

  /// Returns a share between 0 and 1 in per cent, with one decimal below ten per cent.
  static func percent(_ share: Double) -> String {
    trimmed(fixed(share * 100, decimals: share < 0.0995 ? 1 : 0)) + "%"
  }

  private static func power(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * 10 }
  }

  /// Removes zeros after the last digit that matters behind a decimal point.
  static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}
