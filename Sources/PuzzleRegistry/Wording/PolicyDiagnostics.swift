import SourceDiagnostics

/// What is said about a policy that cannot be read.
extension Diagnostic {
  static func badTime(_ what: String, found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "bad-time",
      "\(what) is '\(found.prefix(40))', expected a date, a time and a zone",
      help: "such as 2026-12-01 23:59 Europe/Berlin, or 2026-12-01T23:59:00+01:00",
      at: place
    )
  }

  static func badDuration(_ what: String, found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "bad-time",
      "\(what) is '\(found.prefix(40))', expected a length of time",
      help: "such as 15 min, 24 h or 3 d",
      at: place
    )
  }

  static func badSize(_ what: String, found: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "bad-number",
      "\(what) is '\(found.prefix(40))', expected points, or a percentage up to 100%",
      help: "such as 0.5 or 10%",
      at: place
    )
  }

  static func lateStepOrder(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "late-steps",
      "late steps come in order of time, each with 'within' but for the last",
      help: "end with what holds from then on, such as: - off: 100%",
      at: place
    )
  }

  static func unknownCount(_ name: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "unknown-value",
      "'count' is '\(name.prefix(40))', expected last or best",
      at: place
    )
  }
}
