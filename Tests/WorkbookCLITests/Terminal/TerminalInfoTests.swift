import Testing
import WorkbookCLI

private func info(
  _ environment: [String: String],
  isPlain: Bool = false,
  isTerminal: Bool = true,
  width: Int? = nil
) -> TerminalInfo {
  TerminalInfo(
    environment: environment,
    isPlain: isPlain,
    terminals: (isTerminal, isTerminal, isTerminal),
    reportedWidth: width
  )
}

struct `terminal facts` {
  @Test func `colour needs a terminal that nobody asked to be plain`() {
    #expect(info([:]).outputStyle == .ansi)
    #expect(info(["NO_COLOR": ""]).outputStyle == .ansi)
    #expect(info(["NO_COLOR": "1"]).outputStyle == .plain)
    #expect(info(["TERM": "dumb"]).outputStyle == .plain)
    #expect(info([:], isPlain: true).errorStyle == .plain)
    #expect(info([:], isTerminal: false).errorStyle == .plain)
  }

  @Test func `colour can be forced but not against a refusal`() {
    #expect(info(["CLICOLOR_FORCE": "1"], isTerminal: false).outputStyle == .ansi)
    #expect(info(["CLICOLOR_FORCE": "0"], isTerminal: false).outputStyle == .plain)
    #expect(info(["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]).outputStyle == .plain)
    #expect(info(["CLICOLOR_FORCE": "1"], isPlain: true).outputStyle == .plain)
  }

  @Test func `progress needs a terminal that can clear a line`() {
    #expect(info(["NO_COLOR": "1"]).showsProgress)
    #expect(!info(["TERM": "dumb"]).showsProgress)
    #expect(!info([:], isPlain: true).showsProgress)
    #expect(!info(["CLICOLOR_FORCE": "1"], isTerminal: false).showsProgress)
  }

  @Test func `the width is what the terminal says, then COLUMNS, then eighty`() {
    #expect(info(["COLUMNS": "99"], width: 132).width == 132)
    #expect(info(["COLUMNS": "99"]).width == 99)
    #expect(info(["COLUMNS": "wide"]).width == 80)
    #expect(info(["COLUMNS": "99"], width: 0).width == 99)
    #expect(info(["COLUMNS": "-4"]).width == 20)
    #expect(info(["COLUMNS": "999999999"]).width == 500)
  }

  @Test func `the first locale variable that is set decides about unicode`() {
    #expect(info([:]).isUTF8)
    #expect(info(["LANG": "en_GB.UTF-8"]).isUTF8)
    #expect(info(["LC_ALL": "C", "LANG": "en_GB.UTF-8"]).isUTF8 == false)
    #expect(info(["LC_ALL": "", "LC_CTYPE": "de_DE.utf8", "LANG": "C"]).isUTF8)
  }

  @Test func `styles nest and switch off`() {
    #expect(TextStyle.plain.bold(TextStyle.plain.red("x")) == "x")
    #expect(
      TextStyle.ansi.bold(TextStyle.ansi.red("x")) == "\u{1B}[1m\u{1B}[31mx\u{1B}[39m\u{1B}[22m"
    )
    #expect(TextStyle.ansi.dim("") == "")
  }
}
