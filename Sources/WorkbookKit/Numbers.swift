import Foundation
import Grading

/// How numbers are written for people.
package enum Numbers {
  /// Returns a number to about three significant digits, without an exponent where that reads well.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞" }
    let size = abs(value)
    if size >= 1e6 || (size > 0 && size < 0.0005) { return String(format: "%.2e", value) }
    return fixed(value, digits: size >= 100 ? 1 : size >= 10 ? 2 : 3)
  }

  /// Returns a number to six significant digits.
  package static func long(_ value: Double) -> String {
    value.isFinite ? String(format: "%.6g", value) : short(value)
  }

  /// Returns a number with so many digits after the point; never `-0`.
  package static func fixed(_ value: Double, digits: Int) -> String {
    let text = String(format: "%.\(digits)f", value)
    return Double(text) == 0 && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  /// Returns points without needless decimals: `2`, `1.5`.
  package static func points(_ value: Double) -> String {
    value == value.rounded() ? String(format: "%.0f", value) : fixed(value, digits: 1)
  }

  /// Returns points to the thousandth in which a gradebook keeps them: `2`, `1.125`.
  package static func exactPoints(_ value: Double) -> String { Points(rounding: value).text }

  /// Returns a count as it is said: `77 million`, `9.7e11`.
  package static func magnitude(_ value: Double) -> String {
    switch value {
    case ..<1e3: fixed(value, digits: 0)
    case ..<1e6: "\(fixed(value / 1e3, digits: 0)) thousand"
    case ..<1e9: "\(fixed(value / 1e6, digits: 0)) million"
    case ..<1e12: "\(fixed(value / 1e9, digits: 0)) billion"
    case ..<1e15: "\(fixed(value / 1e12, digits: 1)) trillion"
    default: String(format: "%.1e", value)
    }
  }
}
