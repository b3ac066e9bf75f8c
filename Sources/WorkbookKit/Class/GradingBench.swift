import EmbeddingMath
import Foundation
import Grading
import MetricLanguage
import ModelHub
import ProgressStore
import PuzzleRegistry
import SourceDiagnostics
import Synchronization

/// Grades submissions to one puzzle: its key, and a grader for each model that submissions name.
final class GradingBench: Sendable {
  private let puzzle: Puzzle
  private let key: Key
  private let pins: GradebookEntry.Pins
  private let context: GradingContext
  private let graders = Mutex<[String: Result<Grader, Diagnostic>]>([:])

  /// - Parameters:
  ///   - id: The puzzle.
  ///   - context: What this run goes by.
  /// - Throws: That the puzzle or its key cannot be read.
  init(_ id: String, in context: GradingContext) throws {
    let workbook = context.models.workbook
    self.context = context
    puzzle = try workbook.folder.loadPuzzle(id)
    guard workbook.hasKey(to: id) else { throw Diagnostic.noKeyToGrade(id) }
    key = try workbook.folder.loadKey(id, for: puzzle)
    pins = .init(
      puzzle: try workbook.puzzleDigest(id),
      key: ContentDigest.sha256(
        try workbook.folder.solutionFile("key.yaml", of: id, limit: BoundedFile.yamlLimit).plain
      ),
      model: "",
      toolVersion: Workbook.toolVersion,
      seed: "0",
      policy: context.policyDigest
    )
  }

  /// A learner, what was found of theirs, and the grade the gradebook has.
  struct Candidate: Sendable {
    let learner: String
    let file: ClassFolder.Found?
    let bundle: ClassFolder.Found?
    let known: GradebookEntry?
  }

  /// Grades learners; who is known keeps a grade that rests on the same submission, key and weights.
  ///
  /// - Parameters:
  ///   - candidates: The learners.
  ///   - jobs: How many are graded at a time; the grades do not depend on it.
  /// - Returns: A grade for each, in their order.
  func entries(_ candidates: [Candidate], jobs: Int) -> [GradebookEntry] {
    let readings = concurrentMap(candidates.count, threads: jobs) { read(candidates[$0]) }
    var byModel: [String: [Submission]] = [:]
    for case .submission(let read) in readings {
      for version in read.versions {
        byModel[version.model, default: []].append(version.submission)
      }
    }
    for (model, submissions) in byModel.sorted(by: { $0.key < $1.key }) {
      if case .success(let grader) = grader(on: model) {
        grader.remember(submissions, threads: jobs)
      }
    }
    return concurrentMap(readings.count, threads: jobs) { index in
      switch readings[index] {
      case .ended(let entry): entry
      case .submission(let read): grade(read)
      }
    }
  }

  // MARK: Reading

  /// What became of a learner's file: an entry, or a submission that is to be graded.
  private enum Reading {
    case ended(GradebookEntry)
    case submission(ReadSubmission)
  }

  /// What a learner handed in, read as far as it can be.
  private struct ReadSubmission {
    let learner: String
    let file: ClassFolder.Found
    let digest: String
    /// Those of which one counts, in order; at least one.
    let versions: [Version]
    /// What was predicted before the first look, by the learner's record; `nil` without one.
    let predictions: [String: Double]?
    let ledger: GradebookEntry.Ledger?
    let isLate: Bool
    let deductions: [Deduction]
  }

  /// One version of the answers: the only one, or one attempt among several.
  private struct Version {
    let attempt: Int?
    let submission: Submission
    let model: String
    let modelDigest: String
  }

