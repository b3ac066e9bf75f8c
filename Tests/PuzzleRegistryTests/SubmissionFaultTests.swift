import PuzzleRegistry
import Testing

/// What is said about a submission as a whole.
@Suite struct SubmissionFaultTests {
  @Test func `a list instead of a mapping`() {
    let expected = """
      a.yaml:1:1: error: [wrong-type] a submission is a list, expected a mapping of keys to values
      1 | [1, 2]
        | ^
      """
    #expect(submissionFaults("[1, 2]") == expected)
  }

  @Test func `no puzzle named`() {
    let expected = """
      a.yaml:1:1: error: [missing-key] a submission needs the key 'puzzle'
      1 | answers: {}
        | ^
      help: add 'puzzle: …'
      """
    #expect(submissionFaults("answers: {}") == expected)
  }

  @Test func `an empty puzzle name`() {
    let expected = """
      a.yaml:1:8: error: [empty-value] 'puzzle' is empty, expected a text
      1 | puzzle:
        |        ^
      """
    #expect(
      submissionFaults(
        """
        puzzle:
        answers:
        """
      ) == expected
    )
  }

  @Test func `answers that are a list`() {
    let expected = """
      a.yaml:2:10: error: [wrong-type] 'answers' is a list, expected a mapping of keys to values
      2 | answers: [1]
        |          ^
      """
    #expect(
      submissionFaults(
        """
        puzzle: x
        answers: [1]
        """
      ) == expected
    )
  }

  @Test func `a submission for another puzzle`() {
    let expected = """
      a.yaml:1:9: error: [other-puzzle] this submission is for 'puzzle2-other', expected 'puzzle1-suspicious-similarities'
      1 | puzzle: puzzle2-other
        |         ^^^^^^^^^^^^^
      """
    #expect(submissionFaults("puzzle: puzzle2-other", for: try? ExamplePuzzle.puzzle()) == expected)
  }
}
