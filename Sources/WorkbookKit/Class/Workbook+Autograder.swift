import Foundation
import ModelHub
import PuzzleRegistry
import SourceDiagnostics

/// An autograder that was bundled.
package struct AutograderReport: Sendable {
  package let path: String
  package let puzzles: [String]
  package let models: [String]
  package let bytes: Int
}

extension Workbook {
  /// Bundles this program with puzzles, keys and weights as an autograder for Gradescope.
  ///
  /// The archive has `setup.sh` and `run_autograder` at its root, as Gradescope asks for. It holds the
  /// keys: it is for the instructor's side of Gradescope only.
  ///
  /// - Parameters:
  ///   - out: The archive to write; it must not be there yet.
  ///   - names: The puzzles that are graded; all if empty.
  ///   - program: The program's binary; this one's if `nil`. It must not need Swift's libraries.
  ///   - policy: A policy to grade by; `nil` for none.
  /// - Returns: What was bundled.
  /// - Throws: What keeps the bundle from being made; then nothing was written.
  package func releaseAutograder(
    to out: String,
    puzzles names: [String],
    program: String?,
    policy: String?
  ) throws -> AutograderReport {
    var ids: [String] = []
    for name in names { ids.append(try folder.resolve(name)) }
    if ids.isEmpty { ids = folder.puzzleIDs() }
    guard !ids.isEmpty else { throw Diagnostic.nothingToBundle }
    var faults: [Diagnostic] = []
    var models: Set<String> = []
    for id in ids {
      do {
        let puzzle = try folder.loadPuzzle(id)
        _ = try folder.loadKey(id, for: puzzle)
        models.insert(try model(for: puzzle, given: nil))
        models.formUnion(puzzle.models.filter(presentModels.contains))
      } catch let report as DiagnosticReport {
        faults += report.diagnostics
      } catch {
        faults.append(error as? Diagnostic ?? Diagnostic("failed", "\(error)"))
      }
    }
    guard faults.isEmpty else { throw DiagnosticReport(faults) }
    let policyText = try policy.map { file in
      let text = try BoundedFile.text(at: absolute(file), limit: 4 << 20)
      _ = try GradingPolicy(yaml: text, file: file)
      return text
    }
    guard let binary = program.map(absolute) ?? surroundings.program else {
      throw Diagnostic.noProgram
    }
    let target = absolute(out)
    guard !FileWriting.exists(target) else { throw Diagnostic.archiveExists(shown(target)) }
    let partial = "\(target).partial-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: partial) }
    try write(
      ids,
      models: models.sorted(),
      binary: binary,
      policy: policyText,
      toArchive: partial
    )
    guard rename(partial, target) == 0 else {
      throw Diagnostic.cannotWrite(shown(target), reason: String(cString: strerror(errno)))
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: target)
    return AutograderReport(
      path: shown(target),
      puzzles: ids,
      models: models.sorted(),
      bytes: attributes[.size] as? Int ?? 0
    )
  }

  private func write(
    _ ids: [String],
    models: [String],
    binary: String,
    policy: String?,
    toArchive path: String
  ) throws {
    var archive = try ZipArchive(creating: path)
    try archive.add(Self.setupScript, as: "setup.sh", isExecutable: true)
    try archive.add(
      Self.runScript(puzzles: ids, hasPolicy: policy != nil),
      as: "run_autograder",
      isExecutable: true
    )
    try archive.add(fileAt: binary, as: "workbook", isExecutable: true)
    if let policy { try archive.add(policy, as: "policy.yaml") }
    for id in ids {
      for name in WorkbookFolder.puzzleFiles {
        let file = "\(folder.puzzleDirectory(id))/\(name)"
        if FileWriting.exists(file) {
          try archive.add(fileAt: file, as: "course/puzzles/\(id)/\(name)")
        }
      }
      try archive.add(
        rot13(try folder.solutionFile("key.yaml", of: id, limit: BoundedFile.yamlLimit).plain),
        as: "course/solutions/\(id)/key.yaml\(WorkbookFolder.encodedSuffix)"
      )
    }
    for model in models {
      let source = try shelf.locate(model)
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: source, isDirectory: &isFolder)
      let name = "course/models/\(URL(fileURLWithPath: source).lastPathComponent)"
      if isFolder.boolValue {
        try archive.add(folderAt: source, as: name)
      } else {
        try archive.add(fileAt: source, as: name)
      }
    }
    try archive.finish()
  }

  /// Gradescope runs this once, when it builds the image that submissions are graded in.
  private static let setupScript = """
    #!/usr/bin/env bash
    # Makes sure that the workbook runs here, and installs what it needs beside itself.
    set -eu
    here="$(cd "$(dirname "$0")" && pwd)"
    chmod +x "$here/workbook"
    if ! "$here/workbook" --version > /dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
      apt-get update -qq
      apt-get install -y -qq --no-install-recommends libsqlite3-0 tzdata
    fi
    if ! "$here/workbook" --version; then
      echo "The workbook does not start on this system. Build it on one that is no newer, with" >&2
      echo "swift build -c release --static-swift-stdlib --product workbook" >&2
      exit 1
    fi

    """

  /// Gradescope runs this for each submission.
  private static func runScript(puzzles: [String], hasPolicy: Bool) -> String {
    let asked = puzzles.map { "--puzzle \($0)" }.joined(separator: " ")
    let policy = hasPolicy ? " --policy \"$source/policy.yaml\"" : ""
    return """
      #!/usr/bin/env bash
      # Grades one submission. Nothing is scored if the grader itself fails: there is no results.json
      # then, and Gradescope says so.
      set -eu
      root="${AUTOGRADER_ROOT:-/autograder}"
      source="$root/source"
      work="$(mktemp -d)"
      trap 'rm -rf "$work"' EXIT
      mkdir -p "$work/class/learner" "$root/results"
      # Files only, and none that a link leads out to.
      find "$root/submission" -maxdepth 2 -type f \\( -name '*.yaml' -o -name '*.workbook.json' \\) \\
        -exec cp {} "$work/class/learner/" \\;
      "$source/workbook" grade "$work/class" --workbook "$source/course" --plain \\
        --out "$work/gradebook.sqlite" \(asked)\(policy) >&2
      "$source/workbook" gradebook export --format gradescope --workbook "$source/course" \\
        --gradebook "$work/gradebook.sqlite" > "$work/results.json"
      mv "$work/results.json" "$root/results/results.json"

      """
  }
}

extension Diagnostic {
  fileprivate static var nothingToBundle: Diagnostic {
    Diagnostic("nothing-to-release", "there are no puzzles here to grade")
  }

  fileprivate static var noProgram: Diagnostic {
    Diagnostic(
      "no-program",
      "this program does not know where its own file is",
      help: "name it with --program"
    )
  }

  fileprivate static func archiveExists(_ path: String) -> Diagnostic {
    Diagnostic("file-exists", "'\(path)' is there already", help: "name another file")
  }
}
