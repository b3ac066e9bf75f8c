import PuzzleRegistry
import SourceDiagnostics
import Testing

@Suite struct PinnedIDsTests {
  private func ids(_ yaml: String) throws -> PinnedIDs {
    try PinnedIDs(yaml: yaml, file: "ids.yaml")
  }

  /// What is pinned, as lines.
  private func lines(_ pinned: PinnedIDs) -> [String] {
    pinned.puzzles.map { "\($0.puzzle): \($0.questions.joined(separator: " "))" }
  }

  @Test func `what is written is read back, in the workbook's order`() throws {
    let text = PinnedIDs.text(
      adding: [
        ("puzzle10-b", ["one"]), ("puzzle2-a", ["two", "three"]), ("null", ["no", "on", "12"]),
      ],
      to: nil
    )
    let pinned = try ids(text)
    #expect(lines(pinned) == ["null: no on 12", "puzzle2-a: two three", "puzzle10-b: one"])
    #expect(PinnedIDs.text(adding: [], to: pinned) == text)
  }

  @Test func `a list of nothing is read back too`() throws {
    let text = PinnedIDs.text(adding: [], to: nil)
    #expect(try ids(text).puzzles.isEmpty)
    #expect(lines(try ids(PinnedIDs.text(adding: [("a", [])], to: ids(text)))) == ["a: "])
  }

  @Test func `ids are only ever added`() throws {
    let old = try ids("gone: [first]\npuzzle1: [kept, lost]\n")
    let text = PinnedIDs.text(
      adding: [("puzzle1", ["new", "kept"]), ("puzzle2", ["level"])],
      to: old
    )
    #expect(lines(try ids(text)) == ["gone: first", "puzzle1: kept lost new", "puzzle2: level"])
    // Doing it again changes nothing.
    let again = PinnedIDs.text(
      adding: [("puzzle1", ["new", "kept"]), ("puzzle2", ["level"])],
      to: try ids(text)
    )
    #expect(again == text)
  }

  @Test func `each id that is gone is an error, and none of a puzzle that cannot be read`() throws {
    let pinned = try ids("a: [one, two]\nb: [three]\nc: [four]\n")
    let present: [String: [String]?] = ["a": ["two", "new"], "b": [String]?.none]
    let found = pinned.errors(present: present)
    #expect(found.map(\.rule) == ["lost-id", "lost-id"])
    #expect(found.map { $0.place?.line } == [1, 3])
    #expect(found[0].message == "the question 'one' of a was published and is not asked any more")
    #expect(found[1].message == "the puzzle 'c' was published and is not here any more")
  }
}
