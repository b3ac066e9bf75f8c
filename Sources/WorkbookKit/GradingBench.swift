import Foundation
import Grading
import ModelHub
import ProgressStore
import PuzzleRegistry
import SourceDiagnostics
import Synchronization

/// Grades submissions to one puzzle: its key, and a grader for each model that submissions name.
final class GradingBench: Sendable {
  private let workbook: Workbook
  private let root: String
  private let puzzle: Puzzle
  private let key: Key
  private let pins: GradebookEntry.Pins
  private let models: Set<String>
  private let graders = Mutex<[String: Ready]>([:])

  /// A model's grader, or why there is none, and the digest of its weights.
  private struct Ready {
    let grader: Result<Grader, Diagnostic>
    let digest: String
  }

  /// - Throws: That the puzzle or its key cannot be read.
  init(_ id: String, workbook: Workbook, root: String) throws {
    self.workbook = workbook
    self.root = root
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
    models = Set(workbook.presentModels)
  }

  /// Returns a learner's grade, or the known one if it rests on the same submission, key and weights.
  func entry(
    _ learner: String,
    _ file: ClassFolder.Found?,
    known: GradebookEntry?
  ) -> GradebookEntry {
    guard let file else { return ended(learner, .missing, nil) }
    if let fault = file.fault { return ended(learner, .unreadable, file, message: fault) }
    let bytes: Data
    do throws(Diagnostic) {
      bytes = try BoundedFile.contents(at: root + "/" + file.path, limit: BoundedFile.yamlLimit)
    } catch {
      return ended(learner, .unreadable, file, message: error)
    }
    let digest = ContentDigest.sha256(bytes)
    let submission: Submission
    do {
      let text = try BoundedFile.text(of: bytes, file: file.path)
      submission = try Submission(text: text, file: file.path, puzzle: puzzle)
    } catch let report as DiagnosticReport {
      return ended(learner, .unreadable, file, digest, message: report.diagnostics.first)
    } catch {
      return ended(learner, .unreadable, file, digest, message: error as? Diagnostic)
    }
    if let named = submission.model, !models.contains(named) {
      return ended(learner, .unreadable, file, digest, message: .modelNotHere(named, at: models))
    }
    let model: String
    do throws(Diagnostic) {
      model = try workbook.model(for: puzzle, given: submission.model)
    } catch {
      return ended(learner, .fault, file, digest, message: error)
    }
    let ready = ready(model)
    var pins = pins
    pins.model = ready.digest
    if let known, known.digest == digest, known.pins == pins, known.outcome != .fault {
      return known
    }
    switch ready.grader {
    case .failure(let fault):
      return ended(learner, .fault, file, digest, model: model, pins: pins, message: fault)
    case .success(let grader):
      let report = grader.grade(submission, predictions: predictions(in: submission))
      return graded(report, learner, file, digest, pins)
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
      verdictsJSON: try? JSONValue(report).line,
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
  private func ready(_ model: String) -> Ready {
    graders.withLock { graders in
      if let ready = graders[model] { return ready }
      let made: Ready
      do throws(Diagnostic) {
        let evaluator = try workbook.evaluator(model: model, for: puzzle, reportsProgress: false)
        made = Ready(
          grader: .success(
            Grader(puzzle: puzzle, key: key, evaluator: evaluator, memory: VerdictMemory())
          ),
          digest: try workbook.shelf.digest(of: workbook.shelf.locate(model))
        )
      } catch {
        made = Ready(grader: .failure(error), digest: "")
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
