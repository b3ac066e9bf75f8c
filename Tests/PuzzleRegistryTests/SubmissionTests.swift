import PuzzleRegistry
import SourceDiagnostics
import Testing

@Suite struct SubmissionTests {
  @Test func `the example reads in file order, with the file kept as it is`() throws {
    let submission = try ExamplePuzzle.submission()
    #expect(submission.puzzle == ExamplePuzzle.id)
    #expect(submission.model == "whisper-tiny.en")
    #expect(
      submission.answers.map(\.questionID)
        == ["guess", "predicts", "which", "metric", "closest", "why"]
    )
    #expect(submission.source.text == ExamplePuzzle.submissionYAML)
    #expect(submission.warnings.isEmpty)
    #expect(submission["predicts"]?.place.description == "answers.yaml:5:13")
    #expect(submission["nothing"] == nil)
  }

  @Test func `a slip costs a warning and no answer`() throws {
    let text = """
      puzzle: \(ExamplePuzzle.id)
      modle: gpt2
      answers:
        predict: 0.5
        guess: 0.1
      """
    let submission = try ExamplePuzzle.submission(text)
    #expect(submission.answers.count == 2)
    #expect(
      DiagnosticReport(submission.warnings).description == """
        answers.yaml:2:1: warning: [unknown-key] a submission has no key 'modle'
        2 | modle: gpt2
          | ^^^^^
        help: did you mean 'model'?
        answers.yaml:4:3: warning: [unknown-question] the puzzle has no question 'predict', so this is not graded
        4 |   predict: 0.5
          |   ^^^^^^^
        help: did you mean 'predicts'?
        """
    )
  }

  @Test func `a starter reads back with every answer blank`() throws {
    let puzzle = try ExamplePuzzle.puzzle()
    let starter = StarterSubmission.text(for: puzzle, model: "whisper-tiny.en")
    let submission = try Submission(text: starter, file: "a.yaml", puzzle: puzzle)
    #expect(submission.model == "whisper-tiny.en")
    #expect(submission.answers.map(\.questionID) == puzzle.questions.map(\.id))
    for question in puzzle.questions {
      #expect(try question.read(#require(submission[question.id])) == .unanswered)
    }
    #expect(submission.warnings.isEmpty)
  }

  @Test func `a starter explains each question`() throws {
    let starter = StarterSubmission.text(for: try ExamplePuzzle.puzzle(), model: "gpt2")
    let expected = """
      # Suspiciously similar embeddings
      # Write an answer after each colon, then run: workbook check puzzle1-suspicious-similarities
      puzzle: puzzle1-suspicious-similarities
      model: gpt2
      answers:

        # What mean cosine would you expect between two random tokens?
        # Your guess, before looking: one number.
        guess:

        # One number about single tokens predicts the mean pairwise cosine. What is it?
        predicts:

        # Which of these leave the histogram where it is?
        # Any number of these, as a list such as [first, second]; [] for none:
        #   shuffle-channels: Shuffle each row's channels
        #   shuffle-tokens: Shuffle each channel's tokens
        which:

        # Choose a metric that does not depend on where zero is.
        # A choice, such as { similarity: cosine, zero-point: origin, remove: 0 }
        #   similarity: dot, cosine, euclidean, manhattan, pearson, spearman, kendall
        #   zero-point: origin (zero as stored), token-mean (the mean over all tokens),
        #   token-median (each channel's median), class-mean (the mean of the token's own class,
        #   with or without a leading space), space-mean (the mean of tokens with a leading
        #   space), no-space-mean (the mean of the others), position-mean (the mean of W_pos)
        #   remove: how many of the leading singular directions to drop, 0 to 3
        # or a formula of two rows a and b, such as "cosine(a, b)"
        metric:

        # Name three tokens closest to the mean.
        # Tokens in quotes, a leading space included, such as [" dog", " cat"]
        closest:

        # Why is it so high, and what does that say about cosine similarity?
        # In your own words: write '|' after the colon, and indent the lines below.
        why:

      """
    #expect(starter == expected)
  }

  @Test(arguments: [
    "0.5", "92%", "-.5", "about half", "", "a: b # c", "\"quoted\" \\ back", "two\nlines\t\u{7}",
    "- dash", "null", "…and é 👩‍👩‍👧", "\u{2028}", "true", "~", "[a]", " spaced ",
  ])
  func `a prediction filled in reads back as it was given`(value: String) throws {
    let puzzle = try ExamplePuzzle.puzzle()
    let starter = StarterSubmission.text(for: puzzle, model: "a: strange [model]")
    let filled = try #require(
      StarterSubmission.settingAnswer("guess", to: value, in: starter)
    )
    let submission = try Submission(text: filled, file: "a.yaml", puzzle: puzzle)
    #expect(submission.model == "a: strange [model]")
    guard case .scalar(let text, _, _, _)? = submission["guess"] else {
      Issue.record("'\(value)' did not read back as a scalar")
      return
    }
    #expect(text == value)
    #expect(submission.answers.count == puzzle.questions.count)
  }

  @Test func `only a blank answer is filled in`() throws {
    let starter = StarterSubmission.text(for: try ExamplePuzzle.puzzle(), model: "gpt2")
    let filled = try #require(StarterSubmission.settingAnswer("guess", to: "1", in: starter))
    #expect(StarterSubmission.settingAnswer("guess", to: "2", in: filled) == nil)
    #expect(StarterSubmission.settingAnswer("nothing", to: "2", in: starter) == nil)
    #expect(StarterSubmission.settingAnswer("guess", to: "2", in: "") == nil)
  }

  @Test func `a hostile question cannot leave its comment`() throws {
    let yaml = ExamplePuzzle.puzzleYAML.replacing(
      "\"One number about",
      with: "\"a\\nanswers: {}\\r\\u2028x: y\\u0085z\\e[0m One number about"
    )
    let puzzle = try ExamplePuzzle.puzzle(yaml: yaml)
    let starter = StarterSubmission.text(for: puzzle, model: "gpt2")
    let submission = try Submission(text: starter, file: "a.yaml", puzzle: puzzle)
    #expect(submission.answers.count == puzzle.questions.count)
    #expect(!starter.unicodeScalars.contains("\u{1B}"))
  }
}
