import Crypto
package import Foundation

/// Digests that tie a grade or a download to exact bytes: SHA-256 in lowercase hexadecimal.
package enum ContentDigest {
  /// Returns the digest of a text's UTF-8 bytes.
  package static func sha256(_ text: String) -> String { sha256(Data(text.utf8)) }

  package static func sha256(_ bytes: Data) -> String { hexadecimal(SHA256.hash(data: bytes)) }

  /// Returns the digest of some bytes of a file, read in pieces.
  ///
  /// - Throws: If the file ends before the range does.
  static func sha256(_ file: FileHandle, in range: Range<Int>) throws -> String {
    try file.seek(toOffset: UInt64(range.lowerBound))
    var hash = SHA256()
    var left = range.count
    while left > 0 {
      guard let piece = try file.read(upToCount: min(left, 1 << 20)), !piece.isEmpty else {
        throw CocoaError(.fileReadCorruptFile)
      }
      hash.update(data: piece)
      left -= piece.count
    }
    return hexadecimal(hash.finalize())
  }

  /// Returns the digest of a whole file, read in pieces.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - report: Receives the length of each piece that was read.
  /// - Returns: The digest.
  /// - Throws: If the file cannot be read or is no regular file; a pipe is not waited for.
  static func sha256(fileAt path: String, report: (Int) -> Void = { _ in }) throws -> String {
    let file = try RegularFile.open(path)
    defer { try? file.close() }
    var hash = SHA256()
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      hash.update(data: piece)
      report(piece.count)
    }
    return hexadecimal(hash.finalize())
  }

  static func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
