import Foundation
import SourceDiagnostics

/// A hidden folder beside its target that becomes the target at once, or never.
///
/// Unless ``commit()`` succeeds it is removed with everything in it when it is let go. What a killed
/// program left behind is removed by the next one that makes the same target.
final class StagingFolder {
  /// Where to put what the target is to hold.
  let path: String

  private let target: String
  private var isCommitted = false

  /// Makes the folder, empty.
  ///
  /// - Parameter target: The path it is for; the folder above it must be there.
  /// - Throws: Why it cannot be made, as a fault of the target.
  init(for target: String) throws(Diagnostic) {
    let url = URL(fileURLWithPath: target)
    let parent = url.deletingLastPathComponent().path
    let stem = ".\(url.lastPathComponent).staging-"
    Self.removeLeftovers(named: stem, in: parent)
    self.target = target
    self.path = "\(parent == "/" ? "" : parent)/\(stem)\(getpid())"
    guard mkdir(path, 0o777) == 0 else { throw .cannotWrite(target, reason: Self.lastError) }
  }

  deinit {
    if !isCommitted { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Gives the folder its target's name; an empty folder of that name is replaced.
  func commit() throws(Diagnostic) {
    guard rename(path, target) == 0 else { throw .cannotWrite(target, reason: Self.lastError) }
    isCommitted = true
  }

  /// Takes a commit back, so that nothing remains of it.
  func revert() {
    if isCommitted, rename(target, path) == 0 { isCommitted = false }
  }

  private static var lastError: String { String(cString: strerror(errno)).lowercased() }

  /// Removes what programs that are no longer running left of the same target.
  private static func removeLeftovers(named stem: String, in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(stem) {
      guard let owner = pid_t(name.dropFirst(stem.count)) else { continue }
      let isRunning = owner != getpid() && (kill(owner, 0) == 0 || errno == EPERM)
      if !isRunning { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
    }
  }
}
