import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// One version of a file, with its ETag.
final class StoredFile: Sendable {
  let file: LoopbackHub.File
  private let knownETag: Mutex<String?>

  init(_ file: LoopbackHub.File) {
    self.file = file
    knownETag = Mutex(file.etag)
  }

  /// Opens the content, or returns `nil` if it cannot be read.
  func open() -> ContentReader? {
    switch file.source {
    case .bytes(let bytes): ContentReader(bytes)
    case .file(let path): ContentReader(path: path)
    }
  }

  /// The ETag without quotes; computed from the content at the first call unless it was given.
  ///
  /// Other threads that want it meanwhile wait, so that the content is read once.
  func etag(of content: ContentReader) -> String {
    knownETag.withLock { known in
      if let known { return known }
      let digest = content.digest()
      let etag = file.isLarge ? digest : String(digest.prefix(40))
      known = etag
      return etag
    }
  }
}

/// Reads the content of a file from memory or from disk, piece by piece.
final class ContentReader {
  private enum Place {
    case memory([UInt8])
    case disk(descriptor: Int32)
  }

  private let place: Place
  let count: Int

  init(_ bytes: [UInt8]) {
    place = .memory(bytes)
    count = bytes.count
  }

  init?(path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return nil
    }
    place = .disk(descriptor: descriptor)
    count = Int(status.st_size)
  }

  deinit {
    if case .disk(let descriptor) = place { close(descriptor) }
  }

  /// Returns exactly `wanted` bytes from `offset` on, with zeros for what lies behind the end.
  func bytes(at offset: Int, count wanted: Int) -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: wanted)
    switch place {
    case .memory(let bytes):
      let end = min(bytes.count, offset + wanted)
      if offset < end { piece.replaceSubrange(0..<(end - offset), with: bytes[offset..<end]) }
    case .disk(let descriptor):
      var filled = 0
      while filled < wanted {
        let got = piece[filled...].withUnsafeMutableBytes {
          pread(descriptor, $0.baseAddress, $0.count, off_t(offset + filled))
        }
        if got > 0 { filled += got } else if got == 0 || errno != EINTR { break }
      }
    }
    return piece
  }

  /// The SHA-256 of the whole content, in hexadecimal digits.
  func digest() -> String {
    var digest = SHA256()
    for start in stride(from: 0, to: count, by: 1 << 20) {
      digest.update(bytes(at: start, count: min(1 << 20, count - start)))
    }
    return digest.hexadecimalDigits()
  }
}
