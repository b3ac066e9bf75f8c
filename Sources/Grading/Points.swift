/// Points in thousandths, so that sums are exact whatever their order.
///
/// A verdict's points, which may be any share, are rounded to the nearest thousandth, halves to even.
package struct Points: Sendable, Hashable, Comparable {
  package let thousandths: Int

  package init(thousandths: Int) {
    self.thousandths = thousandths
  }

  /// Rounds a number of points; what is not finite counts as none.
  package init(rounding points: Double) {
    let scaled = (points * 1_000).rounded(.toNearestOrEven)
    thousandths = scaled.isFinite ? Int(min(1e12, max(-1e12, scaled))) : 0
  }

  /// The points as a number whose shortest text is exact.
  package var value: Double { Double(thousandths) / 1_000 }

  /// The points as a decimal number without needless digits: `2`, `1.5`, `0.125`.
  package var text: String {
    let size = thousandths.magnitude
    var digits = String(size % 1_000 + 1_000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return (thousandths < 0 ? "-" : "") + "\(size / 1_000)" + (digits.isEmpty ? "" : ".\(digits)")
  }

  package static func + (left: Points, right: Points) -> Points {
    Points(thousandths: left.thousandths &+ right.thousandths)
  }

  package static func < (left: Points, right: Points) -> Bool {
    left.thousandths < right.thousandths
  }
}
