import Foundation

/// Compares a text with the file of that name in the folder `Snapshots` beside a test's file, or
/// writes the file when `RECORD_SNAPSHOTS=1` is set.
///
/// - Parameters:
///   - text: What the test made.
///   - name: The name of the file.
///   - testFile: The test's file; the caller's.
/// - Returns: What is wrong, `nil` if nothing: that the texts differ, that there is no such file, or
///   that the file was written, so that a recording run is never mistaken for a passing one.
package func snapshotFault(
  _ text: String,
  named name: String,
  testFile: String = #filePath
) -> String? {
  let folder = URL(filePath: testFile).deletingLastPathComponent().appending(path: "Snapshots")
  let file = folder.appending(path: name)
  do {
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return "recorded \(name); run again without RECORD_SNAPSHOTS"
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    return text == expected ? nil : "\(name) differs; it is now\n\(text)"
  } catch {
    return "\(name): \(error)"
  }
}
