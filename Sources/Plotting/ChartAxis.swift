/// The round values at which an axis is labelled.
struct ChartAxis {
  let range: ClosedRange<Double>
  /// The distance between ticks: 1, 2 or 5 times a power of ten.
  let step: Double
  /// The places after the point that tell neighbouring ticks apart.
  let decimals: Int

  /// Chooses ticks for an axis.
  ///
  /// - Parameters:
  ///   - range: What the axis covers; its bounds are finite and differ.
  ///   - atMost: The most ticks there is room for.
  init(_ range: ClosedRange<Double>, atMost: Int) {
    self.range = range
    let wanted = (range.upperBound - range.lowerBound) / Double(max(1, atMost))
    var power = 1.0
    var decimals = 0
    while power > wanted, power > 1e-300 {
      power /= 10
      decimals += 1
    }
    while power * 10 <= wanted {
      power *= 10
      decimals = 0
    }
    let multiple = [1.0, 2, 5].first { power * $0 >= wanted } ?? 10
    self.step = power * multiple
    self.decimals = multiple == 10 ? max(0, decimals - 1) : decimals
  }

  /// Chooses at most about `limit` ticks, but never fewer than two, which it takes to read a scale.
  static func labelled(_ range: ClosedRange<Double>, atMost limit: Int) -> ChartAxis {
    var axis = ChartAxis(range, atMost: limit)
    for more in max(1, limit)..<max(8, limit + 1) where axis.ticks.count < 2 {
      axis = ChartAxis(range, atMost: more)
    }
    return axis
  }

  /// The largest magnitude that is drawn; differences of such values are still finite.
  static let limit = 1e100

  /// Returns whether a coordinate can be drawn: finite, and no larger than ``limit``.
  static func isDrawable(_ value: Double) -> Bool { abs(value) <= limit }

  /// Returns the range an axis needs for values between `bounds`.
  ///
  /// Values that hardly differ stand in the middle of a range of their own size; without any the
  /// range is 0 to 1.
  ///
  /// - Parameters:
  ///   - bounds: The lowest and the highest drawable value, or `nil` if there is none.
  ///   - margin: What to add on both sides, as a part of the distance between the bounds.
  /// - Returns: A range whose bounds are finite and differ.
  static func range(around bounds: ClosedRange<Double>?, margin: Double) -> ClosedRange<Double> {
    guard let bounds else { return 0...1 }
    let (low, high) = (bounds.lowerBound, bounds.upperBound)
    guard high - low > 1e-9 * max(abs(low), abs(high)), high - low > 1e-100 else {
      let middle = low / 2 + high / 2
      let half = max(0.5, abs(middle) / 2)
      return (middle - half)...(middle + half)
    }
    return (low - margin * (high - low))...(high + margin * (high - low))
  }

  /// The values to label, ascending, all within the range.
  var ticks: [Double] {
    let slack = step * 1e-9
    let first = ((range.lowerBound - slack) / step).rounded(.up)
    let last = ((range.upperBound + slack) / step).rounded(.down)
    guard first <= last, last - first < 1000 else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// Returns the label of a tick.
  func label(_ tick: Double) -> String { text(tick, extraDecimals: 0) }

  /// Returns a value on this axis two digits finer than its ticks.
  func text(_ value: Double) -> String { text(value, extraDecimals: 2) }

  /// Where `value` lies between the ends of the axis, from 0 to 1 if it lies within.
  func fraction(_ value: Double) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }

  private func text(_ value: Double, extraDecimals: Int) -> String {
    let widest = max(abs(range.lowerBound), abs(range.upperBound))
    if widest >= 1e9 || decimals > 9 {
      return Self.scientific(value, digits: mantissaDigits + extraDecimals)
    }
    return ChartNumber.fixed(value, decimals: decimals + extraDecimals)
  }

  /// The places of a mantissa that tell neighbouring ticks apart, two at least.
  private var mantissaDigits: Int {
    var digits = 0
    var size = step
    while size < max(abs(range.lowerBound), abs(range.upperBound)), digits < 12 {
      size *= 10
      digits += 1
    }
    return max(2, digits)
  }

  /// Returns `value` as a mantissa of at most `digits` places and a power of ten: `1.25e-12`.
  static func scientific(_ value: Double, digits: Int) -> String {
    guard value != 0, value.isFinite else { return "0" }
    var (mantissa, exponent) = (value, 0)
    while abs(mantissa) >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while abs(mantissa) < 1 {
      mantissa *= 10
      exponent -= 1
    }
    if ChartNumber.fixed(abs(mantissa), decimals: digits).hasPrefix("10") {
      mantissa /= 10
      exponent += 1
    }
    return "\(ChartNumber.trimmed(ChartNumber.fixed(mantissa, decimals: digits)))e\(exponent)"
  }

  /// Returns the smallest pleasant number not below `value`, for the top of a scale from zero.
  static func roundTop(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 1 }
    var power = 1.0
    while power > value { power /= 10 }
    while power * 10 < value { power *= 10 }
    let multiples = [1.0, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10]
    return power * (multiples.first { power * $0 >= value } ?? 10)
  }
}
