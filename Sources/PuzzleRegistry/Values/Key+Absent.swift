import SourceDiagnostics

extension Key {
  /// Returns the key of a puzzle that was handed out without one: it knows of no question.
  package static func absent(for puzzle: Puzzle) -> Key {
    Key(
      puzzleID: puzzle.id,
      questions: [:],
      reference: [:],
      isEncoded: false,
      places: [:],
      place: puzzle.place
    )
  }
}
