import Foundation

/// How a number in prose is written: `0`, `0.00`, `0%`, `0.0%`, `0,0` or `0,0.00`.
package struct NumberFormat: Sendable, Hashable {
  /// The patterns a message offers as examples.
  static let examples = "0, 0.0, 0.00, 0%, 0.0%, 0,0"
  private static let mostDecimals = 9

  /// How many digits follow the decimal point.
  package let decimals: Int
  /// Whether the value is shown as hundredths with a percent sign.
  package let isPercent: Bool
  /// Whether commas part the thousands.
  package let isGrouped: Bool

  /// Reads a pattern; `nil` when it is none.
  package init?(pattern: String) {
    var rest = pattern[...]
    isPercent = rest.hasSuffix("%")
    if isPercent { rest = rest.dropLast() }
    isGrouped = rest.hasPrefix("0,0")
    rest = rest.dropFirst(isGrouped ? 3 : 1)
    guard pattern.hasPrefix("0") else { return nil }
    guard !rest.isEmpty else {
      decimals = 0
      return
    }
    guard rest.first == ".", rest.dropFirst().allSatisfy({ $0 == "0" }) else { return nil }
    decimals = rest.count - 1
    guard (1...NumberFormat.mostDecimals).contains(decimals) else { return nil }
  }

  /// Returns the value in this format.
  ///
  /// A value that rounds to zero has no sign; NaN is `not a number`, infinities are `∞` and `-∞`.
  package func string(_ value: Double) -> String {
    guard !value.isNaN else { return "not a number" }
    guard value.isFinite else { return value < 0 ? "-∞" : "∞" }
    let shown = isPercent ? value * 100 : value
    var digits = String(format: "%.\(decimals)f", abs(shown))
    let isNegative = shown < 0 && digits.contains { $0 != "0" && $0 != "." }
    if isGrouped { digits = grouped(digits) }
    return (isNegative ? "-" : "") + digits + (isPercent ? "%" : "")
  }

  private func grouped(_ digits: String) -> String {
    let whole = digits.prefix { $0 != "." }
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result + digits.dropFirst(whole.count)
  }
}
