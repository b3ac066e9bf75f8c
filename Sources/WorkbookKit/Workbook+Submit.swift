import Foundation
import MetricLanguage
import ProgressStore
import PuzzleRegistry
package import SourceDiagnostics

/// A bundle that was written.
package struct SubmitResult: Sendable {
  package let path: String
  /// Each puzzle in it, with what the record says of it.
  package let puzzles: [(id: String, attempts: Int, hints: Int, isRevealed: Bool)]
  /// What cannot be read in a submission that was bundled all the same.
  package let warnings: [Diagnostic]
}

extension Workbook {
  /// Bundles the learner's answers with the record of how they came to be.
  ///
  /// - Parameters:
  ///   - names: Ids or unambiguous beginnings of puzzles; every puzzle that was started if empty.
  ///   - learner: Who the learner says they are.
  ///   - out: The file to write; an earlier bundle of that name is replaced.
  /// - Returns: What was bundled.
  /// - Throws: That there is nothing to bundle, or what keeps it from being written.
  package func submit(
    _ names: [String],
    learner: String?,
    to out: String?
  ) throws -> SubmitResult {
    var ids: [String] = []
    for name in names { ids.append(try folder.resolve(name)) }
    if ids.isEmpty {
      ids = folder.puzzleIDs().filter { FileWriting.exists(folder.submissionPath($0)) }
    }
    guard !ids.isEmpty else { throw Diagnostic.nothingToSubmit }
    let store = try openStore()
    var parts: [SubmissionBundle.Part] = []
    var warnings: [Diagnostic] = []
    for id in ids {
      let path = folder.submissionPath(id)
      guard FileWriting.exists(path) else { throw Diagnostic.noSubmission(id, path: shown(path)) }
      let text = try BoundedFile.text(at: path, limit: BoundedFile.yamlLimit)
      do throws(DiagnosticReport) {
        _ = try Submission(text: text, file: shown(path), puzzle: try folder.loadPuzzle(id))
      } catch {
        warnings += error.diagnostics
      }
      parts.append(try part(id, text, store))
    }
    let bundle = SubmissionBundle(
      learner: learner,
      made: surroundings.now(),
      version: Self.toolVersion,
      puzzles: parts
    )
    let name = (learner.map(Self.fileName) ?? "submission") + SubmissionBundle.suffix
    let path = absolute(out ?? name)
    if FileWriting.exists(path),
      (try? SubmissionBundle(path: path, shownAs: shown(path))) == nil
    {
      throw Diagnostic.notABundle(shown(path))
    }
    let text = try bundle.text
    guard text.utf8.count <= SubmissionBundle.limit else { throw Diagnostic.hugeBundle }
    try FileWriting.replace(path, with: text + "\n")
    return SubmitResult(
      path: shown(path),
      puzzles: parts.map { ($0.puzzle, $0.attempts.count, $0.hints.count, !$0.reveals.isEmpty) },
      warnings: warnings
    )
  }

  private func part(
    _ id: String,
    _ text: String,
    _ store: ProgressStore
  ) throws(Diagnostic) -> SubmissionBundle.Part {
    let progress = try store.progress(of: id)
    let ledger = try store.ledger(of: id)
    return SubmissionBundle.Part(
      puzzle: id,
      submission: text,
      predictions: progress.predictions.filter(\.value.wasBeforeLook).mapValues(\.value),
      started: progress.firstLook,
      hints: ledger.hints.map { .init(number: $0.number, at: $0.at) },
      reveals: ledger.reveals.map { .init(decoded: $0.isDecoded, at: $0.at) },
      attempts: try store.history(of: id).map {
        .init(number: $0.number, at: $0.at, solved: $0.isSolved, submission: $0.submissionText)
      }
    )
  }

  /// Returns a name without what a file name must not hold.
  static func fileName(_ name: String) -> String {
    let kept = name.map { $0 == "/" || $0 == "\0" || $0 == "\\" ? "_" : $0 }
    let text = String(String(kept).prefix(80))
    return text.hasPrefix(".") ? "_" + text : text
  }
}

extension Diagnostic {
  fileprivate static var nothingToSubmit: Diagnostic {
    Diagnostic(
      "nothing-to-submit",
      "no puzzle has been started, so there are no answers to bundle",
      help: "workbook start"
    )
  }

  fileprivate static var hugeBundle: Diagnostic {
    Diagnostic(
      "large-file",
      "the bundle would hold more than \(grouped(SubmissionBundle.limit)) bytes",
      help: "name the puzzles to bundle, a few at a time, with a file for each by --out"
    )
  }

  fileprivate static func notABundle(_ path: String) -> Diagnostic {
    Diagnostic(
      "file-exists",
      "'\(path)' is there and is no bundle, so it was left alone",
      help: "name another file with --out"
    )
  }
}
