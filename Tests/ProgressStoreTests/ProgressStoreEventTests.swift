import Foundation
import ProgressStore
import SourceDiagnostics
import Testing

@Suite struct ProgressStoreEventTests {
  let store: ProgressStore

  init() throws {
    store = try ProgressStore.inMemory()
  }

  @Test func `a puzzle never touched has no progress`() throws {
    #expect(try store.progress(of: "p") == PuzzleProgress())
    #expect(try store.allProgress().isEmpty)
    #expect(try store.currentPuzzle() == nil)
    #expect(try store.history(of: "p").isEmpty)
    #expect(try store.integrityProblem() == nil)
    #expect(store.path == ":memory:")
  }

  // MARK: Starts

  @Test(arguments: [2.0, 8.0])
  func `the first look stays when a puzzle is started again, even by a clock set back`(
    second: Double
  ) throws {
    try store.recordStart(puzzle: "p", model: "gpt2", at: day(5))
    try store.recordStart(puzzle: "p", model: "minilm", at: day(second))
    let progress = try store.progress(of: "p")
    #expect(progress.firstLook == day(5))
    #expect(progress.model == "minilm")
  }

  @Test func `the current puzzle is the one started last, whatever the clock said`() throws {
    try store.recordStart(puzzle: "a", model: "m", at: day(9))
    try store.recordStart(puzzle: "b", model: "m", at: day(2))
    try store.recordAttempt(attempt("a"))
    #expect(try store.currentPuzzle() == "b")
    try store.recordStart(puzzle: "a", model: "m", at: day(3))
    #expect(try store.currentPuzzle() == "a")
  }

  // MARK: Predictions