  private func read(_ candidate: Candidate) -> Reading {
    let learner = candidate.learner
    if let file = candidate.bundle {
      func unreadable(_ fault: Diagnostic) -> Reading {
        .ended(ended(learner, .unreadable, file, message: fault))
      }
      if let fault = file.fault { return unreadable(fault) }
      do throws(Diagnostic) {
        if let part = try context.bundles.bundle(at: file.path)[puzzle.id] {
          if let other = candidate.file {
            return unreadable(.twoSubmissions(other.path, file.path))
          }
          return read(part, made: try context.bundles.bundle(at: file.path).made, file, candidate)
        }
      } catch {
        return unreadable(error)
      }
    }
    guard let file = candidate.file else { return .ended(ended(learner, .missing, nil)) }
    if let fault = file.fault { return .ended(ended(learner, .unreadable, file, message: fault)) }
    let bytes: Data
    do throws(Diagnostic) {
      bytes = try BoundedFile.contents(
        at: context.root + "/" + file.path,
        limit: BoundedFile.yamlLimit
      )
    } catch {
      return .ended(ended(learner, .unreadable, file, message: error))
    }
    let digest = ContentDigest.sha256(bytes)
    let handedIn = received(candidate, digest)
    do throws(Unread) {
      let text: String
      do throws(Diagnostic) {
        text = try BoundedFile.text(of: bytes, file: file.path)
      } catch {
        throw .unreadable(error)
      }
      return finish(
        candidate,
        file,
        digest,
        versions: [try version(text, file: file.path)],
        ledger: handedIn.map { GradebookEntry.Ledger(handedIn: $0) }
      )
    } catch {
      return .ended(ended(learner, error, file, digest))
    }
  }

  /// Why a version cannot be graded: the learner's doing, or not.
  private enum Unread: Error {
    case unreadable(Diagnostic)
    case fault(Diagnostic)
  }

  private func version(
    _ text: String,
    attempt: Int? = nil,
    file: String
  ) throws(Unread) -> Version {
    let submission: Submission
    do throws(DiagnosticReport) {
      submission = try Submission(text: text, file: file, puzzle: puzzle)
    } catch {
      throw .unreadable(
        error.diagnostics.first ?? Diagnostic("unreadable", "the file cannot be read")
      )
    }
    let models = context.models
    if let named = submission.model, !models.names.contains(named) {
      let fault = Diagnostic.modelNotHere(named, at: models.names)
      // One that the puzzle itself offers ought to be here.
      throw puzzle.models.contains(named) ? .fault(fault) : .unreadable(fault)
    }
    do throws(Diagnostic) {
      let model = try models.name(for: puzzle, given: submission.model)
      return Version(
        attempt: attempt,
        submission: submission,
        model: model,
        modelDigest: try models.digest(of: model)
      )
    } catch {
      throw .fault(error)
    }
  }

  /// Reads a learner's part of a bundle; of several attempts, those that can be read.
  private func read(
    _ part: SubmissionBundle.Part,
    made: Date,
    _ file: ClassFolder.Found,
    _ candidate: Candidate
  ) -> Reading {
    let digest = ContentDigest.sha256(
      (try? SubmissionBundle.encoded(part, pretty: false)) ?? part.submission
    )
    let texts = part.texts.prefix(context.policy.mostAttempts ?? .max)
    let counted = context.policy.counted == .best ? texts : texts.suffix(1)
    var versions: [Version] = []
    var unread: Unread?
    for (attempt, text) in counted {
      guard text.utf8.count <= BoundedFile.yamlLimit else {
        unread = .unreadable(.longSubmission(file.path, limit: BoundedFile.yamlLimit))
        continue
      }
      do throws(Unread) {
        versions.append(try version(text, attempt: attempt, file: file.path))
      } catch {
        unread = error
      }
    }
    if versions.isEmpty, let unread {
      return .ended(ended(candidate.learner, unread, file, digest))
    }
    let received = received(candidate, digest)
    let success = part.attempts.first(where: \.solved)?.at
    let ledger = GradebookEntry.Ledger(
      handedIn: received ?? made.timeIntervalSince1970,
      isOwnClock: received == nil,
      hasRecord: true,
      hints: part.hints.count,
      isRevealed: !part.reveals.isEmpty,
      attempts: part.attempts.count,
      isSolved: success != nil,
      hintsBeforeSuccess: success.map { success in part.hints.count { $0.at <= success } } ?? 0,
      gaveUp: part.reveals.contains { reveal in success.map { reveal.at < $0 } ?? true }
    )
    return finish(
      candidate,
      file,
      digest,
      versions: versions,
      ledger: ledger,
      predictions: part.predictions
    )
  }

