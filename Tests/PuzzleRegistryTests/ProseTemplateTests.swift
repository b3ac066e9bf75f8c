import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import Testing

@Suite struct ProseTemplateTests {
  @Test(arguments: [
    ("0", 0.5, "0"), ("0", 1.5, "2"), ("0.0", 0.917, "0.9"), ("0.00", 0.917, "0.92"),
    ("0.00", -0.001, "0.00"), ("0.00", -1.5, "-1.50"), ("0%", 0.917, "92%"),
    ("0.0%", 0.9171, "91.7%"), ("0,0", 50257, "50,257"), ("0,0", 999, "999"),
    ("0,0", -1_234_567, "-1,234,567"), ("0,0.0", 1234.56, "1,234.6"), ("0,0", 0, "0"),
    ("0.00", .nan, "not a number"), ("0.00", .infinity, "∞"), ("0%", -.infinity, "-∞"),
  ])
  func `a number is written in its format`(pattern: String, value: Double, expected: String) {
    #expect(NumberFormat(pattern: pattern)?.string(value) == expected)
  }

  @Test(arguments: ["", "1", "0.", "0.1", "00", "%", "0%%", "0,00", "0.0000000000", "0 ", "0.0%0"])
  func `what is no format is refused`(pattern: String) {
    #expect(NumberFormat(pattern: pattern) == nil)
  }

  @Test func `formulas are replaced and the rest stays`() throws {
    let text = "a {{ x | 0.0 }}, b {{y|0%}} \\{{ not one }} end\n"
    let template = try ProseTemplate(parsing: text, file: "prompt.md")
    #expect(template.text == text)
    #expect(template.formulas.map(\.text) == ["x", "y"])
    #expect(
      template.rendered { $0.text == "x" ? 1 : 0.25 } == "a 1.0, b 25% {{ not one }} end\n"
    )
  }

  @Test func `text without formulas is itself`() throws {
    let template = try ProseTemplate(parsing: "plain } } { {", file: "prompt.md")
    #expect(template.pieces == [.text("plain } } { {")])
    #expect(try ProseTemplate(parsing: "", file: "prompt.md").pieces.isEmpty)
  }

  @Test func `every fault is shown where it stands`() {
    let text = "one {{ x }}\ntwo {{ x | 0.1 }}\nthree {{ (x | 0 }}\nfour {{ x"
    let expected = #"""
      prompt.md:1:7: error: [prose-formula] this formula has no number format
      1 | one {{ x }}
        |       ^^^
      help: write '{{ formula | 0.00 }}', or '\{{' for plain braces
      prompt.md:2:12: error: [prose-formula] '0.1' is not a number format
      2 | two {{ x | 0.1 }}
        |            ^^^
      help: expected one of: 0, 0.0, 0.00, 0%, 0.0%, 0,0
      prompt.md:3:12: error: [syntax] found the end of the formula, expected ')' to close '('
      3 | three {{ (x | 0 }}
        |            ^
      prompt.md:4:6: error: [prose-formula] this '{{' has no '}}'
      4 | four {{ x
        |      ^^
      help: close it, or write '\{{' for plain braces
      """#
    #expect(report { _ = try ProseTemplate(parsing: text, file: "prompt.md") } == expected)
  }

  @Test func `a formula over two lines is marked on its own line`() {
    #expect(
      report {
        _ = try ProseTemplate(parsing: "a {{ x +\n  ) | 0 }}", file: "prompt.md")
      }.hasPrefix("prompt.md:2:3: error:")
    )
  }

  @Test func `more formulas than allowed are refused`() {
    let many = String(repeating: "{{ x | 0 }}", count: ProseTemplate.mostFormulas + 1)
    #expect(
      report { _ = try ProseTemplate(parsing: many, file: "a.md") }
        .contains("error: [prose-formula] this text quotes more than 64 formulas")
    )
  }
}
