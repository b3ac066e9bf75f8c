import Foundation
import SourceDiagnostics

/// A lock on the name of a model being fetched, held by one process at a time.
///
/// The system drops it when the process ends, however it ends. Its file is removed with it, so that
/// nothing is left behind.
struct FolderLock {
  let path: String

  /// Runs `body` while holding the lock.
  ///
  /// - Parameters:
  ///   - whileWaiting: Called once if another process has the lock.
  ///   - body: What must not be done by two processes at once.
  /// - Returns: What `body` returns.
  /// - Throws: If the lock's file cannot be made, and what `body` throws.
  func held<Value>(
    whileWaiting: () -> Void,
    _ body: () throws(Diagnostic) -> Value
  ) throws(Diagnostic) -> Value {
    var hasWaited = false
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
      guard descriptor >= 0 else {
        throw .cannotPullTo(path, reason: String(cString: strerror(errno)).lowercased())
      }
      defer { close(descriptor) }
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        guard errno == EWOULDBLOCK || errno == EINTR else {
          throw .cannotPullTo(path, reason: String(cString: strerror(errno)).lowercased())
        }
        if !hasWaited { whileWaiting() }
        hasWaited = true
        usleep(50_000)
      }
      // Whoever had it may have removed the file, and a third may have made it anew.
      guard isSame(descriptor) else { continue }
      defer { unlink(path) }
      return try body()
    }
  }

  private func isSame(_ descriptor: Int32) -> Bool {
    var open = stat()
    var named = stat()
    return fstat(descriptor, &open) == 0 && lstat(path, &named) == 0
      && open.st_ino == named.st_ino && open.st_dev == named.st_dev
  }
}
