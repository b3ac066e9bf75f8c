import PuzzleRegistry
import Testing

/// What is said about an answer that cannot be read.
@Suite struct AnswerFaultTests {
  @Test func `a number in words`() {
    let expected = """
      answers.yaml:3:13: error: [answer-not-number] the answer is 'about a half', expected a number
      3 |   predicts: about a half
        |             ^^^^^^^^^^^^
      help: write one number, such as 0.5, 5e-1 or 50%
      """
    #expect(answerFault("predicts", "about a half") == expected)
  }

  @Test func `a number in words and digits`() {
    let expected = """
      answers.yaml:3:13: error: [answer-not-number] the answer is '0.9 or so', expected a number
      3 |   predicts: 0.9 or so
        |             ^^^^^^^^^
      help: write one number, such as 0.5, 5e-1 or 50%
      """
    #expect(answerFault("predicts", "0.9 or so") == expected)
  }

  @Test func `a decimal comma`() {
    let expected = """
      answers.yaml:3:13: error: [decimal-comma] '0,92' has a comma, expected a decimal point
      3 |   predicts: 0,92
        |             ^^^^
      help: write 0.92
      """
    #expect(answerFault("predicts", "0,92") == expected)
  }

  @Test func `a decimal comma in percent`() {
    let expected = """
      answers.yaml:3:13: error: [decimal-comma] '91,7 %' has a comma, expected a decimal point
      3 |   predicts: 91,7 %
        |             ^^^^^^
      help: write 91.7%
      """
    #expect(answerFault("predicts", "91,7 %") == expected)
  }

  @Test func `a list of numbers`() {
    let expected = """
      answers.yaml:3:13: error: [answer-not-number] the answer is a list, expected a number
      3 |   predicts: [0.9]
        |             ^
      help: write one number, such as 0.5, 5e-1 or 50%
      """
    #expect(answerFault("predicts", "[0.9]") == expected)
  }

  @Test func `a mapping for a number`() {
    let expected = """
      answers.yaml:3:13: error: [answer-not-number] the answer is a mapping, expected a number
      3 |   predicts: { value: 1 }
        |             ^
      help: write one number, such as 0.5, 5e-1 or 50%
      """
    #expect(answerFault("predicts", "{ value: 1 }") == expected)
  }

  @Test func `a number too large`() {
    let expected = """
      answers.yaml:3:13: error: [answer-not-finite] '1e999' is beyond the largest number that can be held
      3 |   predicts: 1e999
        |             ^^^^^
      """
    #expect(answerFault("predicts", "1e999") == expected)
  }

  @Test func `not a number`() {
    let expected = """
      answers.yaml:3:13: error: [answer-not-finite] the answer is '.nan', expected a finite number
      3 |   predicts: .nan
        |             ^^^^
      """
    #expect(answerFault("predicts", ".nan") == expected)
  }

  @Test func `infinity`() {
    let expected = """
      answers.yaml:3:13: error: [answer-not-finite] the answer is '-inf', expected a finite number
      3 |   predicts: -inf
        |             ^^^^
      """
    #expect(answerFault("predicts", "-inf") == expected)
  }

  @Test func `a hexadecimal number`() {
    let expected = """
      answers.yaml:3:13: error: [answer-not-number] the answer is '0x1p3', expected a number
      3 |   predicts: 0x1p3
        |             ^^^^^
      help: write one number, such as 0.5, 5e-1 or 50%
      """
    #expect(answerFault("predicts", "0x1p3") == expected)
  }

  @Test func `an unknown option`() {
    let expected = """
      answers.yaml:3:11: error: [unknown-option] there is no option 'shuffle-token'
      3 |   which: [shuffle-token]
        |           ^^^^^^^^^^^^^
      help: did you mean 'shuffle-tokens'?
      """
    #expect(answerFault("which", "[shuffle-token]") == expected)
  }

  @Test func `an option like none`() {
    let expected = """
      answers.yaml:3:10: error: [unknown-option] there is no option 'everything'
      3 |   which: everything
        |          ^^^^^^^^^^
      help: expected one of: shuffle-channels, shuffle-tokens
      """
    #expect(answerFault("which", "everything") == expected)
  }

  @Test func `a mapping for a choice`() {
    let expected = """
      answers.yaml:3:10: error: [answer-not-option] the answer is a mapping, expected a list of options
      3 |   which: { shuffle-tokens: true }
        |          ^
      help: write the options in brackets, such as [one, two]
      """
    #expect(answerFault("which", "{ shuffle-tokens: true }") == expected)
  }

  @Test func `a nested list for a choice`() {
    let expected = """
      answers.yaml:3:11: error: [answer-not-option] the answer is a list, expected a list of options
      3 |   which: [[shuffle-tokens]]
        |           ^
      help: write the options in brackets, such as [one, two]
      """
    #expect(answerFault("which", "[[shuffle-tokens]]") == expected)
  }

