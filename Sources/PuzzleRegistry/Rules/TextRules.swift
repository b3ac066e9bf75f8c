import SourceDiagnostics

/// The rules about the texts as such: finished, and stored as their names say.
enum TextRules {
  /// What a scaffold writes where something is to be filled in.
  static let placeholder = "TODO"
  private static let mostFaults = 50

  /// Returns each place of a file that is still to be filled in.
  ///
  /// - Parameters:
  ///   - text: The text, decoded.
  ///   - path: The file's path. Comments of a YAML file may say what they like.
  /// - Returns: Errors, in the order of the lines; at most 50.
  static func unfinished(_ text: String, at path: String) -> [Diagnostic] {
    let hasComments = path.contains(".yaml")
    let source = SourceText(text, file: path)
    var faults: [Diagnostic] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where faults.count < mostFaults {
      if hasComments, line.drop(while: \.isWhitespace).hasPrefix("#") { continue }
      guard let range = line.firstRange(of: placeholder) else { continue }
      let column = line.distance(from: line.startIndex, to: range.lowerBound) + 1
      faults.append(
        .unfinished(at: source.place(line: index + 1, column: column, length: placeholder.count))
      )
    }
    return faults
  }

  /// Returns whether a text that should be rot13 reads better as it is than decoded.
  static func isPlain(_ stored: String) -> Bool {
    count(of: common, in: stored) > count(of: common, in: rot13(stored))
  }

  /// Words that English text and keys are full of, none of which is another one's rot13.
  private static let common: Set<String> = [
    "the", "of", "and", "is", "to", "a", "in", "that", "says", "when", "truth", "points", "text",
    "title", "questions", "idea", "mean",
  ]

  private static func count(of words: Set<String>, in text: String) -> Int {
    text.lowercased().split { !$0.isLetter }.count { words.contains(String($0)) }
  }
}
