import Grading
import MetricLanguage
import ModelHub
import PuzzleRegistry
package import SourceDiagnostics

extension Workbook {
  /// Finds every fault of the given puzzles, or of all and the folder itself.
  ///
  /// What needs no weights is checked first; a puzzle free of such errors is then proven on every
  /// model it names that is here.
  package func lint(_ names: [String] = []) throws(Diagnostic) -> DiagnosticReport {
    var ids: [String] = []
    for name in names { ids.append(try folder.resolve(name)) }
    var found = names.isEmpty ? folder.folderDiagnostics() : []
    for id in names.isEmpty ? folder.puzzleIDs() : ids {
      let faults = folder.staticDiagnostics(for: id)
      found += faults
      if !faults.contains(where: { $0.severity == .error }) { found += proof(of: id) }
    }
    return DiagnosticReport(
      found.map { fault in
        guard var place = fault.place else { return fault }
        place.file = shown(place.file)
        return fault.at(place)
      }
    )
  }

  private func proof(of id: String) -> [Diagnostic] {
    do {
      let puzzle = try folder.loadPuzzle(id)
      let key = try folder.loadKey(id, for: puzzle, revealing: true)
      let present = Set(presentModels)
      let known = (presentModels + Catalogue.names).sorted()
      let unknown = (puzzle.models + puzzle.compare).filter { !known.contains($0) }
        .map { Diagnostic.unknownPuzzleModel($0, among: known, at: puzzle.place) }
      let models = puzzle.models.filter(present.contains)
      guard !models.isEmpty else {
        return unknown + [.unprovenPuzzle(id, wanted: puzzle.models, at: puzzle.place)]
      }
      var found = unknown
      for model in models {
        let evaluator = try evaluator(model: model, for: puzzle)
        let starter = try Submission(
          text: StarterSubmission.text(for: puzzle, model: model),
          file: "starter",
          puzzle: puzzle
        )
        let proof = PuzzleProof(grader: Grader(puzzle: puzzle, key: key, evaluator: evaluator))
        found += proof.faults(starter: starter).map { fault in
          var fault = fault
          fault.message += " (on \(model))"
          return fault
        }
        found += proseFaults(id, with: evaluator)
      }
      return found
    } catch let report as DiagnosticReport {
      return report.diagnostics
    } catch {
      return [error as? Diagnostic ?? Diagnostic("unproven", "\(error)")]
    }
  }

  /// Runs the formulas in hints and the answer.
  private func proseFaults(_ id: String, with evaluator: Evaluator) -> [Diagnostic] {
    var templates = (try? folder.loadHints(id, revealing: true))?.map(\.template) ?? []
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
