import Foundation
import MetricLanguage
import ModelHub
import ProgressStore
import PuzzleRegistry
import SourceDiagnostics

/// One thing that was examined.
package struct Finding: Sendable {
  package let subject: String
  package let isFine: Bool
  package let detail: String
}

extension Workbook {
  /// Examines the workbook, the models and the progress store.
  package func examine() -> [Finding] {
    var findings: [Finding] = []
    func add(_ subject: String, _ isFine: Bool, _ detail: String) {
      findings.append(Finding(subject: subject, isFine: isFine, detail: detail))
    }
    add("workbook", true, escapingControls(root))
    let ids = folder.puzzleIDs()
    add(
      "puzzles",
      !ids.isEmpty,
      ids.isEmpty ? "none" : "\(ids.count): \(ids.joined(separator: ", "))"
    )
    for id in ids {
      // Copies for learners come without keys, and perhaps without answers.
      let isRelease = !hasKey(to: id)
      let errors = folder.staticDiagnostics(for: id).filter {
        $0.severity == .error && !(isRelease && $0.rule == "missing-file" && $0.isOfSolution(id))
      }
      if let first = errors.first {
        add(
          id,
          false,
          "\(errors.count) fault\(errors.count == 1 ? "" : "s"), first: \(first.message)"
        )
      }
    }
    let entries = models()
    if entries.isEmpty { add("models", false, "none in \(root)/models") }
    for entry in entries {
      if let fault = entry.fault {
        add("model \(entry.name)", false, fault.message)
      } else {
        let tokens = entry.tokens.map(grouped) ?? "no"
        let channels = entry.channels.map(grouped) ?? "?"
        add(
          "model \(entry.name)",
          true,
          "\(tokens) tokens × \(channels) channels, \(entry.format ?? "")"
        )
      }
    }
    let hub = HubSettings(environment: surroundings.environment)
    let token = hub.token == nil ? "no token" : "with a token"
    add("hub", true, hub.isOffline ? "not used: offline" : "\(hub.endpoint), \(token)")
    add("fetched models", true, "go to \(escapingControls(modelsFolder))")
    do throws(Diagnostic) {
      let store = try openStore(checkingWholeFile: true)
      if let problem = try store.integrityProblem() {
        add("progress", false, problem)
      } else {
        add(
          "progress",
          true,
          "\(store.path)\(store.isReadOnly ? " (read-only: nothing can be recorded)" : "")"
        )
      }
    } catch {
      add("progress", false, error.message)
    }
    let submissions = root + "/submissions"
    let isWritable = FileManager.default.isWritableFile(
      atPath: FileWriting.exists(submissions) ? submissions : root
    )
    add("submissions", isWritable, isWritable ? submissions : "\(submissions) cannot be written")
    return findings
  }
}

extension Diagnostic {
  /// Whether it is about a file of a puzzle's solution.
  fileprivate func isOfSolution(_ id: String) -> Bool {
    place?.file.contains("solutions/\(id)/") ?? false
  }
}
