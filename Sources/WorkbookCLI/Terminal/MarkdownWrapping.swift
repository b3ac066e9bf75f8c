/// Sets styled text in lines of a given width.
struct MarkdownWrapping {
  /// A stretch that is never broken: letters between spaces, or one wide character.
  private struct Word {
    var pieces: [(text: String, style: InlineStyle)] = []
    var width = 0
    var hasSpaceBefore = false
    var spaceStyle: InlineStyle = []
    var startsLine = false
  }

  /// Code up to this many columns stays on one line, spaces and all.
  private static let widestWholeCode = 44

  let style: TextStyle

  /// Returns lines of at most `width` columns; a word wider than that has a line for itself.
  func lines(_ runs: [InlineRun], width: Int) -> [String] {
    var lines: [[Word]] = []
    var current: [Word] = []
    var used = 0
    for word in words(runs) {
      let gap = word.hasSpaceBefore && !current.isEmpty ? 1 : 0
      if !current.isEmpty || word.startsLine, word.startsLine || used + gap + word.width > width {
        lines.append(current)
        (current, used) = ([word], word.width)
      } else {
        current.append(word)
        used += gap + word.width
      }
    }
    if !current.isEmpty { lines.append(current) }
    return lines.map(rendered)
  }

  private func words(_ runs: [InlineRun]) -> [Word] {
    var words: [Word] = []
    var word = Word()
    func isOpen(_ word: Word) -> Bool { !word.pieces.isEmpty }
    for run in runs {
      guard case .text(let text, let style) = run else {
        if isOpen(word) { words.append(word) }
        word = Word(startsLine: true)
        continue
      }
      let isWhole = style.contains(.code) && DisplayWidth.of(text) <= Self.widestWholeCode
      for character in text {
        if character == " ", !isWhole {
          if isOpen(word) {
            words.append(word)
            word = Word()
          }
          word.hasSpaceBefore = true
          word.spaceStyle = style
          continue
        }
        let width = DisplayWidth.of(character)
        if width == 2, isOpen(word), !isWhole {
          words.append(word)
          word = Word()
        }
        if let last = word.pieces.last, last.style == style {
          word.pieces[word.pieces.count - 1].text.append(character)
        } else {
          word.pieces.append((String(character), style))
        }
        word.width += width
      }
    }
    if isOpen(word) { words.append(word) }
    return words
  }

  /// Joins words to a line, neighbours of one style under one pair of escape sequences.
  private func rendered(_ words: [Word]) -> String {
    var pieces: [(text: String, style: InlineStyle)] = []
    func append(_ text: String, _ style: InlineStyle) {
      if pieces.last?.style == style {
        pieces[pieces.count - 1].text += text
      } else {
        pieces.append((text, style))
      }
    }
    for (index, word) in words.enumerated() {
      if word.hasSpaceBefore, index > 0 {
        let common = word.spaceStyle.intersection(words[index - 1].pieces.last?.style ?? [])
        append(" ", common)
      }
      for piece in word.pieces { append(piece.text, piece.style) }
    }
    return pieces.map { apply($0.style, to: $0.text) }.joined()
  }

  private func apply(_ inline: InlineStyle, to text: String) -> String {
    var text = text
    if inline.contains(.code) { text = style.cyan(text) }
    if inline.contains(.dim) { text = style.dim(text) }
    if inline.contains(.underlined) { text = style.underlined(text) }
    if inline.contains(.italic) { text = style.italic(text) }
    if inline.contains(.bold) { text = style.bold(text) }
    return text
  }
}
