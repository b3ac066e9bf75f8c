import Testing
import WorkbookCLI

private func plain(_ markdown: String, width: Int = 40) -> String {
  MarkdownRenderer(width: width).render(markdown)
}

private func ansi(_ markdown: String, width: Int = 40) -> String {
  MarkdownRenderer(width: width, style: .ansi).render(markdown)
    .replacing("\u{1B}[", with: "‹").replacing("m", with: "›")
}

/// Markdown, and the plain text it becomes in forty columns.
private let constructs: [(String, String)] = [
  ("# Title", "Title\n====="),
  ("## Part ##", "Part\n----"),
  ("### Small", "### Small"),
  ("Title\n===", "Title\n====="),
  ("#hashtag", "#hashtag"),
  ("one\ntwo", "one two"),
  ("one  \ntwo\\\nthree", "one\ntwo\nthree"),
  ("one\n\n\ntwo", "one\n\ntwo"),
  ("a *b* **c** ***d*** _e_ `f`", "a *b* **c** ***d*** *e* `f`"),
  ("**a *b***", "**a *b***"),
  ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
  ("**never closed", "**never closed"),
  ("\\*a\\* \\_ \\# \\\\ \\x", "*a* _ # \\ \\x"),
  ("`a * b` and `` ` ``", "`a * b` and ```"),
  ("`W_E[\" dog\"]`", "`W_E[\" dog\"]`"),
  ("[text](https://a.b/c_(d)) end", "text <https://a.b/c_(d)> end"),
  ("![alt](x.svg)", "alt <x.svg>"),
  ("<https://a.b> [x] [y](", "<https://a.b> [x] [y]("),
  ("a <!-- gone --> b", "a b"),
  ("<!-- gone\n\n- still\n-->\nhere", "here"),
  ("&amp; &lt;", "&amp; &lt;"),
  ("a\n***\nb", "a\n\n" + String(repeating: "-", count: 40) + "\n\nb"),
  ("> one\ntwo\n> - three", "| one two\n|\n| - three"),
  ("```swift\nlet  x\n\n- a\n```\nend", "    let  x\n\n    - a\n\nend"),
  ("    code\n\n    more", "    code\n\n    more"),
  ("  ```\n  - a\n```", "    - a"),
  ("```\nnever closed", "    never closed"),
  ("- a\n- b\n  - c\n\n    d\n* e", "- a\n- b\n  - c\n\n    d\n\n- e"),
  ("- a\n\n- b", "- a\n\n- b"),
  ("- a\nlazy\n- b", "- a lazy\n- b"),
  ("9. a\n10. b", " 9. a\n10. b"),
  ("1. a\n   - b\n2. c", "1. a\n   - b\n2. c"),
  ("-", "-"),
  ("a\n1986. Not a list", "a 1986. Not a list"),
  ("", ""),
]

struct `rendered markdown` {
  @Test(arguments: constructs)
  func `each construct`(markdown: String, expected: String) {
    #expect(plain(markdown).replacing("\n    \n", with: "\n\n") == expected)
  }

  @Test func `lines wrap with hanging indents`() {
    #expect(
      plain("- one two three four five six\n\n  > seven eight nine", width: 20) == """
        - one two three four
          five six

          | seven eight nine
        """
    )
  }

  @Test func `wide characters count twice and may be parted`() {
    #expect(plain("零点零点零点零点零点零点", width: 20) == "零点零点零点零点零点\n零点")
    #expect(
      plain("e\u{301}e\u{301}e\u{301} " + String(repeating: "x", count: 16), width: 20)
        .split(separator: "\n").count == 1
    )
  }

  @Test func `short code is not broken`() {
    #expect(
      plain("Try the formula `mean(pairs(a, b))` now", width: 24)
        == "Try the formula\n`mean(pairs(a, b))` now"
    )
  }

  @Test func `tables are aligned`() {
    #expect(
      plain("| model | mean |\n|:--|--:|\n| whisper | `0.84` |\n| a \\| b | 1 | extra |\n\nend")
        == """
        model   |   mean
        --------+-------
        whisper | `0.84`
        a | b   |      1

        end
        """.replacing("--------+-------", with: "--------+-------")
    )
  }

  @Test func `a wide table wraps its cells`() {
    let table = "a | b\n---|---\none two three four | five six seven eight"
    #expect(
      plain(table, width: 24) == """
        a          | b
        -----------+-----------
        one two    | five six
        three four | seven
                   | eight
        """
    )
  }

  @Test func `escape sequences replace the marks`() {
    #expect(ansi("a **b** `c`") == "a ‹1›b‹22› ‹36›c‹39›")
    #expect(ansi("# T") == "‹1›‹4›T‹24›‹22›")
    #expect(ansi("**one two**", width: 20) == "‹1›one two‹22›")
    #expect(ansi("a | b\n-|-\n`c` | dd") == "‹1›a‹22› | ‹1›b‹22›\n--+---\n‹36›c‹39› | dd")
  }

  @Test(arguments: [
    "\u{1B}[31mred", "`\u{1B}]0;title\u{7}`", "```\n\u{9B}2J\n```", "a\rb\u{8}c", "\u{202E}txt",
    "[x](\u{1B}[2J)", "| \u{1B} | b |\n|--|--|\n| \u{0} | \u{7F} |", "# \u{1B}c",
  ])
  func `control characters never reach the terminal`(markdown: String) {
    for scalar in plain(markdown).unicodeScalars where scalar != "\n" {
      #expect(![.control, .format].contains(scalar.properties.generalCategory))
    }
  }

  @Test(arguments: [
    "*", "**a ", "`", "[", "[a](", "<!--", "> ", "- ", "_a_ ", "| ", "*a **b ", "``` ", "\\", "![",
    "1. ", "<a",
  ])
  func `hostile repetition is read in reasonable time`(piece: String) {
    let text = String(repeating: piece, count: 20_000)
    let start = ContinuousClock.now
    _ = plain(text)
    _ = plain(text.replacing(" ", with: "\n"))
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func `random marks never trap`() {
    var state: UInt64 = 20_240_601
    let alphabet = Array("*_`[]()<>!-#|:~>\\ \n\t1.ab零\u{1B}")
    for _ in 0..<3000 {
      var text = ""
      for _ in 0..<60 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      _ = plain(text, width: 20)
      #expect(!plain(text, width: 20).contains("\u{1B}"), "\(text.debugDescription)")
    }
  }
}
