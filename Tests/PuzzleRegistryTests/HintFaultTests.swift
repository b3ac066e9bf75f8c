import PuzzleRegistry
import Testing

/// What is said about hints.
@Suite struct HintFaultTests {
  @Test func `hints that are a mapping`() {
    let expected = """
      hints.yaml:1:1: error: [wrong-type] the file of hints is a mapping, expected a list
      1 | a: b
        | ^
      """
    #expect(hintFaults("a: b") == expected)
  }

  @Test func `no hints`() {
    let expected = """
      hints.yaml:1:1: error: [empty-value] there are no hints, expected at least one
      1 | []
        | ^
      """
    #expect(hintFaults("[]") == expected)
  }

  @Test func `an empty hint`() {
    let expected = """
      hints.yaml:2:2: error: [empty-value] a hint is empty, expected a text
      2 | -
        |  ^
      """
    #expect(
      hintFaults(
        """
        - one
        -

        """
      ) == expected
    )
  }

  @Test func `an unknown key in a hint`() {
    let expected = """
      hints.yaml:1:5: error: [unknown-key] a hint has no key 'titel'
      1 | - { titel: a, text: b }
        |     ^^^^^
      help: did you mean 'title'?
      """
    #expect(hintFaults("- { titel: a, text: b }") == expected)
  }

  @Test func `a hint without a text`() {
    let expected = """
      hints.yaml:1:3: error: [missing-key] a hint needs the key 'text'
      1 | - { title: a }
        |   ^
      help: add 'text: …'
      """
    #expect(hintFaults("- { title: a }") == expected)
  }

  @Test func `a hint in a block with a fault`() {
    let expected = """
      hints.yaml:1:3: error: [syntax] found the end of the formula, expected a value in 'two {{ ( | 0 }}'
      1 | - |
        |   ^
      """
    #expect(
      hintFaults(
        """
        - |
          one
          two {{ ( | 0 }}

        """
      ) == expected
    )
  }
}
