import Foundation

/// Where models are put that do not come with a workbook.
package enum ModelFolders {
  /// Returns the user's own folder of models, or `nil` without a home.
  ///
  /// It is `$WORKBOOK_MODELS`, else `workbook/models` in `$XDG_DATA_HOME` (`~/.local/share`). As the
  /// XDG specification asks, a relative `XDG_DATA_HOME` is ignored.
  package static func ofUser(environment: [String: String]) -> String? {
    if let given = environment["WORKBOOK_MODELS"], !given.isEmpty { return given }
    func absolute(_ name: String) -> String? {
      environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let data = absolute("XDG_DATA_HOME") ?? absolute("HOME").map { $0 + "/.local/share" }
    return data.map { $0 + "/workbook/models" }
  }
}
