import Foundation

/// Reads short text files that others put there, and nothing that is no such file.
enum SmallFile {
  /// Returns a file's text without the spaces around it.
  ///
  /// - Returns: `nil` if it is longer than `limit` bytes, empty, not UTF-8, or no regular file; a
  ///   pipe is not waited for.
  static func text(at path: String, atMost limit: Int) -> String? {
    guard let file = try? RegularFile.open(path),
      let bytes = try? file.read(upToCount: limit + 1), bytes.count <= limit,
      let text = String(bytes: bytes, encoding: .utf8)?
        .trimmingCharacters(in: .whitespacesAndNewlines)
    else { return nil }
    return text.isEmpty ? nil : text
  }
}
