/// Finds the name a writer probably meant.
package enum Suggestion {
  /// Returns the candidate closest to `name`, or `nil` when none is close enough to be a slip.
  ///
  /// Close enough is at most one edit for every three characters, at least one. Edits are
  /// insertions, deletions, replacements and swaps of neighbours. Ties go to the earliest candidate.
  ///
  /// - Complexity: O(`name.count` × the candidates' total length).
  package static func closest(to name: String, among candidates: some Sequence<String>) -> String? {
    guard name.count <= 64 else { return nil }
    let limit = max(1, (name.count + 2) / 3)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates where abs(candidate.count - name.count) <= limit {
      let distance = editDistance(name.lowercased(), candidate.lowercased())
      if distance <= limit, distance < (best?.distance ?? .max) { best = (distance, candidate) }
    }
    return best?.candidate
  }

  /// Returns a help line that names the closest candidate, or lists the candidates if none is close.
  package static func help(for name: String, among candidates: [String]) -> String? {
    if let meant = closest(to: name, among: candidates) { return "did you mean '\(meant)'?" }
    guard !candidates.isEmpty else { return nil }
    return "expected one of: \(candidates.prefix(24).joined(separator: ", "))"
  }

  /// Returns the number of edits between two words (optimal string alignment).
  static func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    var older: [Int] = []
    var previous = Array(0...right.count)
    for i in 0..<left.count {
      var current = [i + 1]
      for j in 0..<right.count {
        var cost = min(
          previous[j + 1] + 1,
          current[j] + 1,
          previous[j] + (left[i] == right[j] ? 0 : 1)
        )
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, older[j - 1] + 1)
        }
        current.append(cost)
      }
      older = previous
      previous = current
    }
    return previous[right.count]
  }
}
