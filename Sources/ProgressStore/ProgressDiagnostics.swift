import Foundation
import GRDB
import SourceDiagnostics

// MARK: - Notices of an opened store

extension Diagnostic {
  static func keptElsewhere(wanted: String, used: String) -> Diagnostic {
    Diagnostic(
      "progress-elsewhere",
      "'\(wanted)' cannot be written, so progress is kept in '\(used)'",
      help: "to keep progress beside the puzzles, make the workbook's folder writable",
      severity: .warning
    )
  }

  static func onlyReadable(path: String) -> Diagnostic {
    Diagnostic(
      "progress-read-only",
      "'\(path)' can only be read, so nothing you do now is recorded",
      help: "make its folder writable, or set XDG_STATE_HOME to a folder that is",
      severity: .warning
    )
  }

  static func storeMovedAside(path: String, reason: String, to aside: String) -> Diagnostic {
    Diagnostic(
      "progress-damaged",
      "the record of progress '\(path)' is damaged (\(reason)); it was moved to '\(aside)'"
        + " and a new one was started",
      help: "nothing was erased: sqlite3's '.recover' may get earlier attempts out of it",
      severity: .warning
    )
  }
}

// MARK: - Faults of the place

extension Diagnostic {
  static func workbookMissing(root: String) -> Diagnostic {
    Diagnostic(
      "no-workbook",
      "there is no folder '\(root)' to keep progress in",
      help: "name the workbook's folder with --workbook"
    )
  }

  static func nowhereToWrite(wanted: String, instead: String) -> Diagnostic {
    Diagnostic(
      "progress-unwritable",
      "progress has nowhere to go: neither '\(wanted)' nor '\(instead)' can be written",
      help: "make one of them writable, or set XDG_STATE_HOME to a folder that is"
    )
  }

  static func noHome(wanted: String) -> Diagnostic {
    Diagnostic(
      "progress-unwritable",
      "progress has nowhere to go: '\(wanted)' cannot be written and there is no home folder",
      help: "make it writable, or set XDG_STATE_HOME to a folder that is"
    )
  }

  static func notAFolder(path: String) -> Diagnostic {
    Diagnostic(
      "progress-not-a-folder",
      "'\(path)' is not a folder, and progress is kept in one of that name",
      help: "move it away; the folder is made when needed"
    )
  }

  static func folderNotMade(path: String, errno: Int32) -> Diagnostic {
    Diagnostic(
      "progress-no-folder",
      "the folder '\(path)' cannot be made (\(systemReason(errno)))",
      help: "check that the disk has room and that the folder above it can be written"
    )
  }

  static func lockHeld(path: String, seconds: TimeInterval) -> Diagnostic {
    Diagnostic(
      "progress-locked",
      "another process has been opening the record of progress for \(seconds.formatted()) seconds"
        + " (it holds '\(path)')",
      help: "wait for the other workbook command or end it, then try again"
    )
  }

  static func lockUnusable(path: String, errno: Int32) -> Diagnostic {
    Diagnostic(
      "progress-lock",
      "the lock '\(path)' cannot be taken (\(systemReason(errno)))",
      help: "it must be a plain file on a disk that supports locks; remove it and try again"
    )
  }
}

// MARK: - Faults of the file

extension Diagnostic {
  static func storeIsLink(path: String) -> Diagnostic {
    Diagnostic(
      "progress-link",
      "'\(path)' is a link, and a record of progress must be a file of its own",
      help: "remove the link; the folder '.workbook' may be a link instead"
    )
  }

  static func storeUnreachable(path: String) -> Diagnostic {
    Diagnostic(
      "progress-unreachable",
      "'\(path)' cannot be looked up",
      help: "check the permissions of the folders above it"
    )
  }

  static func storeIsNewer(path: String) -> Diagnostic {
    Diagnostic(
      "progress-newer",
      "the record of progress '\(path)' was made by a newer version of workbook",
      help: "update workbook; the record was left as it is"
    )
  }

  static func storeNotMade(path: String, errno: Int32) -> Diagnostic {
    Diagnostic(
      "progress-not-made",
      "the record of progress '\(path)' cannot be made (\(systemReason(errno)))",
      help: "check that the disk has room and that its folder can be written"
    )
  }

  static func storeNotMovedAside(path: String, reason: String, errno: Int32) -> Diagnostic {
    Diagnostic(
      "progress-damaged",
      "the record of progress '\(path)' is damaged (\(reason)) and cannot be moved aside"
        + " (\(systemReason(errno)))",
      help: "move it away yourself; nothing was erased"
    )
  }

  static func progressNotRecorded(path: String) -> Diagnostic {
    Diagnostic(
      "progress-read-only",
      "this cannot be recorded: '\(path)' can only be read",
      help: "make its folder writable, or set XDG_STATE_HOME to a folder that is"
    )
  }
}

// MARK: - Faults of the database

extension Diagnostic {
  /// Returns what to tell the user about anything the database layer threw.
  static func progress(_ error: any Error, path: String) -> Diagnostic {
    if let diagnostic = error as? Diagnostic { return diagnostic }
    guard let error = error as? DatabaseError else {
      return failure(path: path, reason: error.localizedDescription)
    }
    return database(code: error.resultCode, message: error.message, path: path)
  }

  private static func database(
    code: ResultCode,
    message: String?,
    path: String
  ) -> Diagnostic {
    let reason = message ?? code.description
    switch code {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Diagnostic(
        "progress-busy",
        "the record of progress '\(path)' is in use by another process",
        help: "wait for the other workbook command or end it, then try again"
      )
    case .SQLITE_FULL:
      return Diagnostic(
        "progress-disk-full",
        "there is no room to record progress in '\(path)'",
        help: "free some space and try again; what was recorded before is safe"
      )
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
      return Diagnostic(
        "progress-unwritable",
        "the record of progress '\(path)' cannot be written (\(reason))",
        help: "check the permissions of the file and its folder"
      )
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return Diagnostic(
        "progress-damaged",
        "the record of progress '\(path)' is damaged (\(reason))",
        help: "run 'workbook doctor', which moves it aside and starts a new one"
      )
    default:
      return failure(path: path, reason: reason)
    }
  }

  private static func failure(path: String, reason: String) -> Diagnostic {
    Diagnostic(
      "progress-failed",
      "the record of progress '\(path)' failed (\(reason))",
      help: "try again; what was recorded before is safe"
    )
  }

  private static func systemReason(_ errno: Int32) -> String {
    String(cString: strerror(errno)).lowercased()
  }
}
