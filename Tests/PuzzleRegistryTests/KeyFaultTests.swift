import PuzzleRegistry
import Testing

/// What is said about a key that breaks its schema or does not fit its puzzle.
@Suite struct KeyFaultTests {
  @Test func `an unknown part`() {
    let expected = """
      key.yaml:30:1: error: [unknown-key] a key has no key 'referense'
      30 | referense:
         | ^^^^^^^^^
      help: did you mean 'reference'?
      """
    #expect(keyFaults("reference:", "referense:") == expected)
  }

  @Test func `a key for no question`() {
    let expected = """
      key.yaml:1:1: error: [missing-question-key] the number question 'predicts' has no key
      1 | questions:
        | ^
      help: add 'predicts:' under 'questions' in the key
      key.yaml:2:3: error: [unknown-question] the puzzle has no question 'predict'
      2 |   predict:
        |   ^^^^^^^
      help: did you mean 'predicts'?
      """
    #expect(
      keyFaults(
        """
          predicts:

        """,
        """
          predict:

        """
      ) == expected
    )
  }

  @Test func `a question without a key`() {
    let expected = """
      key.yaml:1:1: error: [missing-question-key] the explain question 'why' has no key
      1 | questions:
        | ^
      help: add 'why:' under 'questions' in the key
      """
    #expect(
      keyFaults(
        """
          why:
            rubric:
              - { idea: the mean vector is large, any: [mean vector, common direction, offset, bias, not centred], points: 2 }
              - { idea: cosine privileges the origin, any: [zero point, origin, translation], points: 1 }

        """,
        ""
      ) == expected
    )
  }

  @Test func `a number without a truth`() {
    let expected = """
      key.yaml:3:5: error: [missing-key] the key of a number needs the key 'truth'
      3 |     tolerance: 0.01
        |     ^
      help: add 'truth: …'
      """
    #expect(
      keyFaults(
        """
            truth: "mean(similarity_to(mean(W_E), by: cosine))"

        """,
        ""
      ) == expected
    )
  }

  @Test func `a negative tolerance`() {
    let expected = """
      key.yaml:4:16: error: [bad-number] 'tolerance' is '-0.01', expected a number, 0 or more
      4 |     tolerance: -0.01
        |                ^^^^^
      """
    #expect(keyFaults("tolerance: 0.01", "tolerance: -0.01") == expected)
  }

  @Test func `a tolerance in percent`() {
    let expected = """
      key.yaml:4:16: error: [bad-number] 'tolerance' is '1%', expected a number, 0 or more
      4 |     tolerance: 1%
        |                ^^
      """
    #expect(keyFaults("tolerance: 0.01", "tolerance: 1%") == expected)
  }

  @Test func `an infinite tolerance`() {
    let expected = """
      key.yaml:4:16: error: [bad-number] 'tolerance' is '1e999', expected a number, 0 or more
      4 |     tolerance: 1e999
        |                ^^^^^
      """
    #expect(keyFaults("tolerance: 0.01", "tolerance: 1e999") == expected)
  }

  @Test func `a fault in a truth`() {
    let expected = """
      key.yaml:3:54: error: [syntax] found the end of the formula, expected ')' to close the call
      3 |     truth: "mean(similarity_to(mean(W_E), by: cosine)"
        |                                                      ^
      """
    #expect(keyFaults("by: cosine))", "by: cosine)") == expected)
  }

  @Test func `a trap that says nothing`() {
    let expected = """
      key.yaml:25:9: error: [missing-key] a trap needs the key 'says'
      25 |       - { when: "nearest(mean(W_E), k: 100, by: dot)"  }
         |         ^
      help: add 'says: …'
      """
    #expect(keyFaults(", says: Those are long rather than close.", " ") == expected)
  }

  @Test func `both forms of a choice's truth`() {
    let expected = """
      key.yaml:8:5: error: [choice-truth] the key of a choice needs either 'holds' or 'correct'
      8 |     correct: [shuffle-tokens]
        |     ^
      help: give a formula for each option under 'holds', or list the options under 'correct'
      """
    #expect(
      keyFaults(
        """
            holds:

        """,
        """
            correct: [shuffle-tokens]
            holds:

        """
      ) == expected
    )
  }

  @Test func `a formula for no option`() {
    let expected = """
      key.yaml:9:7: error: [unknown-key] 'holds' has no key 'shuffle-token'
      9 |       shuffle-token: "abs(mean(pairs(cosine(a, b), of: shuffle_tokens(W_E, seed: 1))) - mean(pai…
        |       ^^^^^^^^^^^^^
      help: did you mean 'shuffle-tokens'?
      """
    #expect(keyFaults(#"      shuffle-tokens: "abs"#, #"      shuffle-token: "abs"#) == expected)
  }

  @Test func `a trap on no option`() {
    let expected = """
      key.yaml:12:17: error: [unknown-option] there is no option 'shuffle-chanels'
      12 |       - { when: shuffle-chanels, says: Shuffling channels breaks the common direction. }
         |                 ^^^^^^^^^^^^^^^
      help: did you mean 'shuffle-channels'?
      """
    #expect(keyFaults("when: shuffle-channels", "when: shuffle-chanels") == expected)
  }

  @Test func `an unknown invariance`() {
    let expected = """
      key.yaml:15:22: error: [unknown-invariance] there is no invariance named 'translations'
      15 |       - { invariant: translations, points: 2, says: Move every embedding by the same vector and …
         |                      ^^^^^^^^^^^^
      help: did you mean 'translation'?
      """
    #expect(keyFaults("invariant: translation", "invariant: translations") == expected)
  }

  @Test func `a requirement of both kinds`() {
    let expected = """
      key.yaml:15:9: error: [requirement-kind] a requirement needs either 'invariant' or 'that'
      15 |       - { invariant: translation, that: 'true', points: 2, says: Move every embedding by the sam…
         |         ^
      """
    #expect(keyFaults("invariant: translation", "invariant: translation, that: 'true'") == expected)
  }

  @Test func `a requirement of no kind`() {
    let expected = """
      key.yaml:15:9: error: [requirement-kind] a requirement needs either 'invariant' or 'that'
      15 |       - { points: 2, says: Move every embedding by the same vector and your answer changes. }
         |         ^
      """
    #expect(keyFaults("invariant: translation, ", "") == expected)
  }

  @Test func `requirements that do not add up`() {
    let expected = """
      key.yaml:13:3: error: [points-mismatch] the requirements of 'metric' give 2.50 points, but the question is worth 4.00
      13 |   metric:
         |   ^^^^^^
      help: make the two agree
      """
    #expect(
      keyFaults("{ invariant: translation, points: 2", "{ invariant: translation, points: 0.5")
        == expected
    )
  }

  @Test func `a rubric that does not add up`() {
    let expected = """
      key.yaml:26:3: error: [points-mismatch] the rubric of 'why' gives 4 points, but the question is worth 3
      26 |   why:
         |   ^^^
      help: make the two agree
      """
    #expect(
      keyFaults("offset, bias, not centred], points: 2", "offset, bias, not centred], points: 3")
        == expected
    )
  }

  @Test func `an idea without phrases`() {
    let expected = """
      key.yaml:29:52: error: [empty-value] 'any' is empty, expected at least one entry
      29 |       - { idea: cosine privileges the origin, any: [], points: 1 }
         |                                                    ^
      """
    #expect(keyFaults("any: [zero point, origin, translation]", "any: []") == expected)
  }

  @Test func `no requirements`() {
    let expected = """
      key.yaml:14:14: error: [empty-value] 'require' is empty, expected at least one entry
      14 |     require: []
         |              ^
      """
    #expect(
      keyFaults(
        """
            require:
              - { invariant: translation, points: 2, says: Move every embedding by the same vector and your answer changes. }
              - { that: "mean(auc_of_shuffles(metric, 'synonyms', 20)) > 0.6", points: 2,
                  says: It no longer tells synonyms from unrelated words of the same frequency. }

        """,
        """
            require: []

        """
      ) == expected
    )
  }

  @Test func `a trap on an unknown similarity`() {
    let expected = """
      key.yaml:20:31: error: [unknown-choice] 'kendal' is not a similarity
      20 |       - { when: { similarity: kendal }, says: Ranks of channels do not know where zero is either…
         |                               ^^^^^^
      help: did you mean 'kendall'?
      """
    #expect(keyFaults("similarity: kendall", "similarity: kendal") == expected)
  }

  @Test func `a trap on any choice`() {
    let expected = """
      key.yaml:20:17: error: [empty-value] this trap names no part of a metric choice, so it would match any
      20 |       - { when: {}, says: Ranks of channels do not know where zero is either. }
         |                 ^
      help: expected at least one of: similarity, zero-point, remove
      """
    #expect(keyFaults("{ similarity: kendall }", "{}") == expected)
  }

  @Test func `a need of none`() {
    let expected = """
      key.yaml:23:11: error: [bad-number] 'need' is '0', expected a whole number from 1 to 1000
      23 |     need: 0
         |           ^
      """
    #expect(keyFaults("need: 2", "need: 0") == expected)
  }

  @Test func `a missing reference`() {
    let expected = """
      key.yaml:21:3: error: [missing-reference] the question 'closest' has no reference answer
      21 |   closest:
         |   ^^^^^^^
      help: add 'closest:' under 'reference', an answer that earns full marks
      """
    #expect(
      keyFaults(
        """
          closest: [" the", " a"]

        """,
        ""
      ) == expected
    )
  }

  @Test func `a blank reference`() {
    let expected = """
      key.yaml:21:3: error: [missing-reference] the question 'closest' has no reference answer
      21 |   closest:
         |   ^^^^^^^
      help: add 'closest:' under 'reference', an answer that earns full marks
      """
    #expect(keyFaults(#"  closest: [" the", " a"]"#, "  closest:") == expected)
  }

  @Test func `a reference that cannot be read`() {
    let expected = """
      key.yaml:31:11: error: [unknown-option] there is no option 'shuffle-token'
      31 |   which: [shuffle-token]
         |           ^^^^^^^^^^^^^
      help: did you mean 'shuffle-tokens'?
      """
    #expect(keyFaults("which: [shuffle-tokens]", "which: [shuffle-token]") == expected)
  }

  @Test func `a reference with an unknown zero point`() {
    let expected = """
      key.yaml:32:45: error: [unknown-choice] 'token-men' is not a zero-point
      32 |   metric: { similarity: cosine, zero-point: token-men }
         |                                             ^^^^^^^^^
      help: did you mean 'token-mean'?
      """
    #expect(keyFaults("zero-point: token-mean }", "zero-point: token-men }") == expected)
  }
}