  @Test func `a mapping for tokens`() {
    let expected = """
      answers.yaml:3:12: error: [answer-not-tokens] the answer holds a mapping, expected a list of tokens
      3 |   closest: { a: b }
        |            ^
      help: write them in brackets and quotes, such as [" dog", " cat"]
      """
    #expect(answerFault("closest", "{ a: b }") == expected)
  }

  @Test func `a nested list for tokens`() {
    let expected = """
      answers.yaml:3:18: error: [answer-not-tokens] the answer holds a list, expected a list of tokens
      3 |   closest: [the, [a]]
        |                  ^
      help: write them in brackets and quotes, such as [" dog", " cat"]
      """
    #expect(answerFault("closest", "[the, [a]]") == expected)
  }

  @Test func `a list for a metric`() {
    let expected = """
      answers.yaml:3:11: error: [answer-not-metric] the answer is a list, expected a metric
      3 |   metric: [cosine]
        |           ^
      help: write { similarity: cosine, zero-point: origin, remove: 0 }, or a formula in quotes
      """
    #expect(answerFault("metric", "[cosine]") == expected)
  }

  @Test func `a metric with an unknown key`() {
    let expected = """
      answers.yaml:3:33: error: [unknown-key] a metric has no key 'zeropoint'
      3 |   metric: { similarity: cosine, zeropoint: token-mean }
        |                                 ^^^^^^^^^
      help: did you mean 'zero-point'?
      """
    #expect(answerFault("metric", "{ similarity: cosine, zeropoint: token-mean }") == expected)
  }

  @Test func `a metric without a similarity`() {
    let expected = """
      answers.yaml:3:11: error: [missing-key] a metric needs the key 'similarity'
      3 |   metric: { zero-point: token-mean }
        |           ^
      help: add 'similarity: …'
      """
    #expect(answerFault("metric", "{ zero-point: token-mean }") == expected)
  }

  @Test func `a metric with an unknown similarity`() {
    let expected = """
      answers.yaml:3:25: error: [unknown-choice] 'cosin' is not a similarity
      3 |   metric: { similarity: cosin }
        |                         ^^^^^
      help: did you mean 'cosine'?
      """
    #expect(answerFault("metric", "{ similarity: cosin }") == expected)
  }

  @Test func `a metric with an unknown zero point`() {
    let expected = """
      answers.yaml:3:42: error: [unknown-choice] 'mean' is not a zero-point
      3 |   metric: { similarity: dot, zero-point: mean }
        |                                          ^^^^
      help: expected one of: origin, token-mean, token-median, class-mean, space-mean, no-space-mean, position-mean
      """
    #expect(answerFault("metric", "{ similarity: dot, zero-point: mean }") == expected)
  }

  @Test func `a metric that removes too much`() {
    let expected = """
      answers.yaml:3:38: error: [unknown-choice] cannot remove 4 directions; expected 0 to 3
      3 |   metric: { similarity: dot, remove: 4 }
        |                                      ^
      """
    #expect(answerFault("metric", "{ similarity: dot, remove: 4 }") == expected)
  }

  @Test func `a metric that removes a half`() {
    let expected = """
      answers.yaml:3:38: error: [bad-number] 'remove' is '0.5', expected a whole number from 0 to 3
      3 |   metric: { similarity: dot, remove: 0.5 }
        |                                      ^^^
      """
    #expect(answerFault("metric", "{ similarity: dot, remove: 0.5 }") == expected)
  }

  @Test func `a metric with a list inside`() {
    let expected = """
      answers.yaml:3:25: error: [wrong-type] 'similarity' is a list, expected a text
      3 |   metric: { similarity: [dot] }
        |                         ^
      """
    #expect(answerFault("metric", "{ similarity: [dot] }") == expected)
  }

  @Test func `a formula with a fault`() {
    let expected = """
      answers.yaml:3:35: error: [syntax] found ')', expected an operator
      3 |   metric: cosine(a - mean(W_E), b))
        |                                   ^
      """
    #expect(answerFault("metric", "cosine(a - mean(W_E), b))") == expected)
  }

  @Test func `a quoted formula with a fault`() {
    let expected = """
      answers.yaml:3:23: error: [unexpected-character] '$' has no meaning in a formula
      3 |   metric: 'cosine(a - $, b)'
        |                       ^
      """
    #expect(answerFault("metric", "'cosine(a - $, b)'") == expected)
  }

  @Test func `a list for an explanation`() {
    let expected = """
      answers.yaml:3:8: error: [answer-not-text] the answer is a list, expected a text
      3 |   why: [a, b]
        |        ^
      help: start it with '|' and indent the lines below
      """
    #expect(answerFault("why", "[a, b]") == expected)
  }
}
