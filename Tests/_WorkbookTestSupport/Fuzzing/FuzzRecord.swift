package import SourceDiagnostics

/// What one process has met: how many files were opened or refused, by which rules, and what broke a
/// promise.
package struct FuzzRecord: Codable, Sendable, Equatable {
  package private(set) var opened = 0
  package private(set) var refused = 0
  /// How often each rule was met.
  package private(set) var rules: [String: Int] = [:]
  /// What broke a promise, each with the round it did so in.
  package private(set) var complaints: [String] = []
  /// The length in bytes of the longest diagnostic shown.
  package private(set) var longestFault = 0
  package var rounds = 0
  /// The bytes of all files made.
  package var byteCount = 0
  package var seconds = 0.0
  /// The longest time that one round took, and which.
  package var slowest = 0.0
  package var slowestRound = 0
  /// How far memory in use ever rose above what it was after warming up.
  package var memoryBytes = 0
  var round = 0

  /// The longest that one diagnostic may be when shown.
  private static let longestShown = 50_000
  private static let mostComplaints = 20

  package init() {}

  /// Notes that a promise was broken.
  package mutating func complain(_ complaint: String) {
    guard complaints.count < Self.mostComplaints else { return }
    complaints.append("round \(round): \(escapingControls(String(complaint.prefix(500))))")
  }

  /// Opens something; what is refused must be refused at a place.
  @discardableResult
  package mutating func open<Result>(_ body: () throws -> Result) -> Result? {
    let result = attempt(needsPlace: true, body)
    if result == nil { refused += 1 } else { opened += 1 }
    return result
  }

  /// Uses something that was opened; returns `nil` if that was refused.
  @discardableResult
  package mutating func attempt<Result>(
    needsPlace: Bool = false,
    _ body: () throws -> Result
  ) -> Result? {
    do {
      return try body()
    } catch let fault as Diagnostic {
      check(fault, needsPlace: needsPlace)
    } catch let report as DiagnosticReport {
      if report.diagnostics.isEmpty { complain("an empty report was thrown") }
      for fault in report.diagnostics { check(fault, needsPlace: needsPlace) }
    } catch {
      complain("\(type(of: error)) was thrown: \(error)")
    }
    return nil
  }

  /// Checks that a fault can be shown.
  package mutating func check(_ fault: Diagnostic, needsPlace: Bool = true) {
    rules[fault.rule, default: 0] += 1
    let text = fault.rendered()
    longestFault = max(longestFault, text.utf8.count)
    if fault.message.isEmpty { complain("[\(fault.rule)] says nothing") }
    if needsPlace, fault.place == nil { complain("[\(fault.rule)] has no place: \(fault.message)") }
    if text.utf8.count > Self.longestShown {
      complain("[\(fault.rule)] takes \(text.utf8.count) bytes: \(text.prefix(200))")
    }
    checkShown(text, "[\(fault.rule)]")
  }

  /// Checks that a text can be printed on a terminal.
  package mutating func checkShown(_ text: String, _ what: String) {
    let isControl = text.unicodeScalars.contains {
      $0.properties.generalCategory == .control && $0 != "\n"
    }
    if isControl { complain("\(what) shows control characters: \(text)") }
  }
}

extension FuzzRecord {
  /// How many of the files were opened, of 1.
  package var openedShare: Double { Double(opened) / Double(max(1, opened + refused)) }

  /// One line for a log.
  package var summary: String {
    "\(rounds) rounds, \(Int((100 * openedShare).rounded()))% opened, \(rules.count) rules,"
      + " \(byteCount >> 20) MB in \((10 * seconds).rounded() / 10) s, slowest \(slowestRound) with"
      + " \(Int(1000 * slowest)) ms, \(memoryBytes >> 20) MB more memory, longest fault \(longestFault)"
  }
}
