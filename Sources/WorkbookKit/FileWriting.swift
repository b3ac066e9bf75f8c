import Foundation
import SourceDiagnostics

/// Writes files so that a crash at any moment leaves the old one or the new one, whole.
enum FileWriting {
  /// Writes a file that must not be there yet.
  ///
  /// - Returns: Whether it was written; `false` if a file is there already, which is left alone.
  static func create(_ text: String, at path: String) throws(Diagnostic) -> Bool {
    if exists(path) { return false }
    let temporary = try writeTemporary(text, beside: path)
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    do {
      // Linking fails when the name is taken, even by a file made a moment ago.
      try FileManager.default.linkItem(atPath: temporary, toPath: path)
      return true
    } catch {
      if exists(path) { return false }
      do {
        try FileManager.default.moveItem(atPath: temporary, toPath: path)
        return true
      } catch {
        throw .cannotWrite(path, reason: reason(error))
      }
    }
  }

  /// Writes a file, replacing what is there at once.
  static func replace(_ path: String, with text: String) throws(Diagnostic) {
    let temporary = try writeTemporary(text, beside: path)
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if let permissions = attributes?[.posixPermissions] {
      try? FileManager.default.setAttributes(
        [.posixPermissions: permissions],
        ofItemAtPath: temporary
      )
    }
    guard rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      try? FileManager.default.removeItem(atPath: temporary)
      throw .cannotWrite(path, reason: reason.lowercased())
    }
  }

  /// Moves a file to a free name in the same folder that carries the date.
  ///
  /// - Returns: The backup's path.
  static func moveToBackup(_ path: String, at date: Date) throws(Diagnostic) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
    let stem = "\(path).backup-\(formatter.string(from: date))"
    var backup = stem
    var number = 1
    while exists(backup) {
      number += 1
      backup = "\(stem)-\(number)"
    }
    do {
      try FileManager.default.moveItem(atPath: path, toPath: backup)
    } catch {
      throw .cannotWrite(backup, reason: reason(error))
    }
    return backup
  }

  /// Whether something is at `path`, a link to nothing included.
  static func exists(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path)) != nil
  }

  private static func writeTemporary(
    _ text: String,
    beside path: String
  ) throws(Diagnostic)
    -> String
  {
    let target = URL(fileURLWithPath: path)
    let folder = target.deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(
      ".\(target.lastPathComponent).\(UUID().uuidString).tmp"
    ).path
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      guard FileManager.default.createFile(atPath: temporary, contents: Data()) else {
        throw Diagnostic.cannotWrite(path, reason: String(cString: strerror(errno)).lowercased())
      }
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
      defer { try? handle.close() }
      try handle.write(contentsOf: Data(text.utf8))
      try handle.synchronize()
      return temporary
    } catch let fault as Diagnostic {
      throw fault
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw .cannotWrite(path, reason: reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    let error = error as NSError
    let system = (error.userInfo[NSUnderlyingErrorKey] as? NSError) ?? error
    if system.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(system.code))).lowercased()
    }
    return error.localizedDescription.lowercased()
  }
}
