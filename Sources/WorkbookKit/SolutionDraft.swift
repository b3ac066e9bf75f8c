import Foundation
import ModelHub
import PuzzleRegistry
package import SourceDiagnostics

/// A private copy of a solution's file, for an editor to work on.
///
/// It lies where the same edit looks for it again, so that what a killed program, or a text with
/// faults, leaves behind is found. Its folder and files are the user's alone.
package final class SolutionDraft {
  /// The file to edit.
  package let path: String

  private let folder: String
  /// Holds the lock that keeps a second edit of the same file out; freed when the program ends.
  private let lock: FileHandle

  /// What to do about a draft that an earlier edit left.
  package enum Leftover: Sendable {
    /// Say where it is, and change nothing.
    case report
    case resume
    case discard
  }

  fileprivate init(
    of file: SolutionText,
    in folder: String,
    puzzle: String,
    leftover: Leftover
  ) throws {
    self.folder = folder
    self.path = "\(folder)/\(file.name)"
    let descriptor = open(
      "\(folder)/lock",
      O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
      0o600
    )
    guard descriptor >= 0 else {
      throw Diagnostic.cannotWrite(folder, reason: String(cString: strerror(errno)).lowercased())
    }
    self.lock = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Diagnostic.draftInUse(path) }
    if FileWriting.exists(path) {
      if leftover == .discard || (try? text()) == file.text {
        // Nothing of anyone's is in a draft that equals what is stored.
        try FileManager.default.removeItem(atPath: path)
      } else if leftover == .report {
        throw Diagnostic.draftLeft(path, puzzle: puzzle, file: file.name)
      } else {
        let base = try? BoundedFile.text(at: "\(folder)/base", limit: 256)
        guard base == ContentDigest.sha256(file.text) else {
          throw Diagnostic.draftOutdated(path, file: file.name)
        }
        return
      }
    }
    guard leftover != .resume else { throw Diagnostic.noDraft(file.name) }
    try Self.write(ContentDigest.sha256(file.text), to: "\(folder)/base")
    try Self.write(file.text, to: path)
  }

  /// Returns what the draft holds now.
  ///
  /// - Throws: That it is gone, too large, or not UTF-8.
  package func text() throws(Diagnostic) -> String {
    try BoundedFile.text(at: path, limit: BoundedFile.proseLimit)
  }

  /// Removes the draft; for one whose text was stored, or is none of anyone's work.
  package func discard() {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Writes a new file that only its owner can read.
  private static func write(_ text: String, to path: String) throws(Diagnostic) {
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .cannotWrite(path, reason: String(cString: strerror(errno)).lowercased())
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: Data(text.utf8))
      try file.synchronize()
    } catch {
      throw .cannotWrite(path, reason: error.localizedDescription.lowercased())
    }
  }
}

extension Workbook {
  /// Opens a draft of a solution's file: the text as stored, or what an earlier edit left.
  ///
  /// - Throws: That an earlier edit left a draft, unless `leftover` says what to do about it; that
  ///   the file is being edited already; or why the draft cannot be written.
  package func draft(
    of file: SolutionText,
    puzzle: String,
    leftover: SolutionDraft.Leftover = .report
  ) throws -> SolutionDraft {
    try SolutionDraft(of: file, in: draftFolder(of: file), puzzle: puzzle, leftover: leftover)
  }

  /// Returns the folder of a file's drafts, made for the user alone.
  ///
  /// It is in the user's own state folder, which nobody hands out with a workbook; without a home, in
  /// the workbook's.
  private func draftFolder(of file: SolutionText) throws -> String {
    func absolute(_ name: String) -> String? {
      surroundings.environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let state = absolute("XDG_STATE_HOME") ?? absolute("HOME").map { $0 + "/.local/state" }
    let base = state.map { $0 + "/workbook" } ?? root + "/.workbook"
    // The same whether it is encoded or not, and by whatever links it was reached.
    let place = URL(fileURLWithPath: root).resolvingSymlinksInPath().path
    let id = URL(fileURLWithPath: file.path).deletingLastPathComponent().lastPathComponent
    let digest = ContentDigest.sha256("\(place)\n\(id)\n\(file.name)").prefix(16)
    try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
    for folder in ["\(base)/drafts", "\(base)/drafts/\(digest)"] {
      mkdir(folder, 0o700)
      var status = stat()
      guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
        status.st_uid == geteuid(), chmod(folder, 0o700) == 0
      else { throw Diagnostic.draftNotPrivate(folder) }
    }
    return "\(base)/drafts/\(digest)"
  }
}
