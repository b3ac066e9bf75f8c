import Foundation

/// The project's own files, found from this file's place.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A Swift or C file beneath `Sources`.
  struct SourceFile: Sendable {
    /// The path from the root.
    let path: String
    /// The target: the folder beneath `Sources` that it is in.
    let target: String
    let text: String

    var isSwift: Bool { path.hasSuffix(".swift") }
    var code: SwiftCode { SwiftCode(text) }
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The names of the folders directly within a folder, sorted.
  static func folders(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path)
      .filter { isFolder("\(path)/\($0)") && !$0.hasPrefix(".") }.sorted()
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    let full = root.appending(path: path).path
    return FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Every Swift, C and header file beneath `Sources`, sorted by path.
  static func sources() throws -> [SourceFile] {
    try folders(in: "Sources").flatMap { target in
      try paths(beneath: "Sources/\(target)").compactMap { path in
        let isSource = [".swift", ".c", ".h"].contains { path.hasSuffix($0) }
        return isSource ? SourceFile(path: path, target: target, text: try text(path)) : nil
      }
    }
  }

  /// The paths of all files beneath a folder, in a fixed order.
  static func paths(beneath folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
      .sorted().flatMap { name in
        let path = "\(folder)/\(name)"
        return isFolder(path) ? try paths(beneath: path) : [path]
      }
  }
}