  @Test func `only the first prediction for a question is kept`() throws {
    #expect(try store.recordPrediction(puzzle: "p", question: "guess", value: 0.5, at: day(1)))
    #expect(try !store.recordPrediction(puzzle: "p", question: "guess", value: 0.9, at: day(2)))
    #expect(try store.recordPrediction(puzzle: "p", question: "other", value: -1, at: day(2)))
    #expect(try store.recordPrediction(puzzle: "q", question: "guess", value: 0.1, at: day(2)))
    #expect(
      try store.progress(of: "p").predictions == [
        "guess": .init(value: 0.5, at: day(1), wasBeforeLook: true),
        "other": .init(value: -1, at: day(2), wasBeforeLook: true),
      ]
    )
  }

  @Test func `a prediction of the same start counts in either order`() throws {
    try store.recordPrediction(puzzle: "p", question: "before", value: 1, at: day(3))
    try store.recordStart(puzzle: "p", model: "m", at: day(3))
    try store.recordPrediction(puzzle: "p", question: "after", value: 2, at: day(3))
    let predictions = try store.progress(of: "p").predictions
    #expect(predictions["before"]?.wasBeforeLook == true)
    #expect(predictions["after"]?.wasBeforeLook == true)
  }

  @Test func `a prediction after the first look is kept and marked late`() throws {
    try store.recordStart(puzzle: "p", model: "m", at: day(3))
    try store.recordStart(puzzle: "p", model: "m", at: day(4))
    #expect(try store.recordPrediction(puzzle: "p", question: "guess", value: 1, at: day(4)))
    #expect(try store.progress(of: "p").predictions["guess"]?.wasBeforeLook == false)
  }

  @Test func `infinity can be predicted and NaN is refused`() throws {
    try store.recordPrediction(puzzle: "p", question: "big", value: .infinity, at: day(1))
    #expect(try store.progress(of: "p").predictions["big"]?.value == .infinity)
    let fault = #expect(throws: Diagnostic.self) {
      try store.recordPrediction(puzzle: "p", question: "nan", value: .nan, at: day(1))
    }
    #expect(
      fault?.description == """
        error: [progress-failed] the record of progress ':memory:' failed \
        (NOT NULL constraint failed: prediction.value)
        help: try again; what was recorded before is safe
        """
    )
    #expect(try store.progress(of: "p").predictions.keys.sorted() == ["big"])
  }

  // MARK: Attempts

  @Test func `attempts are numbered for each puzzle and read back oldest first`() throws {
    var hostile = attempt("p", score: 2.5, at: Date(timeIntervalSince1970: 1_767_225_600.125))
    hostile.submissionText = "'; DROP TABLE attempt; -- \u{0}\n\u{1F98A} é"
    hostile.verdictsJSON = #"[{"question":"which"}]"#
    #expect(try store.recordAttempt(attempt("p", score: 1)) == 1)
    #expect(try store.recordAttempt(attempt("q")) == 1)
    #expect(try store.recordAttempt(hostile) == 2)
    let history = try store.history(of: "p")
    #expect(history.map(\.number) == [1, 2])
    #expect(history.map(\.score) == [1, 2.5])
    #expect(history.last?.submissionText == hostile.submissionText)
    #expect(history.last?.verdictsJSON == hostile.verdictsJSON)
    #expect(history.last?.at == hostile.at)
    #expect(history.last?.toolVersion == "1.2.3")
    #expect(history.last?.submissionDigest == "d")
    #expect(history.last?.isSolved == false)
  }

  @Test func `an attempt repeats when digest, model and verdicts are those just before`() throws {
    let tries = [
      attempt(), attempt(at: day(2)), attempt(digest: "e"), attempt(), attempt(model: "n"),
      attempt("q", model: "n"), attempt(verdicts: "[1]", at: day(3)), attempt(verdicts: "[1]"),
    ]
    for one in tries { try store.recordAttempt(one) }
    #expect(
      try store.history(of: "p").map(\.isRepeated)
        == [false, true, false, false, false, false, true]
    )
    #expect(try store.progress(of: "p").attemptCount == 7)
  }

  @Test func `the best attempt has the greatest share, the earliest of ties`() throws {
    let shares: [(Double, Double)] = [(0, 0), (3, 10), (2, 4), (5, 10), (1, 4)]
    for (index, (score, possible)) in shares.enumerated() {
      try store.recordAttempt(
        attempt(score: score, possible: possible, at: day(Double(index)))
      )
    }
    let progress = try store.progress(of: "p")
    #expect(progress.bestScore == 2)
    #expect(progress.bestPossible == 4)
    #expect(progress.lastScore == 1)
    #expect(progress.lastPossible == 4)
    #expect(progress.lastAttemptAt == day(4))
  }

  @Test func `an attempt without possible points is still a best`() throws {
    try store.recordAttempt(attempt(score: 0, possible: 0))
    #expect(try store.progress(of: "p").bestScore == 0)
  }

  @Test func `solving is dated by the first solve, and nothing takes it back`() throws {
    try store.recordAttempt(attempt(at: day(1)))
    #expect(try store.progress(of: "p").solvedAt == nil)
    try store.recordAttempt(attempt(solved: true, at: day(2)))
    try store.recordAttempt(attempt(solved: true, at: day(3)))
    try store.recordAttempt(attempt(at: day(4)))
    try store.recordReset(puzzle: "p", backupPath: "b", at: day(5))
    #expect(try store.progress(of: "p").solvedAt == day(2))
  }

  // MARK: Hints, reveals, resets

  @Test func `a hint shown twice counts once`() throws {
    for number in [1, 2, 1, 2, 2] {
      try store.recordHint(puzzle: "p", number: number, at: day(Double(number)))
    }
    #expect(try store.progress(of: "p").hintsShown == 2)
  }

  @Test func `an encoded view and a decoded one are both recorded`() throws {
    try store.recordReveal(puzzle: "p", decoded: false, at: day(1))
    #expect(try store.progress(of: "p").revealedAt == day(1))
    #expect(try store.progress(of: "p").decodedAt == nil)
    try store.recordReveal(puzzle: "p", decoded: true, at: day(2))
    try store.recordReveal(puzzle: "p", decoded: true, at: day(3))
    #expect(try store.progress(of: "p").revealedAt == day(1))
    #expect(try store.progress(of: "p").decodedAt == day(2))
  }

  @Test func `each reset is kept with its backup`() throws {
    try store.recordReset(puzzle: "p", backupPath: "backups/1.yaml", at: day(1))
    try store.recordReset(puzzle: "p", backupPath: "backups/2.yaml", at: day(2))
    #expect(
      try store.progress(of: "p").resets == [
        .init(at: day(1), backupPath: "backups/1.yaml"),
        .init(at: day(2), backupPath: "backups/2.yaml"),
      ]
    )
  }

  @Test func `all progress agrees with each puzzle's own`() throws {
    try store.recordStart(puzzle: "a", model: "m", at: day(1))
    try store.recordPrediction(puzzle: "b", question: "guess", value: 1, at: day(2))
    try store.recordAttempt(attempt("c"))
    try store.recordHint(puzzle: "d", number: 1, at: day(3))
    try store.recordReveal(puzzle: "e", decoded: true, at: day(4))
    try store.recordReset(puzzle: "a", backupPath: "b", at: day(5))
    let all = try store.allProgress()
    #expect(all.keys.sorted() == ["a", "b", "c", "d", "e"])
    for (puzzle, progress) in all { #expect(try store.progress(of: puzzle) == progress) }
  }
}
