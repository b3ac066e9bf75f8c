import Foundation

/// Opens files that others put there, and nothing that only looks like one.
enum RegularFile {
  /// Why something that can be opened is not read.
  struct NotRegular: LocalizedError {
    var errorDescription: String? { "expected a regular file" }
  }

  /// Opens a file for reading; links are followed.
  ///
  /// - Throws: `NotRegular` for a folder, pipe or device, of which a pipe is not waited for; a
  ///   `POSIXError` for what cannot be opened.
  static func open(_ path: String) throws -> FileHandle {
    let descriptor = Foundation.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw NotRegular()
    }
    return file
  }
}
