package import Foundation
package import SourceDiagnostics

/// Reads a stranger's file without being led astray, stalled or flooded by it.
///
/// A link is not followed, a pipe or device is not waited for, and nothing beyond the limit is held.
package enum BoundedFile {
  /// The most a YAML file may hold, in bytes.
  package static let yamlLimit = 256 * 1024
  /// The most a Markdown file may hold, in bytes.
  package static let proseLimit = 1024 * 1024

  /// Returns the text of a regular file, without its byte order mark.
  ///
  /// Line ends stay as they are. Only the last component of `path` is checked for being a link.
  ///
  /// - Parameters:
  ///   - path: The file's path, also the name its diagnostics carry.
  ///   - limit: The most bytes the file may hold.
  /// - Returns: The file's text.
  /// - Throws: A diagnostic when the file is missing, not a regular file, over the limit, or not
  ///   UTF-8; the last names the line of the first bad byte.
  package static func text(at path: String, limit: Int) throws(Diagnostic) -> String {
    let bytes = try contents(at: path, limit: limit)
    return try text(of: bytes, file: path)
  }

  /// Returns the bytes of a regular file.
  ///
  /// - Throws: As ``text(at:limit:)``, except that any bytes will do.
  package static func contents(at path: String, limit: Int) throws(Diagnostic) -> Data {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path, error: errno) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path, error: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .notRegularFile(path, isFolder: status.st_mode & S_IFMT == S_IFDIR)
    }
    guard status.st_size <= limit else { throw .fileTooLarge(path, limit: limit) }
    // The file may grow between the two calls, so one byte too many is asked for and refused.
    var data = Data()
    while data.count <= limit {
      let piece: Data?
      do {
        piece = try handle.read(upToCount: limit + 1 - data.count)
      } catch {
        throw .cannotRead(path)
      }
      guard let piece, !piece.isEmpty else { return data }
      data.append(piece)
    }
    throw .fileTooLarge(path, limit: limit)
  }

  /// Returns `bytes` as text, without a byte order mark at its start.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - file: The name a diagnostic carries.
  /// - Returns: The text.
  /// - Throws: A diagnostic that names the line of the first byte that is not UTF-8.
  package static func text(of bytes: Data, file: String) throws(Diagnostic) -> String {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    if let text = String(validating: body, as: UTF8.self) { return text }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw .utf16(file)
    }
    let (line, byte) = firstBadByte(in: body)
    throw .notUTF8(file, line: line, byte: byte)
  }

  /// Returns where `body` first stops being UTF-8: the line, counted from 1, and the byte.
  private static func firstBadByte(in body: Data) -> (line: Int, byte: UInt8) {
    var decoder = UTF8()
    var bytes = body.makeIterator()
    var line = 1
    var offset = body.startIndex
    while case .scalarValue(let scalar) = decoder.decode(&bytes) {
      if scalar == "\n" { line += 1 }
      offset += UTF8.width(scalar)
    }
    return (line, offset < body.endIndex ? body[offset] : 0)
  }
}
