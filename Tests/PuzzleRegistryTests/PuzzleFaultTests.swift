import PuzzleRegistry
import Testing

/// What is said about a puzzle that breaks its schema.
@Suite struct PuzzleFaultTests {
  @Test func `an unknown key`() {
    let expected = """
      p/puzzle.yaml:5:1: error: [unknown-key] a puzzle has no key 'minuts'
      5 | minuts: 60
        | ^^^^^^
      help: did you mean 'minutes'?
      """
    #expect(puzzleFaults("minutes: 60", "minuts: 60") == expected)
  }

  @Test func `an unknown key like no other`() {
    let expected = """
      p/puzzle.yaml:6:1: error: [unknown-key] a puzzle has no key 'xylophone'
      6 | xylophone: 1
        | ^^^^^^^^^
      help: expected one of: title, principle, source, difficulty, minutes, background, models, compare, plots, questions
      """
    #expect(
      puzzleFaults(
        "minutes: 60",
        """
        minutes: 60
        xylophone: 1
        """
      ) == expected
    )
  }

  @Test func `a missing key`() {
    let expected = """
      p/puzzle.yaml:1:1: error: [missing-key] a puzzle needs the key 'minutes'
      1 | title: Suspiciously similar embeddings
        | ^
      help: add 'minutes: …'
      """
    #expect(
      puzzleFaults(
        """
        minutes: 60

        """,
        ""
      ) == expected
    )
  }

  @Test func `a title that is a list`() {
    let expected = """
      p/puzzle.yaml:1:8: error: [wrong-type] 'title' is a list, expected a text
      1 | title: [a]
        |        ^
      """
    #expect(puzzleFaults("title: Suspiciously similar embeddings", "title: [a]") == expected)
  }

  @Test func `an empty title`() {
    let expected = """
      p/puzzle.yaml:1:7: error: [empty-value] 'title' is empty, expected a text
      1 | title:
        |       ^
      """
    #expect(puzzleFaults("title: Suspiciously similar embeddings", "title:") == expected)
  }

  @Test func `a difficulty out of range`() {
    let expected = """
      p/puzzle.yaml:4:13: error: [bad-number] 'difficulty' is '6', expected a whole number from 1 to 5
      4 | difficulty: 6          # of 5
        |             ^
      """
    #expect(puzzleFaults("difficulty: 2 ", "difficulty: 6 ") == expected)
  }

  @Test func `minutes that are not whole`() {
    let expected = """
      p/puzzle.yaml:5:10: error: [bad-number] 'minutes' is '1.5', expected a whole number from 1 to 1000
      5 | minutes: 1.5
        |          ^^^
      """
    #expect(puzzleFaults("minutes: 60", "minutes: 1.5") == expected)
  }

  @Test func `a source without a year`() {
    let expected = """
      p/puzzle.yaml:3:9: error: [missing-key] a source needs the key 'year'
      3 | source: { title: "Mech Interp Puzzle 1", author: Neel Nanda }
        |         ^
      help: add 'year: …'
      """
    #expect(puzzleFaults(", year: 2023 }", " }") == expected)
  }

  @Test func `a year in words`() {
    let expected = """
      p/puzzle.yaml:3:68: error: [bad-number] 'year' is 'last', expected a whole number from 1900 to 2200
      3 | source: { title: "Mech Interp Puzzle 1", author: Neel Nanda, year: last }
        |                                                                    ^^^^
      """
    #expect(puzzleFaults("year: 2023", "year: last") == expected)
  }

  @Test func `no models`() {
    let expected = """
      p/puzzle.yaml:7:9: error: [empty-value] 'models' is empty, expected at least one entry
      7 | models: []
        |         ^
      """
    #expect(puzzleFaults("models: [gpt-neo-125m, whisper-tiny.en]", "models: []") == expected)
  }

  @Test func `models that are one text`() {
    let expected = """
      p/puzzle.yaml:7:9: error: [wrong-type] 'models' is a single value, expected a list
      7 | models: gpt2
        |         ^^^^
      """
    #expect(puzzleFaults("models: [gpt-neo-125m, whisper-tiny.en]", "models: gpt2") == expected)
  }

  @Test func `a model that is a list`() {
    let expected = """
      p/puzzle.yaml:7:10: error: [wrong-type] each of 'models' is a list, expected a text
      7 | models: [[gpt2]]
        |          ^
      """
    #expect(puzzleFaults("models: [gpt-neo-125m, whisper-tiny.en]", "models: [[gpt2]]") == expected)
  }

  @Test func `no questions`() {
    let expected = """
      p/puzzle.yaml:5:12: error: [empty-value] 'questions' is empty, expected at least one entry
      5 | questions: []
        |            ^
      """
    #expect(
      puzzleFaults(yaml: "title: a\ndifficulty: 1\nminutes: 1\nmodels: [m]\nquestions: []")
        == expected
    )
  }

  @Test func `two questions with one id`() {
    let expected = """
      p/puzzle.yaml:19:11: error: [duplicate-question] two questions have the id 'guess'
      19 |   - { id: guess, kind: number, points: 2,
         |           ^^^^^
      help: rename one of them
      """
    #expect(puzzleFaults("id: predicts", "id: guess") == expected)
  }

  @Test func `an id with capitals`() {
    let expected = """
      p/puzzle.yaml:19:11: error: [bad-name] 'id' is named 'Predicts', expected lower-case letters and digits, in groups joined by hyphens
      19 |   - { id: Predicts, kind: number, points: 2,
         |           ^^^^^^^^
      help: use a name such as 'mean-cosine'
      """
    #expect(puzzleFaults("id: predicts", "id: Predicts") == expected)
  }

  @Test func `an unknown kind`() {
    let expected = """
      p/puzzle.yaml:19:27: error: [unknown-kind] there is no question of the kind 'nubmer'
      19 |   - { id: predicts, kind: nubmer, points: 2,
         |                           ^^^^^^
      help: did you mean 'number'?
      """
    #expect(puzzleFaults("id: predicts, kind: number", "id: predicts, kind: nubmer") == expected)
  }

  @Test func `no points`() {
    let expected = """
      p/puzzle.yaml:19:43: error: [bad-number] 'points' is '0', expected a number above 0, at most 1000
      19 |   - { id: predicts, kind: number, points: 0,
         |                                           ^
      """
    #expect(puzzleFaults("kind: number, points: 2", "kind: number, points: 0") == expected)
  }

  @Test func `infinite points`() {
    let expected = """
      p/puzzle.yaml:19:43: error: [bad-number] 'points' is '.inf', expected a number above 0, at most 1000
      19 |   - { id: predicts, kind: number, points: .inf,
         |                                           ^^^^
      """
    #expect(puzzleFaults("kind: number, points: 2", "kind: number, points: .inf") == expected)
  }

  @Test func `a truth value spelt yes`() {
    let expected = """
      p/puzzle.yaml:25:11: error: [wrong-type] 'many' is 'yes', expected true or false
      25 |     many: yes
         |           ^^^
      """
    #expect(puzzleFaults("many: true", "many: yes") == expected)
  }

  @Test func `options for a number`() {
    let expected = """
      p/puzzle.yaml:17:65: error: [unknown-key] 'options' is for questions of the kind 'choice', but this is of the kind 'number'
      17 |   - { id: guess, kind: number, before-looking: true, points: 1, options: {a: x, b: y},
         |                                                                 ^^^^^^^
      help: remove it, or change the kind
      """
    #expect(
      puzzleFaults(
        "{ id: guess, kind: number, before-looking: true, points: 1,",
        """
        { id: guess, kind: number, before-looking: true, points: 1, options: {a: x, b: y},
        """
      ) == expected
    )
  }

  @Test func `a prediction that is a choice`() {
    let expected = """
      p/puzzle.yaml:25:5: error: [unknown-key] 'before-looking' is for questions of the kind 'number', but this is of the kind 'choice'
      25 |     before-looking: true
         |     ^^^^^^^^^^^^^^
      help: remove it, or change the kind
      """
    #expect(puzzleFaults("many: true", "before-looking: true") == expected)
  }

  @Test func `one option`() {
    let expected = """
      p/puzzle.yaml:24:14: error: [too-few-options] a choice offers 1 option, expected 2 or more
      24 |     options: { one: Only this }
         |              ^
      """
    #expect(
      puzzleFaults(
        """
        options: { shuffle-channels: Shuffle each row's channels, shuffle-tokens: Shuffle each channel's tokens }
        """,
        "options: { one: Only this }"
      ) == expected
    )
  }

  @Test func `no options`() {
    let expected = """
      p/puzzle.yaml:21:5: error: [missing-key] a choice question needs the key 'options'
      21 |   - id: which
         |     ^
      help: add 'options: …'
      """
    #expect(
      puzzleFaults(
        """
            options: { shuffle-channels: Shuffle each row's channels, shuffle-tokens: Shuffle each channel's tokens }

        """,
        ""
      ) == expected
    )
  }

  @Test func `an option with a space`() {
    let expected = """
      p/puzzle.yaml:24:16: error: [bad-name] an option is named 'shuffle channels', expected lower-case letters and digits, in groups joined by hyphens
      24 |     options: { shuffle channels: Shuffle each row's channels, shuffle-tokens: Shuffle each chann…
         |                ^^^^^^^^^^^^^^^^
      help: use a name such as 'mean-cosine'
      """
    #expect(
      puzzleFaults("shuffle-channels: Shuffle each row", "shuffle channels: Shuffle each row")
        == expected
    )
  }

  @Test func `an option without a text`() {
    let expected = """
      p/puzzle.yaml:24:34: error: [empty-value] the option 'shuffle-channels' is empty, expected a text
      24 |     options: { shuffle-channels: , shuffle-tokens: Shuffle each channel's tokens }
         |                                  ^
      """
    #expect(
      puzzleFaults("shuffle-channels: Shuffle each row's channels", "shuffle-channels: ")
        == expected
    )
  }

  @Test func `a scatter plot without its y`() {
    let expected = """
      p/puzzle.yaml:10:51: error: [missing-key] a scatter plot needs the key 'y'
      10 |   - { title: Pairwise cosine similarity, scatter: { x: token_id } }
         |                                                   ^
      help: add 'y: …'
      """
    #expect(
      puzzleFaults(
        """
        histogram: "pairs(cosine(a, b), rows: sample(5000, seed: 0))"
        """,
        "scatter: { x: token_id }"
      ) == expected
    )
  }

  @Test func `a plot of two kinds`() {
    let expected = """
      p/puzzle.yaml:10:5: error: [plot-kind] a plot needs exactly one thing to draw
      10 |   - { title: Pairwise cosine similarity, line: token_id, scatter: { x: token_id, y: token_id } }
         |     ^
      help: expected one of: histogram, overlay, scatter, line
      """
    #expect(
      puzzleFaults(
        """
        histogram: "pairs(cosine(a, b), rows: sample(5000, seed: 0))"
        """,
        "line: token_id, scatter: { x: token_id, y: token_id }"
      ) == expected
    )
  }

  @Test func `a plot of an unknown kind`() {
    let expected = """
      p/puzzle.yaml:10:42: error: [unknown-key] a plot has no key 'histogramm'
      10 |   - { title: Pairwise cosine similarity, histogramm: "pairs(cosine(a, b), rows: sample(5000, see…
         |                                          ^^^^^^^^^^
      help: did you mean 'histogram'?
      """
    #expect(puzzleFaults(#"histogram: "pairs"#, #"histogramm: "pairs"#) == expected)
  }

  @Test func `a plot of nothing`() {
    let expected = """
      p/puzzle.yaml:10:5: error: [plot-kind] a plot needs exactly one thing to draw
      10 |   - { title: Pairwise cosine similarity }
         |     ^
      help: expected one of: histogram, overlay, scatter, line
      """
    #expect(
      puzzleFaults(
        """
        , histogram: "pairs(cosine(a, b), rows: sample(5000, seed: 0))"
        """,
        ""
      ) == expected
    )
  }

  @Test func `an overlay of nothing`() {
    let expected = """
      p/puzzle.yaml:10:26: error: [empty-value] 'overlay' is empty, expected at least one entry
      10 |   - { title: x, overlay: [] }
         |                          ^
      """
    #expect(
      puzzleFaults(
        yaml: ExamplePuzzle.puzzleYAML.replacing(
          "plots:\n",
          with: "plots:\n  - { title: x, overlay: [] }\n"
        )
      ) == expected
    )
  }

  @Test func `a fault in a quoted formula`() {
    let expected = """
      p/puzzle.yaml:10:91: error: [syntax] found ';', expected ')' to close the call
      10 | …osine(a, b), rows: sample(5000; seed: 0))" }
         |                                ^
      """
    #expect(
      puzzleFaults(
        "pairs(cosine(a, b), rows: sample(5000, seed: 0))",
        "pairs(cosine(a, b), rows: sample(5000; seed: 0))"
      ) == expected
    )
  }

  @Test func `a fault in a plain formula`() {
    let expected = """
      p/puzzle.yaml:10:65: error: [syntax] found ')', expected a value
      10 |   - { title: Pairwise cosine similarity, histogram: mean(W_E) + ) }
         |                                                                 ^
      """
    #expect(
      puzzleFaults(
        """
        histogram: "pairs(cosine(a, b), rows: sample(5000, seed: 0))"
        """,
        "histogram: mean(W_E) + )"
      ) == expected
    )
  }

  @Test func `a fault in a formula over two lines`() {
    let expected = """
      p/puzzle.yaml:13:34: error: [syntax] found the end of the formula, expected ')' to close the call in 'pairs(cosine(a, b)'
      13 |       - { name: origin, formula: "pairs(cosine(a,
         |                                  ^^^^^^^^^^^^^^^^
      """
    #expect(
      puzzleFaults(
        #"formula: "pairs(cosine(a, b))""#,
        """
        formula: "pairs(cosine(a,
                    b)"
        """
      ) == expected
    )
  }

  @Test func `a fault in a quoted formula with escapes`() {
    let expected = #"""
      p/puzzle.yaml:13:34: error: [syntax] found ')', expected a value in 'W_E["x"] + )'
      13 |       - { name: origin, formula: "W_E[\"x\"] + )" }
         |                                  ^^^^^^^^^^^^^^
      """#
    #expect(
      puzzleFaults(#"formula: "pairs(cosine(a, b))""#, #"formula: "W_E[\"x\"] + )""#) == expected
    )
  }

  @Test func `a fault in a question's prose`() {
    let expected = #"""
      p/puzzle.yaml:20:19: error: [syntax] found the end of the formula, expected a value
      20 |       ask: "{{ 1 + | 0.0 }} {{ x }} {{ x | 1 }} about single tokens predicts the mean pairwise c…
         |                   ^
      p/puzzle.yaml:20:31: error: [prose-formula] this formula has no number format
      20 |       ask: "{{ 1 + | 0.0 }} {{ x }} {{ x | 1 }} about single tokens predicts the mean pairwise c…
         |                               ^^^
      help: write '{{ formula | 0.00 }}', or '\{{' for plain braces
      p/puzzle.yaml:20:44: error: [prose-formula] '1' is not a number format
      20 |       ask: "{{ 1 + | 0.0 }} {{ x }} {{ x | 1 }} about single tokens predicts the mean pairwise c…
         |                                            ^
      help: expected one of: 0, 0.0, 0.00, 0%, 0.0%, 0,0
      """#
    #expect(
      puzzleFaults("One number about", "{{ 1 + | 0.0 }} {{ x }} {{ x | 1 }} about") == expected
    )
  }

  @Test func `a prompt with a fault`() {
    let expected = #"""
      p/prompt.md:2:5: error: [prose-formula] this '{{' has no '}}'
      2 | two {{ x
        |     ^^
      help: close it, or write '\{{' for plain braces
      """#
    #expect(puzzleFaults(prompt: "one\ntwo {{ x") == expected)
  }

  @Test func `a question that is a text`() {
    let expected = """
      p/puzzle.yaml:17:5: error: [wrong-type] a question is a single value, expected a mapping of keys to values
      17 |   - what?
         |     ^^^^^
      """
    #expect(
      puzzleFaults(
        """
        questions:

        """,
        """
        questions:
          - what?

        """
      ) == expected
    )
  }
}
