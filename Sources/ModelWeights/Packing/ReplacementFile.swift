import Foundation
import SourceDiagnostics

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file written beside its final place and moved there when whole.
struct ReplacementFile {
  let temporaryPath: String
  private let path: String
  private let handle: FileHandle

  /// Creates a new file, never an existing one and never through a link.
  init(for path: String) throws(Diagnostic) {
    guard let name = path.split(separator: "/").last, !path.hasSuffix("/") else {
      throw .cannotWrite(path, reason: "expected the name of a file")
    }
    let folder = path.dropLast(name.count)
    let temporaryPath = "\(folder).\(name).\(UInt32.random(in: 0 ... .max)).part"
    let descriptor = open(
      temporaryPath,
      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
      0o644
    )
    guard descriptor >= 0 else {
      throw .cannotWrite(path, reason: String(cString: strerror(errno)).lowercased())
    }
    self.path = path
    self.temporaryPath = temporaryPath
    self.handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func write(_ bytes: [UInt8]) throws(Diagnostic) {
    do {
      try handle.write(contentsOf: Data(bytes))
    } catch {
      throw .cannotWrite(path, reason: error.localizedDescription.lowercased())
    }
  }

  /// Makes sure that everything has reached the disk.
  func finishWriting() throws(Diagnostic) {
    do {
      try handle.synchronize()
      try handle.close()
    } catch {
      throw .cannotWrite(path, reason: error.localizedDescription.lowercased())
    }
  }

  /// Moves the file to its place, over an older one.
  func moveIntoPlace() throws(Diagnostic) {
    guard rename(temporaryPath, path) == 0 else {
      throw .cannotWrite(path, reason: String(cString: strerror(errno)).lowercased())
    }
  }

  /// Removes the unfinished file.
  func discard() { unlink(temporaryPath) }
}
