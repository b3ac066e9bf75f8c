import Foundation
import SourceDiagnostics
import WorkbookKit

/// One sitting of `review`: the group on the screen, and what each key does.
struct ReviewSession {
  /// What the reviewer wants.
  private enum Action {
    case accept, full, none, points, comment, variants, split, skip, back, quit, unknown

    init(_ letter: Character?) {
      self =
        switch letter {
        case "a": .accept
        case "f": .full
        case "z": .none
        case "p": .points
        case "c": .comment
        case "v": .variants
        case "x": .split
        case "s": .skip
        case "b": .back
        case "q", nil: .quit
        default: .unknown
        }
    }
  }

  private var groups: [ReviewGroup]
  private let gradebook: String
  private let shell: Shell
  private let workbook: Workbook
  /// Whether a person sits at both ends: single keys are read.
  private let isInteractive: Bool
  private var position = 0
  private var comment = ""
  private var marked = 0

  init(_ groups: [ReviewGroup], gradebook: String, _ shell: Shell, _ workbook: Workbook) {
    self.groups = groups
    self.gradebook = gradebook
    self.shell = shell
    self.workbook = workbook
    isInteractive = shell.terminal.isInputTerminal && shell.terminal.isOutputTerminal
  }

  /// Shows group after group until all are marked or the reviewer quits.
  mutating func run() throws {
    TerminalKeys.begin(readingKeys: isInteractive)
    defer { TerminalKeys.end() }
    while groups.indices.contains(position) {
      show()
      guard try obey() else { break }
    }
    fflush(nil)
    let left = groups.count - marked
    shell.print(
      "\(marked) group\(marked == 1 ? "" : "s") marked"
        + (left > 0 ? "; \(left) not: workbook review goes on there" : "")
    )
  }

  /// Does what the reviewer asks for, until the next group is to be shown.
  ///
  /// - Returns: Whether to go on.
  private mutating func obey() throws -> Bool {
    while true {
      let (action, rest) = next()
      let group = groups[position]
      switch action {
      case .accept: try mark(group.suggestion.points)
      case .full: try mark(group.possible)
      case .none: try mark(0)
      case .points:
        guard let text = rest ?? ask("points, up to \(Numbers.exactPoints(group.possible)):"),
          let points = Double(text.replacing(",", with: ".")), (0...group.possible).contains(points)
        else {
          shell.print("Points are a number from 0 to \(Numbers.exactPoints(group.possible)).")
          continue
        }
        try mark(points)
      case .comment:
        comment = rest ?? ask("comment, for the next mark:") ?? ""
        shell.print(comment.isEmpty ? "No comment." : "Goes with the next mark.")
        continue
      case .variants:
        for (text, count) in group.texts { printText(text, count) }
        continue
      case .split:
        guard group.texts.count > 1 else {
          shell.print("There is one wording only.")
          continue
        }
        groups.replaceSubrange(position...position, with: group.split)
      case .skip: position += 1
      case .back: position = max(0, position - 1)
      case .quit: return false
      case .unknown:
        shell.print(Self.keys)
        continue
      }
      return true
    }
  }

  private mutating func mark(_ points: Double) throws {
    try workbook.recordReview(
      groups[position],
      points: points,
      comment: comment,
      gradebook: gradebook
    )
    shell.print(
      "\(Numbers.exactPoints(points)) of \(Numbers.exactPoints(groups[position].possible)) points "
        + "for \(groups[position].count)"
    )
    comment = ""
    marked += 1
    position += 1
  }

  // MARK: Input

  /// Returns what the reviewer wants, with the rest of the line if there is one.
  private func next() -> (Action, rest: String?) {
    fflush(nil)
    guard isInteractive else {
      guard let line = readLine() else { return (.quit, nil) }
      let text = line.trimmingCharacters(in: .whitespaces)
      let rest = text.dropFirst().trimmingCharacters(in: .whitespaces)
      return (Action(text.first ?? " "), rest.isEmpty ? nil : rest)
    }
    guard let byte = TerminalKeys.next(), byte != 0x04 else { return (.quit, nil) }
    return (Action(Character(Unicode.Scalar(byte))), nil)
  }

  /// Asks for a line; from a pipe, the line was all there was.
  private func ask(_ question: String) -> String? {
    guard isInteractive else { return nil }
    TerminalKeys.end()
    defer { TerminalKeys.begin(readingKeys: true) }
    return shell.ask(question)
  }

  // MARK: Output

  private static let keys =
    "a accept · f full · z none · p points · c comment · v wordings · x one by one · s skip · "
    + "b back · q quit"

  private func show() {
    let group = groups[position]
    if isInteractive, shell.terminal.showsProgress {
      Swift.print("\u{1B}[H\u{1B}[2J", terminator: "")
    }
    shell.print()
    shell.print(
      shell.style.bold("\(group.puzzle) \(group.question)")
        + shell.style.dim("  group \(position + 1) of \(groups.count)")
    )
    shell.print(shell.wrapped(group.ask, indent: 0))
    for (idea, points) in group.rubric {
      shell.print(
        shell.style.dim(
          "  " + shell.wrapped("\(Numbers.exactPoints(points)): \(idea)", indent: 2)
        )
      )
    }
    shell.print()
    printText(group.texts[0].text, group.texts[0].count)
    if group.texts.count > 1 {
      let others = group.texts.count - 1
      shell.print(
        shell.style.dim(
          "and \(others) more wording\(others == 1 ? "" : "s"), \(group.count) answers in all"
        )
      )
    }
    shell.print()
    let suggested = Numbers.exactPoints(group.suggestion.points)
    shell.print(
      shell.wrapped(
        "The rubric's words suggest \(suggested) of \(Numbers.exactPoints(group.possible)). "
          + group.suggestion.reason,
        indent: 0
      )
    )
    if let mark = group.mark {
      let said = mark.comment.isEmpty ? "" : ": \(escapingControls(mark.comment))"
      shell.print("Marked \(Numbers.exactPoints(mark.points)) before\(said)")
    }
    if isInteractive {
      let keys = Self.keys
      shell.print(
        shell.style.dim(
          shell.wrapped(shell.terminal.isUTF8 ? keys : keys.replacing("·", with: "|"), indent: 0)
        )
      )
    }
  }

  private func printText(_ text: String, _ count: Int) {
    // Line by line, since a stranger's text may hold what steers the terminal.
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(200) {
      shell.print("  " + shell.wrapped(escapingControls(String(line)), indent: 2))
    }
    shell.print(shell.style.dim("  — \(count) answer\(count == 1 ? "" : "s")"))
  }
}
