import Foundation

#if os(Linux)
/// Tells when something happens to the files of one folder.
///
/// It is only a hint to look: events may be missing where another machine changes the files.
final class FolderEvents: Sendable {
  /// Can be read when something happened.
  let descriptor: Int32

  /// Starts listening; `nil` where the system cannot, or allows no more of it.
  init?(folder: String) {
    let descriptor = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
    guard descriptor >= 0 else { return nil }
    let kinds = IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE
    guard inotify_add_watch(descriptor, folder, UInt32(kinds)) >= 0 else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Forgets what happened so far.
  func drain() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while read(descriptor, &buffer, buffer.count) > 0 {}
  }
}
#else
/// There are no such events here, so whoever asks looks by himself.
final class FolderEvents: Sendable {
  let descriptor: Int32 = -1

  init?(folder: String) { return nil }

  func drain() {}
}
#endif
