import Foundation
package import SourceDiagnostics

/// A workbook on disk: where its puzzles, keys and submissions are.
///
/// It holds no more than a path; every call looks at the disk again, so an edit shows at once.
package struct WorkbookFolder: Sendable, Hashable {
  /// The folder that holds `puzzles/`, `solutions/` and `submissions/`.
  package let root: String

  /// - Parameter root: The folder as the user named it; diagnostics show paths that start with it.
  package init(root: String) {
    var path = root
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.root = path
  }

  // MARK: Paths

  package func puzzleDirectory(_ id: String) -> String { path("puzzles", id) }
  package func solutionDirectory(_ id: String) -> String { path("solutions", id) }

  /// Returns the path of the learner's file for a puzzle.
  package func submissionPath(_ id: String) -> String { path("submissions", "\(id).yaml") }

  func path(_ components: String...) -> String {
    let relative = components.joined(separator: "/")
    if root == "." || root.isEmpty { return relative }
    return root == "/" ? "/\(relative)" : "\(root)/\(relative)"
  }

  // MARK: Names

  /// Returns the ids of the puzzles, numbers within them in numeric order.
  ///
  /// A folder counts when its name is a valid id; links and other names do not.
  package func puzzleIDs() -> [String] {
    WorkbookFolder.entries(of: path("puzzles"))
      .filter { isIdentifier($0) && isFolder(puzzleDirectory($0)) }
      .sorted(by: naturallyPrecedes)
  }

  /// Returns the id that `name` means: the id itself, or its beginning up to a hyphen.
  ///
  /// `puzzle1` names `puzzle1-suspicious-similarities` and never `puzzle10-tokens`. An exact id
  /// wins over longer ones that begin with it. Case does not matter.
  ///
  /// - Throws: A diagnostic when no puzzle or several puzzles are meant.
  package func resolve(_ name: String) throws(Diagnostic) -> String {
    let ids = puzzleIDs()
    guard !ids.isEmpty else { throw .noPuzzles(in: path("puzzles")) }
    let wanted = name.lowercased()
    if ids.contains(wanted) { return wanted }
    let matches = wanted.isEmpty ? [] : ids.filter { $0.hasPrefix(wanted + "-") }
    if matches.count > 1 { throw .ambiguousPuzzle(name, ids: matches) }
    if let match = matches.first { return match }
    let candidates = ids + ids.flatMap(WorkbookFolder.shorterNames)
    throw .unknownPuzzle(name, suggestion: suggestion(for: wanted, among: candidates, ids: ids))
  }

  private func suggestion(
    for name: String,
    among candidates: [String],
    ids: [String]
  ) -> String? {
    if let meant = Suggestion.closest(to: name, among: candidates) {
      return "did you mean '\(meant)'?"
    }
    return "expected one of: \(ids.prefix(24).joined(separator: ", "))"
  }

  /// Returns the beginnings of an id that end before a hyphen.
  private static func shorterNames(of id: String) -> [String] {
    id.indices.filter { id[$0] == "-" }.map { String(id[..<$0]) }
  }

  // MARK: The disk

  /// Returns whether there is a folder at a path, not following a link there.
  func isFolder(_ path: String) -> Bool { WorkbookFolder.kind(of: path) == S_IFDIR }

  /// Returns whether there is anything at a path.
  func exists(_ path: String) -> Bool { WorkbookFolder.kind(of: path) != nil }

  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// Returns the names in a folder, sorted; none when it cannot be read.
  static func entries(of folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}

/// Returns whether `left` comes before `right` when runs of digits count as numbers.
///
/// `puzzle2` precedes `puzzle10`. Names that differ only in leading zeros compare as texts.
package func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
  let leftParts = naturalParts(left)
  let rightParts = naturalParts(right)
  for (one, other) in zip(leftParts, rightParts) where one != other {
    guard one.isDigits, other.isDigits else { return one.text < other.text }
    let shorter = one.text.drop { $0 == "0" }
    let longer = other.text.drop { $0 == "0" }
    if shorter.count != longer.count { return shorter.count < longer.count }
    if shorter != longer { return shorter < longer }
  }
  if leftParts.count != rightParts.count { return leftParts.count < rightParts.count }
  return left < right
}

private struct NaturalPart: Equatable {
  let text: Substring
  let isDigits: Bool
}

/// Returns `text` cut into runs of ASCII digits and single other characters.
private func naturalParts(_ text: String) -> [NaturalPart] {
  var parts: [NaturalPart] = []
  var rest = text[...]
  while let first = rest.first {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    let part = digits.isEmpty ? rest.prefix(1) : digits
    parts.append(NaturalPart(text: part, isDigits: !digits.isEmpty || first.isNumber))
    rest = rest.dropFirst(part.count)
  }
  return parts
}
