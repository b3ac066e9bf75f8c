import Foundation
import SourceDiagnostics

/// The folder that holds a workbook's progress.
struct StoreFolder {
  let path: String

  var store: String { path + "/progress.sqlite" }
  var lock: String { path + "/lock" }

  /// Returns the folder beside the puzzles of a workbook, given as ``realPath(of:)`` gives it.
  static func inside(root: String) -> StoreFolder {
    StoreFolder(path: root == "/" ? "/.workbook" : root + "/.workbook")
  }

  /// Returns the folder under the user's own state, or `nil` without a home.
  ///
  /// Its name is the root's last component and a hash of the whole path, so that two workbooks of
  /// one name stay apart. As the XDG specification asks, a relative `XDG_STATE_HOME` is ignored.
  static func outside(root: String, environment: [String: String]) -> StoreFolder? {
    func absolute(_ name: String) -> String? {
      environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    guard let state = absolute("XDG_STATE_HOME") ?? absolute("HOME").map({ $0 + "/.local/state" })
    else { return nil }
    let name = root.split(separator: "/").last.map { $0.prefix(40) } ?? "root"
    return StoreFolder(path: "\(state)/workbook/\(name)-\(hash(of: root))")
  }

  /// Returns the absolute path without links, or `nil` if there is no such file.
  static func realPath(of path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Makes the folder if it is missing and says whether a store in it can be written.
  ///
  /// A link to a folder is followed: a learner may keep progress on another disk.
  ///
  /// - Parameter makesParents: Also makes missing folders above, for the user alone.
  /// - Returns: False when permissions forbid it or the disk is read-only.
  /// - Throws: A diagnostic when something else is in the way.
  func canBeWritten(makesParents: Bool = false) throws(Diagnostic) -> Bool {
    if makesParents { makeParents() }
    if mkdir(path, makesParents ? 0o700 : 0o777) != 0 {
      let failure = errno
      switch FileKind(at: path, followingLinks: true) {
      case .folder: break
      case .unreachable: return false
      case .missing where Self.meansReadOnly(failure) || makesParents: return false
      case .missing where failure != EEXIST:
        throw Diagnostic.folderNotMade(path: path, errno: failure)
      case .missing, .file, .link, .other: throw Diagnostic.notAFolder(path: path)
      }
    }
    guard Self.isAccessible(path, R_OK | W_OK | X_OK) else { return false }
    return FileKind(at: store) != .file || Self.isAccessible(store, R_OK | W_OK)
  }

  static func isAccessible(_ path: String, _ mode: Int32) -> Bool {
    faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0
  }

  private static func meansReadOnly(_ failure: Int32) -> Bool {
    failure == EACCES || failure == EPERM || failure == EROFS
  }

  private func makeParents() {
    // A failure shows when the folder itself is made.
    try? FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
  }

  /// Returns twelve hexadecimal digits of the path's FNV-1a hash, the same on every machine.
  private static func hash(of path: String) -> String {
    let hash = path.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
      (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    let digits = String(hash, radix: 16)
    return String((String(repeating: "0", count: 16 - digits.count) + digits).prefix(12))
  }
}

/// What stands at a path.
enum FileKind {
  case missing, file, folder, link, other
  /// A folder on the way cannot be entered.
  case unreachable

  init(at path: String, followingLinks: Bool = false) {
    var info = stat()
    guard (followingLinks ? stat(path, &info) : lstat(path, &info)) == 0 else {
      self = errno == ENOENT || errno == ENOTDIR ? .missing : .unreachable
      return
    }
    switch info.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    case S_IFLNK: self = .link
    default: self = .other
    }
  }
}
