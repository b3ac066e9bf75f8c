/// One block of a Markdown document: the CommonMark subset that prompts and answers are written in.
indirect enum MarkdownBlock: Hashable, Sendable {
  enum Alignment: Hashable, Sendable { case left, centre, right }

  case heading(level: Int, text: String)
  case paragraph(String)
  case code([String])
  case quote([MarkdownBlock])
  /// `start` is the first number of a numbered list; a tight list has no blank lines between items.
  case list(start: Int?, isTight: Bool, items: [[MarkdownBlock]])
  case table(header: [String], alignments: [Alignment], rows: [[String]])
  case thematicBreak
}
