import EmbeddingMath
import Foundation
import Grading
import ModelHub
import ProgressStore
import PuzzleRegistry
import SourceDiagnostics
import Synchronization

/// Grades submissions to one puzzle: its key, and a grader for each model that submissions name.
final class GradingBench: Sendable {
  private let root: String
  private let puzzle: Puzzle
  private let key: Key
  private let pins: GradebookEntry.Pins
  private let models: ClassModels
  private let graders = Mutex<[String: Result<Grader, Diagnostic>]>([:])

  /// - Parameters:
  ///   - id: The puzzle.
  ///   - models: The models of this run.
  ///   - root: The class's folder.
  /// - Throws: That the puzzle or its key cannot be read.
  init(_ id: String, models: ClassModels, root: String) throws {
    let workbook = models.workbook
    self.root = root
    self.models = models
    puzzle = try workbook.folder.loadPuzzle(id)
    guard workbook.hasKey(to: id) else { throw Diagnostic.noKeyToGrade(id) }
    key = try workbook.folder.loadKey(id, for: puzzle)
    pins = .init(
      puzzle: try workbook.puzzleDigest(id),
      key: ContentDigest.sha256(
        try workbook.folder.solutionFile("key.yaml", of: id, limit: BoundedFile.yamlLimit).plain
      ),
      model: "",
      toolVersion: Workbook.toolVersion
    )
  }

  /// A learner, what was found of theirs, and the grade the gradebook has.
  struct Candidate: Sendable {
    let learner: String
    let file: ClassFolder.Found?
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
      byModel[read.model, default: []].append(read.submission)
    }
    for (model, submissions) in byModel.sorted(by: { $0.key < $1.key }) {
      if case .success(let grader) = grader(on: model) {
        grader.remember(submissions, threads: jobs)
      }
    }
    return concurrentMap(readings.count, threads: jobs) { index in
      switch readings[index] {
      case .ended(let entry): entry
      case .submission(let read): grade(read, candidates[index])
      }
    }
  }

  /// What became of a learner's file: an entry, or a submission that is to be graded.
  private enum Reading {
    case ended(GradebookEntry)
    case submission(ReadSubmission)
  }

  /// A submission that was read, with the model it is graded on.
  private struct ReadSubmission {
    let file: ClassFolder.Found
    let digest: String
    let submission: Submission
    let model: String
    let pins: GradebookEntry.Pins
  }

  private func read(_ candidate: Candidate) -> Reading {
    let learner = candidate.learner
    guard let file = candidate.file else { return .ended(ended(learner, .missing, nil)) }
    if let fault = file.fault { return .ended(ended(learner, .unreadable, file, message: fault)) }
    let bytes: Data
    do throws(Diagnostic) {
      bytes = try BoundedFile.contents(at: root + "/" + file.path, limit: BoundedFile.yamlLimit)
    } catch {
      return .ended(ended(learner, .unreadable, file, message: error))
    }
    let digest = ContentDigest.sha256(bytes)
    let submission: Submission
    do {
      let text = try BoundedFile.text(of: bytes, file: file.path)
      submission = try Submission(text: text, file: file.path, puzzle: puzzle)
    } catch {
      let fault = (error as? DiagnosticReport)?.diagnostics.first ?? error as? Diagnostic
      return .ended(ended(learner, .unreadable, file, digest, message: fault))
    }
    if let named = submission.model, !models.names.contains(named) {
      let fault = Diagnostic.modelNotHere(named, at: models.names)
      return .ended(ended(learner, .unreadable, file, digest, message: fault))
    }
    var pins = pins
    let model: String
    do throws(Diagnostic) {
      model = try models.name(for: puzzle, given: submission.model)
      pins.model = try models.digest(of: model)
    } catch {
      return .ended(ended(learner, .fault, file, digest, message: error))
    }
    if let known = candidate.known, known.digest == digest, known.pins == pins,
      known.outcome != .fault
    {
      return .ended(known)
    }
    return .submission(
      ReadSubmission(file: file, digest: digest, submission: submission, model: model, pins: pins)
    )
  }

  private func grade(_ read: ReadSubmission, _ candidate: Candidate) -> GradebookEntry {
    switch grader(on: read.model) {
    case .failure(let fault):
      return ended(
        candidate.learner,
        .fault,
        read.file,
        read.digest,
        model: read.model,
        pins: read.pins,
        message: fault
      )
    case .success(let grader):
      let report = grader.grade(read.submission, predictions: predictions(in: read.submission))
      return graded(report, candidate.learner, read.file, read.digest, read.pins)
    }
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
    _ learner: String,
    _ file: ClassFolder.Found,
    _ digest: String,
    _ pins: GradebookEntry.Pins
  ) -> GradebookEntry {
    let asked = report.verdicts.filter { puzzle.question($0.question) != nil }
    let marks = asked.map {
      GradebookEntry.Mark(
        question: $0.question,
        outcome: $0.outcome.rawValue,
        thousandths: Points(rounding: $0.points).thousandths
      )
    }
    let fault = asked.first { $0.outcome == .fault }
    return GradebookEntry(
      learner: learner,
      puzzle: puzzle.id,
      outcome: fault == nil ? .graded : .fault,
      path: file.path,
      digest: digest,
      model: report.model,
      points: Points(thousandths: marks.reduce(0) { $0 + $1.thousandths }),
      possible: possible,
      marks: marks,
      message: fault?.message,
      verdictsJSON: try? JSONValue.line(of: report),
      pins: pins
    )
  }

  private var possible: Points {
    puzzle.questions.reduce(Points(thousandths: 0)) { $0 + Points(rounding: $1.points) }
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
            evaluator: try models.evaluator(of: model, for: puzzle),
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

extension Workbook {
  /// The SHA-256 over the digests of what a puzzle asks with: its YAML, its prompt and its word lists.
  func puzzleDigest(_ id: String) throws -> String {
    let files = ["puzzle.yaml", "prompt.md", "lexicon.yaml"].map {
      "\(folder.puzzleDirectory(id))/\($0)"
    }
    return ContentDigest.sha256(
      try files.map { path in
        guard FileWriting.exists(path) else { return "-" }
        return ContentDigest.sha256(
          try BoundedFile.contents(at: path, limit: BoundedFile.proseLimit)
        )
      }.joined(separator: "\n")
    )
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

  fileprivate static func modelNotHere(_ name: String, at models: Set<String>) -> Diagnostic {
    Diagnostic(
      "unknown-model",
      "the submission is about the model '\(escapingControls(String(name.prefix(80))))', "
        + "which is not among those here: \(models.sorted().joined(separator: ", "))",
      help: "a class is graded on models in the workbook or the user's folder, by their names"
    )
  }
}
