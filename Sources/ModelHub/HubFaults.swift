import SourceDiagnostics

/// Every fault this target reports.
extension Diagnostic {
  static func unknownModel(_ name: String, among names: [String]) -> Diagnostic {
    let list =
      names.isEmpty
      ? "there are no models here; name a file, or get one with `workbook models pull`"
      : "there is: \(names.joined(separator: ", "))"
    let meant = Suggestion.closest(to: name, among: names).map { "did you mean '\($0)'? " } ?? ""
    return Diagnostic("unknown-model", "no model named '\(name)'", help: meant + list)
  }

  static func noSuchFile(_ path: String) -> Diagnostic {
    Diagnostic(
      "no-such-file",
      "there is no file or folder '\(path)'",
      help: "a model's name has no '/' in it; a path must lead to a file or folder"
    )
  }

  static func undigestable(reason: String) -> Diagnostic {
    Diagnostic("unreadable-file", "cannot read the file: \(reason)")
  }
}