  /// When the place that received a submission says it was handed in, now or when it was graded last.
  private func received(_ candidate: Candidate, _ digest: String) -> Double? {
    if let time = context.times[candidate.learner, puzzle.id] { return time }
    guard let known = candidate.known, known.digest == digest, let ledger = known.ledger,
      !ledger.isOwnClock
    else { return nil }
    return ledger.handedIn
  }

  /// Judges what was read by the policy; the known grade is returned if it rests on all the same.
  private func finish(
    _ candidate: Candidate,
    _ file: ClassFolder.Found,
    _ digest: String,
    versions: [Version],
    ledger: GradebookEntry.Ledger?,
    predictions: [String: Double]? = nil
  ) -> Reading {
    let judged = context.policy.judge(
      puzzle.id,
      by: candidate.learner,
      handedIn: ledger?.handedIn,
      isOwnClock: ledger?.isOwnClock ?? false,
      hints: ledger?.hints ?? 0,
      isRevealed: ledger?.isRevealed ?? false
    )
    if let known = candidate.known, known.digest == digest, known.outcome != .fault,
      versions.contains(where: {
        known.rests(on: pins(on: $0), isOnly: versions.count == 1, $0.attempt)
      })
    {
      var ledger = ledger
      ledger?.gradedAttempt = known.ledger?.gradedAttempt
      return .ended(
        known.judged(
          isLate: judged.isLate,
          judged.deductions,
          ledger: ledger,
          policy: context.policyDigest
        )
      )
    }
    return .submission(
      ReadSubmission(
        learner: candidate.learner,
        file: file,
        digest: digest,
        versions: versions,
        predictions: predictions,
        ledger: ledger,
        isLate: judged.isLate,
        deductions: judged.deductions
      )
    )
  }

  private func pins(on version: Version) -> GradebookEntry.Pins {
    var pins = pins
    pins.model = version.modelDigest
    return pins
  }

  // MARK: Grading

  /// Grades every version and returns the entry of the best; of equals, the last.
  private func grade(_ read: ReadSubmission) -> GradebookEntry {
    var best: GradebookEntry?
    for version in read.versions {
      let entry: GradebookEntry
      switch grader(on: version.model) {
      case .failure(let fault):
        entry = ended(
          read.learner,
          .fault,
          read.file,
          read.digest,
          model: version.model,
          pins: pins(on: version),
          message: fault
        )
      case .success(let grader):
        let report = grader.grade(
          version.submission,
          predictions: read.predictions ?? predictions(in: version.submission)
        )
        entry = graded(report, read, version)
      }
      if let best, best.earned > entry.earned { continue }
      best = entry
    }
    return best ?? ended(read.learner, .missing, nil)
  }

  /// The predictions a learner wrote down, each of which counts: a file says nothing about when.
  private func predictions(in submission: Submission) -> [String: Double] {
    var found: [String: Double] = [:]
    for (id, node) in submission.answers {
      guard let question = puzzle.question(id), question.isPrediction,
        case .number(let value)? = try? question.read(node)
      else { continue }
      found[id] = found[id] ?? value
    }
    return found
  }

  private func graded(
    _ report: GradeReport,
    _ read: ReadSubmission,
    _ version: Version
  ) -> GradebookEntry {
    let asked = report.verdicts.filter { puzzle.question($0.question) != nil }
    let fault = asked.first { $0.outcome == .fault }
    var ledger = read.ledger
    ledger?.gradedAttempt = version.attempt
    return GradebookEntry(
      learner: read.learner,
      puzzle: puzzle.id,
      outcome: fault == nil ? .graded : .fault,
      path: read.file.path,
      digest: read.digest,
      model: report.model,
      possible: possible,
      marks: asked.map {
        .init(
          question: $0.question,
          outcome: $0.outcome.rawValue,
          thousandths: Points(rounding: $0.points).thousandths,
          possible: Points(rounding: $0.possible).thousandths,
          isProvisional: $0.isProvisional
        )
      },
      answers: answers(in: version.submission),
      ledger: ledger,
      isLate: read.isLate,
      deductions: read.deductions,
      message: fault?.message,
      verdictsJSON: try? JSONValue.line(of: report),
      pins: pins(on: version)
    )
  }

