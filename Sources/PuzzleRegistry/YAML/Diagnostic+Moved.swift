package import SourceDiagnostics

extension Diagnostic {
  /// Returns a fault within a scalar's text, placed where the scalar stands.
  ///
  /// - Parameters:
  ///   - scalar: The place of the whole scalar.
  ///   - inner: The place of its first character, if it stands on one line exactly as it reads.
  /// - Returns: The fault at its own place if `inner` is known; otherwise at the scalar, with a
  ///   message that quotes the scalar's faulty line.
  package func moved(from scalar: SourcePlace, inner: SourcePlace?) -> Diagnostic {
    guard let within = place, let column = within.column else { return at(scalar) }
    if var start = inner, let startColumn = start.column {
      start.column = startColumn + column - 1
      start.length = within.length
      return at(start)
    }
    var moved = at(scalar)
    if let line = within.quotedLine {
      moved.message += " in '\(line.drop { $0.isWhitespace })'"
    }
    return moved
  }
}
