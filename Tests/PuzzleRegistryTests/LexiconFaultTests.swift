import PuzzleRegistry
import Testing

/// What is said about a lexicon.
@Suite struct LexiconFaultTests {
  @Test func `a lexicon without lists`() {
    let expected = """
      lexicon.yaml:1:1: error: [bad-lexicon] this lexicon has no list, expected at least one
      1 | {}
        | ^
      """
    #expect(lexiconFaults("{}") == expected)
  }

  @Test func `a lexicon that is a list`() {
    let expected = """
      lexicon.yaml:1:1: error: [wrong-type] a lexicon is a list, expected a mapping of keys to values
      1 | [a]
        | ^
      """
    #expect(lexiconFaults("[a]") == expected)
  }

  @Test func `a list that is empty`() {
    let expected = """
      lexicon.yaml:1:10: error: [empty-value] 'animals' is empty, expected at least one entry
      1 | animals: []
        |          ^
      """
    #expect(lexiconFaults("animals: []") == expected)
  }

  @Test func `a list that is a text`() {
    let expected = """
      lexicon.yaml:1:10: error: [wrong-type] 'animals' is a single value, expected a list
      1 | animals: dog
        |          ^^^
      """
    #expect(lexiconFaults("animals: dog") == expected)
  }

  @Test func `a list named with a space`() {
    let expected = """
      lexicon.yaml:1:1: error: [bad-name] a list is named 'my animals', expected lower-case letters and digits, in groups joined by hyphens
      1 | my animals: [dog]
        | ^^^^^^^^^^
      help: use a name such as 'mean-cosine'
      """
    #expect(lexiconFaults("my animals: [dog]") == expected)
  }

  @Test func `a pair of three`() {
    let expected = """
      lexicon.yaml:1:17: error: [bad-lexicon] 'pairs' is a list of pairs, but this is not a list of two words
      1 | pairs: [[a, b], [c, d, e], f]
        |                 ^
      lexicon.yaml:1:28: error: [bad-lexicon] 'pairs' is a list of pairs, but this is not a list of two words
      1 | pairs: [[a, b], [c, d, e], f]
        |                            ^
      """
    #expect(lexiconFaults("pairs: [[a, b], [c, d, e], f]") == expected)
  }

  @Test func `an empty word`() {
    let expected = """
      lexicon.yaml:1:16: error: [empty-value] each of 'animals' is empty, expected a text
      1 | animals: [dog, ""]
        |                ^^
      """
    #expect(lexiconFaults(#"animals: [dog, ""]"#) == expected)
  }
}