  /// Every answer as one text, by question.
  private func answers(in submission: Submission) -> [String: String] {
    var texts: [String: String] = [:]
    for (id, node) in submission.answers where texts[id] == nil {
      guard let question = puzzle.question(id) else { continue }
      texts[id] = (try? question.read(node))?.written
    }
    return texts
  }

  private var possible: Points {
    puzzle.questions.reduce(Points(thousandths: 0)) { $0 + Points(rounding: $1.points) }
  }

  private func ended(
    _ learner: String,
    _ unread: Unread,
    _ file: ClassFolder.Found,
    _ digest: String
  ) -> GradebookEntry {
    switch unread {
    case .unreadable(let fault): ended(learner, .unreadable, file, digest, message: fault)
    case .fault(let fault): ended(learner, .fault, file, digest, message: fault)
    }
  }

  private func ended(
    _ learner: String,
    _ outcome: GradebookEntry.Outcome,
    _ file: ClassFolder.Found?,
    _ digest: String? = nil,
    model: String? = nil,
    pins: GradebookEntry.Pins? = nil,
    message: Diagnostic? = nil
  ) -> GradebookEntry {
    GradebookEntry(
      learner: learner,
      puzzle: puzzle.id,
      outcome: outcome,
      path: file?.path,
      digest: digest,
      model: model,
      possible: possible,
      message: message.map { String($0.rendered().prefix(2_000)) },
      pins: pins ?? self.pins
    )
  }

  /// Returns a model's grader, made once; others wait for it meanwhile.
  private func grader(on model: String) -> Result<Grader, Diagnostic> {
    graders.withLock { graders in
      if let known = graders[model] { return known }
      let made: Result<Grader, Diagnostic>
      do throws(Diagnostic) {
        made = .success(
          Grader(
            puzzle: puzzle,
            key: key,
            evaluator: try context.models.evaluator(of: model, for: puzzle),
            memory: VerdictMemory()
          )
        )
      } catch {
        made = .failure(error)
      }
      graders[model] = made
      return made
    }
  }
}

extension GradebookEntry {
  /// Whether it would be graded alike: on the same puzzle, key and weights, and on the attempt that
  /// counts, which a policy may change.
  fileprivate func rests(on pins: Pins, isOnly: Bool, _ attempt: Int?) -> Bool {
    var own = self.pins
    own.policy = pins.policy
    return own == pins
      && (self.pins == pins || (isOnly && ledger?.gradedAttempt == attempt))
  }

  /// The sum of the marks before any person or policy; of what is not graded, less than nothing.
  fileprivate var earned: Int {
    outcome == .graded ? marks.reduce(0) { $0 &+ $1.thousandths } : -1
  }
}

extension Diagnostic {
  fileprivate static func noKeyToGrade(_ id: String) -> Diagnostic {
    Diagnostic(
      "no-key",
      "there is no key to '\(id)' here, so nothing can be graded",
      help: "grade in the instructor's workbook, or name it with --workbook"
    )
  }

  fileprivate static func longSubmission(_ file: String, limit: Int) -> Diagnostic {
    Diagnostic(
      "large-file",
      "an attempt in '\(escapingControls(file))' holds more than \(grouped(limit)) bytes"
    )
  }

  fileprivate static func modelNotHere(_ name: String, at models: Set<String>) -> Diagnostic {
    Diagnostic(
      "unknown-model",
      "the submission is about the model '\(escapingControls(String(name.prefix(80))))', "
        + "which is not among those here: \(models.sorted().joined(separator: ", "))",
      help: "a class is graded on models in the workbook or the user's folder, by their names"
    )
  }
}
