import WorkbookKit

/// How a hint is shown.
struct HintPage {
  private let hint: ShownHint

  init(_ hint: ShownHint) { self.hint = hint }

  func print(_ shell: Shell) {
    let title = hint.title.map { ": \($0)" } ?? ""
    shell.print(shell.style.bold("Hint \(hint.number) of \(hint.count)\(title)"))
    shell.print()
    shell.printMarkdown(hint.text)
  }
}
