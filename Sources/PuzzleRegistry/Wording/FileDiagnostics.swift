import Foundation
import SourceDiagnostics

/// What is said about files and about YAML as such.
extension Diagnostic {
  // MARK: Files

  static func cannotOpen(_ path: String, error: Int32) -> Diagnostic {
    let place = SourcePlace(file: path)
    switch error {
    case ENOENT, ENOTDIR:
      return Diagnostic("missing-file", "there is no such file", at: place)
    case ELOOP:
      return Diagnostic(
        "not-a-regular-file",
        "this is a symbolic link, expected a regular file",
        help: "put the file itself here; links are not followed",
        at: place
      )
    case EACCES, EPERM:
      return Diagnostic(
        "unreadable-file",
        "this file may not be read",
        help: "change its permissions",
        at: place
      )
    default:
      return Diagnostic("unreadable-file", "this file cannot be opened", at: place)
    }
  }

  static func cannotRead(_ path: String) -> Diagnostic {
    Diagnostic("unreadable-file", "this file cannot be read", at: SourcePlace(file: path))
  }

  static func notRegularFile(_ path: String, isFolder: Bool) -> Diagnostic {
    Diagnostic(
      "not-a-regular-file",
      "this is a \(isFolder ? "folder" : "pipe or device"), expected a regular file",
      at: SourcePlace(file: path)
    )
  }

  static func fileTooLarge(_ path: String, limit: Int) -> Diagnostic {
    Diagnostic(
      "file-too-large",
      "this file is larger than \(limit / 1024) KB, the most that is read",
      help: "shorten it",
      at: SourcePlace(file: path)
    )
  }

  static func notUTF8(_ path: String, line: Int, byte: UInt8) -> Diagnostic {
    let hex = String(byte, radix: 16, uppercase: true)
    return Diagnostic(
      "not-utf8",
      "line \(line) holds the byte 0x\(hex), which is not UTF-8 text",
      help: "save the file as UTF-8",
      at: SourcePlace(file: path, line: line)
    )
  }

  static func utf16(_ path: String) -> Diagnostic {
    Diagnostic(
      "not-utf8",
      "this file is UTF-16 text, expected UTF-8",
      help: "save the file as UTF-8",
      at: SourcePlace(file: path)
    )
  }

  // MARK: YAML

  static func emptyFile(_ path: String) -> Diagnostic {
    Diagnostic("empty-file", "this file holds no value", at: SourcePlace(file: path))
  }

  static func controlCharacter(_ scalar: Unicode.Scalar, at place: SourcePlace) -> Diagnostic {
    let code = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
    return Diagnostic(
      "control-character",
      "the invisible character U+\(padded) is not allowed here",
      help: "remove it, or write it as an escape in a double-quoted text",
      at: place
    )
  }

  static func anchor(_ name: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "yaml-anchor",
      "'\(name)' is a YAML anchor or alias, which is not allowed",
      help: "write the value out, or quote it if it is a text",
      at: place
    )
  }

  static func tag(_ name: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "yaml-tag",
      "'\(name)' is a YAML tag, which is not allowed",
      help: "remove it, or quote it if it is a text",
      at: place
    )
  }

  static func tooDeep(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "too-deep",
      "this is nested more than \(YAMLParser.deepest) levels deep",
      at: place
    )
  }

  static func tooManyValues(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "too-many-values",
      "this file holds more than \(YAMLParser.mostNodes) values",
      at: place
    )
  }

  static func keyNotText(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "key-not-text",
      "a key is a list or a mapping, expected a name",
      help: "quote it if it is a text",
      at: place
    )
  }

  static func duplicateKey(_ key: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "duplicate-key",
      "the key '\(key)' appears more than once in one mapping",
      help: "keep one of them",
      at: place
    )
  }

  static func severalDocuments(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "several-documents",
      "a second YAML document starts here, expected one",
      help: "remove the line of three hyphens",
      at: place
    )
  }

  static func tab(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "tab-indentation",
      "this line is indented with a tab, expected spaces",
      help: "replace the tab with two spaces",
      at: place
    )
  }

  static func unended(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "yaml-syntax",
      "what starts here never ends",
      help: "close the quote or bracket",
      at: place
    )
  }

  static func endsTooEarly(at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "yaml-syntax",
      "the file ends in the middle of a list or mapping",
      help: "close the bracket",
      at: place
    )
  }

  static func invalidYAML(_ problem: String, help: String?, at place: SourcePlace?) -> Diagnostic {
    Diagnostic("yaml-syntax", "this is not valid YAML: \(problem)", help: help, at: place)
  }

  /// Returns what to do about a parser's complaint, where that is known.
  static func yamlHelp(for problem: String) -> String? {
    switch problem {
    case "mapping values are not allowed in this context":
      "put a text that holds ': ' in quotes, or check the indentation"
    case "found character that cannot start any token":
      "put a text that starts with this character in quotes"
    case "could not find expected ':'":
      "write 'key: value', with a space after the colon"
    case "did not find expected key", "did not find expected '-' indicator":
      "check that this line is indented like the others, and that quotes are closed"
    case _ where problem.contains("expected ',' or"):
      "check the commas and closing brackets"
    case _ where problem.contains("escape"):
      "use single quotes, in which a backslash is a plain character"
    default: nil
    }
  }
}
