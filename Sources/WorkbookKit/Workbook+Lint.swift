import EmbeddingMath
import Foundation
package import Grading
import MetricLanguage
import ModelHub
import PuzzleRegistry
package import SourceDiagnostics
import Synchronization

/// What lint found: the faults, and what the proofs on real weights showed.
package struct LintResult: Sendable {
  package let report: DiagnosticReport
  /// One for each puzzle that could be proven, and each of its models that is here.
  package let proofs: [ProofReport]
  /// How many puzzles were linted.
  package let puzzleCount: Int
}

extension Workbook {
  /// Finds every fault of the given puzzles, or of all and the folder itself.
  ///
  /// What needs no weights is checked first; a puzzle free of such errors is then proven on every
  /// model it names that is here. Progress is reported over all puzzles and models.
  ///
  /// - Parameter names: Ids or unambiguous beginnings; empty for all.
  /// - Returns: Every fault, sorted by place, and what the proofs showed.
  /// - Throws: That a name is no puzzle's.
  package func lint(_ names: [String] = []) throws(Diagnostic) -> LintResult {
    var ids: [String] = []
    for name in names { ids.append(try folder.resolve(name)) }
    if ids.isEmpty { ids = folder.puzzleIDs() }
    var found = names.isEmpty ? folder.folderDiagnostics() : []
    found += sameQuestions(in: Set(ids))
    var provable: [String] = []
    for id in ids {
      let faults = folder.staticDiagnostics(for: id)
      found += faults
      if !faults.contains(where: { $0.severity == .error }) { provable.append(id) }
    }
    let parts = prove(provable)
    found += parts.flatMap(\.faults)
    return LintResult(
      report: DiagnosticReport(
        found.map { fault in
          guard var place = fault.place else { return fault }
          place.file = shown(place.file)
          return fault.at(place)
        }
      ),
      proofs: parts.flatMap(\.proofs),
      puzzleCount: ids.count
    )
  }

  /// Adds the ids of every puzzle and question to the list of those that must not be lost.
  ///
  /// - Returns: The path of the list.
  /// - Throws: What cannot be read; nothing is written then.
  package func pinIDs() throws -> String {
    var puzzles: [(id: String, questions: [String])] = []
    for id in folder.puzzleIDs() {
      puzzles.append((id, try folder.loadPuzzle(id).questions.map(\.id)))
    }
    let text = PinnedIDs.text(adding: puzzles, to: try folder.loadPinnedIDs())
    try FileWriting.replace(folder.pinnedIDsPath, with: text)
    return shown(folder.pinnedIDsPath)
  }

  /// Returns the questions of the given puzzles that another puzzle asks too.
  private func sameQuestions(in ids: Set<String>) -> [Diagnostic] {
    let puzzles = folder.puzzleIDs().compactMap { id -> (puzzle: Puzzle, key: Key?)? in
      guard let puzzle = try? folder.loadPuzzle(id) else { return nil }
      return (puzzle, try? folder.loadKey(id, for: puzzle, revealing: true))
    }
    let directories = Set(ids.map(folder.puzzleDirectory))
    return SameQuestionRule.errors(in: puzzles).filter { fault in
      directories.contains { fault.place?.file.hasPrefix($0 + "/") == true }
    }
  }

  /// What the proofs of one puzzle found.
  private struct Part: Sendable {
    var faults: [Diagnostic]
    var proofs: [ProofReport] = []
  }

  /// How many puzzles are proven at a time: some steps of a proof keep one processor busy only, and
  /// each proof holds the weights of a model.
  private static let provenAtATime = 2

  private func prove(_ ids: [String]) -> [Part] {
    let shares = Mutex([Double](repeating: 0, count: ids.count))
    return concurrentMap(ids.count, threads: min(Self.provenAtATime, processorCount())) { index in
      prove(ids[index]) { share in
        let done = shares.withLock { shares in
          shares[index] = share
          return shares.reduce(0, +)
        }
        surroundings.progress?(done / Double(ids.count))
      }
    }
  }

  private func prove(
    _ id: String,
    progress: @escaping @Sendable (Double) -> Void
  ) -> Part {
    do {
      let puzzle = try folder.loadPuzzle(id)
      let key = try folder.loadKey(id, for: puzzle, revealing: true)
      let hints = try folder.loadHints(id, revealing: true)
      let present = Set(presentModels)
      let known = (presentModels + Catalogue.names).sorted()
      var faults = (puzzle.models + puzzle.compare).filter { !known.contains($0) }
        .map { Diagnostic.unknownPuzzleModel($0, among: known, at: puzzle.place) }
      let models = puzzle.models.filter(present.contains)
      guard !models.isEmpty else {
        return Part(
          faults: faults + [.unprovenPuzzle(id, wanted: puzzle.models, at: puzzle.place)]
        )
      }
      var proofs: [ProofReport] = []
      for (index, model) in models.enumerated() {
        let evaluator = try evaluator(model: model, for: puzzle, reportsProgress: false)
        let starter = try Submission(
          text: StarterSubmission.text(for: puzzle, model: model),
          file: "starter",
          puzzle: puzzle
        )
        let grader = Grader(puzzle: puzzle, key: key, evaluator: evaluator)
        let proof = PuzzleProof(grader: grader) { share in
          progress((Double(index) + share) / Double(models.count))
        }
        var report = proof.run(starter: starter)
        report.faults += HintProof(grader: grader).faults(hints, at: place(ofHintsTo: id))
        report.faults += proseFaults(id, hints, with: evaluator)
        for index in report.faults.indices { report.faults[index].message += " (on \(model))" }
        faults += report.faults
        proofs.append(report)
      }
      return Part(faults: faults, proofs: proofs)
    } catch let report as DiagnosticReport {
      return Part(faults: report.diagnostics)
    } catch {
      return Part(faults: [error as? Diagnostic ?? Diagnostic("unproven", "\(error)")])
    }
  }

  private func place(ofHintsTo id: String) -> SourcePlace {
    let file = try? folder.solutionFile("hints.yaml", of: id, limit: BoundedFile.yamlLimit)
    return SourcePlace(file: file?.path ?? folder.solutionDirectory(id))
  }

  /// Runs the formulas in hints and the answer.
  private func proseFaults(
    _ id: String,
    _ hints: [Hint],
    with evaluator: Evaluator
  ) -> [Diagnostic] {
    var templates = hints.map(\.template)
    if let answer = try? folder.loadAnswer(id, revealing: true) { templates.append(answer) }
    var found: [Diagnostic] = []
    for formula in templates.flatMap(\.formulas) {
      do throws(Diagnostic) {
        _ = try evaluator.number(formula)
      } catch {
        found.append(
          Diagnostic(
            "formula-fails",
            "'\(formula.text)' in a hint or the answer cannot be evaluated: \(error.message)",
            help: error.help,
            at: SourcePlace(file: folder.solutionDirectory(id))
          )
        )
      }
    }
    return found
  }
}
