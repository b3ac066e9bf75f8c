import Foundation
import SourceDiagnostics

/// An exclusive lock on a file, which the system drops when its process ends, however it ends.
///
/// Guards opening and migrating: two processes creating one database at once otherwise collide,
/// each finding the other's half-made tables or a write lock that SQLite will not wait for.
struct StoreLock {
  let path: String
  /// How many seconds to wait for the lock.
  let wait: TimeInterval

  /// Runs `body` while holding the lock; the file is made if need be, and stays.
  func held<Value>(
    _ body: () throws(Diagnostic) -> Value
  ) throws(Diagnostic) -> Value {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { throw Diagnostic.lockUnusable(path: path, errno: errno) }
    defer { close(descriptor) }
    try take(descriptor)
    return try body()
  }

  private func take(_ descriptor: Int32) throws(Diagnostic) {
    let end = ContinuousClock.now + .seconds(wait)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let failure = errno
      guard failure == EWOULDBLOCK || failure == EINTR else {
        throw Diagnostic.lockUnusable(path: path, errno: failure)
      }
      guard ContinuousClock.now < end else {
        throw Diagnostic.lockHeld(path: path, seconds: wait)
      }
      usleep(5_000)
    }
  }
}
