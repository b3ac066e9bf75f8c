/// A puzzle to begin a new one from: it works as it is, and its comments explain the format.
package enum PuzzleTemplate: String, CaseIterable, Sendable {
  /// A prediction, a number and an explanation.
  case number
  /// A choice, a metric and an explanation, with a lexicon.
  case metric
  /// Numbers along directions, a choice and an explanation.
  case clusters

  /// One file of the template.
  struct File {
    let name: String
    let text: String

    init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      self.text = String(decoding: bytes, as: UTF8.self)
    }

    /// Returns the text with the new puzzle's id and title in place.
    func filled(id: String, title: String) -> String {
      text.replacing("@ID@", with: id).replacing("@TITLE@", with: title)
    }
  }

  /// The files of the puzzle's folder.
  var puzzleFiles: [File] {
    switch self {
    case .number:
      [
        File("puzzle.yaml", PackageResources.number_puzzle_yaml),
        File("prompt.md", PackageResources.number_prompt_md),
      ]
    case .metric:
      [
        File("puzzle.yaml", PackageResources.metric_puzzle_yaml),
        File("prompt.md", PackageResources.metric_prompt_md),
        File("lexicon.yaml", PackageResources.metric_lexicon_yaml),
      ]
    case .clusters:
      [
        File("puzzle.yaml", PackageResources.clusters_puzzle_yaml),
        File("prompt.md", PackageResources.clusters_prompt_md),
      ]
    }
  }

  /// The files of the solution's folder, not encoded.
  var solutionFiles: [File] {
    switch self {
    case .number:
      [
        File("key.yaml", PackageResources.number_key_yaml),
        File("hints.yaml", PackageResources.number_hints_yaml),
        File("answer.md", PackageResources.number_answer_md),
      ]
    case .metric:
      [
        File("key.yaml", PackageResources.metric_key_yaml),
        File("hints.yaml", PackageResources.metric_hints_yaml),
        File("answer.md", PackageResources.metric_answer_md),
      ]
    case .clusters:
      [
        File("key.yaml", PackageResources.clusters_key_yaml),
        File("hints.yaml", PackageResources.clusters_hints_yaml),
        File("answer.md", PackageResources.clusters_answer_md),
      ]
    }
  }
}
