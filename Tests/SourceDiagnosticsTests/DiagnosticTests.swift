import SourceDiagnostics
import Testing

@Suite struct DiagnosticTests {
  @Test func `a fault shows its place, its line, a caret and its help`() {
    let text = SourceText("title: x\nmetric: cosin(a, b)", file: "puzzle.yaml")
    let diagnostic = Diagnostic(
      "unknown-function",
      "no function named 'cosin'",
      help: "did you mean 'cosine'?",
      at: text.place(17..<22)
    )
    #expect(
      diagnostic.rendered() == """
        puzzle.yaml:2:9: error: [unknown-function] no function named 'cosin'
        2 | metric: cosin(a, b)
          |         ^^^^^
        help: did you mean 'cosine'?
        """
    )
  }

  @Test func `control characters never reach the terminal`() {
    let place = SourcePlace(file: "x\u{7}", line: 1, column: 2, quotedLine: "a\u{1B}[31mb")
    let shown = Diagnostic("r", "m\u{1B}", at: place).rendered()
    #expect(!shown.unicodeScalars.contains("\u{1B}"))
    #expect(!shown.unicodeScalars.contains("\u{7}"))
  }

  @Test(arguments: [
    ("\u{9B}31m", #"\u{9b}31m"#), ("\u{7F}", #"\u{7f}"#), ("a\u{2028}b", #"a\u{2028}b"#),
    ("\u{2029}", #"\u{2029}"#), ("\u{202E}", #"\u{202e}"#), ("\u{2066}", #"\u{2066}"#),
    ("\u{200F}", #"\u{200f}"#), ("\u{61C}", #"\u{61c}"#), ("\u{E0001}", #"\u{e0001}"#),
    ("\t\r\n", #"\t\r\n"#), ("👩\u{200D}💻 é", "👩\u{200D}💻 é"),
  ])
  func `what steers a terminal or a reader is written out`(text: String, shown: String) {
    #expect(escapingControls(text) == shown)
  }

  @Test func `a very long line is cut around the caret`() {
    let line = String(repeating: "x", count: 10_000)
    let place = SourcePlace(file: "f", line: 1, column: 5_000, length: 3, quotedLine: line)
    let shown = Diagnostic("r", "m", at: place).rendered()
    #expect(shown.count < 300)
    #expect(shown.contains("^^^"))
  }

  @Test func `reports are sorted by place`() {
    let text = SourceText("a\nb\nc", file: "f")
    let report = DiagnosticReport([
      Diagnostic("two", "m", at: text.place(line: 3, column: 1)),
      Diagnostic("one", "m", at: text.place(line: 1, column: 1)),
    ])
    #expect(report.diagnostics.map(\.rule) == ["one", "two"])
  }

  @Test(arguments: [
    ("cosin", "cosine"), ("euclidian", "euclidean"), ("ocsine", "cosine"), ("DOT", "dot"),
  ])
  func `slips find the name that was meant`(slip: String, meant: String) {
    #expect(
      Suggestion.closest(to: slip, among: ["dot", "cosine", "euclidean", "manhattan"]) == meant
    )
  }

  @Test func `a name unlike all others gets no suggestion`() {
    #expect(Suggestion.closest(to: "banana", among: ["dot", "cosine"]) == nil)
  }

  @Test func `the place of an offset past the end is the end`() {
    let text = SourceText("ab", file: "f")
    #expect(text.place(10..<12).column == 3)
    #expect(SourceText("", file: "f").place(0..<0).line == 1)
  }
}
