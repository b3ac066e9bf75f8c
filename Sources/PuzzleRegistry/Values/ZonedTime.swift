import Foundation

/// Points in time as people write them: a date, a time of day, and the zone they are meant in.
package enum ZonedTime {
  /// Reads `2026-12-01 23:59 Europe/Berlin`, `2026-12-01T23:59:00+01:00` or the same ending in `Z`.
  ///
  /// A time that a zone skips in spring is taken as that much later; of one that occurs twice in
  /// autumn, the first is meant.
  ///
  /// - Returns: Seconds since 1970, or `nil` if the text is no such time or names no zone.
  package static func seconds(_ text: String) -> Double? {
    let pattern = #/(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(\S+)/#
    guard let match = text.wholeMatch(of: pattern), let zone = zone(String(match.output.7)) else {
      return nil
    }
    var parts = DateComponents()
    parts.year = Int(match.output.1)
    parts.month = Int(match.output.2)
    parts.day = Int(match.output.3)
    parts.hour = Int(match.output.4)
    parts.minute = Int(match.output.5)
    parts.second = match.output.6.flatMap { Int($0) } ?? 0
    parts.timeZone = zone
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    guard let year = parts.year, (1970...2200).contains(year), let month = parts.month,
      (1...12).contains(month), let day = parts.day, let hour = parts.hour, hour <= 23,
      let minute = parts.minute, minute <= 59, parts.second ?? 0 <= 59,
      let date = calendar.date(from: parts),
      calendar.component(.day, from: date) == day, calendar.component(.month, from: date) == month
    else { return nil }
    return date.timeIntervalSince1970
  }

  /// Returns a time as it is shown in a message, in UTC.
  package static func text(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).ISO8601Format()
  }

  private static func zone(_ name: String) -> TimeZone? {
    if name == "Z" || name == "UTC" { return TimeZone(secondsFromGMT: 0) }
    if let match = name.wholeMatch(of: #/([+-])(\d\d):?(\d\d)/#) {
      guard let hours = Int(match.output.2), let minutes = Int(match.output.3), hours <= 18,
        minutes <= 59
      else { return nil }
      let seconds = (hours * 60 + minutes) * 60
      return TimeZone(secondsFromGMT: match.output.1 == "-" ? -seconds : seconds)
    }
    // Abbreviations such as CET mean different things to different people.
    return name.contains("/") ? TimeZone(identifier: name) : nil
  }

  /// Reads `15 min`, `1.5 h` or `2 d`, as seconds of at most ten years.
  package static func duration(_ text: String) -> Double? {
    let pattern = #/(\d{1,6}(?:\.\d{1,3})?)\s*(min|minutes?|h|hours?|d|days?)/#
    guard let match = text.wholeMatch(of: pattern), let count = Double(match.output.1) else {
      return nil
    }
    let unit =
      switch match.output.2.first {
      case "m": 60.0
      case "h": 3_600.0
      default: 86_400.0
      }
    let seconds = count * unit
    return seconds <= 3_660 * 86_400 ? seconds : nil
  }

  /// Returns a length of time to its two largest units: `2 d 3 h`, `45 min`.
  package static func lengthText(_ seconds: Double) -> String {
    let minutes = Int(min(1e9, max(0, (seconds / 60).rounded(.up))))
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60)
    let parts = [(days, "d"), (hours, "h"), (rest, "min")].filter { $0.0 > 0 }.prefix(2)
    return parts.isEmpty ? "0 min" : parts.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }
}
