import Foundation
import PuzzleRegistry
package import SourceDiagnostics

/// What a release made, or would have made but for what it gives away.
package struct ReleaseReport: Sendable {
  package let path: String
  package let puzzles: [String]
  /// The names of the files and folders of models in it.
  package let models: [String]
  /// How many texts were searched for what the keys say.
  package let searchedTexts: Int
  /// Every place where a key shows; nothing was released unless there is none.
  package let leaks: [Diagnostic]
}

/// What goes into the learners' copy beside puzzles and hints.
package struct ReleaseContents: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let answers = ReleaseContents(rawValue: 1)
  package static let models = ReleaseContents(rawValue: 2)
}

extension Workbook {
  /// Makes the learners' copy of the workbook: its puzzles and hints, never its keys.
  ///
  /// Only files that a puzzle is made of are copied, so that nothing strays into it. The copy is
  /// searched for what the keys say before it gets its name.
  ///
  /// - Parameters:
  ///   - out: The folder to make; it must not be there yet, or be empty.
  ///   - contents: What else goes into it.
  /// - Returns: What was made, or why nothing was.
  /// - Throws: Every fault of the puzzles and their solutions, or why the copy cannot be written;
  ///   then nothing was made.
  package func release(to out: String, with contents: ReleaseContents) throws -> ReleaseReport {
    let target = try releaseTarget(out)
    let ids = folder.puzzleIDs()
    guard !ids.isEmpty else { throw Diagnostic.nothingToRelease(shown(root)) }
    var secrets: [KeySecret] = []
    var faults: [Diagnostic] = []
    var puzzles: [Puzzle] = []
    for id in ids {
      do throws(DiagnosticReport) {
        let puzzle = try folder.loadPuzzle(id)
        secrets += KeySecret.secrets(
          of: try folder.loadKey(id, for: puzzle, revealing: true),
          for: puzzle
        )
        _ = try folder.loadHints(id, revealing: true)
        if contents.contains(.answers) { _ = try folder.loadAnswer(id, revealing: true) }
        puzzles.append(puzzle)
      } catch {
        faults += error.diagnostics
      }
    }
    guard faults.isEmpty else { throw DiagnosticReport(faults) }

    let staging = try StagingFolder(for: target)
    for id in ids { try copy(id, into: staging.path, withAnswer: contents.contains(.answers)) }
    let models = contents.contains(.models) ? try copyModels(into: staging.path) : []
    let readme = LearnersReadme.text(for: puzzles, hasModels: !models.isEmpty)
    _ = try FileWriting.create(readme, at: staging.path + "/README.md")

    let search = try KeySearch(in: staging.path)
    let leaks = search.leaks(of: secrets)
    if leaks.isEmpty { try staging.commit() }
    return ReleaseReport(
      path: shown(target),
      puzzles: ids,
      models: models,
      searchedTexts: search.texts.count,
      leaks: DiagnosticReport(leaks).diagnostics
    )
  }

  /// Returns the absolute path of a folder a release may be made in.
  private func releaseTarget(_ out: String) throws(Diagnostic) -> String {
    let full = out.hasPrefix("/") ? out : surroundings.currentDirectory + "/" + out
    let url = URL(fileURLWithPath: full).standardizedFileURL
    // Links above the folder are resolved, so that it cannot lie in the workbook by another name.
    let parent = url.deletingLastPathComponent().resolvingSymlinksInPath().path
    let target = "\(parent == "/" ? "" : parent)/\(url.lastPathComponent)"
    for part in ["puzzles", "solutions", "models", "submissions", ".workbook"] {
      let own = URL(fileURLWithPath: "\(root)/\(part)").resolvingSymlinksInPath().path
      if (target + "/").hasPrefix(own + "/") { throw .releaseInside(shown(target), part: part) }
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: parent, isDirectory: &isFolder), isFolder.boolValue
    else { throw .noFolder(shown(target)) }
    if FileWriting.exists(target) {
      let attributes = try? FileManager.default.attributesOfItem(atPath: target)
      let kind = attributes?[.type] as? FileAttributeType
      let names = try? FileManager.default.contentsOfDirectory(atPath: target)
      guard kind == .typeDirectory, names?.isEmpty == true else {
        throw .releaseExists(shown(target))
      }
    }
    return target
  }

  private func copy(_ id: String, into staging: String, withAnswer: Bool) throws {
    let target = WorkbookFolder(root: staging)
    for name in WorkbookFolder.puzzleFiles {
      let source = "\(folder.puzzleDirectory(id))/\(name)"
      guard FileWriting.exists(source) else { continue }
      let text = try BoundedFile.text(at: source, limit: BoundedFile.proseLimit)
      _ = try FileWriting.create(text, at: "\(target.puzzleDirectory(id))/\(name)")
    }
    for file in try solution(of: id)
    where file.name == "hints.yaml" || withAnswer && file.name == "answer.md" {
      _ = try FileWriting.create(
        rot13(file.text),
        at: "\(target.solutionDirectory(id))/\(file.name)\(WorkbookFolder.encodedSuffix)"
      )
    }
  }

  /// Copies the workbook's models: files, and folders of files; links in them are left out and named.
  ///
  /// The folder itself may be a link, since models are often kept elsewhere.
  private func copyModels(into staging: String) throws -> [String] {
    let source = URL(fileURLWithPath: root + "/models").resolvingSymlinksInPath().path
    guard FileWriting.exists(source) else { return [] }
    try copyFiles(in: source, to: staging + "/models", depth: 0)
    return try FileManager.default.contentsOfDirectory(atPath: staging + "/models").sorted()
  }

  private func copyFiles(in source: String, to target: String, depth: Int) throws {
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: source).sorted()
    where !name.hasPrefix(".") {
      let path = "\(source)/\(name)"
      switch try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType {
      case .typeRegular: try FileManager.default.copyItem(atPath: path, toPath: "\(target)/\(name)")
      case .typeDirectory where depth < 3:
        try copyFiles(in: path, to: "\(target)/\(name)", depth: depth + 1)
      default: surroundings.notice(.notReleased(shown(path)))
      }
    }
  }
}
