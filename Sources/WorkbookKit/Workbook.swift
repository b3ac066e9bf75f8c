package import Foundation
import MetricLanguage
package import ModelHub
import ModelWeights
package import ProgressStore
package import PuzzleRegistry
package import SourceDiagnostics

/// A workbook on disk, and everything that can be done with it.
///
/// Each use case is a method that returns values; printing them, and asking the learner, is the
/// shell's part. Nothing here reads the clock or the environment by itself.
package struct Workbook: Sendable {
  /// The tool's version, kept with every attempt.
  package static let toolVersion = "0.1.0"

  /// What a use case needs from outside.
  package struct Surroundings: Sendable {
    package var environment: [String: String]
    package var currentDirectory: String
    /// The path of the running program, for finding the workbook it was built from.
    package var program: String?
    package var now: @Sendable () -> Date
    /// Receives what the user should know beside the result.
    package var notice: @Sendable (Diagnostic) -> Void
    /// Receives the share of long work that is done.
    package var progress: (@Sendable (Double) -> Void)?
    package var isCancelled: (@Sendable () -> Bool)?

    package init(
      environment: [String: String],
      currentDirectory: String,
      program: String? = nil,
      now: @escaping @Sendable () -> Date,
      notice: @escaping @Sendable (Diagnostic) -> Void,
      progress: (@Sendable (Double) -> Void)? = nil,
      isCancelled: (@Sendable () -> Bool)? = nil
    ) {
      self.environment = environment
      self.currentDirectory = currentDirectory
      self.program = program
      self.now = now
      self.notice = notice
      self.progress = progress
      self.isCancelled = isCancelled
    }
  }

  package let root: String
  package let folder: WorkbookFolder
  package let shelf: ModelShelf
  package let surroundings: Surroundings

  package init(root: String, surroundings: Surroundings) {
    self.root = root
    self.folder = WorkbookFolder(root: root)
    self.shelf = ModelShelf(
      bundled: root + "/models",
      user: ModelFolders.ofUser(environment: surroundings.environment),
      cache: HuggingFaceCache(environment: surroundings.environment)
    )
    self.surroundings = surroundings
  }

  /// Finds the workbook: the given folder, then `$WORKBOOK_HOME`, then the nearest folder with
  /// `puzzles/` from the current one up, then from the program's own place up.
  package static func locate(
    _ given: String?,
    surroundings: Surroundings
  ) throws(Diagnostic)
    -> Workbook
  {
    func absolute(_ path: String) -> String {
      let full = path.hasPrefix("/") ? path : surroundings.currentDirectory + "/" + path
      return URL(fileURLWithPath: full).standardizedFileURL.path
    }
    func isWorkbook(_ path: String) -> Bool {
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(
        atPath: path + "/puzzles",
        isDirectory: &isDirectory
      ) && isDirectory.boolValue
    }
    let named = [
      given.map { ($0, "--workbook") },
      surroundings.environment["WORKBOOK_HOME"].flatMap {
        $0.isEmpty ? nil : ($0, "WORKBOOK_HOME")
      },
    ].compactMap { $0 }
    if let (path, origin) = named.first {
      guard isWorkbook(absolute(path)) else { throw .notAWorkbook(path, origin: origin) }
      return Workbook(root: absolute(path), surroundings: surroundings)
    }
    let starts = [
      surroundings.currentDirectory,
      surroundings.program.map {
        URL(fileURLWithPath: absolute($0)).resolvingSymlinksInPath().deletingLastPathComponent()
          .path
      },
    ].compactMap { $0 }
    for start in starts {
      var path = absolute(start)
      while true {
        if isWorkbook(path) { return Workbook(root: path, surroundings: surroundings) }
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard parent != path else { break }
        path = parent
      }
    }
    throw .noWorkbook(from: surroundings.currentDirectory)
  }

  /// Opens the learner's progress, passing its notices on.
  package func openStore(checkingWholeFile: Bool = false) throws(Diagnostic) -> ProgressStore {
    var options = StoreOptions()
    options.checksWholeFile = checkingWholeFile
    let (store, notices) = try ProgressStore.open(
      inWorkbook: root,
      environment: surroundings.environment,
      options: options
    )
    for notice in notices { surroundings.notice(notice) }
    return store
  }

  /// Returns a path as it is shortest to read, safe to print: relative to the current folder
  /// where it lies below it.
  package func shown(_ path: String) -> String {
    let base = surroundings.currentDirectory + "/"
    return escapingControls(path.hasPrefix(base) ? String(path.dropFirst(base.count)) : path)
  }
}
